#include "app/lifting.h"

#include "app/lift_journal.h"
#include "app/restrict_parts.h"
#include "app/wake.h"
#include "base/clock.h"
#include "base/crash.h"
#include "record/entry.h"
#include "store/record_log.h"
#include "store/store.h"

struct lifts {
    struct arena arena;
    struct lift v[LIFT_JOURNAL_SLOTS];
    size_t n;
};

static void collect_lift(void *context, const struct lift *lift)
{
    struct lifts *lifts = context;
    if (lifts->n == LIFT_JOURNAL_SLOTS)
        return;
    lifts->v[lifts->n] = *lift;
    lifts->v[lifts->n].reason = arena_str(&lifts->arena, lift->reason);
    lifts->v[lifts->n++].who = arena_str(&lifts->arena, lift->who);
}

size_t restriction_lifts_waiting(const struct site *site)
{
    struct lifts lifts = {.arena = ARENA_INIT};
    enum rc rc = lift_journal_read(site, collect_lift, &lifts, NULL);
    arena_free(&lifts.arena);
    return rc == RC_OK ? lifts.n : 0;
}

/* RC_NOT_FOUND where there is no such restriction. */
static enum rc read_decision(struct store_conn *conn, struct arena *arena, uint64_t id,
                             struct entry *ret, struct fault *fault)
{
    struct log_entry first;
    size_t n;
    enum rc rc = record_log_restriction(conn, arena, id, &first, 1, &n, fault);
    if (rc == RC_OK && n == 0)
        rc = fault_set(fault, RC_NOT_FOUND, "there is no restriction %llu", (unsigned long long)id);
    return rc == RC_OK ? entry_read(arena, first.bytes, ret, fault) : rc;
}

/* Who lifted it goes into the trail with the entry: then, and not before, there surely is
 * a database that takes both. */
static enum rc note_lift(struct store_conn *conn, struct arena *arena, const struct lift *lift,
                         struct fault *fault)
{
    struct store_act act = {
        .account = lift->account,
        .who = lift->who,
        .what =
            lift->account != 0 ? STR("POST /desk/restrictions/{id}/lift") : STR("restriction lift"),
        .subject = arena_printf(arena, "%llu reason=…", (unsigned long long)lift->restriction)};
    return lift->who.n > 0 ? store_act_note(conn, &act, fault) : RC_OK;
}

static enum rc flush_lift(struct site *site, struct store_conn *conn, struct arena *arena,
                          const struct lift *lift, struct fault *fault)
{
    uint64_t index;
    struct entry decision, entry = {.type = ENTRY_LIFT, .at = lift->at};
    enum rc rc = record_log_restriction_lift(conn, lift->restriction, &index, fault);
    if (rc != RC_NOT_FOUND)
        return rc; /* in line already */
    rc = read_decision(conn, arena, lift->restriction, &decision, fault);
    /* Noted unchecked, for nothing that is there: it must not lift what will have
     * this number one day. */
    if (rc == RC_NOT_FOUND)
        return lift_journal_clear(site, lift->restriction, fault);
    if (rc == RC_OK && entry.at < decision.at)
        entry.at = decision.at; /* the clock went back in between */
    entry.restriction.id = lift->restriction;
    if (rc == RC_OK)
        rc = restriction_entry(site, conn, &entry, lift->restriction, lift->reason, NULL, fault);
    return rc == RC_OK ? note_lift(conn, arena, lift, fault) : rc;
}

enum rc restriction_lift_put(struct site *site, struct store_conn *conn, uint64_t id,
                             struct str reason, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct entry decision, entry = {.type = ENTRY_LIFT, .at = clock_now()};
    uint64_t index;
    enum rc rc = record_log_restriction_lift(conn, id, &index, fault);
    if (rc != RC_NOT_FOUND)
        return rc; /* lifted already */
    rc = read_decision(conn, &arena, id, &decision, fault);
    const struct restriction *r = &decision.restriction;
    if (rc != RC_OK || entry.at >= (r->until != 0 ? r->until : r->review))
        return rc; /* over */
    if (entry.at < decision.at)
        entry.at = decision.at;
    entry.restriction.id = id;
    return restriction_entry(site, conn, &entry, id, reason, NULL, fault);
}

enum rc lifts_append(struct site *site, struct store_conn *conn, struct fault *fault)
{
    struct lifts lifts = {.arena = ARENA_INIT};
    enum rc rc = lift_journal_read(site, collect_lift, &lifts, fault);
    for (size_t i = 0; rc == RC_OK && i < lifts.n; i++)
        rc = flush_lift(site, conn, &lifts.arena, &lifts.v[i], fault);
    arena_free(&lifts.arena);
    return rc;
}

