#include "app/library.h"
#include "app/papers.h"
#include "app/payment_parts.h"
#include "app/stock.h"
#include "app/vouchers.h"

#include "base/clock.h"
#include "base/crash.h"
#include "domain/payment_reference.h"
#include "store/ledger.h"
#include "store/payments.h"
#include "store/sales.h"

enum { ORDERS_MAX = 200, LINES_MAX = 500, FOUND_MAX = 64, WAYS_MAX = 8 };

static const char *const outcomes[] = {"known", "settled", "partly", "over", "unclear"};

const char *payment_outcome_name(enum payment_outcome outcome)
{
    return outcomes[outcome];
}

/* What comes in by one event, and where it is as it is given away. */
struct taking {
    struct store_conn *conn;
    struct arena *arena;
    const struct payment_news *news;
    struct payment_row payment;
    struct purchase_row purchase;
    const char *account; /* that it is taken from */
    int64_t left;        /* there, in the event's currency */
    bool came_before;    /* it lies among what is unclear */
    int64_t now;
};

static enum rc book(struct taking *t, const char *kind, const char *debit, const char *credit,
                    int64_t amount, struct fault *fault)
{
    struct ledger_lines lines;
    struct ledger_entry entry = {.key = arena_printf(t->arena, "%s/%.*s/%.*s", kind,
                                                     STR_ARG(t->news->method),
                                                     STR_ARG(t->news->event)),
                                 .kind = str_of(kind),
                                 .currency = t->news->currency,
                                 .at = t->now};
    if (!ledger_moved(debit, credit, 0, amount, &lines))
        return RC_OK;
    return ledger_add(t->conn, &entry, &lines, fault);
}

/* ---- a purchase is paid ---- */

enum rc payment_sale(struct store_conn *conn, struct arena *arena,
                     const struct sales_order_row *order, struct ledger_sale *ret,
                     struct fault *fault)
{
    struct sales_line_row *lines;
    size_t n;
    struct ledger_sale sale = {.shop = order->shop, .total = order->total};
    enum rc rc = sales_line_rows(conn, arena, order->id, LINES_MAX, &lines, &n, fault);
    if (rc == RC_OK)
        rc = sales_order_fee(conn, order->id, &sale.fee_rate, fault);
    bool fits = true;
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        fits = fits && ledger_sale_tax(&sale, lines[i].tax_country, lines[i].tax);
    if (rc == RC_OK && order->shipping_tax > 0)
        fits = fits &&
               ledger_sale_tax(&sale, n > 0 ? lines[0].tax_country : STR_NONE, order->shipping_tax);
    if (rc == RC_OK && !fits)
        return fault_set(fault, RC_LIMIT, "sales order %.*s: the taxes of too many countries",
                         STR_ARG(order->number));
    *ret = sale;
    return rc;
}

static enum rc book_order(struct taking *t, const struct sales_order_row *order,
                          struct fault *fault)
{
    struct ledger_sale sale;
    struct ledger_lines lines;
    struct ledger_entry entry = {
        .key = arena_printf(t->arena, "paid/%llu", (unsigned long long)order->id),
        .kind = STR("paid"),
        .currency = order->currency,
        .order = order->id,
        .at = t->now};
    enum rc rc = payment_sale(t->conn, t->arena, order, &sale, fault);
    if (rc == RC_OK && !ledger_paid(&sale, t->account, &lines))
        return fault_set(fault, RC_CORRUPT, "sales order %.*s: its sums contradict each other",
                         STR_ARG(order->number));
    return rc == RC_OK ? ledger_add(t->conn, &entry, &lines, fault) : rc;
}

/* An e-book is delivered once it is paid, and never before. */
static enum rc deliver(struct taking *t, const struct sales_order_row *order, struct fault *fault)
{
    struct sales_line_row *lines;
    size_t n, digital = 0, ready = 0;
    enum rc rc = sales_line_rows(t->conn, t->arena, order->id, LINES_MAX, &lines, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct sales_line_change all = {.sent = lines[i].quantity - lines[i].sent};
        if (!lines[i].digital)
            continue;
        bool file = false;
        rc = library_give(t->conn, t->purchase.account, lines[i].edition, lines[i].id, t->now,
                          &file, fault);
        digital++;
        ready += file;
        if (rc == RC_OK && all.sent > 0)
            rc = sales_line_row_change(t->conn, lines[i].id, &all, fault);
    }
    /* An order from before files were asked for may have none: nothing is "ready" then. */
    if (rc == RC_OK && ready > 0 && ready == digital)
        rc = papers_letter(t->conn, order->id, SALES_LETTER_EBOOKS, fault);
    if (rc == RC_OK && n > 0 && digital == n)
        rc = sales_order_row_state(t->conn, order->id, STR(SALES_PAID), STR(SALES_DONE), t->now,
                                   fault);
    return rc;
}

