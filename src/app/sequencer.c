#include "app/sequencer.h"

#include "app/head_file.h"
#include "app/key.h"
#include "app/lead.h"
#include "app/record_keeper.h"
#include "app/sequencer_parts.h"
#include "base/clock.h"
#include "base/crash.h"
#include "record/entry.h"
#include "store/store.h"

enum { BATCH_MAX = 4096 };

struct str log_origin(const struct site *site, struct arena *arena, enum log_id log)
{
    if (log == LOG_DECISIONS)
        return site_origin(site);
    return arena_printf(arena, "%.*s/voices", STR_ARG(site_origin(site)));
}

static enum rc read_stored_tile(void *context, unsigned level, uint64_t n, unsigned width,
                                struct hash *ret_hashes, struct fault *fault)
{
    struct stored_tiles *tiles = context;
    struct hash hashes[TILE_WIDTH];
    unsigned stored;
    enum rc rc = record_log_tile_get(tiles->conn, tiles->log, level, n, hashes, &stored, fault);
    if (rc != RC_OK)
        return rc;
    if (stored < width)
        return fault_set(fault, RC_CORRUPT, "tile at level %u, number %llu is not wide enough",
                         level, (unsigned long long)n);
    memcpy(ret_hashes, hashes, width * sizeof *hashes);
    return RC_OK;
}

struct tile_source stored_tile_source(struct stored_tiles *tiles)
{
    return (struct tile_source){tiles, read_stored_tile};
}

enum rc sequencer_open(struct site *site, bool serve, struct sequencer **ret, struct fault *fault)
{
    struct lead *lead;
    enum rc rc = lead_open(site, serve, &lead, fault);
    if (rc != RC_OK)
        return rc;
    struct sequencer *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    s->site = site;
    s->lead = lead;
    rc = head_file_open(site, &s->head, fault);
    if (rc == RC_OK)
        *ret = s;
    else
        sequencer_close(s, NULL);
    return rc;
}

void sequencer_close(struct sequencer *s, struct store_conn *conn)
{
    if (s == NULL)
        return;
    for (int log = 0; log < LOG_COUNT; log++)
        note_signer_clear(&s->signers[log]);
    candidate_forget(s);
    quorum_free(s->quorum);
    record_keeper_free(s->keeper);
    arena_free(&s->arena);
    head_file_close(s->head);
    lead_close(s->lead, conn);
    free(s);
}

/* The tree in the database must be the one that the last checkpoint signed:
 * else a next signature would fork the log. */
static enum rc load_log(struct sequencer *s, struct store_conn *conn, enum log_id log,
                        struct fault *fault)
{
    struct stored_tiles tiles = {conn, log};
    struct tile_source source = stored_tile_source(&tiles);
    struct stored_checkpoint stored;
    struct checkpoint checkpoint;
    enum rc rc = record_log_checkpoint(conn, &s->arena, log, &stored, fault);
    s->has_checkpoint[log] = rc == RC_OK;
    if (rc == RC_NOT_FOUND)
        return log_edge_load(&s->edges[log], &source, 0, fault);
    if (rc == RC_OK && stored.at > s->signed_at)
        s->signed_at = stored.at;
    if (rc == RC_OK)
        rc = checkpoint_verify(&checkpoint, stored.note, &s->signers[log].key, fault);
    if (rc == RC_OK)
        rc = log_edge_load(&s->edges[log], &source, checkpoint.size, fault);
    if (rc != RC_OK)
        return rc;
    /* A candidate that stands is signed as well, and will be next. */
    uint64_t known =
        s->candidate.size[log] > checkpoint.size ? s->candidate.size[log] : checkpoint.size;
    if (known < s->signed_size[log])
        return fault_set(fault, RC_DENIED,
                         "%.*s: %llu entries were published, the database has %llu: signing would "
                         "fork the log",
                         STR_ARG(s->signers[log].key.name), (unsigned long long)s->signed_size[log],
                         (unsigned long long)known);
    struct hash root = log_edge_root(&s->edges[log]);
    if (stored.size != checkpoint.size || !hash_eq(&root, &checkpoint.root))
        return fault_set(fault, RC_CORRUPT, "%.*s: the stored tree is not the one that was signed",
                         STR_ARG(s->signers[log].key.name));
    return RC_OK;
}

