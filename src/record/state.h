/* What the state map states: the restrictions that are published and not lifted, by
 * target and storefront, a pure function of the entries of the decisions log. A
 * `head` carries the map's root as of the entries before it.
 *
 * Time is not in it: a restriction that begins later, or ended by its own date, stands
 * in the map with both dates until it is lifted; who reads a proof decides by them.
 *
 * A key is SHA-256("colophon/state/v1" || 0x00 || storefront || 0x00 || kind || 0x00 ||
 * key), kind and key as in a restriction's target. Its value is SHA-256 of a canonical
 * JSON object {"key","kind","restrictions":[{"features","from","id","lapses"
 * or "until"}, …],"storefront"}, ids ascending. Under a work stand the restrictions on
 * its editions, reviews and comments, too, with their key as "edition", "review" or
 * "comment".
 *
 * Which works the sets cover is one more key, kind "covered", key "", for each
 * storefront where any is restricted: {"key":"","kind":"covered","root","storefront",
 * "works"}: the RFC 6962 root over a leaf for each covered work, ascending: its id and
 * the ids of the restrictions on sets that cover it, 64 bits each, big-endian. So
 * "no set with this work in it is restricted here" needs nobody's word for which sets
 * there are. */
#ifndef COLOPHON_RECORD_STATE_H
#define COLOPHON_RECORD_STATE_H

#include "base/arena.h"
#include "record/merkle.h"
#include "record/replay.h"
#include "record/state_map.h"

#define STATE_COVERED "covered"

struct record_state;
struct record_state *record_state_new(void); /* malloc'ed; never NULL */
void record_state_free(struct record_state *state);

/* Takes in an entry that `replay` has just taken. Always of the same replay, whose
 * restrictions it keeps pointing to. */
void record_state_take(struct record_state *state, const struct replay *replay,
                       const struct entry *entry);
struct hash record_state_root(struct record_state *state);
/* Index behind the latest entry that may have changed the map. */
uint64_t record_state_changed(const struct record_state *state);

/* A head of before there was a map has none. */
static inline bool entry_has_map(const struct entry *head)
{
    static const struct hash none;
    return !hash_eq(&head->map, &none);
}

struct hash state_key(struct str storefront, struct str kind, struct str key);
/* The canonical bytes of what stands under a key; empty where nothing does. */
struct str record_state_value(struct record_state *state, struct arena *arena,
                              struct str storefront, struct str kind, struct str key);
void record_state_prove(struct record_state *state, struct str storefront, struct str kind,
                        struct str key, struct state_proof *ret);

/* A leaf of a storefront's covered works, with its proof. */
struct covered_work {
    uint64_t index;
    struct str leaf; /* in the arena */
    struct hash path[64];
    size_t n;
};
/* Where the work is covered, its leaf; else its neighbours, so far as there are any.
 * *ret_n: 0 where nothing is covered there. */
enum rc record_state_covered(struct record_state *state, struct arena *arena, struct str storefront,
                             uint64_t work, struct covered_work ret[2], size_t *ret_n,
                             struct fault *fault) MUST_CHECK;

#endif