static enum rc pay_order(struct taking *t, const struct sales_order_row *order, struct fault *fault)
{
    struct sales_event_row event = {.order = order->id,
                                    .kind = STR(SALES_EVENT_PAID),
                                    .amount = order->total,
                                    .actor = STR(SALES_BY_PAYMENT),
                                    .account = t->news->account,
                                    .at = t->now};
    enum rc rc = sales_order_row_state(t->conn, order->id, STR(SALES_PLACED), STR(SALES_PAID),
                                       t->now, fault);
    if (rc == RC_OK)
        rc = sales_event_row_add(t->conn, &event, fault);
    if (rc == RC_OK)
        rc = book_order(t, order, fault);
    if (rc == RC_OK)
        rc = voucher_book_paid(t->conn, t->arena, order, t->now, fault);
    crash_point("payment-booked");
    if (rc == RC_OK)
        rc = papers_invoice(t->conn, t->arena, order->id, t->now, fault);
    if (rc == RC_OK)
        rc = papers_letter(t->conn, order->id, SALES_LETTER_PAID, fault);
    if (rc == RC_OK)
        rc = deliver(t, order, fault);
    t->left -= order->total;
    return rc;
}

/* One way was enough: the others end, and what came by them in parts is people's to look at. */
static enum rc end_others(struct taking *t, struct fault *fault)
{
    payment_rows rows;
    enum rc rc =
        payment_rows_of_purchase(t->conn, t->arena, t->purchase.id, WAYS_MAX, &rows, fault);
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
        if (rows.v[i].id != t->payment.id)
            rc = payment_end(t->conn, &rows.v[i], t->now, fault);
    return rc;
}

