/* Keys of shops for programs, as they are stored. Changing needs an open write transaction. */
#ifndef COLOPHON_STORE_SHOP_KEYS_H
#define COLOPHON_STORE_SHOP_KEYS_H

#include "base/arena.h"
#include "base/encode.h"
#include "base/fault.h"
#include "domain/shop_key.h"
#include "store/store.h"

/* RC_NOT_FOUND. */
enum rc shop_key_row_get(struct store_conn *conn, struct arena *arena, const struct hash *hash,
                         struct shop_key_row *ret, struct fault *fault) MUST_CHECK;
/* A shop's, oldest first. */
enum rc shop_key_rows_of(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                         shop_key_rows *ret, struct fault *fault) MUST_CHECK;
enum rc shop_key_rows_count(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                            struct fault *fault) MUST_CHECK;
enum rc shop_key_row_add(struct store_conn *conn, const struct shop_key_row *row,
                         const struct hash *hash, struct fault *fault) MUST_CHECK;
enum rc shop_key_row_used(struct store_conn *conn, uint64_t id, int64_t day,
                          struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the shop has none of that id. */
enum rc shop_key_row_remove(struct store_conn *conn, uint64_t shop, uint64_t id,
                            struct fault *fault) MUST_CHECK;

#endif
