#include "record/refusal_keys.h"

#include "base/clock.h"

static struct refusal_key *find(const struct refusal_keys *keys, struct str vkey)
{
    for (size_t i = 0; i < keys->list.n; i++)
        if (str_eq(keys->list.v[i].vkey, vkey))
            return &keys->list.v[i];
    return NULL;
}

const struct refusal_key *refusal_keys_find(const struct refusal_keys *keys, struct str vkey)
{
    return find(keys, vkey);
}

enum rc refusal_keys_add(struct refusal_keys *keys, struct arena *arena, const struct entry *entry,
                         struct fault *fault)
{
    const struct refusal_key_entry *e = &entry->refusal_key;
    struct refusal_key *before = find(keys, e->replaces), key = {.until = INT64_MAX};
    if (find(keys, e->vkey) != NULL)
        return fault_set(fault, RC_CORRUPT, "a key of refusals is named twice");
    if (e->replaces.n > 0 && (before == NULL || before->until != INT64_MAX))
        return fault_set(fault, RC_CORRUPT,
                         "the key of refusals that is replaced is unknown, or was replaced before");
    if (keys->list.n == REFUSAL_KEYS_MAX)
        return fault_set(fault, RC_LIMIT, "more than %d keys of refusals", REFUSAL_KEYS_MAX);
    key.vkey = arena_str(arena, e->vkey);
    enum rc rc = note_key_parse(&key.key, key.vkey, fault);
    if (rc != RC_OK)
        return rc;
    if (before != NULL)
        before->until = entry->at;
    ARENA_ROOM(arena, keys->list.v, keys->list.n, keys->room);
    keys->list.v[keys->list.n++] = key;
    return RC_OK;
}

enum rc refusal_key_read(struct refusal_key *ret, struct str line, struct fault *fault)
{
    struct refusal_key key = {.until = INT64_MAX};
    struct str rest = line;
    bool more = str_find(line, ' ') < line.n;
    if (!str_next(&rest, ' ', &key.vkey) || (more && !time_parse(rest, &key.until)))
        return fault_set(fault, RC_INVALID, "a key, and when it was replaced, are needed");
    enum rc rc = note_key_parse(&key.key, key.vkey, fault);
    if (rc == RC_OK)
        *ret = key;
    return rc;
}

void refusal_key_write(struct buf *b, const struct refusal_key *key)
{
    buf_str_add(b, key->vkey);
    if (key->until != INT64_MAX) {
        buf_char(b, ' ');
        time_add(b, key->until);
    }
    buf_char(b, '\n');
}

enum rc refusal_key_verify(struct refusal *ret, struct str bytes, const struct refusal_key *key,
                           const struct str *sent, struct fault *fault)
{
    struct refusal refusal;
    enum rc rc = refusal_verify(&refusal, bytes, &key->key, sent, fault);
    if (rc == RC_OK && refusal.at > key->until)
        rc = fault_set(fault, RC_CONFLICT, "refusal: its key had been replaced by then");
    if (rc == RC_OK)
        *ret = refusal;
    return rc;
}
