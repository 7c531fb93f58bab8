/* Devices of accounts and the places that they keep, as they are stored. Changing needs an open
 * write transaction. */
#ifndef COLOPHON_STORE_DEVICES_H
#define COLOPHON_STORE_DEVICES_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/list.h"
#include "store/store.h"

struct device_row {
    uint64_t id, account;
    struct str name, login;
    struct str password; /* of a new one: its hash */
    int64_t made, used;  /* used: the day it was last; 0: never */
};
typedef LIST(struct device_row) device_rows;
/* Whose device it is. */
struct device_holder {
    struct str name, email;
    int64_t since;
};
/* Id, account and day of use alone; RC_NOT_FOUND. */
enum rc device_row_get(struct store_conn *conn, struct arena *arena, struct str login,
                       struct device_row *ret, struct device_holder *ret_holder,
                       struct fault *fault) MUST_CHECK;
enum rc device_row_password(struct store_conn *conn, struct arena *arena, uint64_t id,
                            struct str *ret, struct fault *fault) MUST_CHECK;
/* Oldest first, without passwords. */
enum rc device_rows_of(struct store_conn *conn, struct arena *arena, uint64_t account, size_t room,
                       device_rows *ret, struct fault *fault) MUST_CHECK;
enum rc device_rows_count(struct store_conn *conn, uint64_t account, uint64_t *ret,
                          struct fault *fault) MUST_CHECK;
enum rc device_row_add(struct store_conn *conn, const struct device_row *row,
                       struct fault *fault) MUST_CHECK;
enum rc device_row_used(struct store_conn *conn, uint64_t id, int64_t day,
                        struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the account has none of that id. */
enum rc device_row_remove(struct store_conn *conn, uint64_t account, uint64_t id,
                          struct fault *fault) MUST_CHECK;

struct sync_row {
    struct str document, progress, device, device_id;
    uint64_t millionths;
    int64_t at;
};
typedef LIST(struct sync_row) sync_rows;
/* Which e-book of the account's library a document is; RC_NOT_FOUND. */
enum rc sync_edition_of(struct store_conn *conn, uint64_t account, struct str document,
                        uint64_t *ret, struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND. */
enum rc sync_row_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                     struct str document, struct sync_row *ret, struct fault *fault) MUST_CHECK;
enum rc sync_rows_count(struct store_conn *conn, uint64_t account, uint64_t *ret,
                        struct fault *fault) MUST_CHECK;
enum rc sync_row_put(struct store_conn *conn, uint64_t account, const struct sync_row *row,
                     struct fault *fault) MUST_CHECK;
/* By document, after one. */
enum rc sync_rows_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                     struct str after, size_t room, sync_rows *ret, struct fault *fault) MUST_CHECK;
/* All of an account: none of them opens anything any more. */
enum rc device_rows_remove(struct store_conn *conn, uint64_t account,
                           struct fault *fault) MUST_CHECK;
enum rc sync_rows_remove(struct store_conn *conn, uint64_t account, struct fault *fault) MUST_CHECK;

#endif
