#include "record/key_chain.h"

#include "base/encode.h"

void key_handover_add(struct buf *b, struct str log, uint64_t from, struct str old_vkey,
                      struct str new_vkey)
{
    buf_printf(b, "colophon/key/v1\n%.*s\n%llu\n%.*s\n%.*s\n", STR_ARG(log),
               (unsigned long long)from, STR_ARG(old_vkey), STR_ARG(new_vkey));
}

static enum rc check_half(struct str vkey, const char *which, struct str log, struct note_key *ret,
                          struct fault *fault)
{
    enum rc rc = note_key_parse(ret, vkey, fault);
    if (rc == RC_OK && !str_eq(ret->name, log))
        rc = fault_set(fault, RC_INVALID, "it is no key of %.*s", STR_ARG(log));
    return rc == RC_OK ? rc : fault_prefix(fault, rc, "%s", which);
}

enum rc key_handover_check(const struct key_entry *h, struct fault *fault)
{
    struct note_key old, next;
    BUF_AUTO text = BUF_INIT(4096);
    enum rc rc = check_half(h->old_vkey, "old", h->log, &old, fault);
    if (rc == RC_OK)
        rc = check_half(h->new_vkey, "new", h->log, &next, fault);
    if (rc != RC_OK)
        return rc;
    if (memcmp(old.public_key, next.public_key, sizeof old.public_key) == 0)
        return fault_set(fault, RC_INVALID, "new: it is the old key");
    key_handover_add(&text, h->log, h->from, h->old_vkey, h->new_vkey);
    rc = buf_check(&text);
    if (rc == RC_OK && !note_check_bytes(h->by_old, buf_str(&text), &old))
        rc = fault_set(fault, RC_INVALID, "by-old: the old key has not signed this");
    if (rc == RC_OK && !note_check_bytes(h->by_new, buf_str(&text), &next))
        rc = fault_set(fault, RC_INVALID, "by-new: the new key has not signed this");
    return rc;
}

enum rc key_chain_begin(struct key_chain *chain, struct str vkey, struct fault *fault)
{
    chain->n = 0;
    memset(&chain->v[0], 0, sizeof chain->v[0]);
    enum rc rc = note_key_parse(&chain->v[0].key, vkey, fault);
    if (rc != RC_OK)
        return rc;
    chain->v[0].vkey = vkey;
    chain->n = 1;
    return RC_OK;
}

const struct key_link *key_chain_last(const struct key_chain *chain)
{
    return &chain->v[chain->n - 1];
}

enum rc key_chain_add(struct key_chain *chain, const struct key_entry *handover,
                      struct fault *fault)
{
    const struct key_link *last = key_chain_last(chain);
    if (chain->n == KEY_CHAIN_MAX)
        return fault_set(fault, RC_LIMIT, "a log has at most %d keys", KEY_CHAIN_MAX);
    if (!str_eq(handover->old_vkey, last->vkey))
        return fault_set(fault, RC_INVALID, "the log goes over from a key that was not its own");
    if (handover->from < last->from)
        return fault_set(fault, RC_INVALID, "a key holds from %llu on, the one before from %llu",
                         (unsigned long long)handover->from, (unsigned long long)last->from);
    enum rc rc = key_handover_check(handover, fault);
    struct key_link next = {.vkey = handover->new_vkey, .from = handover->from};
    if (rc == RC_OK)
        rc = note_key_parse(&next.key, next.vkey, fault);
    if (rc == RC_OK && key_chain_find(chain, &next.key) != NULL)
        rc = fault_set(fault, RC_INVALID, "the log goes back to a key that it had");
    if (rc != RC_OK)
        return rc;
    memcpy(next.by_old, handover->by_old, sizeof next.by_old);
    memcpy(next.by_new, handover->by_new, sizeof next.by_new);
    chain->v[chain->n++] = next;
    return RC_OK;
}

