#include "app/restrict_duties.h"

#include "app/basket.h"
#include "app/gate.h"
#include "app/hints.h"
#include "app/licence_letters.h"
#include "app/licences.h"
#include "app/lifting.h"
#include "app/own_sales.h"
#include "app/ranking.h"
#include "app/refusal_list.h"
#include "app/restrict_parts.h"
#include "app/sales_own.h"
#include "app/sealed.h"
#include "app/telling.h"
#include "base/clock.h"
#include "record/entry.h"
#include "record/merkle.h"
#include "store/record_log.h"
#include "store/store.h"
#include "store/targets.h"

/* ---- sets that grow ---- */

/* The works of `now` that are not in `covered`. */
static struct work_set newcomers(struct arena *arena, struct work_set now, struct work_set covered)
{
    uint64_t *v = ARENA_ARRAY(arena, uint64_t, now.n);
    size_t n = 0;
    for (size_t i = 0; i < now.n; i++)
        if (!work_set_has(covered, now.v[i]))
            v[n++] = now.v[i];
    return (struct work_set){v, n};
}

static enum rc extend_one(struct site *site, struct store_conn *conn, struct arena *arena,
                          const struct restriction *r, struct fault *fault)
{
    struct target target;
    enum rc rc = target_find(conn, arena, r->target, r->target_key, &target, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc != RC_OK)
        return rc;
    struct work_set added = newcomers(arena, target.works, r->works);
    if (added.n == 0)
        return RC_OK;
    struct entry entry = {.type = ENTRY_EXTENDED, .at = clock_now()};
    uint64_t entry_id = 0;
    entry.restriction.id = r->id;
    entry.restriction.works_count = added.n;
    entry.restriction.works_root = work_list_root(added.v, added.n);
    rc = record_log_list_put(conn, &entry.restriction.works_root, added.v, added.n, fault);
    if (rc == RC_OK)
        rc = restriction_entry(site, conn, &entry, r->id, STR_NONE, &entry_id, fault);
    return rc == RC_OK ? telling_add(conn, r, added, entry_id, fault) : rc;
}

/* Whether the view is of what is published in this transaction. */
static enum rc check_present(struct store_conn *conn, struct arena *arena,
                             const struct gate_view *view, bool *ret_behind, struct fault *fault)
{
    struct stored_checkpoint stored = {0};
    enum rc rc = record_log_checkpoint(conn, arena, LOG_DECISIONS, &stored, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret_behind = stored.size != view->head_size;
    return *ret_behind ? fault_set(fault, RC_CONFLICT, "the Record went on meanwhile") : RC_OK;
}

enum rc restriction_grow(void *context, struct store_conn *conn, struct fault *fault)
{
    struct restriction_growth *growth = context;
    ARENA_AUTO arena = ARENA_INIT;
    GATE_HELD view = gate_hold(growth->gate, &arena);
    enum rc rc = check_present(conn, &arena, view, &growth->behind, fault);
    for (size_t i = 0; rc == RC_OK && i < view->restrictions.n; i++) {
        const struct restriction *r = view->restrictions.v[i];
        enum restriction_state state = restriction_state(r, view->now);
        if (target_is_set(r->target) && (state == STATE_IN_EFFECT || state == STATE_SCHEDULED))
            rc = extend_one(growth->site, conn, &arena, r, fault);
    }
    return rc;
}

/* Whoever publishes faster than this can follow is not waited for: then it follows while
 * they wait. */
static enum rc follow_and_grow(void *context, struct store_conn *conn, struct fault *fault)
{
    struct restriction_growth *growth = context;
    enum rc rc = store_may_rest(conn, fault);
    if (rc == RC_OK)
        rc = gate_reload(growth->gate, fault);
    return rc == RC_OK ? restriction_grow(growth, conn, fault) : rc;
}

enum rc restriction_extend(struct site *site, struct writer *writer, struct fault *fault)
{
    enum { TRIES = 5 };
    struct restriction_growth growth = {.site = site};
    enum rc rc = gate_open(site, &growth.gate, fault);
    if (rc != RC_OK)
        return rc;
    rc = writer_run(writer, restriction_grow, &growth, fault);
    for (int i = 1; rc == RC_CONFLICT && growth.behind && i < TRIES; i++) {
        rc = gate_reload(growth.gate, fault);
        if (rc == RC_OK)
            rc = writer_run(writer, restriction_grow, &growth, fault);
    }
    if (rc == RC_CONFLICT && growth.behind)
        rc = writer_run(writer, follow_and_grow, &growth, fault);
    gate_close(growth.gate);
    return rc;
}

/* What the Record was promised: the rule by which this program ranks, the keys that sign
 * refusals, what is sealed at its date, and what is not sold for want of a licence; readers, of
 * what they pointed out. */
static enum rc keep_promises(void *context, struct store_conn *conn, struct fault *fault)
{
    (void)context;
    enum rc rc = ranking_declare(conn, fault);
    if (rc == RC_OK)
        rc = refusal_list_declare(conn, fault);
    if (rc == RC_OK)
        rc = sealed_open_due(conn, fault);
    if (rc == RC_OK)
        rc = licence_gaps_declare(conn, fault);
    if (rc == RC_OK)
        rc = licence_letters_queue(conn, fault);
    return rc == RC_OK ? hints_expire(conn, fault) : rc;
}

const struct writer_duties restriction_duties = {
    .waiting = restriction_lifts_waiting,
    .first = lifts_append,
    .settled = lifts_clear,
    .with_head = keep_promises,
};
