/* A proof of what is withheld from one work in one storefront, or that nothing is: a
 * JSON object that stands for itself, checked with the log's public key alone.
 *
 *   {"type":"absence","v":1,"storefront":"us","work":12,
 *    "checkpoint":"<signed note of the decisions log>",
 *    "head":{"index":7,"entry":"<canonical bytes>","path":["<hex>", …]},
 *    "keys":[{"kind":"work","key":"12","value":"<canonical bytes>"?,"path":["<hex>", …],
 *             "leaf":{"key":"<hex>","value":"<hex>"}?}, …],
 *    "covered":[{"index":3,"leaf":"<hex>","path":["<hex>", …]}, …]}
 *
 * The head's entry carries the state map's root (state.h). "keys" holds a proof for the
 * work, for "covered", and for everything else the shop says the work belongs to. A key
 * with "value" stands in the map; one without does not, and "leaf" is the other key that
 * stands where it would, if any. "covered" holds the work's leaf, or both of the
 * neighbours between which it would stand. A work is free where neither the restrictions
 * under its own key nor those its covered leaf names are in effect. */
#ifndef COLOPHON_RECORD_ABSENCE_H
#define COLOPHON_RECORD_ABSENCE_H

#include "base/json.h"
#include "domain/absence.h"
#include "record/key_chain.h"
#include "record/state.h"

#define ABSENCE_MAX (8u << 20)
#define ABSENCE_KEYS_MAX 2000

struct absence_key {
    struct str kind, key;
};
struct absence_head {
    struct str checkpoint; /* the signed note */
    uint64_t index;        /* of the head's entry */
    struct str entry;
    LIST(struct hash) path;
};

/* `keys`: what the work belongs to beside itself. The caller frees the result. */
enum rc absence_write(struct record_state *state, const struct absence_head *head,
                      struct str storefront, uint64_t work, const struct absence_key *keys,
                      size_t key_count, json_t **ret, struct fault *fault) MUST_CHECK;

/* Checks everything, strictly. RC_INVALID with what is wrong. Slices lie in `arena`.
 * With `log_keys` NULL the signature alone is left unchecked (fuzzing). */
enum rc absence_check(struct arena *arena, struct str text, const struct key_chain *log_keys,
                      struct absence_result *ret, struct fault *fault) MUST_CHECK;
#endif
