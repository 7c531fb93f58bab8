/* Inside app/: what acts on a sales order have in common (sales_desk.h). */
#ifndef COLOPHON_APP_SALES_PARTS_H
#define COLOPHON_APP_SALES_PARTS_H

#include "app/sales_desk.h"

struct sales_acting {
    const char *kind; /* "send", "cancel" … */
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
/* Last of all: a sales order of which nothing is left to be sent is done. */
enum rc sales_act_settle(const struct sales_acting *a, struct fault *fault) MUST_CHECK;

#endif
