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

/* Takes one. RC_LIMIT says how long to wait, in the sentence and in *ret_wait
 * (seconds, at least 1). */
enum rc limiter_take(struct limiter *limiter, struct str key, struct limit limit, int *ret_wait,
                     struct fault *fault) MUST_CHECK;
/* RC_LIMIT where limiter_take would refuse; takes nothing. */
enum rc limiter_peek(struct limiter *limiter, struct str key, struct limit limit, int *ret_wait,
                     struct fault *fault) MUST_CHECK;

#endif