static enum rc note_last_head(void *context, const struct log_entry *entry, struct fault *fault)
{
    struct sequencer *s = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry head;
    enum rc rc = entry_read(&arena, entry->bytes, &head, fault);
    if (rc == RC_OK)
        s->last_head = head.at;
    return rc;
}

/* What is kept apart must be in the stored trees, before anything more is signed. */
static enum rc take_head(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    const struct note_key *keys[LOG_COUNT];
    uint64_t sizes[LOG_COUNT];
    for (int log = 0; log < LOG_COUNT; log++) {
        keys[log] = &s->signers[log].key;
        sizes[log] = s->edges[log].size;
    }
    return head_file_take(s->head, conn, keys, sizes, fault);
}

static enum rc load(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    arena_reset(&s->arena);
    struct str restored;
    enum rc rc = store_setting(conn, &s->arena, "restored", &restored, fault);
    if (rc == RC_OK)
        return fault_set(fault, RC_DENIED,
                         "this copy was restored and signs nothing until its head is compared with "
                         "the last published checkpoint: see `colophon record resume`");
    if (rc != RC_NOT_FOUND)
        return rc;
    rc = key_load(site_key_path(s->site), &s->arena, &s->signers[LOG_DECISIONS], fault);
    if (rc == RC_OK)
        rc = note_signer_rename(&s->signers[LOG_VOICES], &s->signers[LOG_DECISIONS],
                                log_origin(s->site, &s->arena, LOG_VOICES), fault);
    if (rc == RC_OK && !str_eq(s->signers[LOG_DECISIONS].key.name, site_origin(s->site)))
        rc = fault_set(fault, RC_INVALID, "the key is for %.*s, the Record is %.*s",
                       STR_ARG(s->signers[LOG_DECISIONS].key.name), STR_ARG(site_origin(s->site)));
    if (rc == RC_OK)
        rc = candidate_load(s, conn, fault);
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
        rc = load_log(s, conn, (enum log_id)log, fault);
    if (rc == RC_OK)
        rc = take_head(s, conn, fault);
    head_file_give(s->head, false);
    if (rc == RC_OK) {
        struct str told;
        enum rc found = store_setting(conn, &s->arena, SITE_PUBLIC_KEY, &told, fault);
        s->public_key_told = found == RC_OK;
        rc = found == RC_NOT_FOUND ? RC_OK : found;
    }
    record_keeper_free(s->keeper);
    s->keeper = record_keeper_new();
    if (rc == RC_OK)
        rc = record_keeper_follow(s->keeper, conn, fault);
    if (rc == RC_OK)
        s->map = record_state_root(record_keeper_state(s->keeper));
    uint64_t size = s->edges[LOG_DECISIONS].size;
    /* The last head is among the last entries; a head stands there at least
     * once a minute. */
    if (rc == RC_OK)
        rc = record_log_of_type(conn, LOG_DECISIONS, entry_type_name(ENTRY_HEAD),
                                size > 256 ? size - 256 : 0, note_last_head, s, fault);
    return rc;
}

enum rc sequencer_ready(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = lead_try(s->lead, conn, fault);
    if (rc != RC_OK)
        return rc;
    if (s->loaded && s->term == lead_term(s->lead))
        return RC_OK;
    rc = load(s, conn, fault);
    s->loaded = rc == RC_OK;
    s->term = lead_term(s->lead);
    if (rc != RC_OK)
        lead_give(s->lead, conn);
    return rc;
}

bool sequencer_is_elsewhere(const struct sequencer *s)
{
    return lead_is_elsewhere(s->lead);
}

uint64_t sequencer_term(const struct sequencer *s)
{
    return s->term;
}

int64_t sequencer_last_head(const struct sequencer *s)
{
    return s->last_head;
}

struct writing_tiles {
    struct sequencer *s;
    struct store_conn *conn;
    enum log_id log;
};

