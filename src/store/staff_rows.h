/* Staff, and their second factor, as they are stored. Changing needs an open write
 * transaction; connections of pages see none of it. */
#ifndef COLOPHON_STORE_STAFF_ROWS_H
#define COLOPHON_STORE_STAFF_ROWS_H

#include "base/encode.h"
#include "store/store.h"

enum { FACTOR_SECRET = 20 }; /* bytes, as RFC 4226 recommends */

struct factor_row {
    uint8_t secret[FACTOR_SECRET];
    int64_t confirmed; /* 0: not set up yet */
    int64_t last_step; /* no code of this step or an earlier one is taken */
};
/* RC_NOT_FOUND where there is none. */
enum rc factor_row_get(struct store_conn *conn, uint64_t account, struct factor_row *ret,
                       struct fault *fault) MUST_CHECK;
/* A new secret, not set up yet, in the place of what is there. */
enum rc factor_row_begin(struct store_conn *conn, uint64_t account,
                         const uint8_t secret[FACTOR_SECRET], struct fault *fault) MUST_CHECK;
/* Sets it up, where it was not. RC_CONFLICT where a code of that step was taken before. */
enum rc factor_row_used(struct store_conn *conn, uint64_t account, int64_t step, int64_t now,
                        struct fault *fault) MUST_CHECK;
/* With its recovery codes. */
enum rc factor_row_remove(struct store_conn *conn, uint64_t account,
                          struct fault *fault) MUST_CHECK;

enum rc recovery_row_add(struct store_conn *conn, uint64_t account, const struct hash *hash,
                         struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where it is none that is left. */
enum rc recovery_row_use(struct store_conn *conn, uint64_t account, const struct hash *hash,
                         struct fault *fault) MUST_CHECK;
enum rc recovery_row_count(struct store_conn *conn, uint64_t account, uint64_t *ret,
                           struct fault *fault) MUST_CHECK;

struct staff_row {
    uint64_t id;
    struct str email, name, role;
    int64_t confirmed; /* their second factor; 0: none */
    struct str shop;   /* a partner's, its slug */
};
enum rc staff_rows(struct store_conn *conn, struct arena *arena, size_t room,
                   struct staff_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* Whether it is an operator, and there is no other. */
enum rc staff_last_operator(struct store_conn *conn, uint64_t account, bool *ret,
                            struct fault *fault) MUST_CHECK;
enum rc account_role_put(struct store_conn *conn, uint64_t account, struct str role,
                         struct fault *fault) MUST_CHECK;
/* Whose desk a partner works at; nobody's any more. */
enum rc partner_row_put(struct store_conn *conn, uint64_t account, uint64_t shop,
                        struct fault *fault) MUST_CHECK;
enum rc partner_row_remove(struct store_conn *conn, uint64_t account,
                           struct fault *fault) MUST_CHECK;
/* Who they are, of a shop; at most `room`. */
enum rc partner_rows(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                     uint64_t **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* Sessions of staff who have no second factor. */
enum rc session_remove_without_factor(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
