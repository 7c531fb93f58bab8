/* Passkeys and the challenges that wait for one, as they are stored. Changing needs an open
 * write transaction; pages are not made of them. */
#ifndef COLOPHON_STORE_PASSKEYS_H
#define COLOPHON_STORE_PASSKEYS_H

#include "base/encode.h"
#include "store/store.h"

struct passkey_row {
    uint64_t id, account;
    struct str rp, credential;
    int algorithm;
    struct str key;
    uint32_t counter;
    struct str name;
    int64_t created, used; /* used: the day it was last; 0: never */
    struct str user; /* by what its device knows the account, of one that is used; empty: by a hash
                        of it, as before there was a random one */
};

/* `row->id` is not read. RC_CONFLICT where the credential is known. */
enum rc passkey_row_add(struct store_conn *conn, const struct passkey_row *row,
                        struct fault *fault) MUST_CHECK;
/* By what devices know the account; empty where it has none yet. */
enum rc passkey_user_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                         struct str *ret, struct fault *fault) MUST_CHECK;
enum rc passkey_user_put(struct store_conn *conn, uint64_t account, const uint8_t *user, size_t n,
                         struct fault *fault) MUST_CHECK;
/* Without name and days; with the account's address and role. */
enum rc passkey_row_by_credential(struct store_conn *conn, struct arena *arena,
                                  struct str credential, struct passkey_row *ret,
                                  struct str *ret_email, struct str *ret_role,
                                  struct fault *fault) MUST_CHECK;
/* The account's, oldest first; without their keys. */
enum rc passkey_rows(struct store_conn *conn, struct arena *arena, uint64_t account, size_t room,
                     struct passkey_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* RC_CONFLICT where the count is not beyond the last one, or the passkey is gone. */
enum rc passkey_row_used(struct store_conn *conn, uint64_t id, uint32_t counter, int64_t day,
                         struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the account has none of that id. */
enum rc passkey_row_remove(struct store_conn *conn, uint64_t account, uint64_t id,
                           struct fault *fault) MUST_CHECK;

enum rc passkey_rows_remove(struct store_conn *conn, uint64_t account,
                            struct fault *fault) MUST_CHECK;

/* Forgets all that have expired. */
enum rc passkey_challenge_put(struct store_conn *conn, const struct hash *challenge,
                              const struct hash *bound, int64_t now, int64_t expires,
                              struct fault *fault) MUST_CHECK;
/* Uses it up: RC_NOT_FOUND where there is none that is bound like this and good still. */
enum rc passkey_challenge_take(struct store_conn *conn, const struct hash *challenge,
                               const struct hash *bound, int64_t now,
                               struct fault *fault) MUST_CHECK;

#endif
