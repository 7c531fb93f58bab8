/* The head of a request, from libmicrohttpd's hands into a struct request, and what
 * is refused of what it lets through. */
#ifndef COLOPHON_WEB_HEAD_H
#define COLOPHON_WEB_HEAD_H

#include <microhttpd.h>

#include "web/request.h"

struct head_line {
    const char *method, *version;
    struct str uri; /* as sent */
};

/* Fills in the request, whose arena is set. NULL, or why it is refused, and with
 * which status; *ret_length is what Content-Length says, 0 where it is absent.
 * `trust_proxy`: the client is the last one in X-Forwarded-For. */
const char *head_read(struct request *r, struct MHD_Connection *connection,
                      const struct head_line *line, bool trust_proxy, uint64_t *ret_length,
                      int *ret_status);

#endif
