/* Candidates that stand still: witnesses or the signer do not answer, and who waits for
 * what is in them waits in vain. By a stopwatch of one's own. */
#ifndef COLOPHON_APP_STANDING_H
#define COLOPHON_APP_STANDING_H

#include "app/site.h"

struct standing {
    uint64_t entry; /* the last in them */
    int64_t since;
};

/* Whether they do so for some seconds; the fault says it. */
bool standing_too_long(struct store_conn *conn, struct standing *s, struct fault *fault);

#endif
