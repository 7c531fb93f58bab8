/* What of a sales order is cancelled before it left, comes back, or is given back. */
#include "app/library.h"
#include "app/papers.h"
#include "app/payments.h"
#include "app/sales_parts.h"
#include "app/stock.h"
#include "app/vouchers.h"
#include "base/utf8.h"
#include "domain/money.h"
#include "store/payments.h"
#include "store/sales.h"
#include "store/sales_returns.h"

enum { KEY_MAX = 100, NOTE_MAX = 2000 };

/* What so many more of a line were paid with: the parts of a line add up to its total. */
static int64_t share_of(const struct sales_line_row *line, int64_t gone, int64_t more)
{
    int64_t before = line->total * gone / line->quantity;
    int64_t after = line->total * (gone + more) / line->quantity;
    int64_t left = line->total - line->refunded;
    return after - before < left ? after - before : left;
}

static struct str refund_key(struct sales_acting *a)
{
    return arena_printf(&a->arena, "%.*s/%s/%.*s", STR_ARG(a->view.order.number),
                        a->kind != NULL ? a->kind : "stated", STR_ARG(a->act->key));
}

enum rc sales_act_give_back(struct sales_acting *a, int64_t amount, struct fault *fault)
{
    uint64_t order = a->view.order.id;
    struct refund_order asked = {.key = refund_key(a),
                                 .order = order,
                                 .amount = amount,
                                 .reason = a->act->reason,
                                 .now = a->now};
    enum rc rc = RC_OK;
    if (amount > 0) {
        rc = refund_ask(a->conn, &a->arena, &asked, fault);
        if (rc == RC_OK)
            rc = sales_act_event(a, SALES_EVENT_REFUNDED, 0, 0, amount, STR_NONE, fault);
    }
    if (rc == RC_OK && a->act->note.n > 0) /* staff's alone: the buyer is shown no notes */
        rc = sales_act_event(a, SALES_EVENT_NOTE, 0, 0, 0, a->act->note, fault);
    return rc == RC_OK ? sales_act_settle(a, fault) : rc;
}

static enum rc not_so_many(enum rc rc, const struct sales_line_row *line, struct fault *fault)
{
    return rc == RC_CONFLICT
               ? fault_set(fault, rc, "of %.*s, there are not so many", STR_ARG(line->title))
               : rc;
}

/* All that is printed is cancelled, or came back, with the act's own parts. */
static bool all_gone(const struct sales_acting *a, bool returned)
{
    for (size_t i = 0; i < a->view.line_n; i++) {
        const struct sales_line_row *l = &a->view.lines[i];
        int64_t gone = l->cancelled + (returned ? l->returned : 0);
        if (l->digital) /* nothing of it is delivered by post */
            continue;
        for (size_t k = 0; k < a->act->parts.n; k++)
            gone += a->act->parts.v[k].line == l->id ? a->act->parts.v[k].quantity : 0;
        if (gone < l->quantity)
            return false;
    }
    return true;
}

static int64_t delivery_left(const struct sales_acting *a)
{
    const struct sales_order_row *o = &a->view.order;
    int64_t lines = 0;
    for (size_t i = 0; i < a->view.line_n; i++)
        lines += a->view.lines[i].refunded;
    int64_t left = o->shipping - (o->refunded - lines); /* what went back and was no line's */
    return left > 0 ? left : 0;
}

/* What the cheapest way to send would have cost, as far as it did not go back: Article 13(2) of
 * Directive 2011/83/EU. */
static enum rc add_least_delivery(struct sales_acting *a, int64_t *ret_amount, struct fault *fault)
{
    int64_t left = delivery_left(a), least = -1;
    enum rc rc = sales_order_least(a->conn, a->view.order.id, &least, fault);
    int64_t due = least < 0 ? left : least - (a->view.order.shipping - left);
    due = due < left ? due : left;
    *ret_amount += due > 0 ? due : 0;
    return rc;
}