/* "VKEY FROM BY-OLD BY-NEW" */
static enum rc read_line(struct key_chain *chain, struct str line, struct str log,
                         struct fault *fault)
{
    struct str rest = line, vkey, from, by_old, by_new;
    struct key_entry handover = {.log = log};
    bool more = str_next(&rest, ' ', &vkey) && str_next(&rest, ' ', &from) &&
                str_to_u64(from, &handover.from) && (from.n == 1 || from.p[0] != '0');
    if (!more)
        return fault_set(fault, RC_INVALID, "a key and the size it holds from are needed");
    if (chain->n == 0) {
        if (handover.from != 0 || rest.n > 0)
            return fault_set(fault, RC_INVALID, "the first key holds from 0, and nobody signed it");
        return key_chain_begin(chain, vkey, fault);
    }
    if (!str_next(&rest, ' ', &by_old) || !str_next(&rest, ' ', &by_new) || rest.n > 0 ||
        !base64_decode_exact(by_old, handover.by_old, sizeof handover.by_old) ||
        !base64_decode_exact(by_new, handover.by_new, sizeof handover.by_new))
        return fault_set(fault, RC_INVALID, "two signatures are needed");
    handover.old_vkey = key_chain_last(chain)->vkey;
    handover.new_vkey = vkey;
    return key_chain_add(chain, &handover, fault);
}

static bool is_of(struct str line, struct str log)
{
    return str_eq(str_sub(line, 0, str_find(line, '+')), log);
}

enum rc key_chain_read(struct key_chain *ret, struct str text, struct str log, struct fault *fault)
{
    struct str line;
    ret->n = 0;
    for (size_t number = 1; str_next(&text, '\n', &line); number++) {
        if (!is_of(line, log))
            continue;
        enum rc rc = read_line(ret, line, log, fault);
        if (rc != RC_OK)
            return fault_prefix(fault, rc, "the list of keys, line %zu", number);
    }
    return ret->n > 0
               ? RC_OK
               : fault_set(fault, RC_INVALID, "the list of keys has none of %.*s", STR_ARG(log));
}

enum rc key_chain_follow(struct key_chain *ret, struct str vkey, struct str list,
                         struct fault *fault)
{
    struct note_key trusted;
    struct str rest = list, line;
    bool listed = false;
    enum rc rc = note_key_parse(&trusted, vkey, fault);
    if (rc != RC_OK)
        return rc;
    while (!listed && str_next(&rest, '\n', &line))
        listed = is_of(line, trusted.name);
    if (!listed)
        return key_chain_begin(ret, vkey, fault);
    rc = key_chain_read(ret, list, trusted.name, fault);
    if (rc == RC_OK && key_chain_find(ret, &trusted) == NULL)
        rc = fault_set(fault, RC_CORRUPT,
                       "another key: %.*s is signed for with %.*s, for which no key that was "
                       "known has signed",
                       STR_ARG(trusted.name), STR_ARG(key_chain_last(ret)->vkey));
    return rc == RC_INVALID || rc == RC_LIMIT ? RC_CORRUPT : rc;
}

void key_chain_write(struct buf *b, const struct key_chain *chain)
{
    for (size_t i = 0; i < chain->n; i++) {
        const struct key_link *link = &chain->v[i];
        buf_printf(b, "%.*s %llu", STR_ARG(link->vkey), (unsigned long long)link->from);
        for (int half = 0; i > 0 && half < 2; half++) {
            buf_char(b, ' ');
            base64_add(b, half == 0 ? link->by_old : link->by_new, sizeof link->by_old);
        }
        buf_char(b, '\n');
    }
}

const struct key_link *key_chain_find(const struct key_chain *chain, const struct note_key *key)
{
    for (size_t i = 0; i < chain->n; i++)
        if (memcmp(chain->v[i].key.public_key, key->public_key, sizeof key->public_key) == 0 &&
            str_eq(chain->v[i].key.name, key->name))
            return &chain->v[i];
    return NULL;
}

bool key_chain_eq(const struct key_chain *a, const struct key_chain *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = str_eq(a->v[i].vkey, b->v[i].vkey) && a->v[i].from == b->v[i].from;
    return same;
}

enum rc key_chain_verify(struct checkpoint *ret, struct str note, const struct key_chain *chain,
                         struct fault *fault)
{
    struct checkpoint claimed;
    struct str text, lines;
    size_t at = 0;
    enum rc rc = note_split(note, &text, &lines, fault);
    if (rc == RC_OK)
        rc = checkpoint_parse_text(&claimed, text, fault);
    if (rc != RC_OK)
        return rc;
    while (at + 1 < chain->n && chain->v[at + 1].from < claimed.size)
        at++;
    rc = checkpoint_verify(ret, note, &chain->v[at].key, fault);
    /* At the very size of a hand-over either may have signed. */
    while (rc != RC_OK && at + 1 < chain->n && chain->v[at + 1].from == claimed.size)
        rc = checkpoint_verify(ret, note, &chain->v[++at].key, fault);
    return rc;
}
