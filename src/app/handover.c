/* The sequencer's part in going over to a new key (rotation.h). */
#include "app/lead.h"
#include "app/rotation_order.h"
#include "app/sequencer_parts.h"
#include "base/clock.h"
#include "base/crash.h"
#include "record/entry.h"

enum { LOOK_MS = 200 };

bool sequencer_hands_over(struct sequencer *s, struct store_conn *conn)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str ordered, next[LOG_COUNT];
    int64_t now = clock_monotonic_ms();
    if (!s->loaded || s->candidate.stands)
        return false;
    if (s->handover.looked_at != 0 && now < s->handover.looked_at + LOOK_MS)
        return s->handover.due;
    s->handover.looked_at = now;
    s->handover.due = false;
    if (rotation_ordered(conn, &arena, &ordered, NULL) != RC_OK ||
        str_eq(ordered, key_chain_last(s->keys[LOG_DECISIONS])->vkey))
        return false;
    enum rc rc = s->signer->kind->next(s->signer, &arena, next, NULL);
    s->handover.due = rc == RC_OK && str_eq(next[LOG_DECISIONS], ordered);
    for (int log = 0; s->handover.due && log < LOG_COUNT; log++)
        s->handover.next[log] = arena_str(&s->arena, next[log]);
    /* Who cannot leaves the lead, once, to a node that can. */
    struct hash order = sha256(ordered.p, ordered.n);
    if (!s->handover.due && !hash_eq(&order, &s->handover.left)) {
        s->handover.left = order;
        lead_give(s->lead, conn);
    }
    return s->handover.due;
}

static enum rc add_entry(struct sequencer *s, struct store_conn *conn, enum log_id log,
                         struct fault *fault)
{
    const struct key_link *old = key_chain_last(s->keys[log]);
    struct entry entry = {.type = ENTRY_KEY, .at = clock_now()};
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX);
    entry.key = (struct key_entry){.log = old->key.name,
                                   .from = s->edges[log].size,
                                   .old_vkey = old->vkey,
                                   .new_vkey = s->handover.next[log]};
    enum rc rc = s->signer->kind->hand_over(s->signer, log, &entry.key, fault);
    if (rc == RC_OK)
        rc = entry_write(&entry, &bytes, fault);
    return rc == RC_OK ? sequencer_own_entry(s, conn, ENTRY_KEY, buf_str(&bytes), fault) : rc;
}

enum rc handover_append(struct sequencer *s, struct store_conn *conn, struct arena *arena,
                        size_t *ret_n, struct fault *fault)
{
    *ret_n = 0;
    enum rc rc = add_entry(s, conn, LOG_DECISIONS, fault);
    if (rc == RC_OK)
        rc = add_entry(s, conn, LOG_VOICES, fault);
    if (rc == RC_OK)
        rc = rotation_settle(conn, fault);
    crash_point("key-entries-added");
    return rc == RC_OK
               ? sequencer_append_pending(s, conn, arena, LOG_DECISIONS, INT64_MAX, ret_n, fault)
               : rc;
}
