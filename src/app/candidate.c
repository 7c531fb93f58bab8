/* Checkpoints that need witnesses. A batch is rehearsed: made whole under a mark,
 * noted, and undone. What it would sign is committed as the candidate, witnesses are
 * asked with nothing locked, and the batch is made again, which must come out the
 * same, and committed with their cosignatures. Entries have no index before that, so
 * that gate, pages, tiles and receipts know nothing of it. */
#include "app/policy.h"
#include "app/rotation_order.h"
#include "app/sequencer_parts.h"
#include "app/stored_tiles.h"
#include "base/clock.h"
#include "base/crash.h"
#include "store/candidates.h"
#include "store/held.h"

enum { AGAIN_MS = 1000 };

/* Makes the batch under a mark and undoes it: candidate and tiles are noted. */
static enum rc rehearse(struct sequencer *s, struct store_conn *conn, bool head, uint64_t until,
                        struct fault *fault)
{
    size_t n;
    struct log_edge *edges = malloc(sizeof s->edges);
    bool has[LOG_COUNT];
    if (edges == NULL)
        abort();
    memcpy(edges, s->edges, sizeof s->edges);
    memcpy(has, s->has_checkpoint, sizeof has);
    s->own_n = 0;
    s->sequencing = SEQUENCING_REHEARSAL;
    enum rc rc = store_mark(conn, fault);
    if (rc == RC_OK) {
        rc = sequencer_append(s, conn, head, until, &n, fault);
        s->candidate.hands_over = s->handover.published;
        store_mark_undo(conn);
    }
    s->sequencing = SEQUENCING_ONCE;
    memcpy(s->edges, edges, sizeof s->edges);
    memcpy(s->has_checkpoint, has, sizeof has);
    free(edges);
    s->candidate.rehearsed = rc == RC_OK;
    return rc;
}

static enum rc store_candidates(struct sequencer *s, struct store_conn *conn, bool *ret_any,
                                struct fault *fault)
{
    struct candidate *c = &s->candidate;
    enum rc rc = RC_OK;
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++) {
        if (c->note[log].n == 0)
            continue;
        struct stored_candidate stored = {c->size[log], c->last_entry, clock_now(), c->note[log]};
        rc = candidate_add(conn, (enum log_id)log, &stored, fault);
        *ret_any = true;
    }
    return rc;
}

/* A policy that is new in force: what was published before lacks its cosignatures. */
static enum rc look_at_published(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct policy *policy = ARENA_NEW(&arena, struct policy);
    enum rc rc = policy_in_force(conn, &arena, policy, fault);
    struct hash digest = sha256(policy->text.p, policy->text.n);
    if (rc != RC_OK || hash_eq(&digest, &s->looked))
        return rc;
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++) {
        struct stored_checkpoint stored;
        rc = record_log_checkpoint(conn, &arena, (enum log_id)log, &stored, fault);
        if (rc == RC_OK)
            s->cosign_again[log] = policy_check(policy, stored.note, NULL) != RC_OK;
        rc = rc == RC_NOT_FOUND ? RC_OK : rc;
    }
    s->looked = digest;
    return rc;
}

/* What the sequencer added itself, undone with the rehearsal. */
static enum rc add_own_again(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < s->own_n; i++)
        rc = sequencer_own_entry(s, conn, s->own[i].type, s->own[i].bytes, fault);
    if (rc == RC_OK && s->handover.due)
        rc = rotation_settle(conn, fault);
    /* A voices log with nothing new is published once more all the same. */
    s->cosign_again[LOG_VOICES] = s->cosign_again[LOG_VOICES] || s->handover.due;
    s->handover.due = s->handover.published = false;
    return rc;
}

enum rc sequencer_propose(struct sequencer *s, struct store_conn *conn, bool head, bool *ret_any,
                          struct fault *fault)
{
    s->batch_head = s->last_head;
    *ret_any = false;
    candidate_forget(s);
    enum rc rc = sequencer_hold(s, conn, fault);
    if (rc == RC_OK)
        rc = look_at_published(s, conn, fault);
    if (rc == RC_OK)
        rc = rehearse(s, conn, head, INT64_MAX, fault);
    if (rc == RC_OK)
        rc = add_own_again(s, conn, fault);
    if (rc == RC_OK)
        rc = record_log_pending_latest(conn, &s->candidate.last_entry, fault);
    if (rc == RC_OK)
        rc = store_candidates(s, conn, ret_any, fault);
    s->candidate.stands = rc == RC_OK && *ret_any;
    return rc;
}

bool sequencer_stands(const struct sequencer *s)
{
    return s->candidate.stands;
}

void sequencer_stands_why(const struct sequencer *s, struct fault *ret)
{
    *ret = s->candidate.why;
}

bool sequencer_ask_due(const struct sequencer *s)
{
    return s->candidate.stands && clock_monotonic_ms() >= s->candidate.ask_at;
}

/* ---- asking ---- */

struct proving {
    struct sequencer *s;
    struct store_conn *conn;
    enum log_id log;
};

