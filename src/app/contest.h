/* What may be contested, here by a complaint or out of court by a dispute, and what follows
 * where the shop was wrong. */
#ifndef COLOPHON_APP_CONTEST_H
#define COLOPHON_APP_CONTEST_H

#include "app/site.h"
#include "store/demands.h"

/* A restriction, or the decision that this entry is on a demand. */
struct contested {
    uint64_t restriction, demand, about;
};

/* When the demand was refused or narrowed; RC_CONFLICT where it is undecided or was granted
 * whole, RC_BUSY while the decision's entry waits. */
enum rc contest_decision(struct arena *arena, const struct demand_row *row, int64_t *ret,
                         struct fault *fault) MUST_CHECK;

/* Within the transaction that says so: the restriction is lifted, or the demand undecided
 * again, unless it was decided anew since. */
enum rc contest_undo(struct site *site, struct store_conn *conn, const struct contested *what,
                     struct str reasons, int64_t at, struct fault *fault) MUST_CHECK;

#endif
