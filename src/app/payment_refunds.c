/* Money that goes back. */
#include "app/papers.h"
#include "app/payment_parts.h"
#include "base/clock.h"
#include "base/crash.h"
#include "store/ledger.h"
#include "store/payments.h"
#include "store/sales.h"

/* ---- of a sales order ---- */

static enum rc book_refund(struct store_conn *conn, struct arena *arena,
                           const struct sales_order_row *order, const struct refund_row *refund,
                           struct fault *fault)
{
    struct ledger_sale sale;
    struct ledger_lines lines;
    struct ledger_entry entry = {
        .key = arena_printf(arena, "refund/%llu", (unsigned long long)refund->id),
        .kind = STR("refund"),
        .currency = refund->currency,
        .order = order->id,
        .at = refund->created};
    enum rc rc = payment_sale(conn, arena, order, &sale, fault);
    if (rc == RC_OK && !ledger_refunded(&sale, order->refunded, refund->amount, &lines))
        return fault_set(fault, RC_CONFLICT, "sales order %.*s: so much is not left of it",
                         STR_ARG(order->number));
    return rc == RC_OK ? ledger_add(conn, &entry, &lines, fault) : rc;
}

/* Asked for before: the same, or a key that was used for something else. */
static enum rc same_refund(const struct refund_row *there, const struct refund_order *order,
                           struct fault *fault)
{
    return there->order == order->order && there->amount == order->amount
               ? RC_OK
               : fault_set(fault, RC_INVALID, "refund %.*s: that was another sum",
                           STR_ARG(order->key));
}

static enum rc find_paid(struct store_conn *conn, struct arena *arena,
                         const struct refund_order *asked, struct sales_order_row *order,
                         struct payment_row *payment, struct fault *fault)
{
    enum rc rc = sales_order_row(conn, arena, asked->order, order, fault);
    if (rc == RC_OK)
        rc = payment_row_of_purchase(conn, arena, order->purchase, payment, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && (order->paid == 0 || asked->amount <= 0 ||
                                               asked->amount > order->total - order->refunded)))
        return fault_set(fault, RC_CONFLICT, "sales order %.*s: so much was not paid for it",
                         STR_ARG(order->number));
    return rc;
}

enum rc refund_ask(struct store_conn *conn, struct arena *arena, const struct refund_order *asked,
                   struct fault *fault)
{
    struct refund_row row;
    struct sales_order_row order = {.id = 0};
    struct payment_row payment;
    enum rc rc = refund_row_by_key(conn, arena, asked->key, &row, fault);
    if (rc == RC_OK)
        return same_refund(&row, asked, fault);
    struct str intent = STR_NONE;
    if (rc == RC_NOT_FOUND)
        rc = find_paid(conn, arena, asked, &order, &payment, fault);
    if (rc == RC_OK)
        rc = payment_intent(conn, arena, payment.provider_id, &intent, fault);
    if (rc != RC_OK)
        return rc;
    row = (struct refund_row){.key = asked->key,
                              .order = order.id,
                              .payment = payment.id,
                              .currency = order.currency,
                              .amount = asked->amount,
                              .reason = asked->reason,
                              .intent = intent,
                              .created = asked->now};
    payment.refunded += asked->amount;
    rc = refund_row_add(conn, &row, fault);
    if (rc == RC_OK)
        rc = book_refund(conn, arena, &order, &row, fault);
    if (rc == RC_OK)
        rc = sales_order_row_refund(conn, order.id, asked->amount, fault);
    if (rc == RC_OK)
        rc = payment_row_set(conn, &payment, fault);
    crash_point("refund-asked");
    if (rc == RC_OK)
        rc = papers_credit_note(conn, arena, row.id, asked->now, fault);
    return rc == RC_OK ? papers_letter(conn, order.id, SALES_LETTER_REFUNDED, fault) : rc;
}

/* ---- sent ---- */

/* By whom it was sent says where the money lay: at the provider, or at the bank. */
static enum rc book_sent(struct store_conn *conn, const struct refund_row *row, struct str key,
                         bool back, int64_t now, struct fault *fault)
{
    struct ledger_lines lines;
    struct ledger_entry entry = {.key = key,
                                 .kind = back ? STR("refund-back") : STR("refund-sent"),
                                 .currency = row->currency,
                                 .order = row->order,
                                 .at = now};
    const char *money =
        ledger_money(row->provider_id.n > 0 ? STR(PAYMENT_CARD) : STR(PAYMENT_TRANSFER));
    if (!ledger_moved(back ? money : LEDGER_REFUNDS, back ? LEDGER_REFUNDS : money, 0, row->amount,
                      &lines))
        return fault_set(fault, RC_CORRUPT, "refund %llu is of nothing",
                         (unsigned long long)row->id);
    return ledger_add(conn, &entry, &lines, fault);
}

static struct str key_of(struct arena *arena, const char *what, uint64_t refund)
{
    return arena_printf(arena, "%s/%llu", what, (unsigned long long)refund);
}

