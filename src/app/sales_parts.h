/* Inside app/: what acts on a sales order have in common (sales_desk.h). */
#ifndef COLOPHON_APP_SALES_PARTS_H
#define COLOPHON_APP_SALES_PARTS_H

#include "app/sales_desk.h"

struct sales_acting {
    const char *kind; /* "send", "cancel" …; NULL: what is done has a key of its own */
    const struct sales_act *act;
    bool again; /* this form was sent before: nothing more is done */
    struct arena arena;
    struct store_conn *conn;
    struct sales_view view; /* as it stood before */
    int64_t now;
};
enum rc sales_act_run(struct writer *writer, const char *kind, write_work work,
                      const struct sales_act *act, struct fault *fault) MUST_CHECK;
/* Within its transaction, first of all. RC_CONFLICT for a key under which something else was asked
 * for. */
enum rc sales_act_begin(struct sales_acting *a, struct store_conn *conn,
                        struct fault *fault) MUST_CHECK;
enum rc sales_act_line(const struct sales_acting *a, const struct sales_part *part,
                       const struct sales_line_row **ret, struct fault *fault) MUST_CHECK;
enum rc sales_act_event(const struct sales_acting *a, const char *kind, uint64_t line,
                        int64_t quantity, int64_t amount, struct str note,
                        struct fault *fault) MUST_CHECK;
/* ---- what goes back (sales_refunds.c): *ret_amount grows by what was paid for it ---- */

/* Called off before it leaves. */
enum rc sales_act_cancel_line(struct sales_acting *a, const struct sales_part *part,
                              int64_t *ret_amount, struct fault *fault) MUST_CHECK;
/* Came back, or is an e-book that is given up. */
enum rc sales_act_return_line(struct sales_acting *a, const struct sales_part *part,
                              int64_t *ret_amount, struct fault *fault) MUST_CHECK;
/* Of delivery, with the act's parts: all of it where nothing leaves at all, what the cheapest
 * would have cost where all that left comes back. */
enum rc sales_act_delivery(struct sales_acting *a, int64_t *ret_amount,
                           struct fault *fault) MUST_CHECK;
/* Owed from here on, under the act's key, with its credit note and its letter; nothing for
 * nothing. */
enum rc sales_act_give_back(struct sales_acting *a, int64_t amount, struct fault *fault) MUST_CHECK;

/* The act's parts came, by the statement that it names (RC_CONFLICT where that is not waited for),
 * or by whichever waits for them (sales_returns.c). */
enum rc sales_act_came(struct sales_acting *a, struct fault *fault) MUST_CHECK;

/* Last of all: a sales order of which nothing is left to be sent is done. */
enum rc sales_act_settle(const struct sales_acting *a, struct fault *fault) MUST_CHECK;

#endif
