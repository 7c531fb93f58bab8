#include "app/public_address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* IANA's registries of special-purpose addresses: what is not reachable globally, or not one
 * host. */
static const struct {
    uint32_t from;
    unsigned bits;
} kept_v4[] = {
    {0x00000000, 8},  /* this network */
    {0x0a000000, 8},  /* private */
    {0x64400000, 10}, /* carriers' own */
    {0x7f000000, 8},  /* loopback */
    {0xa9fe0000, 16}, /* link-local */
    {0xac100000, 12}, /* private */
    {0xc0000000, 24}, /* protocols */
    {0xc0000200, 24}, /* documentation */
    {0xc0586300, 24}, /* 6to4 relays */
    {0xc0a80000, 16}, /* private */
    {0xc6120000, 15}, /* benchmarks */
    {0xc6336400, 24}, /* documentation */
    {0xcb007100, 24}, /* documentation */
    {0xe0000000, 4},  /* multicast */
    {0xf0000000, 4},  /* reserved, broadcast */
};

static bool v4_is_public(uint32_t a)
{
    for (size_t i = 0; i < sizeof kept_v4 / sizeof *kept_v4; i++)
        if ((a ^ kept_v4[i].from) >> (32 - kept_v4[i].bits) == 0)
            return false;
    return true;
}

static uint32_t be32_at(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Of IPv6 only what is given out, without those parts of it that hold an IPv4 address, which
 * might be anybody's, and documentation. */
static bool v6_is_public(const uint8_t *p)
{
    if ((p[0] & 0xe0) != 0x20)
        return false;
    bool is_teredo = be32_at(p) == 0x20010000, is_documentation = be32_at(p) == 0x20010db8;
    bool is_6to4 = p[0] == 0x20 && p[1] == 0x02;
    bool is_newer_documentation = p[0] == 0x3f && p[1] == 0xff && (p[2] & 0xf0) == 0;
    bool is_orchid = p[0] == 0x20 && p[1] == 0x01 && p[2] == 0x00 && (p[3] & 0xf0) == 0x20;
    return !is_teredo && !is_documentation && !is_6to4 && !is_newer_documentation && !is_orchid;
}

/* The IPv4 address that it is, also as ::ffff:192.0.2.1. */
static bool v4_of(const struct sockaddr *address, uint32_t *ret)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        *ret = ntohl(in.sin_addr.s_addr);
        return true;
    }
    if (address->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 in6;
    memcpy(&in6, address, sizeof in6);
    *ret = be32_at(in6.sin6_addr.s6_addr + 12);
    return memcmp(in6.sin6_addr.s6_addr, mapped, sizeof mapped) == 0;
}

bool address_is_public(const struct sockaddr *address)
{
    uint32_t v4;
    struct sockaddr_in6 in6;
    if (v4_of(address, &v4))
        return v4_is_public(v4);
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&in6, address, sizeof in6);
    return v6_is_public(in6.sin6_addr.s6_addr);
}

bool address_is_loopback(const struct sockaddr *address)
{
    uint32_t v4;
    struct sockaddr_in6 in6;
    if (v4_of(address, &v4))
        return v4 >> 24 == 127;
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&in6, address, sizeof in6);
    return memcmp(&in6.sin6_addr, &in6addr_loopback, sizeof in6addr_loopback) == 0;
}
