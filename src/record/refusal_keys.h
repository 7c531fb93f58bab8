/* The keys that sign refusals, as the Record's entries name them (`refusal_key`), and as they
 * are listed at /record/refusals/vkey: "VKEY", and behind one that another replaced, when:
 * "VKEY 2026-11-30T05:25:00Z". What it signed until then stays good. Pure. */
#ifndef COLOPHON_RECORD_REFUSAL_KEYS_H
#define COLOPHON_RECORD_REFUSAL_KEYS_H

#include "base/list.h"
#include "record/entry.h"
#include "record/refusal.h"

enum { REFUSAL_KEYS_MAX = 1000 };

struct refusal_key {
    struct note_key key;
    struct str vkey;
    int64_t until; /* INT64_MAX: it signs still */
};
struct refusal_keys { /* texts lie in the arena of whoever adds */
    LIST(struct refusal_key) list;
    size_t room;
};

/* RC_CORRUPT where an entry names it already, or what it replaces is unknown or was replaced. */
enum rc refusal_keys_add(struct refusal_keys *keys, struct arena *arena, const struct entry *entry,
                         struct fault *fault) MUST_CHECK;
const struct refusal_key *refusal_keys_find(const struct refusal_keys *keys, struct str vkey);
/* One line of the list, which may be a key alone. */
enum rc refusal_key_read(struct refusal_key *ret, struct str line, struct fault *fault) MUST_CHECK;
void refusal_key_write(struct buf *b, const struct refusal_key *key);
/* By this key, at a time at which it signed: refusal_verify, and RC_CONFLICT for what is later. */
enum rc refusal_key_verify(struct refusal *ret, struct str bytes, const struct refusal_key *key,
                           const struct str *sent, struct fault *fault) MUST_CHECK;

#endif
