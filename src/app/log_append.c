/* Entries that wait get their places in a log, within the transaction of a batch. */
#include "app/sequencer_parts.h"
#include "base/crash.h"

enum { BATCH_MAX = 4096 };

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

/* Entries by which the logs go over, of whichever process. */
static void notice_handover(struct sequencer *s, const struct log_entry *entry)
{
    /* Canonical JSON: no other place of an entry has these bytes. */
    static const struct str type = {"\"type\":\"key\"", 12};
    if (str_find_str(entry->bytes, type) < entry->bytes.n)
        s->handover.published = true;
}

enum rc sequencer_append_pending(struct sequencer *s, struct store_conn *conn, struct arena *arena,
                                 enum log_id log, uint64_t until, size_t *ret_n,
                                 struct fault *fault)
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
        for (size_t i = 0; log == LOG_DECISIONS && i < n; i++)
            notice_handover(s, &entries[i]);
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

enum rc sequencer_own_entry(struct sequencer *s, struct store_conn *conn, enum entry_type type,
                            struct str bytes, struct fault *fault)
{
    uint64_t id;
    if (s->sequencing == SEQUENCING_REHEARSAL) {
        if (s->own_n == OWN_ENTRIES)
            abort();
        s->own[s->own_n++] = (struct own_entry){type, arena_str(&s->candidate.arena, bytes)};
    }
    return record_log_add(conn, LOG_DECISIONS, entry_type_name(type), bytes, &id, fault);
}
