#include "app/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Socket addresses hold 108 bytes at most; a path through /proc is short
 * whatever the folder's is. */
static bool wake_address(const struct site *site, int *ret_dir, struct sockaddr_un *ret)
{
    int dir = open(site_dir(site), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return false;
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(ret->sun_path, sizeof ret->sun_path, "/proc/self/fd/%d/wake", dir);
    *ret_dir = dir;
    return true;
}

/* False where nobody listens. */
static bool send_byte(const struct site *site, int fd)
{
    struct sockaddr_un address;
    int dir;
    if (fd < 0 || !wake_address(site, &dir, &address))
        return false;
    bool sent = sendto(fd, "", 1, 0, (struct sockaddr *)&address, sizeof address) == 1;
    close(dir);
    return sent;
}

static void close_socket(int fd)
{
    if (fd >= 0)
        close(fd);
}

void site_wake(const struct site *site)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)send_byte(site, fd);
    close_socket(fd);
}

void site_wake_wait(const struct site *site, int ms)
{
    /* An address of the kernel's choice, to be answered at. */
    struct sockaddr_un own = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&own, sizeof own.sun_family) == 0 &&
        send_byte(site, fd)) {
        struct pollfd answer = {fd, POLLIN, 0};
        poll(&answer, 1, ms);
    }
    close_socket(fd);
}

enum rc site_wake_open(const struct site *site, int *ret_fd, struct fault *fault)
{
    struct sockaddr_un address;
    int dir;
    if (!wake_address(site, &dir, &address))
        return fault_set(fault, RC_IO, "%s: %s", site_dir(site), strerror(errno));
    enum rc rc = RC_OK;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlinkat(dir, "wake", 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        rc = fault_set(fault, RC_IO, "%s/wake: %s", site_dir(site), strerror(errno));
        if (fd >= 0)
            close(fd);
    } else {
        *ret_fd = fd;
    }
    close(dir);
    return rc;
}

bool wake_take(int fd, struct wake_askers *askers)
{
    struct sockaddr_un from;
    char bytes[64];
    bool any = false;
    for (;;) {
        socklen_t n = sizeof from;
        if (recvfrom(fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &n) < 0)
            return any;
        any = true;
        if (n > sizeof from.sun_family && n <= sizeof from && askers->n < WAKE_ASKERS_MAX) {
            askers->v[askers->n].address = from;
            askers->v[askers->n++].n = n;
        }
    }
}

void wake_answer(int fd, struct wake_askers *askers)
{
    /* Who has given up is not there any more. */
    for (size_t i = 0; i < askers->n; i++)
        (void)!sendto(fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL,
                      (struct sockaddr *)&askers->v[i].address, askers->v[i].n);
    askers->n = 0;
}
