#include "web/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"

/* As many may stand in the kernel's queue while all threads are busy, or while a
 * server is started anew; net.core.somaxconn bounds it. */
enum { BACKLOG = 4096 };

static enum rc read_address(const char *option, const char *at, struct sockaddr_storage *ret,
                            socklen_t *ret_n, struct fault *fault)
{
    struct str s = str_of(at);
    size_t colon = s.n;
    while (colon > 0 && s.p[colon - 1] != ':')
        colon--;
    uint64_t port;
    char host[64];
    struct str name = str_sub(s, 0, colon > 0 ? colon - 1 : 0);
    if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']')
        name = str_sub(name, 1, name.n - 1);
    snprintf(host, sizeof host, "%.*s", STR_ARG(name));
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;
    memset(ret, 0, sizeof *ret);
    if (colon == 0 || !str_to_u64(str_sub(s, colon, s.n), &port) || port > 65535)
        return fault_set(fault, RC_INVALID, "%s %s: address:port expected", option, at);
    if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        *ret_n = sizeof *v4;
        return RC_OK;
    }
    if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        *ret_n = sizeof *v6;
        return RC_OK;
    }
    return fault_set(fault, RC_INVALID, "%s %s: the address must be a number, as 127.0.0.1", option,
                     at);
}

enum rc listen_at(const char *option, const char *at, int *ret_fd, struct fault *fault)
{
    struct sockaddr_storage address;
    socklen_t n = 0;
    enum rc rc = read_address(option, at, &address, &n, fault);
    if (rc != RC_OK)
        return rc;
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0)
        return fault_set(fault, RC_IO, "%s %s: %s", option, at, strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, n) != 0 || listen(fd, BACKLOG) != 0) {
        rc = fault_set(fault, RC_IO, "%s %s: %s", option, at, strerror(errno));
        close(fd);
        return rc;
    }
    *ret_fd = fd;
    return RC_OK;
}

struct listen_name listen_name(int fd)
{
    struct listen_name name = {"?"};
    struct sockaddr_storage address;
    socklen_t n = sizeof address;
    char host[INET6_ADDRSTRLEN];
    if (getsockname(fd, (struct sockaddr *)&address, &n) != 0)
        return name;
    if (address.ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
        inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host);
        snprintf(name.text, sizeof name.text, "[%s]:%u", host, ntohs(v6->sin6_port));
    } else if (address.ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
        inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host);
        snprintf(name.text, sizeof name.text, "%s:%u", host, ntohs(v4->sin_port));
    }
    return name;
}
