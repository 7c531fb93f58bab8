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
    {SQL_CHECK_STOCK, "stock", "edition", "more of it is promised than there is"},
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
