/* That the sender of a demand was told that it came in (Regulation (EU) 2022/2065, Art. 9(1),
 * 15(1)(a) and 16(4)): an entry, once for each demand, of the first time. */
#ifndef COLOPHON_APP_ACKNOWLEDGE_H
#define COLOPHON_APP_ACKNOWLEDGE_H

#include "app/writer.h"

/* By staff, on paper or otherwise; `sent`: a date, or a time. RC_CONFLICT where an entry says
 * so already. */
enum rc acknowledge_demand(struct site *site, struct writer *writer, uint64_t demand,
                           struct str sent, uint64_t *ret_index, struct fault *fault) MUST_CHECK;
/* Whether an entry says so, or waits to. */
enum rc acknowledged_is(struct site *site, uint64_t demand, bool *ret,
                        struct fault *fault) MUST_CHECK;
/* By letters: those that were sent since, a few at once; *ret_more: there may be more.
 * `conn` reads everything. */
enum rc acknowledge_letters(struct site *site, struct writer *writer, struct store_conn *conn,
                            bool *ret_more, struct fault *fault) MUST_CHECK;

#endif
