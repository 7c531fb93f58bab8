/* What a new session of staff lacks: nothing, a code, or a second factor to give one by. */
#ifndef COLOPHON_APP_SESSION_LACKS_H
#define COLOPHON_APP_SESSION_LACKS_H

#include "app/site.h"

#define SESSION_FACTOR "staff-second-factor" /* "off", else it is required */
enum rc session_factor_required(struct store_conn *conn, bool *ret, struct fault *fault) MUST_CHECK;

enum session_lacks { LACKS_NOTHING, LACKS_CODE, LACKS_FACTOR };
/* Within a write transaction; begins a secret where one is to be set up. */
enum rc staff_session_lacks(struct store_conn *conn, uint64_t account, enum session_lacks *ret,
                            struct fault *fault) MUST_CHECK;

#endif
