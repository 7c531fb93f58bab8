/* How often something may be done: token buckets by key, in memory, of bounded
 * size. A key is whatever names the doer: "sign-in:192.0.2.7", "review:41". */
#ifndef COLOPHON_APP_LIMITER_H
#define COLOPHON_APP_LIMITER_H

#include "base/fault.h"
#include "base/str.h"

struct limiter;
struct limiter *limiter_new(void);
void limiter_free(struct limiter *limiter);

struct limit {
    unsigned burst;    /* so many at once */
    unsigned per_hour; /* and so many more in an hour */
};

/* Takes one; RC_LIMIT with a sentence that says how long to wait. */
enum rc limiter_take(struct limiter *limiter, struct str key, struct limit limit,
                     struct fault *fault) MUST_CHECK;

#endif
