/* What a sequencer holds of the candidates that stand. */
#include "app/sequencer_parts.h"
#include "base/list.h"
#include "store/candidates.h"

void candidate_forget(struct sequencer *s)
{
    struct candidate *c = &s->candidate;
    for (int log = 0; log < LOG_COUNT; log++) {
        buf_free(&c->lines[log]);
        buf_free(&c->own_lines[log]);
    }
    free(c->tiles);
    arena_free(&c->arena);
    *c = (struct candidate){.arena = ARENA_INIT};
    for (int log = 0; log < LOG_COUNT; log++)
        c->lines[log] = c->own_lines[log] = BUF_INIT(NOTE_MAX / 2);
}

enum rc candidate_load(struct sequencer *s, struct store_conn *conn, struct fault *fault)
{
    candidate_forget(s);
    struct candidate *c = &s->candidate;
    for (int log = 0; log < LOG_COUNT; log++) {
        struct stored_candidate stored;
        enum rc rc = candidate_get(conn, &c->arena, (enum log_id)log, &stored, fault);
        if (rc == RC_NOT_FOUND)
            continue;
        if (rc != RC_OK)
            return rc;
        c->stands = true;
        c->last_entry = stored.last_entry;
        c->size[log] = stored.size;
        c->note[log] = stored.note;
    }
    return RC_OK;
}

void candidate_note_tile(struct sequencer *s, enum log_id log, unsigned level, uint64_t n,
                         const struct hash *hashes, unsigned width)
{
    struct candidate *c = &s->candidate;
    struct candidate_tile *tile = NULL;
    for (size_t i = c->tile_count; i-- > 0 && tile == NULL;)
        if (c->tiles[i].log == log && c->tiles[i].level == level && c->tiles[i].n == n)
            tile = &c->tiles[i];
    if (tile == NULL) {
        HEAP_ROOM(c->tiles, c->tile_count, c->tile_room);
        tile = &c->tiles[c->tile_count++];
    }
    *tile = (struct candidate_tile){.log = log, .level = level, .n = n, .width = width};
    memcpy(tile->hashes, hashes, width * sizeof *hashes);
}
