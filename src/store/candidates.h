/* Checkpoints that wait for their witnesses, and the policy that says which. A
 * candidate is signed by the log and public nowhere; its entries have no index yet.
 * Once it is written, no other checkpoint of that size is signed ever. */
#ifndef COLOPHON_STORE_CANDIDATES_H
#define COLOPHON_STORE_CANDIDATES_H

#include "store/record_log.h"

struct stored_candidate {
    uint64_t size;
    uint64_t last_entry; /* the id of the last waiting entry that is in it */
    int64_t at;
    struct str note;
};
/* RC_NOT_FOUND where none stands. */
enum rc candidate_get(struct store_conn *conn, struct arena *arena, enum log_id log,
                      struct stored_candidate *ret, struct fault *fault) MUST_CHECK;
/* RC_CONFLICT where one stands. */
enum rc candidate_add(struct store_conn *conn, enum log_id log, const struct stored_candidate *c,
                      struct fault *fault) MUST_CHECK;
enum rc candidate_remove(struct store_conn *conn, enum log_id log, struct fault *fault) MUST_CHECK;
/* The last entry of those that stand, in either log; 0: none stands. */
enum rc candidate_stands(struct store_conn *conn, uint64_t *ret_last_entry,
                         struct fault *fault) MUST_CHECK;

/* The policy whose entry was published last; RC_NOT_FOUND before the first. */
enum rc candidate_policy(struct store_conn *conn, struct arena *arena, struct str *ret,
                         struct fault *fault) MUST_CHECK;
enum rc candidate_policy_add(struct store_conn *conn, uint64_t entry_id, struct str text,
                             struct fault *fault) MUST_CHECK;

#endif
