/* What may be contested, here by a complaint or out of court by a dispute, and what follows
 * where the shop was wrong. */
#ifndef COLOPHON_APP_CONTEST_H
#define COLOPHON_APP_CONTEST_H

#include "app/site.h"
#include "store/demands.h"

struct entry;

/* A restriction, or the decision that this entry is on a demand. */
struct contested {
    uint64_t restriction, demand, about;
};

/* When the demand was refused or narrowed; RC_CONFLICT where it is undecided or was granted
 * whole, RC_BUSY while the decision's entry waits. */
enum rc contest_decision(struct arena *arena, const struct demand_row *row, int64_t *ret,
                         struct fault *fault) MUST_CHECK;

/* What one of the staff finds about what was contested. */
struct contest_answer {
    struct entry *entry;
    struct hash *approval; /* in the entry: its only one */
    uint64_t staff;
    const char *domain; /* of the text's commitment (beside_entry) */
    struct str text;
    const struct contested *wrong; /* what the shop was wrong in; NULL: in nothing */
    struct str reasons;            /* for undoing it */
};
/* Within a transaction: the entry, what stands beside it, and what follows where the shop was
 * wrong: the restriction is lifted, or the demand undecided again, unless it was decided anew
 * since. */
enum rc contest_answer(struct site *site, struct store_conn *conn,
                       const struct contest_answer *answer, uint64_t *ret_entry_id,
                       struct fault *fault) MUST_CHECK;

#endif
