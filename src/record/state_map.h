/* A Merkle map: keys of 256 bits, a hash for each. Its root commits to all of it,
 * so that a proof can say both "this is what stands under this key" and "nothing
 * does". Pure and incremental: a change costs a path.
 *
 * It is the binary tree over the bits of the keys, highest first, without what is
 * empty: the hash of nothing is SHA-256(""), of one key alone
 * SHA-256(0x02 || key || value) however deep it lies, of more
 * SHA-256(0x03 || those whose next bit is 0 || those whose next bit is 1). */
#ifndef COLOPHON_RECORD_STATE_MAP_H
#define COLOPHON_RECORD_STATE_MAP_H

#include "base/encode.h"
#include "base/fault.h"

struct state_map;
struct state_map *state_map_new(void); /* malloc'ed; never NULL */
void state_map_free(struct state_map *map);

/* `item` is the caller's own, given back by state_map_get. */
void state_map_put(struct state_map *map, const struct hash *key, const struct hash *value,
                   void *item);
void state_map_remove(struct state_map *map, const struct hash *key);
/* NULL where nothing stands there. */
void *state_map_get(const struct state_map *map, const struct hash *key);
size_t state_map_count(const struct state_map *map);
struct hash state_map_root(struct state_map *map);

/* The way from the root to where the key stands, or would stand. */
#define STATE_PROOF_MAX 256
struct state_proof {
    struct hash path[STATE_PROOF_MAX]; /* the sibling at each step, the root's child first */
    unsigned n;
    /* What stands at its end: nothing, or the one key with this beginning, which for
     * a proof of absence is another one. */
    bool has_leaf;
    struct hash leaf_key, leaf_value;
};
void state_map_prove(struct state_map *map, const struct hash *key, struct state_proof *ret);
/* That `value` stands under `key`, or with NULL that nothing does; else RC_INVALID. */
enum rc state_proof_check(const struct state_proof *proof, const struct hash *root,
                          const struct hash *key, const struct hash *value) MUST_CHECK;

#endif
