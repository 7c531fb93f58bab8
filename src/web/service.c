#include "web/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"

enum { FIRST_FD = 3 };

static bool listens(int fd)
{
    int value = 0;
    socklen_t n = sizeof value;
    struct sockaddr_storage address;
    socklen_t address_n = sizeof address;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &n) == 0 && value == 1 &&
           getsockname(fd, (struct sockaddr *)&address, &address_n) == 0 &&
           (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

enum rc service_socket(int *ret_fd, struct fault *fault)
{
    const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
    uint64_t whose = 0, n = 0;
    *ret_fd = -1;
    if (pid == NULL || fds == NULL || !str_to_u64(str_of(pid), &whose) ||
        whose != (uint64_t)getpid() || !str_to_u64(str_of(fds), &n) || n == 0)
        return RC_OK;
    if (n > 1)
        return fault_set(fault, RC_INVALID, "LISTEN_FDS: one socket is enough, %llu were handed in",
                         (unsigned long long)n);
    if (!listens(FIRST_FD))
        return fault_set(fault, RC_INVALID,
                         "LISTEN_FDS: what was handed in is no TCP socket that "
                         "listens");
    int flags = fcntl(FIRST_FD, F_GETFL);
    if (fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC) != 0 || flags < 0 ||
        fcntl(FIRST_FD, F_SETFL, flags | O_NONBLOCK) != 0)
        return fault_set(fault, RC_IO, "LISTEN_FDS: %s", strerror(errno));
    *ret_fd = FIRST_FD;
    return RC_OK;
}

void service_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t n = path == NULL ? 0 : strlen(path);
    if (n < 2 || n >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(address.sun_path, path, n);
    if (path[0] == '@')
        address.sun_path[0] = '\0'; /* a name that lies in no folder */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    /* Who does not listen any more misses nothing. */
    (void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
                  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
    close(fd);
}
