/* An address of its own for those who watch the server: /metrics, /healthz and
 * /readyz. What stands there is for the operator alone, so it is nowhere else. */
#ifndef COLOPHON_WEB_MONITOR_H
#define COLOPHON_WEB_MONITOR_H

#include "base/fault.h"

struct monitor;
struct server;

/* `at` as listen_at takes it; the server must outlive it. */
enum rc monitor_start(struct server *server, const char *at, struct monitor **ret,
                      struct fault *fault) MUST_CHECK;
void monitor_stop(struct monitor *monitor);

#endif
