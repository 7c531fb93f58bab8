/* What a service manager and a server say to each other: systemd's protocols, which
 * others speak too. */
#ifndef COLOPHON_WEB_SERVICE_H
#define COLOPHON_WEB_SERVICE_H

#include "base/fault.h"

/* The socket handed in to listen on (LISTEN_PID, LISTEN_FDS): it stays open while
 * servers come and go, so that no connection is refused meanwhile. *ret_fd is -1
 * where there is none. RC_INVALID for several, or what is no listening TCP socket. */
enum rc service_socket(int *ret_fd, struct fault *fault) MUST_CHECK;

/* Tells whoever asked for it (NOTIFY_SOCKET): "READY=1", "STOPPING=1". */
void service_notify(const char *state);

#endif