/* As it will be, else as it is. */
static enum rc read_tile(void *context, unsigned level, uint64_t n, unsigned width,
                         struct hash *ret_hashes, struct fault *fault)
{
    struct proving *p = context;
    const struct candidate *c = &p->s->candidate;
    for (size_t i = 0; i < c->tile_count; i++)
        if (c->tiles[i].log == p->log && c->tiles[i].level == level && c->tiles[i].n == n &&
            c->tiles[i].width >= width) {
            memcpy(ret_hashes, c->tiles[i].hashes, width * sizeof *ret_hashes);
            return RC_OK;
        }
    struct stored_tiles tiles = {p->conn, p->log};
    struct tile_source source = stored_tile_source(&tiles);
    return source.read(source.context, level, n, width, ret_hashes, fault);
}

static enum rc prove(void *context, uint64_t old_size, struct hash ret_proof[64], size_t *ret_n,
                     struct fault *fault)
{
    struct proving *p = context;
    struct tile_source source = {p, read_tile};
    return tiles_consistency(&source, old_size, p->s->candidate.size[p->log], ret_proof, ret_n,
                             fault);
}

/* A candidate of a process before this one: its tiles, in a transaction that writes
 * nothing. What would be signed again is what was signed. */
static enum rc rehearse_again(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    struct candidate *c = &s->candidate;
    for (int log = 0; log < LOG_COUNT; log++) /* no more of the log, only its cosignatures */
        s->cosign_again[log] = c->note[log].n > 0 && c->size[log] == s->edges[log].size;
    enum rc rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = rehearse(s, conn, false, c->last_entry, fault);
    store_rollback(conn);
    s->handover.published = false;
    c->rehearsed = rc == RC_OK;
    return rc;
}

/* The log's own signature, of a candidate that was committed without. */
static enum rc sign_candidate(struct sequencer *s, enum log_id log, struct proving *proving,
                              struct arena *arena, struct str *ret_note, struct fault *fault)
{
    struct candidate *c = &s->candidate;
    struct str text, lines;
    enum rc rc = note_split(c->note[log], &text, &lines, fault);
    struct asked asked = {text, prove, proving};
    if (rc == RC_OK && lines.n == 0 && c->own_lines[log].n == 0)
        rc =
            s->signer->kind->sign(s->signer, log, &asked, c->hands_over, &c->own_lines[log], fault);
    if (rc != RC_OK)
        buf_clear(&c->own_lines[log]);
    *ret_note = arena_printf(arena, "%.*s%.*s", STR_ARG(c->note[log]),
                             STR_ARG(buf_str(&c->own_lines[log])));
    return rc;
}

static enum rc ask(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct candidate *c = &s->candidate;
    struct policy *policy = ARENA_NEW(&arena, struct policy);
    struct proving proving[LOG_COUNT];
    struct quorum_question questions[LOG_COUNT];
    size_t n = 0;
    enum rc rc = c->rehearsed ? RC_OK : rehearse_again(s, conn, fault);
    if (rc == RC_OK)
        rc = policy_in_force(conn, &arena, policy, fault);
    if (rc != RC_OK)
        return rc;
    if (s->quorum == NULL)
        s->quorum = quorum_new();
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++) {
        struct str note;
        buf_clear(&c->lines[log]);
        if (c->note[log].n == 0)
            continue;
        BUF_AUTO keys = BUF_INIT(64 << 10);
        if (s->keys[log]->n > 1)
            key_chain_write(&keys, s->keys[log]);
        proving[n] = (struct proving){s, conn, (enum log_id)log};
        rc = sign_candidate(s, (enum log_id)log, &proving[n], &arena, &note, fault);
        questions[n] = (struct quorum_question){.log = (unsigned)log,
                                                .note = note,
                                                .keys = arena_str(&arena, buf_str(&keys)),
                                                .size = c->size[log],
                                                .published = s->edges[log].size,
                                                .prove = prove,
                                                .context = &proving[n],
                                                .lines = &c->lines[log]};
        n++;
    }
    return rc == RC_OK ? quorum_ask(s->quorum, policy, questions, n, fault) : rc;
}

enum rc sequencer_ask(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    struct candidate *c = &s->candidate;
    if (!sequencer_ask_due(s))
        return fault_set(fault, RC_BUSY, "%s", c->why.text);
    enum rc rc = ask(s, conn, &c->why);
    crash_point("witnesses-asked");
    if (rc == RC_OK)
        return RC_OK;
    c->ask_at = clock_monotonic_ms() + AGAIN_MS;
    return fault_set(fault, RC_BUSY, "%s", c->why.text);
}

enum rc sequencer_publish(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    struct candidate *c = &s->candidate;
    size_t n;
    s->batch_head = s->last_head;
    enum rc rc = sequencer_hold(s, conn, fault);
    s->sequencing = SEQUENCING_FINISH;
    if (rc == RC_OK)
        rc = sequencer_append(s, conn, false, c->last_entry, &n, fault);
    s->sequencing = SEQUENCING_ONCE;
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
        if (c->size[log] != 0 && s->edges[log].size != c->size[log])
            rc = fault_set(fault, RC_CORRUPT, "%.*s: entries of the candidate are missing",
                           STR_ARG(sequencer_name(s, log)));
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
        rc = candidate_remove(conn, (enum log_id)log, fault);
    if (rc == RC_OK)
        rc = held_apply(conn, c->last_entry, fault);
    memset(s->cosign_again, 0, sizeof s->cosign_again);
    if (rc == RC_OK)
        candidate_forget(s); /* else it is loaded afresh (sequencer_done) */
    return rc;
}
