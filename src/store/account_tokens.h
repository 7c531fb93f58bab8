/* What stands in the links of letters, as hashes; each does one thing, once, for a
 * while. Changing needs an open write transaction. */
#ifndef COLOPHON_STORE_ACCOUNT_TOKENS_H
#define COLOPHON_STORE_ACCOUNT_TOKENS_H

#include "base/arena.h"
#include "base/encode.h"
#include "store/store.h"

/* In the place of the account's others of this kind; forgets all that have expired. */
enum rc account_token_put(struct store_conn *conn, const struct hash *hash, uint64_t account,
                          const char *kind, int64_t now, int64_t expires,
                          struct fault *fault) MUST_CHECK;
/* Whose it is; RC_NOT_FOUND where it is none, or has expired. */
enum rc account_token_get(struct store_conn *conn, const struct hash *hash, const char *kind,
                          int64_t now, uint64_t *ret_account, struct fault *fault) MUST_CHECK;
enum rc account_token_remove(struct store_conn *conn, uint64_t account, const char *kind,
                             struct fault *fault) MUST_CHECK;
enum rc account_password_put(struct store_conn *conn, uint64_t account, struct str password,
                             struct fault *fault) MUST_CHECK;

/* Another address that an account wants, in the place of one it wanted before; account 0 is
 * nobody's. Forgets all that have expired. */
enum rc address_change_put(struct store_conn *conn, const struct hash *link, uint64_t account,
                           struct str email, int64_t now, int64_t expires,
                           struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where there is none, or it has expired. */
enum rc address_change_get(struct store_conn *conn, struct arena *arena, const struct hash *link,
                           int64_t now, uint64_t *ret_account, struct str *ret_email,
                           struct fault *fault) MUST_CHECK;
enum rc address_change_remove(struct store_conn *conn, uint64_t account,
                              struct fault *fault) MUST_CHECK;
enum rc address_changes_forget(struct store_conn *conn, int64_t now,
                               struct fault *fault) MUST_CHECK;
/* It is confirmed, too. RC_CONFLICT where somebody has it. */
enum rc account_email_put(struct store_conn *conn, uint64_t account, struct str email, int64_t now,
                          struct fault *fault) MUST_CHECK;

/* Who signed up, by the hash of what the letter's link holds. Without an address it is nobody. */
struct sign_up_row {
    struct hash link;
    struct str email, name, password, language;
    int64_t expires;
};
enum rc sign_up_row_add(struct store_conn *conn, const struct sign_up_row *row,
                        struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where there is none, or it has expired. `link` and `expires` are not set. */
enum rc sign_up_row_get(struct store_conn *conn, struct arena *arena, const struct hash *link,
                        int64_t now, struct sign_up_row *ret, struct fault *fault) MUST_CHECK;
/* All of this address; all without one. */
enum rc sign_up_rows_remove(struct store_conn *conn, struct str email,
                            struct fault *fault) MUST_CHECK;
enum rc sign_up_rows_forget(struct store_conn *conn, int64_t now, struct fault *fault) MUST_CHECK;

#endif
