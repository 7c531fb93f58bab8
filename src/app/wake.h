/* Other processes of this folder and its server: a datagram socket at DIR/wake. */
#ifndef COLOPHON_APP_WAKE_H
#define COLOPHON_APP_WAKE_H

#include <sys/socket.h>
#include <sys/un.h>

#include "app/site.h"

/* Tells a running server that the database has news for it. Harmless where none runs. */
void site_wake(const struct site *site);
/* The same, and waits, up to `ms`, until that server has taken in what is committed now: what
 * was published has its effect on pages then. At once where no server runs here. */
void site_wake_wait(const struct site *site, int ms);

/* The server's end. */
enum rc site_wake_open(const struct site *site, int *ret_fd, struct fault *fault) MUST_CHECK;

/* Who waits to be told that it was taken in; more than these wait in vain, for a while. */
#define WAKE_ASKERS_MAX 32
struct wake_askers {
    struct {
        struct sockaddr_un address;
        socklen_t n;
    } v[WAKE_ASKERS_MAX];
    size_t n;
};
/* Reads what was sent; false: nothing. Adds who asks. */
bool wake_take(int fd, struct wake_askers *askers);
/* Tells them, and forgets them. */
void wake_answer(int fd, struct wake_askers *askers);

#endif
