/* Inside app/: what accounts are checked by, and how their sessions begin. */
#ifndef COLOPHON_APP_ACCOUNT_PARTS_H
#define COLOPHON_APP_ACCOUNT_PARTS_H

#include "app/account.h"
#include "base/encode.h"

struct account;
/* Whoever signs up, as given: checked, the password hashed, nothing written. In the arena.
 * RC_INVALID names the field. */
enum rc account_read(struct passwords *passwords, struct arena *arena, const struct sign_up *s,
                     struct account *ret, struct fault *fault) MUST_CHECK;
/* RC_DENIED where the hash is of another password. */
enum rc account_check_password(struct passwords *passwords, struct str hash, struct str password,
                               struct fault *fault) MUST_CHECK;
/* `ret` has crypto_pwhash_STRBYTES. RC_INVALID where it is too short or too long. */
enum rc account_hash_password(struct passwords *passwords, struct str password, struct str email,
                              struct str name, char *ret, struct fault *fault) MUST_CHECK;

/* A trimmed name, of whatever: not too long, and what it says can be seen. */
bool account_name_readable(struct str name);
bool account_is_staff(struct str role);

struct hash session_hash(struct str token); /* by which it is kept */

struct session_begin {
    struct str token; /* of the new one */
    uint64_t account;
    struct session_how how;
    struct store_act *act; /* of staff; NULL: a reader's */
};
/* Within a write transaction: looks what staff's session lacks, ends what is too old or too
 * much. RC_DENIED where a program's of staff has not the code that it needs. */
enum rc session_begin(struct store_conn *conn, const struct session_begin *begin,
                      struct fault *fault) MUST_CHECK;
/* The row alone. */
enum rc session_put(struct store_conn *conn, struct str token, uint64_t account,
                    const struct session_how *how, int lacks, struct fault *fault) MUST_CHECK;

#endif
