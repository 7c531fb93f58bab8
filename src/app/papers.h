/* The papers of what was sold: invoices when a sales order is paid, credit notes with what is given
 * back, and the letters of each step. A paper's number is taken and its facts are frozen in the
 * transaction of what it tells of; of each seller and year numbers have no gaps. Nothing of it goes
 * into the Record. */
#ifndef COLOPHON_APP_PAPERS_H
#define COLOPHON_APP_PAPERS_H

#include "app/site.h"
#include "app/viewer.h"
#include "app/writer.h"
#include "base/json.h"
#include "domain/paper.h"

enum { PAPERS_OF_ORDER = 200 };

/* All three within an open write transaction.
 *
 * The invoice of a sales order; RC_OK and nothing where it has one, or came to nought. Where
 * nobody said yet who sells, it is issued as soon as somebody does (sellers.h). */
enum rc papers_invoice(struct store_conn *conn, struct arena *arena, uint64_t order, int64_t now,
                       struct fault *fault) MUST_CHECK;
/* The credit note of a refund, whose lines are those of which more was given back (sales_line.
 * refunded) than earlier notes say; what is left is taken from the delivery, then from all lines in
 * proportion. RC_OK and nothing where it has one, was paid too much, or there is no invoice. */
enum rc papers_credit_note(struct store_conn *conn, struct arena *arena, uint64_t refund,
                           int64_t now, struct fault *fault) MUST_CHECK;

enum sales_letter {
    SALES_LETTER_PLACED, /* of a whole purchase, by any of its orders, once its payment began */
    SALES_LETTER_PAID,
    SALES_LETTER_EBOOKS, /* in the library */
    SALES_LETTER_SENT,   /* the latest shipment */
    SALES_LETTER_CANCELLED,
    SALES_LETTER_REFUNDED, /* the latest refund */
    SALES_LETTER_RETURN,   /* that the buyer's latest statement came in, and what it says */
};
/* To whoever bought, in the purchase's language. Nothing, and RC_OK, where the shop sends no
 * mail. */
enum rc papers_letter(struct store_conn *conn, uint64_t order, enum sales_letter which,
                      struct fault *fault) MUST_CHECK;
/* The purchase that a link in such a letter opens. RC_NOT_FOUND. */
enum rc papers_link(struct store_conn *conn, struct str secret, uint64_t *ret_purchase,
                    struct fault *fault) MUST_CHECK;

/* The invoice of a sales order by its number, in a transaction of its own. RC_NOT_FOUND;
 * RC_CONFLICT where it is not paid, or nobody said who sells. */
enum rc papers_issue(struct writer *writer, struct str number, struct fault *fault) MUST_CHECK;
/* Such a letter once more, by the order's number. RC_INVALID for a step that is none, RC_NOT_FOUND.
 */
enum rc papers_letter_again(struct writer *writer, struct str number, struct str which,
                            struct fault *fault) MUST_CHECK;
/* What a shop owes of papers, within a write transaction: after somebody said who sells. */
enum rc papers_catch_up(struct store_conn *conn, uint64_t shop, int64_t now,
                        struct fault *fault) MUST_CHECK;

/* ---- reading ---- */

typedef LIST(struct sale_paper) paper_list;
/* Of a sales order, as they were issued; on a connection that sees everything. Who may see them is
 * the caller's to ask. */
enum rc papers_of(struct store_conn *conn, struct arena *arena, uint64_t order, paper_list *ret,
                  struct fault *fault) MUST_CHECK;
/* One of them, for whom it is shown to: whoever has the purchase's secret, whose account it is, at
 * a desk the operator or the shop's partner. RC_NOT_FOUND alike for what is not there and for what
 * is somebody else's. */
struct paper_wish {
    struct str secret; /* empty: the viewer's own, or at the desk */
    const struct viewer *viewer;
    bool desk;
    struct str number; /* the sales order's */
    uint64_t n;        /* of its papers, from 1 */
};
enum rc papers_open(struct site *site, struct arena *arena, const struct paper_wish *wish,
                    struct sale_paper *ret, struct fault *fault) MUST_CHECK;
/* Of a shop, each once, in the order of their issue; ends with what `each` says. */
typedef enum rc (*paper_told)(void *context, const struct sale_paper *p, struct fault *fault);
enum rc papers_each(struct site *site, struct str shop, paper_told each, void *context,
                    struct fault *fault) MUST_CHECK;
/* RC_CORRUPT names the series that has a gap, or the paper whose sums are not those of its lines.
 * *ret counts the papers that were looked at. */
enum rc papers_check(struct site *site, uint64_t *ret, struct fault *fault) MUST_CHECK;

/* Facts as they are kept. */
void paper_write(const struct sale_paper *p, struct buf *out);
enum rc paper_read(struct arena *arena, struct str facts, struct sale_paper *ret,
                   struct fault *fault) MUST_CHECK;

#endif
