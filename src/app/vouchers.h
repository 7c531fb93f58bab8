/* Vouchers where something is bought: one in a basket, for one purchase, used in the transaction
 * that places it and given back where that ends unpaid. An operator's lowers the price of every
 * shop's goods, and the operator makes good to the shop what came off (ledger account 'vouchers').
 */
#ifndef COLOPHON_APP_VOUCHERS_H
#define COLOPHON_APP_VOUCHERS_H

#include "app/basket.h"
#include "app/sale_lines.h"

struct sales_line_row;
struct sales_order_row;

/* Between sale_reckoning and reckoning_make: the discount of each line that is open. `id` 0: none;
 * one that does not count takes nothing off, and says why. */
enum rc voucher_reckon(const struct visit *visit, uint64_t id, const sale_line_list *lines,
                       struct reckoning *r, struct voucher_use *ret,
                       struct fault *fault) MUST_CHECK;

/* Into the basket, in the place of what was there; an empty code takes it out. RC_INVALID for one
 * that is not good: "voucher: …". */
enum rc voucher_put(struct writer *writer, const struct visit *visit,
                    const struct basket_owner *owner, struct str code,
                    struct fault *fault) MUST_CHECK;

/* ---- within a transaction ---- */

/* By its code, for who sells by telephone. RC_INVALID. */
enum rc voucher_of_code(struct store_conn *conn, struct arena *arena, struct str code,
                        struct str currency, uint64_t *ret, struct fault *fault) MUST_CHECK;
/* A purchase ended unpaid. */
enum rc voucher_give_back(struct store_conn *conn, uint64_t purchase,
                          struct fault *fault) MUST_CHECK;
/* A sales order was paid: what the operator makes good to its shop. */
enum rc voucher_book_paid(struct store_conn *conn, struct arena *arena,
                          const struct sales_order_row *order, int64_t now,
                          struct fault *fault) MUST_CHECK;
/* `more` copies of a line were cancelled or came back: the shop's part of that goes back, too. */
enum rc voucher_book_back(struct store_conn *conn, struct arena *arena,
                          const struct sales_order_row *order, const struct sales_line_row *line,
                          int64_t more, int64_t now, struct fault *fault) MUST_CHECK;

#endif
