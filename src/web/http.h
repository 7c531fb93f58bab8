/* HTTP/1.1 behind a proxy or on its own: libmicrohttpd, with what it lets
 * through refused in one place (two Content-Lengths or Hosts, Content-Length
 * with Transfer-Encoding, control bytes, whatever is too large). */
#ifndef COLOPHON_WEB_HTTP_H
#define COLOPHON_WEB_HTTP_H

#include "base/fault.h"
#include "web/reply.h"
#include "web/request.h"

struct http_server;

struct http_handler {
    void *context;
    /* The largest body this request may have; 0 refuses one. Asked before it is read. */
    size_t (*body_max)(void *context, const struct request *request);
    /* The answer, held for the caller; the request's arena ends with it. */
    struct reply *(*answer)(void *context, struct request *request);
    /* An answer of which only the status is known: 400, 413 … */
    struct reply *(*refusal)(void *context, struct request *request, int status,
                             const char *reason);
};

/* `listen` is "127.0.0.1:8080" or "[::1]:8080"; port 0 takes a free one, told
 * by http_port. `trust_proxy`: the client's address is the last one in
 * X-Forwarded-For. */
enum rc http_start(const char *listen, bool trust_proxy, const struct http_handler *handler,
                   struct http_server **ret, struct fault *fault) MUST_CHECK;
unsigned http_port(const struct http_server *server);
void http_stop(struct http_server *server);

#endif
