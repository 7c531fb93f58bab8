#include "app/sequencer.h"

#include "app/head_file_parts.h"
#include "app/lead.h"
#include "app/record_keeper.h"
#include "app/record_keys.h"
#include "app/sequencer_parts.h"
#include "app/stored_tiles.h"
#include "base/clock.h"
#include "base/crash.h"
#include "record/entry.h"
#include "store/held.h"
#include "store/store.h"

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
    s->head = head_file_open(site);
    *ret = s;
    return RC_OK;
}

void sequencer_close(struct sequencer *s, struct store_conn *conn)
{
    if (s == NULL)
        return;
    signer_close(s->signer);
    candidate_forget(s);
    quorum_free(s->quorum);
    record_keeper_free(s->keeper);
    arena_free(&s->arena);
    head_file_close(s->head);
    lead_close(s->lead, conn);
    free(s);
}

struct str sequencer_name(const struct sequencer *s, enum log_id log)
{
    return s->keys[log]->v[0].key.name;
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
        rc = key_chain_verify(&checkpoint, stored.note, s->keys[log], fault);
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
                         STR_ARG(sequencer_name(s, log)), (unsigned long long)s->signed_size[log],
                         (unsigned long long)known);
    struct hash root = log_edge_root(&s->edges[log]);
    if (stored.size != checkpoint.size || !hash_eq(&root, &checkpoint.root))
        return fault_set(fault, RC_CORRUPT, "%.*s: the stored tree is not the one that was signed",
                         STR_ARG(sequencer_name(s, log)));
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
    uint64_t sizes[LOG_COUNT];
    for (int log = 0; log < LOG_COUNT; log++)
        sizes[log] = s->edges[log].size;
    return head_file_take(s->head, conn, s->keys, sizes, fault);
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
    signer_close(s->signer);
    s->signer = NULL;
    s->handover = (struct handover){.left = s->handover.left};
    rc = record_keys_load(s->site, conn, &s->arena, s->keys, fault);
    if (rc == RC_OK)
        rc = signer_open(s->site, s->keys, &s->signer, fault);
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
    /* The lead was left because of it: that is what there is to say. */
    if (rc == RC_DENIED && s->unable.text[0] != 0)
        return fault_set(fault, rc, "%s", s->unable.text);
    if (rc != RC_OK)
        return rc;
    if (s->loaded && s->term == lead_term(s->lead))
        return RC_OK;
    s->unable = (struct fault){""};
    rc = load(s, conn, &s->unable);
    s->loaded = rc == RC_OK;
    s->term = lead_term(s->lead);
    if (rc == RC_OK) {
        s->unable.text[0] = 0;
        return RC_OK;
    }
    lead_give(s->lead, conn);
    return fault_set(fault, rc, "%s", s->unable.text);
}

