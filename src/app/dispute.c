#include "app/dispute.h"

#include "app/beside.h"
#include "app/contest.h"
#include "app/decide.h"
#include "app/wake.h"
#include "base/clock.h"
#include "base/crash.h"
#include "record/entry.h"
#include "store/disputes.h"
#include "store/record_log.h"
#include "store/redress.h"

struct dispute_work {
    struct site *site;
    const struct dispute_order *order;           /* adding */
    const struct dispute_correction *correction; /* correcting */
    uint64_t id, staff;
    enum dispute_outcome outcome; /* settling */
    int64_t when;
    uint64_t entry_id;
};

/* ---- what it is about ---- */

static enum rc named(struct store_conn *conn, struct arena *arena, struct str body,
                     struct fault *fault)
{
    redress_bodies bodies;
    enum rc rc = redress_read(conn, arena, &bodies, fault);
    for (size_t i = 0; rc == RC_OK && i < bodies.n; i++)
        if (str_eq(bodies.v[i].name, body))
            return RC_OK;
    return rc == RC_OK ? fault_set(fault, RC_INVALID,
                                   "body: it is none of those that statements of reasons name")
                       : rc;
}

/* When the restriction was decided; its entry has to be published. */
static enum rc restriction_at(struct store_conn *conn, struct arena *arena, uint64_t id,
                              int64_t *ret, struct fault *fault)
{
    struct log_entry first;
    struct entry decision;
    size_t n;
    enum rc rc = record_log_restriction(conn, arena, id, &first, 1, &n, fault);
    if (rc == RC_OK && n == 0)
        rc = fault_set(fault, RC_NOT_FOUND, "there is no restriction %llu", (unsigned long long)id);
    if (rc == RC_OK && first.index == LOG_PENDING)
        rc = fault_set(fault, RC_BUSY, "the decision waits for publication");
    if (rc == RC_OK)
        rc = entry_read(arena, first.bytes, &decision, fault);
    if (rc == RC_OK)
        *ret = decision.at;
    return rc;
}

static enum rc demand_at(struct store_conn *conn, struct arena *arena, struct contested *what,
                         int64_t *ret, struct fault *fault)
{
    struct demand_row row;
    enum rc rc = demands_get(conn, arena, what->demand, &row, fault);
    if (rc == RC_OK)
        rc = contest_decision(arena, &row, ret, fault);
    if (rc == RC_OK)
        what->about = row.decision_entry_id;
    return rc;
}

static enum rc find_contested(struct store_conn *conn, struct arena *arena,
                              const struct dispute_order *order, struct contested *ret,
                              int64_t *ret_decided, struct fault *fault)
{
    struct complaint_row c;
    *ret = (struct contested){order->restriction, order->demand, 0};
    if (order->complaint != 0) {
        enum rc rc = redress_complaint(conn, arena, order->complaint, &c, fault);
        if (rc == RC_OK && c.index < 0)
            rc = fault_set(fault, RC_BUSY, "the complaint's entry waits for publication");
        if (rc != RC_OK)
            return rc;
        *ret = (struct contested){c.restriction, c.demand, 0};
    }
    if ((ret->restriction != 0) == (ret->demand != 0))
        return fault_set(fault, RC_INVALID,
                         "about: one complaint, restriction or demand is needed");
    return ret->demand != 0 ? demand_at(conn, arena, ret, ret_decided, fault)
                            : restriction_at(conn, arena, ret->restriction, ret_decided, fault);
}

/* ---- writing ---- */

static enum rc read_day(struct str s, const char *name, int64_t *ret, struct fault *fault)
{
    if (!time_or_date_parse(s, false, ret))
        return fault_set(fault, RC_INVALID, "%s: a date is needed, as 2026-12-31", name);
    if (*ret > clock_now())
        return fault_set(fault, RC_INVALID, "%s: it has not come yet", name);
    return RC_OK;
}

