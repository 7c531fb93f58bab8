#include "store/sales_check.h"

#include "store/db.h"

static const struct {
    enum statement name;
    const char *code, *what, *says;
} checks[] = {
    {SQL_CHECK_LEDGER, "ledger-unbalanced", "ledger transaction", "its lines do not sum to nought"},
    {SQL_CHECK_PAYMENT_RECEIVED, "payment-short", "payment",
     "it is paid, and less came than was asked for"},
    {SQL_CHECK_PURCHASE_PAID, "purchase-unpaid", "purchase", "it is paid, and no payment of it is"},
    {SQL_CHECK_PAYMENT_PURCHASE, "payment-unused", "payment",
     "it is paid, and its purchase is not"},
    {SQL_CHECK_ORDER_BOOKED, "order-not-booked", "sales order",
     "it is paid, and the ledger does not have it"},
    {SQL_CHECK_ORDER_AMOUNT, "order-booked-otherwise", "sales order",
     "the ledger has another sum, or it was not paid"},
    {SQL_CHECK_ORDER_REFUNDED, "order-refunded-otherwise", "sales order",
     "its refunds are another sum than it says"},
    {SQL_CHECK_REFUND_BOOKED, "refund-not-booked", "refund", "the ledger does not have it"},
    {SQL_CHECK_PAYOUT_BOOKED, "payout-not-booked", "payout", "the ledger does not have it"},
    {SQL_CHECK_PAYMENT_EVENTS, "payment-received-otherwise", "payment",
     "what was told of it is another sum than it says"},
    {SQL_CHECK_PAYMENT_REFUNDED, "payment-refunded-otherwise", "payment",
     "its refunds are another sum than it says"},
    {SQL_CHECK_UNCLEAR, "unclear-otherwise", "account",
     "the ledger has another sum of what is unclear than what is held"},
    {SQL_CHECK_STOCK, "stock", "edition", "fewer than none of it are there, or promised"},
    {SQL_CHECK_STOCK_PROMISED, "stock-promised-otherwise", "edition",
     "the open sales orders want another number of it than is promised"},
    {SQL_CHECK_DELIVERED, "not-delivered", "sales line",
     "the e-book is paid, and the library does not have it"},
    {SQL_CHECK_DELIVERED_UNPAID, "delivered-unpaid", "sales line",
     "the library has the e-book, and it is not paid"},
};
enum { CHECKS = sizeof checks / sizeof *checks };

enum rc sales_check_rows(struct store_conn *conn, struct arena *arena, size_t room,
                         sales_findings *ret, struct fault *fault)
{
    sales_findings found = {ARENA_ARRAY(arena, struct sales_finding, CHECKS * room), 0};
    for (size_t i = 0; i < CHECKS; i++) {
        QUERY q = query_start(conn, checks[i].name);
        query_int(&q, 1, (int64_t)room);
        enum rc rc = RC_OK;
        for (size_t n = 0; n < room && (rc = query_step(&q, fault)) == RC_OK; n++)
            found.v[found.n++] = (struct sales_finding){.code = checks[i].code,
                                                        .what = checks[i].what,
                                                        .says = checks[i].says,
                                                        .id = (uint64_t)query_get_int(&q, 0),
                                                        .name = query_get_str(&q, 1, arena)};
        if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
    }
    *ret = found;
    return RC_OK;
}

enum rc sales_checked_row(struct store_conn *conn, int64_t *ret, bool *ret_any, struct fault *fault)
{
    uint64_t at = 0, any = 0;
    QUERY q = query_start(conn, SQL_SALES_CHECKED_AT);
    enum rc rc = query_number(&q, &at, fault);
    QUERY s = query_start(conn, SQL_SALES_ANY);
    if (rc == RC_OK)
        rc = query_number(&s, &any, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (int64_t)at;
    *ret_any = any > 0;
    return RC_OK;
}

static enum rc put_finding(struct store_conn *conn, const struct sales_finding *f, int64_t at,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_FINDING_PUT);
    query_str(&q, 1, str_of(f->code));
    query_int(&q, 2, (int64_t)f->id);
    query_str(&q, 3, f->name);
    query_int(&q, 4, at);
    return query_run(&q, fault);
}

enum rc sales_checked_row_put(struct store_conn *conn, int64_t at, const sales_findings *found,
                              struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < found->n; i++)
        rc = put_finding(conn, &found->v[i], at, fault);
    QUERY gone = query_start(conn, SQL_SALES_FINDINGS_GONE);
    query_int(&gone, 1, at);
    if (rc == RC_OK)
        rc = query_run(&gone, fault);
    QUERY q = query_start(conn, SQL_SALES_CHECKED_PUT);
    query_int(&q, 1, at);
    return rc == RC_OK ? query_run(&q, fault) : rc;
}

static enum rc read_finding(const struct query *q, struct arena *arena, void *ret,
                            struct fault *fault)
{
    struct sales_finding f = {.code = arena_z(arena, query_get_str(q, 0, arena)),
                              .what = "",
                              .says = "",
                              .id = (uint64_t)query_get_int(q, 1),
                              .name = query_get_str(q, 2, arena),
                              .since = query_get_int(q, 3)};
    (void)fault;
    for (size_t i = 0; i < CHECKS; i++)
        if (strcmp(f.code, checks[i].code) == 0) {
            f.what = checks[i].what;
            f.says = checks[i].says;
        }
    *(struct sales_finding *)ret = f;
    return RC_OK;
}

enum rc sales_finding_rows(struct store_conn *conn, struct arena *arena, size_t room,
                           sales_findings *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_FINDINGS);
    query_int(&q, 1, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_finding, &ret->v, &ret->n, fault);
}

enum rc sales_finding_rows_count(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_FINDINGS_COUNT);
    return query_number(&q, ret, fault);
}
