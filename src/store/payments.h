/* Payments, what was told of them, refunds, payouts, and the accounts that money goes to, as they
 * are stored. What the rows mean together says app/payments.h. Changing needs an open write
 * transaction. */
#ifndef COLOPHON_STORE_PAYMENTS_H
#define COLOPHON_STORE_PAYMENTS_H

#include "domain/payment.h"
#include "store/store.h"

/* With a reference of its own, which it makes. */
enum rc payment_row_add(struct store_conn *conn, struct arena *arena, struct payment_row *row,
                        struct fault *fault) MUST_CHECK;
enum rc payment_row_get(struct store_conn *conn, struct arena *arena, uint64_t id,
                        struct payment_row *ret, struct fault *fault) MUST_CHECK;
enum rc payment_row_by_reference(struct store_conn *conn, struct arena *arena, struct str reference,
                                 struct payment_row *ret, struct fault *fault) MUST_CHECK;
/* The one that is paid, else the latest of them. */
enum rc payment_row_of_purchase(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                                struct payment_row *ret, struct fault *fault) MUST_CHECK;
enum rc payment_row_by_method(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                              struct str method, struct payment_row *ret,
                              struct fault *fault) MUST_CHECK;
enum rc payment_rows_of_purchase(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                                 size_t room, payment_rows *ret, struct fault *fault) MUST_CHECK;
/* The newest first, of a state or of all (empty); before a number (0: the newest). */
enum rc payment_rows_read(struct store_conn *conn, struct arena *arena, struct str state,
                          uint64_t before, size_t room, payment_rows *ret,
                          struct fault *fault) MUST_CHECK;
enum rc payment_rows_count(struct store_conn *conn, struct str state, uint64_t *ret,
                           struct fault *fault) MUST_CHECK;
/* provider_id, received, refunded, state, ended. */
enum rc payment_row_set(struct store_conn *conn, const struct payment_row *row,
                        struct fault *fault) MUST_CHECK;

/* *ret_new is false where it was told before. */
enum rc payment_event_add(struct store_conn *conn, const struct payment_event *event, bool *ret_new,
                          struct fault *fault) MUST_CHECK;
enum rc payment_event_get(struct store_conn *conn, struct arena *arena, struct str method,
                          struct str event, struct payment_event *ret,
                          struct fault *fault) MUST_CHECK;
enum rc payment_events_of(struct store_conn *conn, struct arena *arena, uint64_t payment,
                          size_t room, payment_events *ret, struct fault *fault) MUST_CHECK;
enum rc payment_events_held(struct store_conn *conn, struct arena *arena, size_t room,
                            payment_events *ret, struct fault *fault) MUST_CHECK;
enum rc payment_events_held_count(struct store_conn *conn, uint64_t *ret,
                                  struct fault *fault) MUST_CHECK;
/* Whose it is, and what became of it. */
enum rc payment_event_set(struct store_conn *conn, const struct payment_event *event,
                          struct fault *fault) MUST_CHECK;

/* What was said by the one (`event->kind`) and is said by the other now, people or the bank: one
 * such event, where there is one, is confirmed. Of people's the reference is asked for that they
 * gave
 * (`event->text`), for it may have been assigned to another payment since; of the bank's the
 * payment. */
enum rc payment_event_confirm(struct store_conn *conn, const struct payment_event *event, bool *ret,
                              struct fault *fault) MUST_CHECK;

/* Whether there is one. */
enum rc payment_event_said(struct store_conn *conn, const struct payment_event *event, bool *ret,
                           struct fault *fault) MUST_CHECK;

/* Its number in row->id. */
enum rc refund_row_add(struct store_conn *conn, struct refund_row *row,
                       struct fault *fault) MUST_CHECK;
enum rc refund_row_get(struct store_conn *conn, struct arena *arena, uint64_t id,
                       struct refund_row *ret, struct fault *fault) MUST_CHECK;
enum rc refund_row_by_key(struct store_conn *conn, struct arena *arena, struct str key,
                          struct refund_row *ret, struct fault *fault) MUST_CHECK;
enum rc refund_rows_of_payment(struct store_conn *conn, struct arena *arena, uint64_t payment,
                               size_t room, refund_rows *ret, struct fault *fault) MUST_CHECK;
enum rc refund_rows_read(struct store_conn *conn, struct arena *arena, struct str state,
                         uint64_t after, size_t room, refund_rows *ret,
                         struct fault *fault) MUST_CHECK;
/* A sales order's, of a state. */
enum rc refund_rows_of_order(struct store_conn *conn, struct arena *arena, uint64_t order,
                             struct str state, size_t room, refund_rows *ret,
                             struct fault *fault) MUST_CHECK;
/* By the provider's number. */
enum rc refund_row_by_provider(struct store_conn *conn, struct arena *arena, struct str id,
                               struct refund_row *ret, struct fault *fault) MUST_CHECK;
/* Those that are owed and go back by card. */
enum rc refund_rows_by_card(struct store_conn *conn, struct arena *arena, uint64_t after,
                            size_t room, refund_rows *ret, struct fault *fault) MUST_CHECK;
/* state, provider_id, ended, asked. */
enum rc refund_row_set(struct store_conn *conn, const struct refund_row *row,
                       struct fault *fault) MUST_CHECK;

enum rc bank_account_put(struct store_conn *conn, const struct bank_account *account,
                         struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND: nobody pays in that currency by transfer. */
enum rc bank_account_get(struct store_conn *conn, struct arena *arena, struct str currency,
                         struct bank_account *ret, struct fault *fault) MUST_CHECK;
enum rc bank_accounts_read(struct store_conn *conn, struct arena *arena, size_t room,
                           bank_accounts *ret, struct fault *fault) MUST_CHECK;

enum rc payout_row_add(struct store_conn *conn, struct payout_row *row,
                       struct fault *fault) MUST_CHECK;
enum rc payout_row_get(struct store_conn *conn, struct arena *arena, uint64_t id,
                       struct payout_row *ret, struct fault *fault) MUST_CHECK;
/* The newest first; `shop` 0: of all; before a number (0: the newest). */
enum rc payout_rows_read(struct store_conn *conn, struct arena *arena, uint64_t shop, bool unsent,
                         uint64_t before, size_t room, payout_rows *ret,
                         struct fault *fault) MUST_CHECK;
/* RC_CONFLICT where it is sent, or there is none. */
enum rc payout_row_sent(struct store_conn *conn, uint64_t id, int64_t at,
                        struct fault *fault) MUST_CHECK;
/* Of what was paid without tax, as it was when the sales order was placed. */
enum rc sales_order_fee(struct store_conn *conn, uint64_t order, int64_t *ret,
                        struct fault *fault) MUST_CHECK;
/* What came of it in parts is to be looked at by people: nothing more will come. */
enum rc payment_parts_held(struct store_conn *conn, uint64_t payment,
                           struct fault *fault) MUST_CHECK;
/* So many of what was told of it wait: for the rest, or for people. */
enum rc payment_events_open(struct store_conn *conn, uint64_t payment, uint64_t *ret,
                            struct fault *fault) MUST_CHECK;
/* An e-book of it would be nobody's, the account is gone; or the account has bought it already. */
enum rc purchase_undeliverable(struct store_conn *conn, uint64_t purchase, uint64_t account,
                               bool *ret, struct fault *fault) MUST_CHECK;

#endif
