/* The keys of one log, one after the other. Each hands the log over to the next by a
 * statement that both sign: it is an entry (`key`), and a line of the published list,
 * so that whoever trusts one of the keys can follow to all the others.
 *
 * A checkpoint of more than `from` entries is signed by the key that holds from there
 * on. The one that publishes the hand-over is signed by both. Pure. */
#ifndef COLOPHON_RECORD_KEY_CHAIN_H
#define COLOPHON_RECORD_KEY_CHAIN_H

#include "base/buf.h"
#include "base/fault.h"
#include "record/entry.h"
#include "record/note.h"

#define KEY_CHAIN_MAX 64

struct key_link {
    struct note_key key;
    struct str vkey;
    uint64_t from;                  /* of the first: 0 */
    uint8_t by_old[64], by_new[64]; /* of the first: nothing */
};

struct key_chain { /* never empty once begun; texts are its maker's to keep */
    struct key_link v[KEY_CHAIN_MAX];
    size_t n;
};

/* What both sign. */
void key_handover_add(struct buf *b, struct str log, uint64_t from, struct str old_vkey,
                      struct str new_vkey);
/* Whether both signed it, and both are keys of that log. */
enum rc key_handover_check(const struct key_entry *handover, struct fault *fault) MUST_CHECK;

enum rc key_chain_begin(struct key_chain *chain, struct str vkey, struct fault *fault) MUST_CHECK;
/* RC_INVALID where the last key is not the one that hands over. */
enum rc key_chain_add(struct key_chain *chain, const struct key_entry *handover,
                      struct fault *fault) MUST_CHECK;
/* The published list: a line for each key, "VKEY FROM", and of all but the first the
 * signatures of the key before and its own. Lines of other logs are passed over. */
enum rc key_chain_read(struct key_chain *ret, struct str text, struct str log,
                       struct fault *fault) MUST_CHECK;
/* From one that is trusted, along a list: RC_CORRUPT where it is none of the list's keys.
 * Where the list says nothing of its log (or is empty), the chain is this key alone. */
enum rc key_chain_follow(struct key_chain *ret, struct str vkey, struct str list,
                         struct fault *fault) MUST_CHECK;
void key_chain_write(struct buf *b, const struct key_chain *chain);

const struct key_link *key_chain_last(const struct key_chain *chain);
/* The key with these bytes and this name; NULL where it is none of them. */
const struct key_link *key_chain_find(const struct key_chain *chain, const struct note_key *key);
bool key_chain_eq(const struct key_chain *a, const struct key_chain *b);

/* checkpoint_verify by the key that holds for a tree of its size. */
enum rc key_chain_verify(struct checkpoint *ret, struct str note, const struct key_chain *chain,
                         struct fault *fault) MUST_CHECK;

#endif
