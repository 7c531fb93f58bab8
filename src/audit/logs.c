#include <stdio.h>
#include <unistd.h>

#include "audit/keys.h"
#include "audit/parts.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/list.h"
#include "record/merkle.h"
#include "record/papers.h"

enum { SAVED_MAX = 256 << 10, ENTRIES_MAX = 200 * 1000 * 1000 };

/* ---- one log ---- */

/* Every tile the leaves make, against the one that is served. */
struct comparing {
    struct audit *a;
    struct audited_log *log;
};

static enum rc compare_tile(void *context, unsigned level, uint64_t n, const struct hash *hashes,
                            unsigned width, struct fault *fault)
{
    struct comparing *c = context;
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO path = BUF_INIT(256);
    struct str body;
    buf_printf(&path, "%s/", c->log->base);
    tile_path_add(&path, level, n, width);
    enum rc rc = fetch_body(c->a->fetcher, &arena, buf_str(&path), &body, fault);
    if (rc != RC_OK)
        return rc;
    if (body.n != width * sizeof *hashes || memcmp(body.p, hashes, body.n) != 0) {
        contradiction(c->a, "tile", "%.*s is not what the entries make", STR_ARG(buf_str(&path)));
        return fault_set(fault, RC_CORRUPT, "%.*s is not what the entries make",
                         STR_ARG(buf_str(&path)));
    }
    return RC_OK;
}

/* A checkpoint may claim any size: memory is taken as entries come. */
static struct hash *leaf_at(struct audited_log *log, uint64_t index)
{
    HEAP_ROOM(log->leaves, index, log->leaf_room);
    return &log->leaves[index];
}

typedef enum rc (*entry_taker)(struct audit *a, uint64_t index, struct str bytes,
                               struct fault *fault);

static enum rc read_bundle(struct audit *a, struct audited_log *log, uint64_t n, unsigned width,
                           entry_taker take, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO path = BUF_INIT(256);
    struct str body, entry;
    buf_printf(&path, "%s/", log->base);
    tile_path_add(&path, TILE_ENTRIES, n, width);
    enum rc rc = fetch_body(a->fetcher, &arena, buf_str(&path), &body, fault);
    for (unsigned i = 0; rc == RC_OK && i < width; i++) {
        rc = bundle_next(&body, &entry);
        if (rc != RC_OK) {
            contradiction(a, "entries", "%.*s is cut short", STR_ARG(buf_str(&path)));
            return fault_set(fault, RC_CORRUPT, "%.*s is cut short", STR_ARG(buf_str(&path)));
        }
        *leaf_at(log, n * TILE_WIDTH + i) = merkle_leaf(entry);
        rc = take(a, n * TILE_WIDTH + i, entry, fault);
    }
    return rc;
}

static enum rc read_checkpoint(struct audit *a, struct audited_log *log, struct checkpoint *ret,
                               struct fault *fault)
{
    struct str path = arena_printf(&a->arena, "%s/checkpoint", log->base);
    enum rc rc = fetch_body(a->fetcher, &a->arena, path, &log->note, fault);
    if (rc != RC_OK)
        return rc;
    rc = key_chain_verify(ret, log->note, log->keys, fault);
    if (rc == RC_OK && a->policy != NULL) {
        rc = audit_quorum(a, log, log->note, fault);
        if (rc != RC_OK) {
            contradiction(a, "quorum", "%.*s: %s", STR_ARG(path), fault == NULL ? "" : fault->text);
            return RC_CORRUPT;
        }
    }
    if (rc == RC_OK && ret->size > ENTRIES_MAX)
        rc = fault_set(fault, RC_LIMIT, "the log claims %llu entries",
                       (unsigned long long)ret->size);
    if (rc == RC_INVALID) {
        contradiction(a, "signature", "%.*s: %s", STR_ARG(path), fault == NULL ? "" : fault->text);
        return RC_CORRUPT;
    }
    return rc;
}

/* The checkpoint of last time must be the root over the first of these leaves. */
static enum rc check_consistency(struct audit *a, const struct audited_log *log, struct str saved,
                                 struct fault *fault)
{
    struct checkpoint before;
    if (saved.n == 0)
        return RC_OK;
    enum rc rc = key_chain_verify(&before, saved, log->keys, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "the saved checkpoint");
    struct hash root =
        before.size <= log->size ? merkle_root(log->leaves, before.size) : (struct hash){{0}};
    if (before.size > log->size || !hash_eq(&root, &before.root)) {
        contradiction(
            a, "consistency",
            "%.*s: the log is not a continuation of the one seen before (%llu entries then, "
            "%llu now)",
            STR_ARG(log->name), (unsigned long long)before.size, (unsigned long long)log->size);
        return fault_set(fault, RC_CORRUPT, "the log was rewritten");
    }
    return RC_OK;
}