static enum rc write_tile(void *context, unsigned level, uint64_t n, const struct hash *hashes,
                          unsigned width, struct fault *fault)
{
    struct writing_tiles *w = context;
    if (w->s->sequencing == SEQUENCING_REHEARSAL)
        candidate_note_tile(w->s, w->log, level, n, hashes, width);
    return record_log_tile_put(w->conn, w->log, level, n, hashes, width, fault);
}

/* Appends the waiting entries of one log up to this one; *ret_n says how many. */
static enum rc append_pending(struct sequencer *s, struct store_conn *conn, struct arena *arena,
                              enum log_id log, uint64_t until, size_t *ret_n, struct fault *fault)
{
    struct log_edge *edge = &s->edges[log];
    struct log_entry *entries = ARENA_ARRAY(arena, struct log_entry, BATCH_MAX);
    struct writing_tiles tiles = {s, conn, log};
    struct tile_sink sink = {&tiles, write_tile};
    *ret_n = 0;
    for (;;) {
        size_t n;
        enum rc rc = record_log_pending(conn, arena, log, until, entries, BATCH_MAX, &n, fault);
        if (rc != RC_OK || n == 0)
            return rc;
        struct hash *leaves = ARENA_ARRAY(arena, struct hash, n);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            leaves[i] = merkle_leaf(entries[i].bytes);
            rc = record_log_publish(conn, entries[i].id, edge->size + i, fault);
        }
        if (rc == RC_OK)
            rc = log_edge_append(edge, leaves, n, &sink, fault);
        if (rc != RC_OK)
            return rc;
        *ret_n += n;
    }
}

static enum rc put_checkpoint(struct sequencer *s, struct store_conn *conn, enum log_id log,
                              uint64_t old_size, struct fault *fault)
{
    BUF_AUTO note = BUF_INIT(NOTE_MAX);
    struct checkpoint checkpoint = {s->signers[log].key.name, s->edges[log].size,
                                    log_edge_root(&s->edges[log])};
    struct candidate *c = &s->candidate;
    checkpoint_sign(&note, &checkpoint, &s->signers[log]);
    if (s->sequencing == SEQUENCING_FINISH && !str_eq(buf_str(&note), c->note[log]))
        return fault_set(fault, RC_CORRUPT,
                         "%.*s: the waiting entries do not make the candidate that was signed",
                         STR_ARG(checkpoint.origin));
    if (s->sequencing == SEQUENCING_FINISH)
        buf_str_add(&note, buf_str(&c->lines[log]));
    enum rc rc = buf_check(&note);
    if (rc != RC_OK)
        return rc;
    if (s->sequencing == SEQUENCING_REHEARSAL) {
        c->size[log] = checkpoint.size;
        c->note[log] = arena_str(&c->arena, buf_str(&note));
    }
    int64_t now = clock_now();
    s->signed_at = now > s->signed_at ? now : s->signed_at;
    struct stored_checkpoint stored = {checkpoint.size, s->signed_at, buf_str(&note)};
    rc = record_log_checkpoint_put(conn, log, s->has_checkpoint[log] ? old_size : UINT64_MAX,
                                   &stored, fault);
    if (rc == RC_OK) {
        s->has_checkpoint[log] = true;
        /* A candidate is kept apart once it is published: the database lacks it until then. */
        if (s->sequencing != SEQUENCING_REHEARSAL)
            head_file_sign(s->head, log, buf_str(&note));
    }
    return rc;
}

enum rc sequencer_add_own(struct sequencer *s, struct store_conn *conn, struct str bytes,
                          struct fault *fault)
{
    uint64_t id;
    (void)s;
    return record_log_add(conn, LOG_DECISIONS, entry_type_name(ENTRY_HEAD), bytes, &id, fault);
}

/* The anchor of the voices log in the decisions log, the state map's root, and the
 * heartbeat of both. */
static enum rc add_head(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    struct entry head = {.type = ENTRY_HEAD,
                         .at = clock_now(),
                         .origin = s->signers[LOG_VOICES].key.name,
                         .size = s->edges[LOG_VOICES].size,
                         .root = log_edge_root(&s->edges[LOG_VOICES]),
                         .map = s->map};
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX);
    enum rc rc = entry_write(&head, &bytes, fault);
    if (rc == RC_OK)
        rc = sequencer_add_own(s, conn, buf_str(&bytes), fault);
    if (rc == RC_OK && s->sequencing == SEQUENCING_REHEARSAL)
        s->own_entry = arena_str(&s->candidate.arena, buf_str(&bytes));
    if (rc == RC_OK)
        s->batch_head = head.at;
    return rc;
}

