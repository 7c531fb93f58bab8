/* Baskets, as they are stored. Changing needs an open write transaction; an empty list is RC_OK. */
#ifndef COLOPHON_STORE_BASKETS_H
#define COLOPHON_STORE_BASKETS_H

#include "base/encode.h"
#include "store/store.h"

struct basket_row {
    uint64_t id;
    uint64_t account; /* 0: whoever has the cookie */
    uint64_t voucher; /* 0: none */
};
/* A guest's by the hash of the cookie's secret (account 0), else the account's: RC_NOT_FOUND. */
enum rc basket_row(struct store_conn *conn, uint64_t account, const struct hash *hash,
                   struct basket_row *ret, struct fault *fault) MUST_CHECK;
enum rc basket_row_add(struct store_conn *conn, uint64_t account, const struct hash *hash,
                       unsigned storefront, int64_t now, uint64_t *ret_id,
                       struct fault *fault) MUST_CHECK;
enum rc basket_row_touch(struct store_conn *conn, uint64_t id, unsigned storefront, int64_t now,
                         struct fault *fault) MUST_CHECK;
/* 0: none any more. */
enum rc basket_row_voucher(struct store_conn *conn, uint64_t id, uint64_t voucher,
                           struct fault *fault) MUST_CHECK;
/* With its lines. */
enum rc basket_row_remove(struct store_conn *conn, uint64_t id, struct fault *fault) MUST_CHECK;
/* Those that nobody touched since. */
enum rc basket_rows_forget(struct store_conn *conn, int64_t before, struct fault *fault) MUST_CHECK;

struct basket_line_row {
    uint64_t edition;
    int64_t quantity;
    bool later;
    int64_t price; /* as it was shown when it was put in; -1: none was */
    struct str currency;
    int64_t added;
    struct str key; /* of the product; read alone. Empty where the edition is gone */
};
/* In the order in which they were added. */
enum rc basket_line_rows(struct store_conn *conn, struct arena *arena, uint64_t basket, size_t room,
                         struct basket_line_row **ret, size_t *ret_n,
                         struct fault *fault) MUST_CHECK;
/* How many are not put aside: of a basket that basket_row names in the same way; 0 for none. */
enum rc basket_line_count(struct store_conn *conn, uint64_t account, const struct hash *hash,
                          uint64_t *ret, struct fault *fault) MUST_CHECK;
/* One of the same edition takes its place. */
enum rc basket_line_row_put(struct store_conn *conn, uint64_t basket,
                            const struct basket_line_row *row, struct fault *fault) MUST_CHECK;
enum rc basket_line_row_remove(struct store_conn *conn, uint64_t basket, uint64_t edition,
                               struct fault *fault) MUST_CHECK;

#endif