enum rc sales_act_delivery(struct sales_acting *a, int64_t *ret_amount, struct fault *fault)
{
    if (all_gone(a, false))
        *ret_amount += delivery_left(a);
    else if (all_gone(a, true))
        return add_least_delivery(a, ret_amount, fault);
    return RC_OK;
}

enum rc sales_act_cancel_line(struct sales_acting *a, const struct sales_part *part,
                              int64_t *ret_amount, struct fault *fault)
{
    const struct sales_line_row *line;
    enum rc rc = sales_act_line(a, part, &line, fault);
    if (rc == RC_OK && line->digital)
        rc = fault_set(fault, RC_INVALID, "line: an e-book is there as soon as it is paid");
    if (rc != RC_OK)
        return rc;
    struct sales_line_change change = {
        .cancelled = part->quantity,
        .refunded = share_of(line, line->cancelled + line->returned, part->quantity)};
    rc = not_so_many(sales_line_row_change(a->conn, line->id, &change, fault), line, fault);
    if (rc == RC_OK)
        rc = voucher_book_back(a->conn, &a->arena, &a->view.order, line, part->quantity, a->now,
                               fault);
    if (rc == RC_OK)
        rc = stock_unpromise(a->conn, a->view.order.shop, line->edition, (uint64_t)part->quantity,
                             fault);
    if (rc == RC_OK)
        rc =
            sales_act_event(a, SALES_EVENT_CANCELLED, line->id, part->quantity, 0, STR_NONE, fault);
    *ret_amount += change.refunded;
    return rc;
}

static enum rc begin(struct sales_acting *a, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = sales_act_begin(a, conn, fault);
    if (rc == RC_OK && a->view.order.paid == 0)
        rc = fault_set(fault, RC_CONFLICT, "it was not paid: nothing of it can go back");
    return rc;
}

static enum rc cancel_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct sales_acting *a = context;
    int64_t amount = 0;
    enum rc rc = begin(a, conn, fault);
    if (rc != RC_OK || a->again)
        return rc;
    for (size_t i = 0; rc == RC_OK && i < a->act->parts.n; i++)
        rc = sales_act_cancel_line(a, &a->act->parts.v[i], &amount, fault);
    if (all_gone(a, false))
        amount += delivery_left(a);
    if (rc == RC_OK)
        rc = sales_act_give_back(a, amount, fault);
    return rc == RC_OK ? papers_letter(conn, a->view.order.id, SALES_LETTER_CANCELLED, fault) : rc;
}

static enum rc check_key(const struct sales_act *act, struct fault *fault)
{
    enum rc rc = text_check("key", act->key, TEXT_LINE, KEY_MAX, fault);
    if (rc == RC_OK)
        rc = text_check("note", act->note, TEXT_OPTIONAL, NOTE_MAX, fault);
    return rc;
}

static enum rc check_parts(const struct sales_act *act, struct fault *fault)
{
    enum rc rc = check_key(act, fault);
    if (rc == RC_OK && act->parts.n == 0)
        rc = fault_set(fault, RC_INVALID, "quantity: at least one copy of one line is needed");
    return rc;
}

enum rc sales_cancel_parts(struct writer *writer, const struct sales_act *act, struct fault *fault)
{
    struct sales_act cancelled = *act;
    cancelled.reason = STR(REFUND_CANCELLED);
    enum rc rc = check_parts(act, fault);
    return rc == RC_OK ? sales_act_run(writer, "cancel", cancel_work, &cancelled, fault) : rc;
}

/* ---- what comes back ---- */

