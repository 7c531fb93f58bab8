/* Which addresses a stranger's link may lead to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "app/outside.h"
#include "app/public_address.h"

static bool is_public(const char *text, bool *ret_loopback)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    const struct sockaddr *address = (const struct sockaddr *)&v4;
    if (inet_pton(AF_INET, text, &v4.sin_addr) != 1) {
        assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
        address = (const struct sockaddr *)&v6;
    }
    *ret_loopback = address_is_loopback(address);
    return address_is_public(address);
}

static void public_ones_are_told_from_others(void **state)
{
    (void)state;
    static const char *const good[] = {"1.1.1.1",     "8.8.8.8",         "172.15.255.255",
                                       "172.32.0.0",  "100.63.255.255",  "100.128.0.0",
                                       "192.169.0.1", "223.255.255.255", "2600::1",
                                       "2a00:1450::", "::ffff:8.8.8.8",  "3ffe::1"};
    static const char *const bad[] = {"0.0.0.0",
                                      "10.1.2.3",
                                      "100.64.0.1",
                                      "127.0.0.1",
                                      "127.255.0.1",
                                      "169.254.1.1",
                                      "169.254.169.254",
                                      "172.16.0.1",
                                      "172.31.255.255",
                                      "192.0.0.8",
                                      "192.0.2.1",
                                      "192.88.99.1",
                                      "192.168.1.1",
                                      "198.18.0.1",
                                      "198.19.255.255",
                                      "198.51.100.1",
                                      "203.0.113.9",
                                      "224.0.0.1",
                                      "240.0.0.1",
                                      "255.255.255.255",
                                      "::",
                                      "::1",
                                      "::ffff:10.0.0.1",
                                      "::ffff:127.0.0.1",
                                      "::10.0.0.1",
                                      "64:ff9b::1",
                                      "fe80::1",
                                      "fc00::1",
                                      "fd12::1",
                                      "ff02::1",
                                      "2001::1",
                                      "2001:db8::1",
                                      "2002:7f00:1::",
                                      "2001:20::1",
                                      "3fff::1"};
    bool loopback;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!is_public(good[i], &loopback) || loopback)
            fail_msg("%s is public", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (is_public(bad[i], &loopback) ||
            loopback != (strstr(bad[i], "127.") != NULL || strcmp(bad[i], "::1") == 0))
            fail_msg("%s is not public", bad[i]);
    struct sockaddr other = {.sa_family = AF_UNIX};
    assert_false(address_is_public(&other) || address_is_loopback(&other));
}

static void a_links_host_is_found(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct str host;
    assert_true(outside_host(&arena, STR("https://Images.Example:8080/a?b"), &host));
    assert_true(str_eq(host, STR("images.example:8080")));
    assert_true(outside_host(&arena, STR("http://[2600::1]"), &host));
    static const char *const bad[] = {
        "",      "https://",     "https:///a",   "ftp://a/b",     "file:///a",
        "//a/b", "https://a b/", "https://a\n/", "https://u:p@a/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(outside_host(&arena, str_of(bad[i]), &host));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_ones_are_told_from_others),
        cmocka_unit_test(a_links_host_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
