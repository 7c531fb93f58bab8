#include "app/standing.h"

#include "base/clock.h"
#include "store/candidates.h"

enum { STANDS_MS = 3000 }; /* so long one waits for witnesses that do not answer */

bool standing_too_long(struct store_conn *conn, struct standing *s, struct fault *fault)
{
    uint64_t entry = 0;
    int64_t now = clock_monotonic_ms();
    if (candidate_stands(conn, &entry, NULL) != RC_OK || entry == 0 || entry != s->entry) {
        *s = (struct standing){entry, now};
        return false;
    }
    if (now < s->since + STANDS_MS)
        return false;
    (void)!fault_set(fault, RC_BUSY,
                     "written, but not published, and of no effect until it is: the witnesses' "
                     "quorum is missing");
    return true;
}
