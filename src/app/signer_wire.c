#include "app/signer_wire.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/clock.h"

enum rc signer_address(const char *path, struct sockaddr_un *ret, struct fault *fault)
{
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof ret->sun_path)
        return fault_set(fault, RC_INVALID, "%s: a socket's path has at most %zu bytes", path,
                         sizeof ret->sun_path - 1);
    memcpy(ret->sun_path, path, strlen(path) + 1);
    return RC_OK;
}

/* Until it can go on, or the time is over. */
static enum rc await(int fd, short events, int64_t end, struct fault *fault)
{
    struct pollfd p = {fd, events, 0};
    int64_t left = end - clock_monotonic_ms();
    int n = left > 0 ? poll(&p, 1, (int)left) : 0;
    return n > 0 || (n < 0 && errno == EINTR) ? RC_OK
                                              : fault_set(fault, RC_BUSY, "no answer in time");
}

enum rc signer_send(int fd, struct str bytes, struct fault *fault)
{
    int64_t end = clock_monotonic_ms() + SIGNER_WAIT_MS;
    while (bytes.n > 0) {
        ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return fault_set(fault, RC_IO, "%s", strerror(errno));
        if (n > 0)
            bytes = str_sub(bytes, (size_t)n, bytes.n);
        enum rc rc = bytes.n > 0 ? await(fd, POLLOUT, end, fault) : RC_OK;
        if (rc != RC_OK)
            return rc;
    }
    shutdown(fd, SHUT_WR);
    return RC_OK;
}

enum rc signer_receive(int fd, struct buf *into, struct fault *fault)
{
    int64_t end = clock_monotonic_ms() + SIGNER_WAIT_MS;
    char bytes[4096];
    for (;;) {
        enum rc rc = await(fd, POLLIN, end, fault);
        if (rc != RC_OK)
            return rc;
        ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n == 0)
            return RC_OK;
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n < 0)
            return fault_set(fault, RC_IO, "%s", strerror(errno));
        buf_add(into, bytes, (size_t)n);
        if (into->failed)
            return fault_set(fault, RC_LIMIT, "what is said has no end");
    }
}