static enum rc add_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct dispute_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct contested what;
    struct entry e = {.type = ENTRY_DISPUTE, .at = clock_now()};
    int64_t decided = 0;
    enum rc rc = find_contested(conn, &arena, w->order, &what, &decided, fault);
    if (rc == RC_OK)
        rc = named(conn, &arena, w->order->body, fault);
    if (rc == RC_OK && date_of(w->when) < date_of(decided))
        rc = fault_set(fault, RC_INVALID, "submitted: that is before it was decided");
    if (rc == RC_OK)
        rc = store_take_ids(conn, "dispute", 1, &w->id, fault);
    if (rc != RC_OK)
        return rc;
    w->when = w->when < decided ? decided : w->when; /* on the same day */
    e.at = e.at < decided ? decided : e.at;
    e.dispute = (struct dispute_entry){.id = w->id,
                                       .restriction = what.restriction,
                                       .decision = what.demand,
                                       .complaint = w->order->complaint,
                                       .body = w->order->body,
                                       .submitted = w->when};
    struct dispute_row row = {.id = w->id,
                              .restriction = what.restriction,
                              .demand = what.demand,
                              .about = what.about,
                              .complaint = w->order->complaint,
                              .body = w->order->body,
                              .submitted = w->when};
    rc = beside_entry(w->site, conn, &e, NULL, STR_NONE, &w->entry_id, fault);
    return rc == RC_OK ? dispute_add_row(conn, &row, w->entry_id, fault) : rc;
}

enum rc dispute_add(struct site *site, struct writer *writer, const struct dispute_order *order,
                    struct dispute_made *ret, struct fault *fault)
{
    struct dispute_work work = {.site = site, .order = order};
    uint64_t index = 0;
    enum rc rc = read_day(order->submitted, "submitted", &work.when, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, add_work, &work, fault);
    if (rc == RC_OK)
        rc = entry_published(site, work.entry_id, &index, fault);
    if (rc == RC_OK)
        *ret = (struct dispute_made){work.id, index};
    return rc;
}

static enum rc refuse_void(uint64_t id, struct fault *fault)
{
    return fault_set(fault, RC_CONFLICT, "dispute %llu was noted by mistake: there was none",
                     (unsigned long long)id);
}

static enum rc settle_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct dispute_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct dispute_row d;
    struct entry e = {.type = ENTRY_SETTLEMENT, .at = clock_now()};
    enum rc rc = dispute_get_row(conn, &arena, w->id, &d, fault);
    if (rc == RC_OK && d.none)
        rc = refuse_void(w->id, fault);
    if (rc == RC_OK && d.correcting)
        rc = fault_set(fault, RC_BUSY, "a correction's entry waits for publication");
    if (rc == RC_OK && d.settling)
        rc = fault_set(fault, RC_CONFLICT, "dispute %llu is settled already",
                       (unsigned long long)w->id);
    if (rc == RC_OK && d.index < 0)
        rc = fault_set(fault, RC_BUSY, "the dispute's entry waits for publication");
    if (rc == RC_OK && date_of(w->when) < date_of(d.submitted))
        rc = fault_set(fault, RC_INVALID, "settled: that is before it was brought");
    if (rc != RC_OK)
        return rc;
    w->when = w->when < d.submitted ? d.submitted : w->when; /* on the same day */
    e.settlement = (struct settlement_entry){
        .dispute = w->id, .outcome = w->outcome, .settled = w->when, .approvals = {.n = 1}};
    struct contested what = {d.restriction, d.demand, d.about};
    struct contest_answer answer = {
        .entry = &e,
        .approval = &e.settlement.approvals.v[0],
        .staff = w->staff,
        .wrong = w->outcome == DISPUTE_REVERSED ? &what : NULL,
        .reasons =
            arena_printf(&arena, "%.*s reversed the decision, out of court.", STR_ARG(d.body))};
    rc = contest_answer(w->site, conn, &answer, &w->entry_id, fault);
    if (rc == RC_OK)
        rc = dispute_settle_row(conn, w->id, w->entry_id, w->when, dispute_outcome_name(w->outcome),
                                fault);
    crash_point("dispute-settled");
    return rc;
}

enum rc dispute_settle(struct site *site, struct writer *writer, uint64_t staff, uint64_t id,
                       enum dispute_outcome outcome, struct str settled, uint64_t *ret_index,
                       struct fault *fault)
{
    struct dispute_work work = {.site = site, .id = id, .staff = staff, .outcome = outcome};
    enum rc rc = read_day(settled, "settled", &work.when, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, settle_work, &work, fault);
    site_wake(site);
    return rc == RC_OK ? entry_published(site, work.entry_id, ret_index, fault) : rc;
}

/* ---- correcting ---- */

