/* Waiting for an index that a running server keeps. */
#ifndef COLOPHON_APP_INDEX_AWAIT_H
#define COLOPHON_APP_INDEX_AWAIT_H

#include <stdatomic.h>

#include "app/site.h"

/* Until the server's index stands at `position` or `hurry` (may be NULL) is set;
 * RC_NOT_FOUND where the server has ended meanwhile. */
enum rc index_await(struct site *site, uint64_t position, const atomic_bool *hurry,
                    struct fault *fault) MUST_CHECK;
/* The end of the change feed. */
enum rc index_latest_change(struct site *site, uint64_t *ret, struct fault *fault) MUST_CHECK;

#endif
