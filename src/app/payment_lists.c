/* Payments as people look at them. */
#include "app/payment_parts.h"
#include "domain/payment_reference.h"
#include "store/payments.h"
#include "store/sales.h"

enum { EVENTS_MAX = 500 };

enum rc payments_list(struct store_conn *conn, struct arena *arena, struct str state,
                      uint64_t before, size_t room, payment_rows *ret, struct fault *fault)
{
    return payment_rows_read(conn, arena, state, before, room, ret, fault);
}

enum rc payment_find(struct store_conn *conn, struct arena *arena, struct str reference,
                     struct payment_view *ret, struct fault *fault)
{
    char read[PAYMENT_REFERENCE + 1];
    struct payment_view v = {.events.n = 0};
    if (!payment_reference_read(reference, read))
        return fault_set(fault, RC_INVALID,
                         "%.*s: a reference has nine characters, and the last checks them",
                         STR_ARG(str_sub(reference, 0, 40)));
    enum rc rc = payment_row_by_reference(conn, arena, str_of(read), &v.payment, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no payment %s", read);
    if (rc == RC_OK)
        rc = purchase_row(conn, arena, v.payment.purchase, &v.purchase, fault);
    if (rc == RC_OK)
        rc = payment_events_of(conn, arena, v.payment.id, EVENTS_MAX, &v.events, fault);
    if (rc == RC_OK)
        rc = refund_rows_of_payment(conn, arena, v.payment.id, EVENTS_MAX, &v.refunds, fault);
    if (rc == RC_OK)
        *ret = v;
    return rc;
}

enum rc payment_of(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                   struct payment_row *ret, struct fault *fault)
{
    return payment_row_of_purchase(conn, arena, purchase, ret, fault);
}

enum rc payments_held(struct store_conn *conn, struct arena *arena, size_t room,
                      payment_events *ret, struct fault *fault)
{
    enum rc rc = payment_events_held(conn, arena, room, ret, fault);
    for (size_t i = 0; rc == RC_OK && i < ret->n; i++)
        rc = payment_event_left(conn, arena, &ret->v[i], &ret->v[i].left, fault);
    return rc;
}

enum rc payments_held_count(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    return payment_events_held_count(conn, ret, fault);
}

enum rc refunds_list(struct store_conn *conn, struct arena *arena, struct str state, uint64_t after,
                     size_t room, refund_rows *ret, struct fault *fault)
{
    return refund_rows_read(conn, arena, state, after, room, ret, fault);
}

enum rc refunds_failed(struct store_conn *conn, struct arena *arena, uint64_t order,
                       refund_rows *ret, struct fault *fault)
{
    return refund_rows_of_order(conn, arena, order, STR(REFUND_FAILED), EVENTS_MAX, ret, fault);
}

enum rc bank_accounts_list(struct store_conn *conn, struct arena *arena, size_t room,
                           bank_accounts *ret, struct fault *fault)
{
    return bank_accounts_read(conn, arena, room, ret, fault);
}

enum rc bank_account_of(struct store_conn *conn, struct arena *arena, struct str currency,
                        struct bank_account *ret, struct fault *fault)
{
    return bank_account_get(conn, arena, currency, ret, fault);
}