bool sequencer_in_two_steps(const struct sequencer *s)
{
    return s->loaded && s->signer->kind->remembers;
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

/* The note to publish: signed here; where the signer remembers, once it stands. A
 * candidate that stands is taken as it is, but its tree must come out again. */
static enum rc make_note(struct sequencer *s, enum log_id log, const struct checkpoint *checkpoint,
                         struct buf *note, struct fault *fault)
{
    struct candidate *c = &s->candidate;
    BUF_AUTO text = BUF_INIT(NOTE_MAX);
    struct str stood, lines;
    checkpoint_text(&text, checkpoint);
    if (c->note[log].n == 0) {
        struct asked asked = {.text = buf_str(&text)};
        buf_str_add(note, buf_str(&text));
        buf_char(note, '\n');
        return s->signer->kind->remembers
                   ? RC_OK
                   : s->signer->kind->sign(s->signer, log, &asked, s->handover.due, note, fault);
    }
    if (note_split(c->note[log], &stood, &lines, NULL) != RC_OK || !str_eq(stood, buf_str(&text)))
        return fault_set(fault, RC_CORRUPT,
                         "%.*s: the waiting entries do not make the candidate that was signed",
                         STR_ARG(checkpoint->origin));
    buf_str_add(note, c->note[log]);
    return RC_OK;
}

static enum rc put_checkpoint(struct sequencer *s, struct store_conn *conn, enum log_id log,
                              uint64_t old_size, struct fault *fault)
{
    BUF_AUTO note = BUF_INIT(NOTE_MAX);
    struct checkpoint checkpoint = {sequencer_name(s, log), s->edges[log].size,
                                    log_edge_root(&s->edges[log])};
    struct candidate *c = &s->candidate;
    enum rc rc = make_note(s, log, &checkpoint, &note, fault);
    if (s->handover.due)
        crash_point("key-checkpoint-signed");
    if (rc == RC_OK && s->sequencing == SEQUENCING_FINISH) {
        buf_str_add(&note, buf_str(&c->own_lines[log]));
        buf_str_add(&note, buf_str(&c->lines[log]));
    }
    if (rc == RC_OK)
        rc = buf_check(&note);
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

/* The anchor of the voices log in the decisions log, the state map's root, and the
 * heartbeat of both. */
static enum rc add_head(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    struct entry head = {.type = ENTRY_HEAD,
                         .at = clock_now(),
                         .origin = sequencer_name(s, LOG_VOICES),
                         .size = s->edges[LOG_VOICES].size,
                         .root = log_edge_root(&s->edges[LOG_VOICES]),
                         .map = s->map};
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX);
    enum rc rc = entry_write(&head, &bytes, fault);
    if (rc == RC_OK)
        rc = sequencer_own_entry(s, conn, ENTRY_HEAD, buf_str(&bytes), fault);
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
    return rc == RC_OK
               ? sequencer_append_pending(s, conn, arena, LOG_DECISIONS, INT64_MAX, ret_n, fault)
               : rc;
}

/* Of a shop made before the settings held it. */
static enum rc tell_public_key(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = store_setting_put(conn, SITE_PUBLIC_KEY, s->keys[LOG_DECISIONS]->v[0].vkey, fault);
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
        size_t n = 0, keys = 0, more = 0;
        bool over = s->handover.due && until == INT64_MAX;
        rc = sequencer_append_pending(s, conn, &arena, log, until, &n, fault);
        if (rc == RC_OK && log == LOG_DECISIONS && over)
            rc = handover_append(s, conn, &arena, &keys, fault);
        /* A candidate has its head already. */
        if (rc == RC_OK && log == LOG_DECISIONS && until == INT64_MAX)
            rc = append_head(s, conn, &arena, head || over, &more, fault);
        n += keys + more;
        crash_point("tiles-written");
        /* Both logs go over, whatever is new in them. */
        if (rc == RC_OK && (n > 0 || !s->has_checkpoint[log] || s->cosign_again[log] || over))
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
    s->own_n = 0;
    memset(s->cosign_again, 0, sizeof s->cosign_again);
    enum rc rc = sequencer_hold(s, conn, fault);
    if (rc == RC_OK)
        rc = sequencer_append(s, conn, head, INT64_MAX, ret_published, fault);
    /* What other nodes left to this one has its effect now. */
    if (rc == RC_OK && store_is_shared(site_store(s->site)))
        rc = held_apply(conn, INT64_MAX, fault);
    return rc;
}

void sequencer_done(struct sequencer *s, bool committed)
{
    bool over = s->handover.published;
    head_file_give(s->head, committed);
    s->handover.published = s->handover.due = false;
    if (committed) {
        s->last_head = s->batch_head;
        for (int log = 0; s->loaded && log < LOG_COUNT; log++)
            s->signed_size[log] = s->candidate.size[log] > s->edges[log].size
                                      ? s->candidate.size[log]
                                      : s->edges[log].size;
        /* The key that signed is another's from here on. */
        s->loaded = s->loaded && !over;
        if (over)
            crash_point("key-committed");
        return;
    }
    /* The edge ran ahead of the database: load it afresh. */
    s->loaded = false;
}