/* When what it is about was decided; 0 where that was decided anew since. */
static enum rc decided_at(struct store_conn *conn, struct arena *arena, const struct dispute_row *d,
                          int64_t *ret, struct fault *fault)
{
    struct contested what = {.demand = d->demand};
    int64_t decided = 0;
    if (d->demand == 0)
        return restriction_at(conn, arena, d->restriction, ret, fault);
    *ret = demand_at(conn, arena, &what, &decided, NULL) == RC_OK && what.about == d->about
               ? decided
               : 0;
    return RC_OK;
}

/* The dispute as it is by now, of what was noted and what is said of it. */
static enum rc read_correction(const struct dispute_correction *c, const struct dispute_row *noted,
                               int64_t decided, struct dispute_row *ret, struct fault *fault)
{
    enum dispute_state state = !c->state_stays         ? c->state
                               : noted->outcome.n == 0 ? DISPUTE_OPEN
                                                       : DISPUTE_SETTLED;
    enum rc rc = RC_OK;
    *ret = *noted;
    ret->none = state == DISPUTE_VOID;
    if (ret->none) {
        ret->outcome = STR_NONE;
        ret->settled = 0;
        return RC_OK;
    }
    if (c->body.n > 0)
        ret->body = c->body;
    if (c->submitted.n > 0)
        rc = read_day(c->submitted, "submitted", &ret->submitted, fault);
    if (rc == RC_OK && date_of(ret->submitted) < date_of(decided))
        rc = fault_set(fault, RC_INVALID, "submitted: that is before it was decided");
    ret->submitted = ret->submitted < decided ? decided : ret->submitted; /* on the same day */
    if (state == DISPUTE_OPEN) {
        ret->outcome = STR_NONE;
        ret->settled = 0;
        return rc;
    }
    if (!c->outcome_stays)
        ret->outcome = str_of(dispute_outcome_name(c->outcome));
    if (rc == RC_OK && (c->settled.n > 0 || noted->settled == 0))
        rc = read_day(c->settled, "settled", &ret->settled, fault);
    if (rc == RC_OK && date_of(ret->settled) < date_of(ret->submitted))
        rc = fault_set(fault, RC_INVALID, "settled: that is before it was brought");
    ret->settled = ret->settled < ret->submitted ? ret->submitted : ret->settled;
    return rc;
}

static bool says_the_same(const struct dispute_row *a, const struct dispute_row *b)
{
    return a->none == b->none && str_eq(a->body, b->body) && str_eq(a->outcome, b->outcome) &&
           date_of(a->submitted) == date_of(b->submitted) &&
           date_of(a->settled) == date_of(b->settled);
}

static enum rc check_correctable(const struct dispute_row *d, struct fault *fault)
{
    if (d->none)
        return refuse_void(d->id, fault);
    if (d->index < 0 || d->correcting || (d->settling && d->settlement_index < 0))
        return fault_set(fault, RC_BUSY, "what was noted before waits for publication");
    return RC_OK;
}

static enum rc publish_correction(struct dispute_work *w, struct store_conn *conn,
                                  const struct dispute_row *noted, const struct dispute_row *now,
                                  struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *reversed = dispute_outcome_name(DISPUTE_REVERSED);
    struct entry e = {.type = ENTRY_DISPUTE_CORRECTED, .at = clock_now()};
    e.corrected = (struct dispute_corrected_entry){.dispute = now->id,
                                                   .state = now->none            ? DISPUTE_VOID
                                                            : now->outcome.n > 0 ? DISPUTE_SETTLED
                                                                                 : DISPUTE_OPEN,
                                                   .approvals = {.n = 1}};
    if (!now->none) {
        e.corrected.body = now->body;
        e.corrected.submitted = now->submitted;
        e.corrected.outcome = now->outcome;
        e.corrected.settled = now->settled;
    }
    struct contested what = {now->restriction, now->demand, now->about};
    struct contest_answer answer = {
        .entry = &e,
        .approval = &e.corrected.approvals.v[0],
        .staff = w->staff,
        .wrong = str_is(now->outcome, reversed) && !str_is(noted->outcome, reversed) ? &what : NULL,
        .reasons =
            arena_printf(&arena, "%.*s reversed the decision, out of court.", STR_ARG(now->body))};
    enum rc rc = contest_answer(w->site, conn, &answer, &w->entry_id, fault);
    return rc == RC_OK ? dispute_correct_row(conn, now, w->entry_id, fault) : rc;
}

