#ifndef COLOPHON_STORE_SALES_SUMS_H
#define COLOPHON_STORE_SALES_SUMS_H

#include "domain/sales_sum.h"
#include "store/store.h"

/* Of what was paid from a time on and before another; RC_LIMIT where it is more than `room` rows.
 * On a connection that sees everything. */
enum rc sales_sums_read(struct store_conn *conn, struct arena *arena, uint64_t shop, int64_t from,
                        int64_t until, size_t room, sales_sums *ret,
                        struct fault *fault) MUST_CHECK;

#endif
