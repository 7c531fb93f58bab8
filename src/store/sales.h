/* Purchases and the sales orders they are made of, as they are stored. What was agreed is frozen
 * into the rows; only states, and how much of a line went which way, change. Changing needs an
 * open write transaction; an empty list is RC_OK. */
#ifndef COLOPHON_STORE_SALES_H
#define COLOPHON_STORE_SALES_H

#include "domain/sale.h"
#include "store/store.h"

/* ---- writing ---- */

/* Each takes its id, and gives it back. RC_CONFLICT for a token, secret or number that is there. */
enum rc purchase_row_add(struct store_conn *conn, struct purchase_row *row,
                         struct fault *fault) MUST_CHECK;
enum rc sales_order_row_add(struct store_conn *conn, struct sales_order_row *row,
                            struct fault *fault) MUST_CHECK;
enum rc sales_line_row_add(struct store_conn *conn, struct sales_line_row *row,
                           struct fault *fault) MUST_CHECK;
enum rc sales_event_row_add(struct store_conn *conn, const struct sales_event_row *row,
                            struct fault *fault) MUST_CHECK;
/* RC_CONFLICT where it is in another state than `from`. */
enum rc purchase_row_state(struct store_conn *conn, uint64_t id, struct str from, struct str to,
                           struct fault *fault) MUST_CHECK;
/* How it came to be paid. */
enum rc purchase_row_method(struct store_conn *conn, uint64_t id, struct str method,
                            struct fault *fault) MUST_CHECK;
/* As purchase_row_state; `at` is when it was paid, or when it ended, by what it comes to be. */
enum rc sales_order_row_state(struct store_conn *conn, uint64_t id, struct str from, struct str to,
                              int64_t at, struct fault *fault) MUST_CHECK;
/* So many more of a line went this way, so much more of its money went back. RC_CONFLICT where
 * that were more than it has. */
struct sales_line_change {
    int64_t sent, cancelled, returned, refunded;
};
enum rc sales_line_row_change(struct store_conn *conn, uint64_t id,
                              const struct sales_line_change *change,
                              struct fault *fault) MUST_CHECK;
enum rc sales_order_row_refund(struct store_conn *conn, uint64_t id, int64_t amount,
                               struct fault *fault) MUST_CHECK;

/* What is done to a sales order under a key: *ret_there where something was before, *ret_same where
 * that was the same. */
enum rc sales_act_row_take(struct store_conn *conn, uint64_t order, struct str key,
                           const struct hash *asked, int64_t at, bool *ret_there, bool *ret_same,
                           struct fault *fault) MUST_CHECK;

/* ---- reading ---- */

enum rc purchase_row(struct store_conn *conn, struct arena *arena, uint64_t id,
                     struct purchase_row *ret, struct fault *fault) MUST_CHECK;
enum rc purchase_row_by_token(struct store_conn *conn, struct arena *arena,
                              const struct hash *token, struct purchase_row *ret,
                              struct fault *fault) MUST_CHECK;
enum rc purchase_row_by_secret(struct store_conn *conn, struct arena *arena,
                               const struct hash *secret, struct purchase_row *ret,
                               struct fault *fault) MUST_CHECK;
/* An account's, the latest first; below `before` (0: from the latest). */
enum rc purchase_rows_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                         uint64_t before, size_t room, struct purchase_row **ret, size_t *ret_n,
                         struct fault *fault) MUST_CHECK;
/* Those that wait, and have waited past `now`; above `after`. */
enum rc purchases_expired(struct store_conn *conn, struct arena *arena, int64_t now, uint64_t after,
                          size_t room, uint64_t **ret, size_t *ret_n,
                          struct fault *fault) MUST_CHECK;
/* An account's that wait and have an e-book in them. */
enum rc purchases_undeliverable(struct store_conn *conn, struct arena *arena, uint64_t account,
                                uint64_t **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* How many wait that were placed under an address. */
enum rc purchases_waiting(struct store_conn *conn, struct str email, uint64_t *ret,
                          struct fault *fault) MUST_CHECK;

enum rc sales_order_row(struct store_conn *conn, struct arena *arena, uint64_t id,
                        struct sales_order_row *ret, struct fault *fault) MUST_CHECK;
enum rc sales_order_row_by_number(struct store_conn *conn, struct arena *arena, struct str number,
                                  struct sales_order_row *ret, struct fault *fault) MUST_CHECK;
enum rc sales_order_rows_of(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                            size_t room, struct sales_order_row **ret, size_t *ret_n,
                            struct fault *fault) MUST_CHECK;
/* Of all shops (0) or of one, in any state (empty) or in one, below `before` (0: from the
 * latest); the latest first. */
enum rc sales_order_rows(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         struct str state, uint64_t before, size_t room,
                         struct sales_order_row **ret, size_t *ret_n,
                         struct fault *fault) MUST_CHECK;
enum rc sales_line_rows(struct store_conn *conn, struct arena *arena, uint64_t order, size_t room,
                        struct sales_line_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* In the order in which they happened. */
enum rc sales_event_rows(struct store_conn *conn, struct arena *arena, uint64_t order, size_t room,
                         struct sales_event_row **ret, size_t *ret_n,
                         struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the account does not have it (any more). */
enum rc library_row_has(struct store_conn *conn, uint64_t account, uint64_t edition,
                        struct fault *fault) MUST_CHECK;

#endif
