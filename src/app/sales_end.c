/* Purchases that end without a payment: whoever bought took it back, or its day passed. Copies that
 * were promised are given back; money that comes nevertheless is held for people (payments). */
#include "app/payments.h"
#include "app/sales_own_parts.h"
#include "app/stock.h"
#include "app/vouchers.h"
#include "base/clock.h"
#include "store/payments.h"
#include "store/sales.h"

enum { WAYS_MAX = 8 };

struct ending {
    struct store_conn *conn;
    struct arena *arena;
    const char *kind, *actor; /* of the events */
    uint64_t account;
    int64_t now;
    bool silent; /* nobody is left to be told */
};

static enum rc end_lines(const struct ending *e, uint64_t order, struct fault *fault)
{
    struct sales_line_row *lines;
    size_t n;
    enum rc rc = sales_line_rows(e->conn, e->arena, order, SALE_LINES_MAX, &lines, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct sales_line_change change = {.cancelled = lines[i].quantity};
        rc = sales_line_row_change(e->conn, lines[i].id, &change, fault);
    }
    return rc;
}

static enum rc end_order(const struct ending *e, const struct sales_order_row *order,
                         struct fault *fault)
{
    struct sales_event_row event = {.order = order->id,
                                    .kind = str_of(e->kind),
                                    .actor = str_of(e->actor),
                                    .account = e->account,
                                    .at = e->now};
    enum rc rc = sales_order_row_state(e->conn, order->id, STR(SALES_PLACED), STR(SALES_CANCELLED),
                                       e->now, fault);
    if (rc == RC_OK)
        rc = end_lines(e, order->id, fault);
    if (rc == RC_OK)
        rc = sales_event_row_add(e->conn, &event, fault);
    return rc == RC_OK && !e->silent
               ? papers_letter(e->conn, order->id, SALES_LETTER_CANCELLED, fault)
               : rc;
}

static enum rc end_payments(const struct ending *e, uint64_t purchase, struct fault *fault)
{
    payment_rows rows;
    enum rc rc = payment_rows_of_purchase(e->conn, e->arena, purchase, WAYS_MAX, &rows, fault);
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
        rc = payment_end(e->conn, &rows.v[i], e->now, fault);
    return rc;
}

static enum rc end_purchase(const struct ending *e, uint64_t purchase, struct fault *fault)
{
    struct sales_order_row *orders;
    size_t n;
    enum rc rc =
        purchase_row_state(e->conn, purchase, STR(PURCHASE_WAITING), STR(PURCHASE_ENDED), fault);
    if (rc == RC_OK)
        rc = sales_order_rows_of(e->conn, e->arena, purchase, SALE_LINES_MAX, &orders, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = end_order(e, &orders[i], fault);
    if (rc == RC_OK)
        rc = stock_give_back(e->conn, purchase, fault);
    if (rc == RC_OK)
        rc = voucher_give_back(e->conn, purchase, fault);
    return rc == RC_OK ? end_payments(e, purchase, fault) : rc;
}

enum rc purchase_expire(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct ending e = {conn, &arena, SALES_EVENT_EXPIRED, SALES_BY_SHOP, .now = clock_now()};
    struct purchase_row purchase;
    enum rc rc = purchase_row(conn, &arena, *(const uint64_t *)context, &purchase, fault);
    if (rc != RC_OK || !str_is(purchase.state, PURCHASE_WAITING) || purchase.expires > e.now)
        return rc; /* it was paid meanwhile, or taken back */
    return end_purchase(&e, purchase.id, fault);
}

enum rc purchases_of_account_end(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct ending e = {conn,        &arena, SALES_EVENT_CANCELLED, SALES_BY_READER, account,
                       clock_now(), true};
    uint64_t *ids;
    size_t n;
    enum rc rc = purchases_undeliverable(conn, &arena, account, &ids, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = end_purchase(&e, ids[i], fault);
    return rc;
}

struct cancelling {
    struct arena *arena;
    const struct own_sale_wish *wish;
};

static enum rc cancel_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct cancelling *w = context;
    struct purchase_row purchase;
    struct ending e = {
        conn, w->arena, SALES_EVENT_CANCELLED, SALES_BY_READER, w->wish->account, clock_now()};
    enum rc rc = own_purchase_find(conn, w->arena, w->wish, &purchase, fault);
    if (rc == RC_OK && !str_is(purchase.state, PURCHASE_WAITING))
        return fault_set(fault, RC_CONFLICT, "this order does not wait for its payment any more");
    return rc == RC_OK ? end_purchase(&e, purchase.id, fault) : rc;
}

enum rc sales_own_cancel(struct writer *writer, struct arena *arena,
                         const struct own_sale_wish *wish, struct fault *fault)
{
    struct cancelling work = {arena, wish};
    return writer_run(writer, cancel_work, &work, fault);
}