static enum rc read_log(struct audit *a, struct audited_log *log, struct str saved,
                        entry_taker take, struct fault *fault)
{
    struct checkpoint checkpoint;
    struct log_edge *edge = ARENA_NEW(&a->arena, struct log_edge);
    struct comparing comparing = {a, log};
    struct tile_sink sink = {&comparing, compare_tile};
    enum rc rc = read_checkpoint(a, log, &checkpoint, fault);
    if (rc != RC_OK)
        return rc;
    log->size = checkpoint.size;
    for (uint64_t n = 0; rc == RC_OK && n * TILE_WIDTH < log->size; n++) {
        uint64_t left = log->size - n * TILE_WIDTH;
        rc = read_bundle(a, log, n, left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH, take, fault);
    }
    if (rc == RC_OK)
        rc = log_edge_append(edge, log->leaves, log->size, &sink, fault);
    if (rc != RC_OK)
        return rc;
    struct hash root = log_edge_root(edge);
    if (!hash_eq(&root, &checkpoint.root)) {
        contradiction(a, "root", "%.*s: the entries do not make the root that was signed",
                      STR_ARG(log->name));
        return fault_set(fault, RC_CORRUPT, "the entries do not make the signed root");
    }
    return check_consistency(a, log, saved, fault);
}

/* ---- what the entries say ---- */

static enum rc bad_entry(struct audit *a, const char *log, uint64_t index, enum rc rc,
                         struct fault *fault)
{
    contradiction(a, "entry", "entry %llu of the %s: %s", (unsigned long long)index, log,
                  fault == NULL ? "" : fault->text);
    return rc == RC_IO ? rc : RC_CORRUPT;
}

static enum rc take_voice(struct audit *a, uint64_t index, struct str bytes, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry;
    enum rc rc = entry_read(&arena, bytes, &entry, fault);
    if (rc == RC_OK)
        rc = voices_replay_add(a->counts, index, &entry, fault);
    if (rc == RC_OK)
        audit_receipt_fate(a, &entry);
    return rc == RC_OK ? rc : bad_entry(a, "voices", index, rc, fault);
}

/* A head anchors the voices log: its root must be the one over so many leaves,
 * and no head may anchor fewer than one before it. */
static enum rc check_head(struct audit *a, const struct entry *head, struct fault *fault)
{
    struct tile_sink nobody = {NULL, NULL};
    uint64_t from = a->anchored->size;
    if (!str_eq(head->origin, a->voices.name) || head->size > a->voices.size)
        return fault_set(fault, RC_CORRUPT, "it anchors %llu voices, of which %llu are served",
                         (unsigned long long)head->size, (unsigned long long)a->voices.size);
    if (head->size < from)
        return fault_set(fault, RC_CORRUPT, "it anchors %llu voices, an earlier head %llu",
                         (unsigned long long)head->size, (unsigned long long)from);
    if (head->size > from) {
        enum rc rc = log_edge_append(a->anchored, a->voices.leaves + from, head->size - from,
                                     &nobody, fault);
        if (rc != RC_OK)
            return rc;
        a->anchored_root = log_edge_root(a->anchored);
    }
    if (!hash_eq(&a->anchored_root, &head->root))
        return fault_set(fault, RC_CORRUPT, "the voices it anchors are others than those served");
    return RC_OK;
}

/* From the first head with a map on, each carries the root over what stands before it. */
static enum rc check_map(struct audit *a, uint64_t index, const struct entry *head,
                         struct fault *fault)
{
    if (!entry_has_map(head))
        return a->mapped ? fault_set(fault, RC_CORRUPT, "it lacks the state map's root") : RC_OK;
    struct hash root = record_state_root(a->state);
    a->mapped = true;
    a->mapped_next = index + 1;
    if (!hash_eq(&root, &head->map))
        return fault_set(fault, RC_CORRUPT, "its state map is not what the entries before it make");
    return RC_OK;
}