static enum rc correct_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct dispute_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct dispute_row noted, now;
    int64_t decided = 0;
    enum rc rc = dispute_get_row(conn, &arena, w->correction->id, &noted, fault);
    if (rc == RC_OK)
        rc = check_correctable(&noted, fault);
    if (rc == RC_OK)
        rc = decided_at(conn, &arena, &noted, &decided, fault);
    if (rc == RC_OK)
        rc = read_correction(w->correction, &noted, decided, &now, fault);
    if (rc == RC_OK && !str_eq(now.body, noted.body))
        rc = named(conn, &arena, now.body, fault);
    if (rc == RC_OK && says_the_same(&noted, &now))
        rc = fault_set(fault, RC_CONFLICT, "that is what was noted");
    if (rc == RC_OK)
        rc = publish_correction(w, conn, &noted, &now, fault);
    crash_point("dispute-corrected");
    return rc;
}

enum rc dispute_correct(struct site *site, struct writer *writer, uint64_t staff,
                        const struct dispute_correction *correction, uint64_t *ret_index,
                        struct fault *fault)
{
    struct dispute_work work = {.site = site, .correction = correction, .staff = staff};
    enum rc rc = writer_run(writer, correct_work, &work, fault);
    site_wake(site);
    return rc == RC_OK ? entry_published(site, work.entry_id, ret_index, fault) : rc;
}

/* ---- reading ---- */

static struct dispute_line line_of(const struct dispute_row *d)
{
    struct dispute_line line = {.id = d->id,
                                .restriction = d->restriction,
                                .demand = d->demand,
                                .complaint = d->complaint,
                                .body = d->body,
                                .submitted = d->submitted,
                                .settled = d->settled,
                                .index = d->index,
                                .settlement_index = d->settlement_index,
                                .correction_index = d->correction_index,
                                .none = d->none};
    if (!dispute_outcome_parse(d->outcome, &line.outcome))
        line.settled = 0;
    return line;
}

static void fill_lines(struct arena *arena, const struct dispute_row *rows, size_t n,
                       dispute_lines *ret)
{
    ret->v = ARENA_ARRAY(arena, struct dispute_line, n);
    for (ret->n = 0; ret->n < n; ret->n++)
        ret->v[ret->n] = line_of(&rows[ret->n]);
}

/* What is looked for: all, those of a complaint, or one. */
struct look {
    struct arena *arena;
    size_t room;
    uint64_t complaint, id;
    dispute_lines *lines;
    struct dispute_line *line;
};

static enum rc look_at_many(void *context, struct store_conn *conn, struct fault *fault)
{
    struct look *look = context;
    struct dispute_row *rows;
    size_t n;
    enum rc rc = look->complaint != 0
                     ? dispute_rows_of_complaint(conn, look->arena, look->complaint, look->room,
                                                 &rows, &n, fault)
                     : dispute_list_rows(conn, look->arena, look->room, &rows, &n, fault);
    if (rc == RC_OK)
        fill_lines(look->arena, rows, n, look->lines);
    return rc;
}

enum rc dispute_list(struct site *site, struct arena *arena, size_t room, dispute_lines *ret,
                     struct fault *fault)
{
    return site_look_wholly(site, look_at_many,
                            &(struct look){.arena = arena, .room = room, .lines = ret}, fault);
}

enum rc disputes_of_complaint(struct site *site, struct arena *arena, uint64_t complaint,
                              dispute_lines *ret, struct fault *fault)
{
    enum { SHOWN_MAX = 100 };
    struct look look = {.arena = arena, .room = SHOWN_MAX, .complaint = complaint, .lines = ret};
    return site_look_wholly(site, look_at_many, &look, fault);
}

static enum rc look_at_one(void *context, struct store_conn *conn, struct fault *fault)
{
    struct look *look = context;
    struct dispute_row row;
    enum rc rc = dispute_get_row(conn, look->arena, look->id, &row, fault);
    if (rc == RC_OK)
        *look->line = line_of(&row);
    return rc;
}

enum rc dispute_show(struct site *site, struct arena *arena, uint64_t id, struct dispute_line *ret,
                     struct fault *fault)
{
    return site_look_wholly(site, look_at_one,
                            &(struct look){.arena = arena, .id = id, .line = ret}, fault);
}
