/* What buyers state of what they paid for, and the desk's end of it. Whoever withdraws does so by
 * stating it: what has not left is called off in the same transaction, and an e-book that may be
 * given up goes with it; what has left is expected back, and paid back once staff have it. That
 * something is wrong with what came is stated in the same way, and nothing follows from it by
 * itself. */
#ifndef COLOPHON_APP_SALES_RETURNS_H
#define COLOPHON_APP_SALES_RETURNS_H

#include "app/sales_desk.h"
#include "app/sales_own.h"

/* Of each line of a sales order; `ret` has room for them. Pure but for the clock's `now`. */
void sales_returnable(const struct sales_view *view, const shipped_lines *shipped,
                      const sales_returns *stated, int64_t now, struct returnable *ret);

struct sales_statement {
    struct own_sale_wish wish;
    struct str number; /* of the sales order, which is of that purchase */
    sales_parts parts;
    bool wrong;       /* something is wrong with it; else they withdraw, or call it off */
    struct str words; /* what is wrong, for staff; may be empty */
    struct str key;   /* of the form: stated twice under it is once */
};
/* RC_NOT_FOUND for what is not theirs; RC_CONFLICT for what is not paid, more than there is, or a
 * line whose right is none or over; RC_INVALID for no parts. */
enum rc sales_state_return(struct writer *writer, const struct sales_statement *statement,
                           struct fault *fault) MUST_CHECK;

/* Staff wait for it no more, with a note why; nothing is paid back. */
enum rc sales_return_close(struct writer *writer, const struct sales_act *act,
                           struct fault *fault) MUST_CHECK;

/* On a connection that sees everything. */
enum rc sales_returns_of(struct store_conn *conn, struct arena *arena, uint64_t order,
                         sales_returns *ret, struct fault *fault) MUST_CHECK;
enum rc sales_returns_waiting(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                              struct fault *fault) MUST_CHECK;

#endif
