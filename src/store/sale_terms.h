/* What operator and shops state of selling, as it is stored: laws of fixed prices, shipping,
 * vouchers. Changing needs an open write transaction; an empty list is RC_OK. */
#ifndef COLOPHON_STORE_SALE_TERMS_H
#define COLOPHON_STORE_SALE_TERMS_H

#include "domain/price_law.h"
#include "domain/shipping.h"
#include "domain/voucher.h"
#include "store/store.h"

enum rc price_laws(struct store_conn *conn, struct arena *arena, price_law_list *ret,
                   struct fault *fault) MUST_CHECK;
/* One for the same country, kind and day takes its place. */
enum rc price_law_put(struct store_conn *conn, const struct price_law *law, int64_t now,
                      struct fault *fault) MUST_CHECK;

/* Of a shop, or of all (0); with those that ended, behind. */
enum rc shipping_methods_of(struct store_conn *conn, struct arena *arena, uint64_t shop, bool ended,
                            shipping_methods *ret, struct fault *fault) MUST_CHECK;
enum rc shipping_method_add(struct store_conn *conn, const struct shipping_method *method,
                            uint64_t *ret_id, struct fault *fault) MUST_CHECK;
/* `shop` 0: whosever it is. RC_NOT_FOUND where it is not offered, here and below. */
enum rc shipping_method_end(struct store_conn *conn, uint64_t id, uint64_t shop, int64_t now,
                            struct fault *fault) MUST_CHECK;

enum rc vouchers_of(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                    voucher_list *ret, struct fault *fault) MUST_CHECK;
/* Without their hashes. RC_NOT_FOUND. */
enum rc voucher_row_by_hash(struct store_conn *conn, struct arena *arena, const struct hash *hash,
                            struct voucher *ret, struct fault *fault) MUST_CHECK;
enum rc voucher_row(struct store_conn *conn, struct arena *arena, uint64_t id, struct voucher *ret,
                    struct fault *fault) MUST_CHECK;
enum rc voucher_row_add(struct store_conn *conn, const struct voucher *v, int64_t now,
                        uint64_t *ret_id, struct fault *fault) MUST_CHECK;
enum rc voucher_row_end(struct store_conn *conn, uint64_t id, uint64_t shop, int64_t now,
                        struct fault *fault) MUST_CHECK;

/* A purchase uses it: once more. RC_CONFLICT where it was used as often as it may be. */
enum rc voucher_use_add(struct store_conn *conn, uint64_t purchase, uint64_t voucher, int64_t now,
                        struct fault *fault) MUST_CHECK;
/* The one that a purchase used: RC_NOT_FOUND for none. `ret_shop`: whose it is, 0 the operator's.
 */
enum rc voucher_use_of(struct store_conn *conn, uint64_t purchase, uint64_t *ret_voucher,
                       uint64_t *ret_shop, struct fault *fault) MUST_CHECK;
/* It used none after all, and the voucher can be used once more. */
enum rc voucher_use_remove(struct store_conn *conn, uint64_t purchase, uint64_t voucher,
                           struct fault *fault) MUST_CHECK;

#endif