enum rc lifts_clear(struct site *site, struct store_conn *conn, struct fault *fault)
{
    struct lifts lifts = {.arena = ARENA_INIT};
    enum rc rc = lift_journal_read(site, collect_lift, &lifts, fault);
    for (size_t i = 0; rc == RC_OK && i < lifts.n; i++) {
        uint64_t index;
        rc = record_log_restriction_lift(conn, lifts.v[i].restriction, &index, fault);
        if (rc == RC_OK) /* also while it waits there: the gate knows of it */
            rc = lift_journal_clear(site, lifts.v[i].restriction, fault);
        else if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    arena_free(&lifts.arena);
    return rc;
}

static enum rc flush_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return lifts_append(context, conn, fault);
}

/* A restriction can be lifted once: it is known, and neither lifted nor over. */
static enum rc check_liftable(struct site *site, uint64_t id, int64_t now, int64_t *ret_decided,
                              struct fault *fault)
{
    struct store_conn *conn = NULL;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry decision;
    uint64_t index;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = read_decision(conn, &arena, id, &decision, fault);
    if (rc == RC_OK) {
        rc = record_log_restriction_lift(conn, id, &index, fault);
        if (rc == RC_OK)
            rc = fault_set(fault, RC_CONFLICT, "restriction %llu is lifted already",
                           (unsigned long long)id);
        else if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    const struct restriction *r = &decision.restriction;
    if (now >= (r->until != 0 ? r->until : r->review))
        return fault_set(fault, RC_CONFLICT, "restriction %llu has ended already",
                         (unsigned long long)id);
    *ret_decided = decision.at;
    return RC_OK;
}

/* From here on the journal carries the act's row. */
static enum rc note_in_journal(const char *dir, struct lift *lift, struct store_act *act,
                               struct fault *fault)
{
    lift->account = act->account;
    lift->who = act->who;
    enum rc rc = lift_journal_add(dir, lift, fault);
    if (rc == RC_OK)
        act->noted = true;
    return rc;
}

struct lift_work {
    struct site *site;
    const struct lift *lift;
};

static enum rc lift_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct lift_work *w = context;
    return restriction_lift_put(w->site, conn, w->lift->restriction, w->lift->reason, fault);
}

/* Into the journal, and from there into the log; or, where the journal has no room or
 * cannot be written, into the log at once. */
static enum rc take_lift(struct site *site, struct writer *writer, struct lift *lift,
                         struct store_act *act, struct fault *fault)
{
    struct lift_work work = {site, lift};
    enum rc rc = note_in_journal(site_dir(site), lift, act, fault);
    if (rc == RC_IO || rc == RC_LIMIT)
        return writer_run(writer, lift_work, &work, fault);
    if (rc != RC_OK)
        return rc;
    crash_point("lift-noted");
    /* It is lifted now. Whether the log can take it is another matter. */
    site_wake(site);
    (void)!writer_run(writer, flush_work, site, NULL);
    return RC_OK;
}

enum rc restriction_lift(struct site *site, struct writer *writer, uint64_t id, struct str reason,
                         struct store_act *act, bool *ret_published, struct fault *fault)
{
    int64_t decided = 0, now = clock_now();
    enum rc rc = restriction_reason_within(reason, LIFT_REASON_MAX, fault);
    if (rc == RC_OK)
        rc = check_liftable(site, id, now, &decided, fault);
    if (rc != RC_OK)
        return rc;
    struct lift lift = {.restriction = id, .at = now > decided ? now : decided, .reason = reason};
    rc = take_lift(site, writer, &lift, act, fault);
    if (rc != RC_OK)
        return rc;
    uint64_t index = LOG_PENDING;
    struct store_conn *conn = NULL;
    if (site_connect_wholly(site, &conn, NULL) == RC_OK &&
        record_log_restriction_lift(conn, id, &index, NULL) != RC_OK)
        index = LOG_PENDING;
    site_disconnect(conn);
    site_wake(site); /* whose gate has the lift clears the journal */
    *ret_published = index != LOG_PENDING;
    return RC_OK;
}

enum rc restriction_lift_blind(const char *dir, uint64_t id, struct str reason,
                               struct store_act *act, struct fault *fault)
{
    struct lift lift = {.restriction = id, .at = clock_now(), .reason = reason};
    enum rc rc = restriction_reason_within(reason, LIFT_REASON_MAX, fault);
    return rc == RC_OK ? note_in_journal(dir, &lift, act, fault) : rc;
}
