/* Inside web/: how a reply leaves through libmicrohttpd. */
#ifndef COLOPHON_WEB_REPLY_MHD_H
#define COLOPHON_WEB_REPLY_MHD_H

#include <microhttpd.h>

#include "web/reply.h"
#include "web/request.h"

/* Sends it, its gzip form or a 304, as the request allows; *ret_status says which. What of it comes
 * in pieces, the sender waits for. */
enum MHD_Result reply_send(struct reply *reply, struct MHD_Connection *connection,
                           const struct request *request, int *ret_status);
/* NULL: all of it is there. */
struct flow *reply_flow(const struct reply *reply);

#endif
