/* Sockets to listen on. */
#ifndef COLOPHON_WEB_LISTEN_H
#define COLOPHON_WEB_LISTEN_H

#include "base/fault.h"

/* `at` is "127.0.0.1:8080" or "[::1]:8080", whose port 0 takes a free one; `option`
 * is what to call it in a fault. The socket is the caller's. */
enum rc listen_at(const char *option, const char *at, int *ret_fd, struct fault *fault) MUST_CHECK;
/* "127.0.0.1:8080" of a socket that listens. */
struct listen_name {
    char text[64];
};
struct listen_name listen_name(int fd);

#endif
