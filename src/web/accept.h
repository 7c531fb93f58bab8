/* A thread that takes connections from a socket and hands them on, until it is told
 * that no more are wanted. libmicrohttpd would take them itself, but cannot stop
 * safely: MHD_quiesce_daemon and its threads both take the socket out of their epoll
 * sets, and whoever comes second ends the process (0.9.75, and later ones). */
#ifndef COLOPHON_WEB_ACCEPT_H
#define COLOPHON_WEB_ACCEPT_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/fault.h"

struct acceptor;
struct acceptor_order {
    int fd; /* that listens; stays the caller's */
    /* Whether there is room for one more. Where there is none, those who come wait. */
    bool (*room)(void *context);
    /* `fd` is the taker's. */
    void (*take)(void *context, int fd, const struct sockaddr *from, socklen_t n);
    void *context;
};

enum rc acceptor_start(const struct acceptor_order *order, struct acceptor **ret,
                       struct fault *fault) MUST_CHECK;
/* When this returns, everybody who was taken was handed on, and nobody else is. */
void acceptor_stop(struct acceptor *acceptor);

#endif