enum rc refund_mark_sent(struct store_conn *conn, struct arena *arena, uint64_t refund,
                         struct str provider_id, int64_t now, struct fault *fault)
{
    struct refund_row row;
    struct str key = key_of(arena, "refund-sent", refund);
    enum rc rc = refund_row_get(conn, arena, refund, &row, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no refund %llu", (unsigned long long)refund);
    if (rc != RC_OK || str_is(row.state, REFUND_SENT))
        return rc;
    if (provider_id.n == 0 && row.asked && str_is(row.state, REFUND_OWED))
        return fault_set(fault, RC_CONFLICT,
                         "refund %llu goes back by card: the provider is being asked to send it",
                         (unsigned long long)refund);
    row.state = STR(REFUND_SENT);
    row.ended = now;
    row.provider_id = provider_id;
    /* What came back was booked as sent before. */
    rc = ledger_has(conn, key, fault);
    if (rc == RC_OK)
        key = key_of(arena, "refund-sent-again", refund);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        rc = book_sent(conn, &row, key, false, now, fault);
    return rc == RC_OK ? refund_row_set(conn, &row, fault) : rc;
}

enum rc refund_mark_failed(struct store_conn *conn, struct arena *arena, uint64_t refund,
                           struct str provider_id, int64_t now, struct fault *fault)
{
    struct refund_row row;
    enum rc rc = refund_row_get(conn, arena, refund, &row, fault);
    bool sent = rc == RC_OK && str_is(row.state, REFUND_SENT);
    if (rc != RC_OK || str_is(row.state, REFUND_FAILED) ||
        (sent && !str_eq(row.provider_id, provider_id)))
        return rc;
    if (sent)
        rc = book_sent(conn, &row, key_of(arena, "refund-back", refund), true, now, fault);
    row.state = STR(REFUND_FAILED);
    row.ended = now;
    row.provider_id = provider_id;
    return rc == RC_OK ? refund_row_set(conn, &row, fault) : rc;
}

struct sending {
    struct arena *arena;
    const uint64_t *ids;
    size_t n;
};

static enum rc sent_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct sending *s = context;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < s->n; i++)
        rc = refund_mark_sent(conn, s->arena, s->ids[i], STR_NONE, clock_now(), fault);
    return rc;
}

enum rc refunds_sent(struct writer *writer, struct arena *arena, const uint64_t *ids, size_t n,
                     struct fault *fault)
{
    struct sending s = {arena, ids, n};
    return writer_run(writer, sent_work, &s, fault);
}

/* ---- of what nobody asked for ---- */

struct giving {
    struct arena *arena;
    struct str method, event;
};

enum rc payment_event_left(struct store_conn *conn, struct arena *arena,
                           const struct payment_event *e, int64_t *ret, struct fault *fault)
{
    *ret = e->amount;
    if (!str_is(e->outcome, EVENT_OVER))
        return RC_OK;
    struct str key =
        arena_printf(arena, "overpaid/%.*s/%.*s", STR_ARG(e->method), STR_ARG(e->event));
    enum rc rc = ledger_amount(conn, key, STR(LEDGER_OVERPAID), ret, fault);
    *ret = -*ret;
    return rc;
}

static enum rc give_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct giving *g = context;
    struct payment_event e;
    struct ledger_lines lines;
    const char *account = LEDGER_UNCLEAR;
    int64_t amount = 0;
    enum rc rc = payment_event_get(conn, g->arena, g->method, g->event, &e, fault);
    if (rc == RC_NOT_FOUND ||
        (rc == RC_OK && !str_is(e.outcome, EVENT_HELD) && !str_is(e.outcome, EVENT_OVER)))
        return fault_set(fault, RC_CONFLICT, "%.*s: nothing of that is held", STR_ARG(g->event));
    if (rc == RC_OK)
        rc = payment_event_left(conn, g->arena, &e, &amount, fault);
    if (rc == RC_OK && str_is(e.outcome, EVENT_OVER))
        account = LEDGER_OVERPAID;
    struct refund_row row = {
        .key = arena_printf(g->arena, "back/%.*s/%.*s", STR_ARG(g->method), STR_ARG(g->event)),
        .payment = e.payment,
        .currency = e.currency,
        .amount = amount,
        .reason = STR(REFUND_OVERPAID),
        .created = clock_now()};
    if (rc == RC_OK && str_is(g->method, PAYMENT_CARD))
        rc = payment_intent(conn, g->arena, g->event, &row.intent, fault);
    if (rc == RC_OK)
        rc = refund_row_add(conn, &row, fault);
    struct ledger_entry entry = {
        .key = arena_printf(g->arena, "refund/%llu", (unsigned long long)row.id),
        .kind = STR("refund"),
        .currency = e.currency,
        .at = row.created};
    if (rc == RC_OK && !ledger_moved(account, LEDGER_REFUNDS, 0, amount, &lines))
        rc = fault_set(fault, RC_CORRUPT, "%.*s: it is of nothing", STR_ARG(g->event));
    if (rc == RC_OK)
        rc = ledger_add(conn, &entry, &lines, fault);
    e.outcome = str_is(e.outcome, EVENT_OVER) ? STR(EVENT_OVER_BACK) : STR(EVENT_LOOKED);
    if (rc == RC_OK)
        rc = payment_event_set(conn, &e, fault);
    return rc == RC_OK ? payment_rest(conn, g->arena, e.payment, fault) : rc;
}

enum rc payment_give_back(struct writer *writer, struct arena *arena, struct str method,
                          struct str event, struct fault *fault)
{
    struct giving g = {arena, method, event};
    return writer_run(writer, give_work, &g, fault);
}
