/* The things restrictions are about, and the works behind them. */
#ifndef COLOPHON_STORE_TARGETS_H
#define COLOPHON_STORE_TARGETS_H

#include "domain/restriction.h"
#include "store/store.h"

struct target {
    struct str name;       /* empty for editions and works */
    struct work_set works; /* ascending */
};

/* `key` in its canonical form (13 digits, number, slug, index). RC_NOT_FOUND where
 * there is no such thing, and for accounts, which have no name that stays. */
enum rc target_find(struct store_conn *conn, struct arena *arena, enum target_kind kind,
                    struct str key, struct target *ret, struct fault *fault) MUST_CHECK;

/* A review or comment that stands, by the index of its accepted entry in the voices
 * log; RC_NOT_FOUND. */
struct voice_target {
    uint64_t work;
    uint64_t review; /* its id; of a comment, the id of the review above it */
    uint64_t account;
    unsigned stars; /* that stand with a review; 0: none */
};
enum rc target_voice(struct store_conn *conn, enum target_kind kind, uint64_t index,
                     struct voice_target *ret, struct fault *fault) MUST_CHECK;

/* Whose commitment it is, 64 hex digits; RC_NOT_FOUND where nobody knows any more. */
enum rc target_account(struct store_conn *conn, struct str commitment, uint64_t *ret,
                       struct fault *fault) MUST_CHECK;
enum rc target_account_put(struct store_conn *conn, struct str commitment, uint64_t account,
                           const uint8_t salt[32], struct fault *fault) MUST_CHECK;

/* When a review or comment, in whatever state, an account or a shop was made;
 * RC_NOT_FOUND. */
enum rc target_created(struct store_conn *conn, enum target_kind kind, struct str key, int64_t *ret,
                       struct fault *fault) MUST_CHECK;

#endif
