/* What was searched for and not found: folded words by day and storefront, with how often.
 * Bounded: so many rows of a day and storefront, for so many days. */
#ifndef COLOPHON_STORE_MISSES_H
#define COLOPHON_STORE_MISSES_H

#include "domain/miss.h"
#include "store/store.h"

/* Adds `asked`; what would be the day's row after `room` others is dropped. */
enum rc miss_row_raise(struct store_conn *conn, int32_t day, const struct miss *miss, uint64_t room,
                       struct fault *fault) MUST_CHECK;
enum rc miss_rows_forget(struct store_conn *conn, int32_t before, struct fault *fault) MUST_CHECK;
/* Those asked for most, of all days together. */
enum rc miss_rows(struct store_conn *conn, struct arena *arena, size_t room, struct miss **ret,
                  size_t *ret_n, struct fault *fault) MUST_CHECK;

#endif
