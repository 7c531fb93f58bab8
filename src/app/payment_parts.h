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

/* What waits of a purchase to be paid by card; begun, where that was not done yet. */
enum rc payment_by_card(struct store_conn *conn, struct arena *arena,
                        const struct purchase_row *purchase, struct payment_row *ret,
                        struct fault *fault) MUST_CHECK;
/* What money that was told of goes back by, at the provider; empty: by transfer. */
enum rc payment_intent(struct store_conn *conn, struct arena *arena, struct str session,
                       struct str *ret, struct fault *fault) MUST_CHECK;

#endif