/* Behind the decisions of a batch: a head, where one is due or what they restrict is
 * not what the last one said. */
static enum rc append_head(struct sequencer *s, struct store_conn *conn, struct arena *arena,
                           bool due, size_t *ret_n, struct fault *fault)
{
    *ret_n = 0;
    enum rc rc = record_keeper_follow(s->keeper, conn, fault);
    if (rc != RC_OK)
        return rc;
    struct hash map = record_state_root(record_keeper_state(s->keeper));
    if (!due && hash_eq(&map, &s->map))
        return RC_OK;
    s->map = map;
    rc = add_head(s, conn, fault);
    return rc == RC_OK ? append_pending(s, conn, arena, LOG_DECISIONS, INT64_MAX, ret_n, fault)
                       : rc;
}

/* Of a shop made before the settings held it. */
static enum rc tell_public_key(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(1024);
    note_key_add(&text, &s->signers[LOG_DECISIONS].key);
    enum rc rc = store_setting_put(conn, SITE_PUBLIC_KEY, buf_str(&text), fault);
    s->public_key_told = rc == RC_OK;
    return rc;
}

enum rc sequencer_hold(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = lead_hold(s->lead, conn, fault);
    if (rc == RC_CONFLICT)
        return RC_BUSY;
    /* Whatever is the matter with it, nothing can be signed now. */
    if (rc == RC_OK && take_head(s, conn, fault) != RC_OK)
        rc = RC_BUSY;
    return rc == RC_OK && !s->public_key_told ? tell_public_key(s, conn, fault) : rc;
}

enum rc sequencer_append(struct sequencer *s, struct store_conn *conn, bool head, uint64_t until,
                         size_t *ret_n, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    size_t published = 0;
    enum rc rc = RC_OK;
    /* Voices first, so that a head anchors what this batch publishes. */
    static const enum log_id order[LOG_COUNT] = {LOG_VOICES, LOG_DECISIONS};
    for (int i = 0; rc == RC_OK && i < LOG_COUNT; i++) {
        enum log_id log = order[i];
        uint64_t old_size = s->edges[log].size;
        size_t n = 0, more = 0;
        rc = append_pending(s, conn, &arena, log, until, &n, fault);
        /* A candidate has its head already. */
        if (rc == RC_OK && log == LOG_DECISIONS && until == INT64_MAX)
            rc = append_head(s, conn, &arena, head, &more, fault);
        n += more;
        crash_point("tiles-written");
        if (rc == RC_OK && (n > 0 || !s->has_checkpoint[log] || s->cosign_again[log]))
            rc = put_checkpoint(s, conn, log, old_size, fault);
        published += n;
    }
    crash_point("checkpoint-written");
    if (rc == RC_OK)
        *ret_n = published;
    return rc;
}

enum rc sequencer_run(struct sequencer *s, struct store_conn *conn, bool head,
                      size_t *ret_published, struct fault *fault)
{
    s->batch_head = s->last_head;
    s->sequencing = SEQUENCING_ONCE;
    memset(s->cosign_again, 0, sizeof s->cosign_again);
    enum rc rc = sequencer_hold(s, conn, fault);
    return rc == RC_OK ? sequencer_append(s, conn, head, INT64_MAX, ret_published, fault) : rc;
}

void sequencer_done(struct sequencer *s, bool committed)
{
    head_file_give(s->head, committed);
    if (committed) {
        s->last_head = s->batch_head;
        for (int log = 0; s->loaded && log < LOG_COUNT; log++)
            s->signed_size[log] = s->candidate.size[log] > s->edges[log].size
                                      ? s->candidate.size[log]
                                      : s->edges[log].size;
        return;
    }
    /* The edge ran ahead of the database: load it afresh. */
    s->loaded = false;
}
