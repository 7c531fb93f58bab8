/* Inside app/payment*.c. */
#ifndef COLOPHON_APP_PAYMENT_PARTS_H
#define COLOPHON_APP_PAYMENT_PARTS_H

#include "app/payments.h"
#include "domain/ledger.h"

/* A sales order as the ledger sees it. */
enum rc payment_sale(struct store_conn *conn, struct arena *arena,
                     const struct sales_order_row *order, struct ledger_sale *ret,
                     struct fault *fault) MUST_CHECK;
/* What came before and was held is taken as this payment's. */
enum rc payment_take_held(struct store_conn *conn, struct arena *arena,
                          const struct payment_event *held, uint64_t payment,
                          enum payment_outcome *ret, struct fault *fault) MUST_CHECK;

/* Of a payment that is held: where nothing of it is left to look at, it waits again, or has failed.
 * 0 is none. */
enum rc payment_rest(struct store_conn *conn, struct arena *arena, uint64_t payment,
                     struct fault *fault) MUST_CHECK;

/* What payment_take would come to, on a connection that only reads; `seen` has the payments as what
 * was foreseen before leaves them, with room for one more. *ret_payment's id is 0 where it is
 * nobody's. */
enum rc payment_foresee(struct store_conn *conn, struct arena *arena,
                        const struct payment_news *news, payment_rows *seen,
                        struct payment_row *ret_payment, enum payment_outcome *ret,
                        struct fault *fault) MUST_CHECK;

/* How much of what is held is still ours to give: of what was too much, that. */
enum rc payment_event_left(struct store_conn *conn, struct arena *arena,
                           const struct payment_event *e, int64_t *ret,
                           struct fault *fault) MUST_CHECK;

/* What waits of a purchase to be paid by card; begun, where that was not done yet. */
enum rc payment_by_card(struct store_conn *conn, struct arena *arena,
                        const struct purchase_row *purchase, struct payment_row *ret,
                        struct fault *fault) MUST_CHECK;
/* What money that was told of goes back by, at the provider; empty: by transfer. */
enum rc payment_intent(struct store_conn *conn, struct arena *arena, struct str session,
                       struct str *ret, struct fault *fault) MUST_CHECK;

#endif