/* What a shop's part was called off of before it was paid stays as more than was asked for. */
static enum rc pay_purchase(struct taking *t, struct fault *fault)
{
    struct sales_order_row *orders;
    size_t n;
    enum rc rc = purchase_row_state(t->conn, t->purchase.id, STR(PURCHASE_WAITING),
                                    STR(PURCHASE_PAID), fault);
    if (rc == RC_OK)
        rc = purchase_row_method(t->conn, t->purchase.id, t->payment.method, fault);
    if (rc == RC_OK)
        rc = end_others(t, fault);
    if (rc == RC_OK)
        rc = sales_order_rows_of(t->conn, t->arena, t->purchase.id, ORDERS_MAX, &orders, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (str_is(orders[i].state, SALES_PLACED))
            rc = pay_order(t, &orders[i], fault);
    return rc == RC_OK ? stock_keep(t->conn, t->purchase.id, fault) : rc;
}

/* ---- what came ---- */

static enum rc note_event(struct taking *t, const char *outcome, struct fault *fault)
{
    struct payment_event event = {.method = t->news->method,
                                  .event = t->news->event,
                                  .payment = t->payment.id,
                                  .kind = t->news->kind,
                                  .currency = t->news->currency,
                                  .amount = t->news->amount,
                                  .text = t->news->text,
                                  .outcome = str_of(outcome),
                                  .told = t->news->told,
                                  .taken = t->now};
    bool new;
    enum rc rc = payment_event_add(t->conn, &event, &new, fault);
    if (rc == RC_OK && !new) /* assigned by people: it was there, and is held no more */
        rc = payment_event_set(t->conn, &event, fault);
    return rc;
}

/* The bank's line of what people said had come is the same money, and is booked once; so is what
 * people say of a line that was read before. */
static enum rc confirm(struct taking *t, bool *ret, struct fault *fault)
{
    const struct payment_news *news = t->news;
    struct payment_event said = {.method = news->method,
                                 .payment = t->payment.id,
                                 .kind = STR("staff"),
                                 .text = t->payment.reference,
                                 .currency = news->currency,
                                 .amount = news->amount};
    *ret = false;
    if (str_is(news->kind, "staff"))
        said.kind = STR("statement");
    else if (!str_is(news->kind, "statement"))
        return RC_OK;
    if (t->payment.id == 0 || news->strange)
        return RC_OK;
    enum rc rc = payment_event_confirm(t->conn, &said, ret, fault);
    return rc == RC_OK && *ret ? note_event(t, EVENT_CONFIRMED, fault) : rc;
}

/* What comes in parts is given away from one place. */
static enum rc keep_unclear(struct taking *t, struct fault *fault)
{
    enum rc rc =
        t->came_before ? RC_OK : book(t, "came", t->account, LEDGER_UNCLEAR, t->left, fault);
    t->account = LEDGER_UNCLEAR;
    return rc;
}

static enum rc hold(struct taking *t, struct fault *fault)
{
    enum rc rc = keep_unclear(t, fault);
    if (rc == RC_OK && str_is(t->payment.state, PAYMENT_WAITING)) {
        t->payment.state = STR(PAYMENT_HELD);
        rc = payment_row_set(t->conn, &t->payment, fault);
    }
    return rc == RC_OK ? note_event(t, EVENT_HELD, fault) : rc;
}

static enum rc take_part(struct taking *t, struct fault *fault)
{
    enum rc rc = keep_unclear(t, fault);
    t->payment.state = STR(PAYMENT_HELD);
    if (rc == RC_OK)
        rc = payment_row_set(t->conn, &t->payment, fault);
    return rc == RC_OK ? note_event(t, EVENT_PART, fault) : rc;
}

static enum rc take_whole(struct taking *t, int64_t before, enum payment_outcome *ret,
                          struct fault *fault)
{
    enum rc rc = RC_OK;
    if (before > 0)
        rc = keep_unclear(t, fault);
    t->left += before;
    t->payment.state = STR(PAYMENT_PAID);
    t->payment.ended = t->now;
    if (rc == RC_OK)
        rc = payment_row_set(t->conn, &t->payment, fault);
    if (rc == RC_OK)
        rc = pay_purchase(t, fault);
    if (rc == RC_OK && t->left < 0)
        rc = fault_set(fault, RC_CORRUPT, "payment %llu: its sales orders cost more than it",
                       (unsigned long long)t->payment.id);
    *ret = t->left > 0 ? PAYMENT_OVER : PAYMENT_SETTLED;
    if (rc == RC_OK && t->left > 0)
        rc = book(t, "overpaid", t->account, LEDGER_OVERPAID, t->left, fault);
    return rc == RC_OK ? note_event(t, t->left > 0 ? EVENT_OVER : EVENT_SETTLED, fault) : rc;
}

/* Whether it is what its payment waits for; *ret_all: with it, what came of that. */
static enum rc is_waited_for(struct taking *t, bool *ret, int64_t *ret_all, struct fault *fault)
{
    const struct payment_news *news = t->news;
    const struct payment_row *p = &t->payment;
    bool nobodys = false;
    enum rc rc = p->id == 0 ? RC_OK
                            : purchase_undeliverable(t->conn, t->purchase.id, t->purchase.account,
                                                     &nobodys, fault);
    *ret = p->id != 0 && !news->strange && !nobodys && str_eq(p->currency, news->currency) &&
           str_is(t->purchase.state, PURCHASE_WAITING) && !str_is(p->state, PAYMENT_PAID) &&
           !__builtin_add_overflow(p->received, news->amount, ret_all);
    return rc;
}

static enum rc apply(struct taking *t, enum payment_outcome *ret, struct fault *fault)
{
    const struct payment_news *news = t->news;
    struct payment_row *p = &t->payment;
    int64_t before = p->received, all = 0;
    bool open = false;
    enum rc rc = is_waited_for(t, &open, &all, fault);
    if (rc != RC_OK)
        return rc;
    *ret = PAYMENT_UNCLEAR;
    if (!open)
        return hold(t, fault);
    p->received = all;
    if (news->provider_id.n > 0)
        p->provider_id = news->provider_id;
    if (all < p->amount) {
        *ret = PAYMENT_PARTLY;
        return take_part(t, fault);
    }
    return take_whole(t, before, ret, fault);
}

/* Of all references that the text may hold, the one that is a payment's; two are nobody's. */
static enum rc find_payment(struct taking *t, struct fault *fault)
{
    char reference[PAYMENT_REFERENCE + 1];
    struct str text = t->news->text;
    enum rc rc = RC_OK;
    unsigned looked = 0;
    for (size_t at = 0; looked < FOUND_MAX && payment_reference_find(text, &at, reference);
         looked++) {
        struct payment_row found;
        rc = payment_row_by_reference(t->conn, t->arena, str_of(reference), &found, fault);
        if (rc == RC_NOT_FOUND)
            continue;
        if (rc != RC_OK)
            return rc;
        if (t->payment.id != 0 && t->payment.id != found.id) {
            t->payment = (struct payment_row){.id = 0};
            return RC_OK;
        }
        t->payment = found;
    }
    return RC_OK;
}

static enum rc find(struct taking *t, struct fault *fault)
{
    enum rc rc = t->news->payment == 0
                     ? find_payment(t, fault)
                     : payment_row_get(t->conn, t->arena, t->news->payment, &t->payment, fault);
    if (rc == RC_OK && t->payment.id != 0)
        rc = purchase_row(t->conn, t->arena, t->payment.purchase, &t->purchase, fault);
    return rc;
}

enum rc payment_take(struct store_conn *conn, struct arena *arena, const struct payment_news *news,
                     enum payment_outcome *ret, struct fault *fault)
{
    struct payment_event before;
    bool confirmed = false;
    struct taking t = {.conn = conn,
                       .arena = arena,
                       .news = news,
                       .account = ledger_money(news->method),
                       .left = news->amount,
                       .now = clock_now()};
    enum rc rc = payment_event_get(conn, arena, news->method, news->event, &before, fault);
    if (rc == RC_OK) {
        *ret = PAYMENT_KNOWN;
        return RC_OK;
    }
    if (rc == RC_NOT_FOUND)
        rc = find(&t, fault);
    if (rc == RC_OK)
        rc = confirm(&t, &confirmed, fault);
    if (rc == RC_OK && confirmed)
        *ret = PAYMENT_KNOWN;
    else if (rc == RC_OK)
        rc = apply(&t, ret, fault);
    crash_point("payment-settled");
    return rc;
}

/* As the lines before it in the statement leave it. */
static void as_foreseen(struct taking *t, const payment_rows *seen)
{
    for (size_t i = seen->n; i > 0; i--)
        if (seen->v[i - 1].id == t->payment.id) {
            t->payment = seen->v[i - 1];
            return;
        }
}

static enum rc is_confirmed(struct taking *t, bool *ret, struct fault *fault)
{
    struct payment_event said = {.method = t->news->method,
                                 .payment = t->payment.id,
                                 .kind = STR("staff"),
                                 .text = t->payment.reference,
                                 .currency = t->news->currency,
                                 .amount = t->news->amount};
    *ret = false;
    return t->payment.id == 0 || t->news->strange ? RC_OK
                                                  : payment_event_said(t->conn, &said, ret, fault);
}

enum rc payment_foresee(struct store_conn *conn, struct arena *arena,
                        const struct payment_news *news, payment_rows *seen,
                        struct payment_row *ret_payment, enum payment_outcome *ret,
                        struct fault *fault)
{
    struct payment_event before;
    struct taking t = {.conn = conn, .arena = arena, .news = news};
    bool open = false, confirmed = false;
    int64_t all = 0;
    enum rc known = payment_event_get(conn, arena, news->method, news->event, &before, fault);
    if (known != RC_OK && known != RC_NOT_FOUND)
        return known;
    enum rc rc = find(&t, fault);
    as_foreseen(&t, seen);
    if (rc == RC_OK)
        rc = is_confirmed(&t, &confirmed, fault);
    if (rc == RC_OK)
        rc = is_waited_for(&t, &open, &all, fault);
    if (rc != RC_OK)
        return rc;
    if (known == RC_OK || confirmed) {
        *ret = PAYMENT_KNOWN;
    } else if (!open) {
        *ret = PAYMENT_UNCLEAR;
    } else {
        t.payment.received = all;
        *ret = all < t.payment.amount    ? PAYMENT_PARTLY
               : all == t.payment.amount ? PAYMENT_SETTLED
                                         : PAYMENT_OVER;
        t.payment.state = *ret == PAYMENT_PARTLY ? STR(PAYMENT_HELD) : STR(PAYMENT_PAID);
        seen->v[seen->n++] = t.payment;
    }
    *ret_payment = t.payment;
    return RC_OK;
}

enum rc payment_settle(struct store_conn *conn, struct arena *arena,
                       const struct payment_news *news, struct fault *fault)
{
    enum payment_outcome outcome;
    return payment_take(conn, arena, news, &outcome, fault);
}

enum rc payment_take_held(struct store_conn *conn, struct arena *arena,
                          const struct payment_event *held, uint64_t payment,
                          enum payment_outcome *ret, struct fault *fault)
{
    struct payment_news news = {.method = held->method,
                                .event = held->event,
                                .kind = held->kind,
                                .currency = held->currency,
                                .amount = held->amount,
                                .text = held->text,
                                .payment = payment,
                                .told = held->told};
    if (str_is(held->method, PAYMENT_CARD))
        news.provider_id = held->event;
    struct taking t = {.conn = conn,
                       .arena = arena,
                       .news = &news,
                       .account = LEDGER_UNCLEAR,
                       .left = held->amount,
                       .came_before = true,
                       .now = clock_now()};
    enum rc rc = find(&t, fault);
    return rc == RC_OK ? apply(&t, ret, fault) : rc;
}

enum rc payment_rest(struct store_conn *conn, struct arena *arena, uint64_t payment,
                     struct fault *fault)
{
    struct payment_row row = {.id = 0};
    struct purchase_row purchase;
    uint64_t open = 0;
    enum rc rc = payment == 0 ? RC_OK : payment_row_get(conn, arena, payment, &row, fault);
    if (rc != RC_OK || !str_is(row.state, PAYMENT_HELD))
        return rc;
    rc = payment_events_open(conn, payment, &open, fault);
    if (rc != RC_OK || open > 0)
        return rc;
    rc = purchase_row(conn, arena, row.purchase, &purchase, fault);
    row.state =
        str_is(purchase.state, PURCHASE_WAITING) ? STR(PAYMENT_WAITING) : STR(PAYMENT_FAILED);
    return rc == RC_OK ? payment_row_set(conn, &row, fault) : rc;
}

static enum rc begin(struct store_conn *conn, struct arena *arena,
                     const struct purchase_row *purchase, struct str method,
                     struct payment_row *ret, struct fault *fault)
{
    *ret = (struct payment_row){.purchase = purchase->id,
                                .method = method,
                                .currency = purchase->currency,
                                .amount = purchase->total,
                                .created = clock_now()};
    return payment_row_add(conn, arena, ret, fault);
}

enum rc payment_begin(struct store_conn *conn, struct arena *arena,
                      const struct purchase_row *purchase, struct payment_row *ret,
                      struct fault *fault)
{
    struct payment_row row, other;
    struct bank_account bank;
    enum rc rc = begin(conn, arena, purchase, purchase->method, &row, fault);
    struct payment_news free = {.method = row.method,
                                .event = arena_printf(arena, "free/%.*s", STR_ARG(row.reference)),
                                .kind = STR("free"),
                                .currency = row.currency,
                                .text = row.reference,
                                .payment = row.id,
                                .told = purchase->placed};
    if (rc == RC_OK && row.amount == 0)
        rc = payment_settle(conn, arena, &free, fault);
    else if (rc == RC_OK && !str_is(row.method, PAYMENT_TRANSFER)) {
        /* Whatever becomes of the provider, it can be paid by transfer. */
        rc = bank_account_get(conn, arena, purchase->currency, &bank, fault);
        rc = rc == RC_OK ? begin(conn, arena, purchase, STR(PAYMENT_TRANSFER), &other, fault)
             : rc == RC_NOT_FOUND ? RC_OK
                                  : rc;
    }
    *ret = row;
    return rc;
}

enum rc payment_by_card(struct store_conn *conn, struct arena *arena,
                        const struct purchase_row *purchase, struct payment_row *ret,
                        struct fault *fault)
{
    enum rc rc = payment_row_by_method(conn, arena, purchase->id, STR(PAYMENT_CARD), ret, fault);
    return rc == RC_NOT_FOUND ? begin(conn, arena, purchase, STR(PAYMENT_CARD), ret, fault) : rc;
}

enum rc payment_end(struct store_conn *conn, struct payment_row *payment, int64_t now,
                    struct fault *fault)
{
    if (str_is(payment->state, PAYMENT_PAID))
        return RC_OK;
    enum rc rc = payment_parts_held(conn, payment->id, fault);
    payment->state = STR(PAYMENT_FAILED);
    payment->received = 0; /* what came in parts is nobody's until people say whose */
    payment->ended = now;
    return rc == RC_OK ? payment_row_set(conn, payment, fault) : rc;
}