/* A batch that changes what is restricted ends with a head. */
static enum rc check_last_map(struct audit *a, struct fault *fault)
{
    if (!a->mapped || record_state_changed(a->state) < a->mapped_next)
        return RC_OK;
    contradiction(a, "map", "the log ends with a change that no head's state map holds");
    return fault_set(fault, RC_CORRUPT, "the state map is behind the entries");
}

/* What has to come true later, or now. */
static void note_promise(struct audit *a, uint64_t index, const struct entry *e)
{
    struct audited_seal **at = &a->seals, *seal;
    switch (e->type) {
    case ENTRY_RESTRICTION:
        if (e->restriction.demanded_count == 0 && replay_less_of_set(&a->replay, &e->restriction))
            audit_note(a,
                       "Entry %llu: which works were in the set that was demanded, it does not "
                       "say: that restriction %llu is no more than that is the shop's own word.",
                       (unsigned long long)index, (unsigned long long)e->restriction.id);
        break;
    case ENTRY_SEALED:
        seal = ARENA_NEW(&a->arena, struct audited_seal);
        *seal = (struct audited_seal){e->sealed.id, e->sealed.opens, a->seals};
        a->seals = seal;
        break;
    case ENTRY_OPENED:
        while (*at != NULL && (*at)->id != e->opened.id)
            at = &(*at)->next;
        if (*at != NULL)
            *at = (*at)->next;
        break;
    case ENTRY_LISTING:
    case ENTRY_UNLISTED:
        audit_note_listing(a, e);
        break;
    case ENTRY_POLICY:
        audit_note_policy(a, index, e);
        break;
    case ENTRY_RANKING_VERSION:
        a->ranking = e->ranking.version;
        a->ranking_rule = e->ranking.rule;
        break;
    default:
        break;
    }
}

/* A seal opens by itself with the first head after its date; the rule that is published is
 * the one that the Record names. */