enum rc sales_act_return_line(struct sales_acting *a, const struct sales_part *part,
                              int64_t *ret_amount, struct fault *fault)
{
    const struct sales_line_row *line;
    enum rc rc = sales_act_line(a, part, &line, fault);
    if (rc != RC_OK)
        return rc;
    struct sales_line_change change = {
        /* An e-book was there without being sent. */
        .sent = line->digital && line->sent == 0 ? part->quantity : 0,
        .returned = part->quantity,
        .refunded = share_of(line, line->cancelled + line->returned, part->quantity)};
    rc = not_so_many(sales_line_row_change(a->conn, line->id, &change, fault), line, fault);
    if (rc == RC_OK)
        rc = voucher_book_back(a->conn, &a->arena, &a->view.order, line, part->quantity, a->now,
                               fault);
    if (rc == RC_OK && line->digital && a->view.purchase.account != 0)
        rc = library_take_back(a->conn, a->view.purchase.account, line->edition, a->now, fault);
    if (rc == RC_NOT_FOUND)
        rc = RC_OK; /* they do not have it any more */
    if (rc == RC_OK && !line->digital && a->act->shelf)
        rc = stock_come_back(a->conn, a->view.order.shop, line->edition, (uint64_t)part->quantity,
                             fault);
    if (rc == RC_OK)
        rc = sales_act_event(a, SALES_EVENT_RETURNED, line->id, part->quantity, 0, STR_NONE, fault);
    *ret_amount += change.refunded;
    return rc;
}

static enum rc return_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct sales_acting *a = context;
    int64_t amount = 0;
    enum rc rc = begin(a, conn, fault);
    if (rc != RC_OK || a->again)
        return rc;
    rc = sales_act_came(a, fault);
    for (size_t i = 0; rc == RC_OK && i < a->act->parts.n; i++)
        rc = sales_act_return_line(a, &a->act->parts.v[i], &amount, fault);
    if (rc == RC_OK && a->act->delivery && str_is(a->act->reason, REFUND_WITHDRAWN))
        rc = add_least_delivery(a, &amount, fault);
    else if (a->act->delivery)
        amount += delivery_left(a);
    return rc == RC_OK ? sales_act_give_back(a, amount, fault) : rc;
}

enum rc sales_take_back(struct writer *writer, const struct sales_act *act, struct fault *fault)
{
    enum rc rc = check_parts(act, fault);
    if (rc == RC_OK && !str_is(act->reason, REFUND_RETURNED) &&
        !str_is(act->reason, REFUND_WITHDRAWN))
        rc = fault_set(fault, RC_INVALID, "reason: returned or withdrawn");
    return rc == RC_OK ? sales_act_run(writer, "return", return_work, act, fault) : rc;
}

/* ---- goodwill ---- */

/* Of a line, or of what delivery cost. */
static enum rc goodwill_of(struct sales_acting *a, int64_t amount, struct fault *fault)
{
    const struct sales_line_row *line;
    struct sales_part part = {a->act->line, 1};
    struct sales_line_change change = {.refunded = amount};
    if (a->act->delivery)
        return amount <= delivery_left(a)
                   ? RC_OK
                   : fault_set(fault, RC_CONFLICT,
                               "amount: of delivery, not so much is left to be given back");
    enum rc rc = sales_act_line(a, &part, &line, fault);
    if (rc == RC_OK)
        rc = sales_line_row_change(a->conn, line->id, &change, fault);
    return rc == RC_CONFLICT
               ? fault_set(fault, rc, "amount: of this line, not so much is left to be given back")
               : rc;
}

static enum rc goodwill_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct sales_acting *a = context;
    int64_t amount = 0;
    enum rc rc = begin(a, conn, fault);
    if (rc != RC_OK || a->again)
        return rc;
    if (!money_parse(a->act->amount, a->view.order.currency, &amount) || amount <= 0)
        rc = fault_set(fault, RC_INVALID, "amount: an amount is needed, as in 4.90");
    if (rc == RC_OK)
        rc = goodwill_of(a, amount, fault);
    return rc == RC_OK ? sales_act_give_back(a, amount, fault) : rc;
}

enum rc sales_goodwill(struct writer *writer, const struct sales_act *act, struct fault *fault)
{
    struct sales_act given = *act;
    given.reason = STR(REFUND_GOODWILL);
    enum rc rc = check_key(act, fault);
    if (rc == RC_OK)
        rc = text_check("note", act->note, TEXT_NEEDED, NOTE_MAX, fault);
    return rc == RC_OK ? sales_act_run(writer, "goodwill", goodwill_work, &given, fault) : rc;
}