static enum rc check_promises(struct audit *a, struct fault *fault)
{
    enum { GRACE = 300 };
    struct str rule;
    for (const struct audited_seal *s = a->seals; s != NULL; s = s->next)
        if (s->opens + GRACE < replay_now(&a->replay, clock_now()))
            contradiction(a, "seal", "sealed entry %llu should have been opened by now",
                          (unsigned long long)s->id);
    struct fault undone = {""};
    if (replay_check_undone(&a->replay, &undone) != RC_OK)
        contradiction(a, "not-lifted", "%s", undone.text);
    if (a->ranking == 0)
        return RC_OK;
    enum rc rc = fetch_body(a->fetcher, &a->arena, STR("/record/ranking.txt"), &rule, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    struct hash hash = rc == RC_OK ? sha256(rule.p, rule.n) : (struct hash){{0}};
    if (!hash_eq(&hash, &a->ranking_rule))
        contradiction(a, "ranking", "/record/ranking.txt is not the rule that version %llu names",
                      (unsigned long long)a->ranking);
    return RC_OK;
}

/* A log goes over to another key: from the one it had, and to none that the shop does
 * not list. */
static enum rc take_key(struct audit *a, uint64_t index, const struct entry *entry,
                        struct fault *fault)
{
    const struct key_entry *key = &entry->key;
    struct audited_log *log = str_eq(key->log, a->decisions.name) ? &a->decisions
                              : str_eq(key->log, a->voices.name)  ? &a->voices
                                                                  : NULL;
    if (log == NULL)
        return fault_set(fault, RC_CORRUPT, "%.*s is no log of this shop", STR_ARG(key->log));
    if (log == &a->decisions ? key->from != index : key->from > a->voices.size)
        return fault_set(fault, RC_CORRUPT, "the new key would hold from %llu entries on",
                         (unsigned long long)key->from);
    enum rc rc = log->said.n == 0 ? key_chain_begin(&log->said, key->old_vkey, fault) : RC_OK;
    return rc == RC_OK ? key_chain_add(&log->said, key, fault) : rc;
}

static enum rc take_decision(struct audit *a, uint64_t index, struct str bytes, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry;
    enum rc rc = entry_read(&arena, bytes, &entry, fault);
    /* Heads are most of the log: only what the replay keeps lives on. */
    if (rc == RC_OK && entry.type == ENTRY_HEAD) {
        rc = check_head(a, &entry, fault);
        if (rc == RC_OK)
            rc = check_map(a, index, &entry, fault);
    } else if (rc == RC_OK && (replay_needs(entry.type) || entry.type == ENTRY_KEY))
        rc = entry_read(&a->arena, arena_str(&a->arena, bytes), &entry, fault);
    if (rc == RC_OK)
        rc = replay_add(&a->replay, index, &entry, fault);
    if (rc == RC_OK && entry.type == ENTRY_KEY)
        rc = take_key(a, index, &entry, fault);
    if (rc == RC_OK)
        record_state_take(a->state, &a->replay, &entry);
    if (rc == RC_OK) {
        note_promise(a, index, &entry);
        audit_times(a, index, &entry);
    }
    return rc == RC_OK ? rc : bad_entry(a, "decisions", index, rc, fault);
}

/* ---- the key ---- */

static enum rc find_key(struct audit *a, struct fault *fault)
{
    struct str known = a->order->vkey.n > 0 ? a->order->vkey : a->saved_vkey;
    struct log_keys keys;
    struct note_key saved;
    enum rc rc = keys_fetch(a->fetcher, &a->arena, known, &keys, fault);
    if (rc == RC_OK && a->saved_vkey.n > 0) {
        rc = note_key_parse(&saved, a->saved_vkey, fault);
        if (rc == RC_OK && key_chain_find(keys.decisions, &saved) == NULL)
            rc = fault_set(fault, RC_CORRUPT, "--vkey is not the key of the saved checkpoint");
    }
    if (rc == RC_CORRUPT)
        contradiction(a, "key", "%s", fault == NULL ? "" : fault->text);
    if (rc != RC_OK)
        return rc;
    a->decisions.keys = keys.decisions;
    a->voices.keys = keys.voices;
    a->decisions.name = keys.decisions->v[0].key.name;
    a->voices.name = keys.voices->v[0].key.name;
    a->vkey = key_chain_last(keys.decisions)->vkey;
    if (keys.own_word)
        audit_note(
            a, "The key is the shop's own word: compare it with another source, then pass --vkey.");
    if (keys.went_over)
        audit_note(a, "The logs' key is %.*s by now: followed from the one that was known.",
                   STR_ARG(a->vkey));
    return RC_OK;
}

static enum rc fetch_refusal_keys(struct audit *a, struct str *ret, struct fault *fault)
{
    enum rc rc = fetch_body(a->fetcher, &a->arena, STR("/record/refusals/vkey"), ret, fault);
    if (rc == RC_NOT_FOUND)
        *ret = STR_NONE;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static bool lists_key(struct str list, struct str vkey)
{
    struct str line;
    while (str_next(&list, '\n', &line))
        if (str_eq(str_sub(line, 0, str_find(line, ' ')), vkey))
            return true;
    return false;
}

/* Each key of refusals that was listed before the log was read is named by an entry, and replaced
 * by one where it is said to be; each that is named is listed, by now. */
static enum rc check_refusal_keys(struct audit *a, struct fault *fault)
{
    const struct refusal_keys *named = papers_refusal_keys(a->replay.papers);
    struct str rest = a->refusal_keys, line, now = a->refusal_keys;
    bool asked = false;
    enum rc rc = RC_OK;
    while (rc == RC_OK && str_next(&rest, '\n', &line)) {
        struct refusal_key listed;
        const struct refusal_key *key = NULL;
        if (refusal_key_read(&listed, line, NULL) == RC_OK)
            key = refusal_keys_find(named, listed.vkey);
        if (key == NULL || (listed.until != INT64_MAX && listed.until != key->until)) {
            contradiction(a, "key", "%.*s: no entry says so of this key of refusals",
                          STR_ARG(line));
            rc = fault_set(fault, RC_CORRUPT, "the listed keys are not those that entries name");
        }
    }
    for (size_t i = 0; rc == RC_OK && i < named->list.n; i++) {
        struct str vkey = named->list.v[i].vkey;
        if (!lists_key(now, vkey) && !asked) { /* it may have come meanwhile */
            rc = fetch_refusal_keys(a, &now, fault);
            asked = true;
        }
        if (rc == RC_OK && !lists_key(now, vkey)) {
            contradiction(a, "key",
                          "%.*s: an entry names this key of refusals, and it is not at "
                          "/record/refusals/vkey",
                          STR_ARG(vkey));
            rc = fault_set(fault, RC_CORRUPT, "the listed keys are not those that entries name");
        }
    }
    return rc;
}

/* What the shop lists is what the entries say. */
static enum rc check_keys(struct audit *a, struct fault *fault)
{
    const struct audited_log *const logs[] = {&a->decisions, &a->voices};
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
        const struct audited_log *log = logs[i];
        if (log->said.n == 0 ? log->keys->n == 1 : key_chain_eq(&log->said, log->keys))
            continue;
        contradiction(a, "key", "%.*s: the keys at /record/vkeys are not those that entries name",
                      STR_ARG(log->name));
        return fault_set(fault, RC_CORRUPT, "the listed keys are not those that entries name");
    }
    return RC_OK;
}

enum rc audit_logs(struct audit *a, struct fault *fault)
{
    a->decisions.base = "/record";
    a->voices.base = "/record/voices";
    a->counts = voices_replay_new();
    a->state = record_state_new();
    a->anchored = ARENA_NEW(&a->arena, struct log_edge);
    a->anchored_root = merkle_root(NULL, 0);
    replay_init(&a->replay, &a->arena, (struct list_source){NULL, a, audit_read_list});
    enum rc rc = find_key(a, fault);
    if (rc == RC_OK)
        rc = fetch_refusal_keys(a, &a->refusal_keys, fault);
    if (rc == RC_OK && a->order->policy.n > 0) {
        a->policy = ARENA_NEW(&a->arena, struct policy);
        rc = policy_parse(a->policy, a->order->policy, fault);
    }
    /* Decisions first: heads in them may anchor no more voices than are served
     * afterwards. They are read again below, with the voices at hand. */
    if (rc == RC_OK) {
        struct checkpoint ignored;
        a->result->shown_at = clock_now();
        rc = read_checkpoint(a, &a->decisions, &ignored, fault);
        a->decisions.size = rc == RC_OK ? ignored.size : 0;
        a->result->shown_size = a->decisions.size;
    }
    if (rc == RC_OK)
        rc = audit_times_begin(a, fault);
    if (rc == RC_OK)
        rc = read_log(a, &a->voices, a->saved_voices, take_voice, fault);
    if (rc == RC_OK)
        rc = read_log(a, &a->decisions, a->saved_decisions, take_decision, fault);
    if (rc == RC_OK)
        rc = check_keys(a, fault);
    if (rc == RC_OK)
        rc = check_refusal_keys(a, fault);
    if (rc == RC_OK)
        rc = check_last_map(a, fault);
    if (rc == RC_OK) {
        a->result->decisions = a->decisions.size;
        a->result->voices = a->voices.size;
        audit_times_end(a);
        rc = check_promises(a, fault);
    }
    return rc;
}

/* ---- what was seen last time ---- */

enum rc audit_load_saved(struct audit *a, struct fault *fault)
{
    if (a->order->save == NULL)
        return RC_OK;
    struct str text;
    enum rc rc = file_read(a->order->save, SAVED_MAX, &a->arena, &text, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : fault_prefix(fault, rc, "--save");
    JSON_AUTO *json = NULL;
    rc = json_read(text, &json, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "--save %s", a->order->save);
    a->saved_vkey = arena_str(&a->arena, json_member_str(json, "vkey"));
    a->saved_decisions = arena_str(&a->arena, json_member_str(json, "decisions"));
    a->saved_voices = arena_str(&a->arena, json_member_str(json, "voices"));
    /* Half a memory is none: it would be taken for a first visit. */
    if (a->saved_vkey.n == 0 || a->saved_decisions.n == 0 || a->saved_voices.n == 0)
        return fault_set(fault, RC_INVALID, "--save %s: this is no file that an audit saved",
                         a->order->save);
    return RC_OK;
}

enum rc audit_save(struct audit *a, struct fault *fault)
{
    if (a->order->save == NULL)
        return RC_OK;
    BUF_AUTO text = BUF_INIT(SAVED_MAX);
    JSON_AUTO *json =
        json_pack("{s:o, s:o, s:o}", "vkey", json_from_str(a->vkey), "decisions",
                  json_from_str(a->decisions.note), "voices", json_from_str(a->voices.note));
    json_write(json, &text);
    buf_char(&text, '\n');
    enum rc rc = buf_check(&text);
    if (rc == RC_OK)
        rc = file_replace(a->order->save, buf_str(&text), fault);
    return rc == RC_OK ? rc : fault_prefix(fault, rc, "--save");
}
