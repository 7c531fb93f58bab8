#include "app/complaint.h"

#include "app/beside.h"
#include "app/contest.h"
#include "app/decide.h"
#include "app/demand_letters.h"
#include "app/mail_queue.h"
#include "app/prove.h"
#include "app/wake.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/json.h"
#include "base/utf8.h"
#include "record/entry.h"
#include "store/demands.h"
#include "store/record_log.h"
#include "store/redress.h"
#include "store/store.h"

/* ---- complaining ---- */

struct complaint_work {
    struct site *site;
    uint64_t id, statement, demand, staff;
    bool approved; /* who decides had approved it: nobody else is left */
    enum complaint_outcome outcome;
    struct str text;
    uint64_t entry_id;
};

static enum rc add_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct complaint_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct statement_row row;
    struct entry e = {.type = ENTRY_COMPLAINT, .at = clock_now()};
    enum rc rc = redress_statement(conn, &arena, w->statement, &row, fault);
    if (rc == RC_OK && row.complaint != 0)
        rc = fault_set(fault, RC_CONFLICT, "there is a complaint about this already: %llu",
                       (unsigned long long)row.complaint);
    if (rc == RC_OK && e.at >= statement_complain_until(row.at))
        rc = fault_set(fault, RC_CONFLICT, "the six months for a complaint are over");
    if (rc == RC_OK)
        rc = store_take_ids(conn, "complaint", 1, &w->id, fault);
    if (rc != RC_OK)
        return rc;
    struct complaint_row c = {
        .id = w->id, .statement = w->statement, .restriction = row.restriction, .at = e.at};
    e.complaint = (struct complaint_entry){.id = w->id, .restriction = row.restriction};
    rc = beside_entry(w->site, conn, &e, entry_type_name(e.type), w->text, &w->entry_id, fault);
    return rc == RC_OK ? redress_complaint_add(conn, &c, w->entry_id, fault) : rc;
}

static enum rc check_once(struct store_conn *conn, const struct demand_row *row,
                          struct fault *fault)
{
    uint64_t id;
    enum rc rc = redress_complaint_about(conn, row->decision_entry_id, &id, fault);
    if (rc == RC_OK)
        return fault_set(fault, RC_CONFLICT, "there is a complaint about this already: %llu",
                         (unsigned long long)id);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc add_decision_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct complaint_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct demand_row row;
    struct entry e = {.type = ENTRY_COMPLAINT, .at = clock_now()};
    int64_t decided = 0;
    enum rc rc = demands_get(conn, &arena, w->demand, &row, fault);
    if (rc == RC_OK)
        rc = contest_decision(&arena, &row, &decided, fault);
    if (rc == RC_OK)
        rc = check_once(conn, &row, fault);
    if (rc == RC_OK && e.at >= statement_complain_until(decided))
        rc = fault_set(fault, RC_CONFLICT, "the six months for a complaint are over");
    if (rc == RC_OK)
        rc = store_take_ids(conn, "complaint", 1, &w->id, fault);
    if (rc != RC_OK)
        return rc;
    e.at = e.at < decided ? decided : e.at;
    struct complaint_row c = {
        .id = w->id, .demand = w->demand, .about = row.decision_entry_id, .at = e.at};
    e.complaint = (struct complaint_entry){.id = w->id, .decision = w->demand};
    rc = beside_entry(w->site, conn, &e, entry_type_name(e.type), w->text, &w->entry_id, fault);
    return rc == RC_OK ? redress_complaint_add(conn, &c, w->entry_id, fault) : rc;
}

static enum rc add(struct complaint_work *w, struct writer *writer, write_work work,
                   struct complaint_made *ret, struct fault *fault)
{
    uint64_t index = 0;
    enum rc rc = text_check("text", w->text, TEXT_NEEDED, COMPLAINT_TEXT_MAX, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, work, w, fault);
    if (rc == RC_OK)
        rc = entry_published(w->site, w->entry_id, &index, fault);
    if (rc == RC_OK)
        *ret = (struct complaint_made){w->id, index};
    return rc;
}

enum rc complaint_add(struct site *site, struct writer *writer, uint64_t statement, struct str text,
                      struct complaint_made *ret, struct fault *fault)
{
    struct complaint_work work = {.site = site, .statement = statement, .text = text};
    return add(&work, writer, add_work, ret, fault);
}

enum rc complaint_add_decision(struct site *site, struct writer *writer, uint64_t demand,
                               struct str text, struct complaint_made *ret, struct fault *fault)
{
    struct complaint_work work = {.site = site, .demand = demand, .text = text};
    return add(&work, writer, add_decision_work, ret, fault);
}

/* ---- deciding ---- */

static enum rc decided_it(struct complaint_work *w, struct store_conn *conn, struct arena *arena,
                          const struct complaint_row *c, bool first_alone, bool *ret,
                          struct fault *fault)
{
    struct demand_row row;
    struct str who = decide_who(arena, w->staff);
    if (c->demand == 0)
        return redress_decided_by(conn, c->restriction, who, first_alone, ret, &w->approved, fault);
    enum rc rc = demands_get(conn, arena, c->demand, &row, fault);
    return rc == RC_OK ? redress_entry_decided_by(conn, row.decision_entry_id, who, first_alone,
                                                  ret, &w->approved, fault)
                       : rc;
}

static enum rc check_other(struct complaint_work *w, struct store_conn *conn, struct arena *arena,
                           const struct complaint_row *c, struct fault *fault)
{
    uint64_t operators;
    bool same = false;
    enum rc rc = demands_operators(conn, &operators, fault);
    if (rc != RC_OK || operators < 2)
        return rc; /* there is nobody else */
    if (w->staff == 0)
        return fault_set(fault, RC_DENIED,
                         "the shop has %llu operators: --as EMAIL says which of them decides",
                         (unsigned long long)operators);
    /* Of two, whoever proposed it may not; who only approved it is the other one. */
    rc = decided_it(w, conn, arena, c, operators == 2, &same, fault);
    if (rc == RC_OK && same)
        rc = fault_set(fault, RC_DENIED,
                       "you decided %s %llu: somebody else decides complaints about it",
                       c->demand != 0 ? "demand" : "restriction",
                       (unsigned long long)(c->demand != 0 ? c->demand : c->restriction));
    return rc;
}

static enum rc tell(struct store_conn *conn, struct arena *arena, const struct complaint_row *c,
                    const struct complaint_work *w, struct fault *fault)
{
    struct statement_row row;
    if (c->demand != 0)
        return demand_letter_complaint(conn, arena, c->demand, w->outcome, w->text, w->entry_id,
                                       fault);
    enum rc rc = redress_statement(conn, arena, c->statement, &row, fault);
    JSON_AUTO *values =
        json_pack("{s:I, s:s, s:o}", "restriction", (json_int_t)c->restriction, "outcome",
                  complaint_outcome_name(w->outcome), "reasons", json_from_str(w->text));
    struct letter letter = {.kind = "complaint",
                            .account = rc == RC_OK ? row.account : 0,
                            .values = values,
                            .entry_id = w->entry_id};
    if (rc == RC_OK && row.shop != 0)
        rc = redress_contact(conn, arena, row.shop, &letter.recipient, &letter.language, fault);
    if (rc != RC_OK || (letter.account == 0 && letter.recipient.n == 0))
        return rc;
    return mail_queue(conn, &letter, fault);
}

static enum rc decide_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct complaint_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct complaint_row c;
    struct entry e = {.type = ENTRY_COMPLAINT_DECISION, .at = clock_now()};
    enum rc rc = redress_complaint(conn, &arena, w->id, &c, fault);
    if (rc == RC_OK && c.deciding)
        rc = fault_set(fault, RC_CONFLICT, "complaint %llu is decided already",
                       (unsigned long long)w->id);
    if (rc == RC_OK && c.index < 0)
        rc = fault_set(fault, RC_BUSY, "the complaint's entry waits for publication");
    if (rc == RC_OK)
        rc = check_other(w, conn, &arena, &c, fault);
    if (rc != RC_OK)
        return rc;
    e.at = e.at < c.at ? c.at : e.at;
    e.complaint_decision =
        (struct complaint_decision_entry){.complaint = w->id,
                                          .outcome = w->outcome,
                                          .decided_by = w->approved ? STR("approver") : STR_NONE,
                                          .approvals = {.n = 1}};
    struct contested what = {c.restriction, c.demand, c.about};
    struct contest_answer answer = {.entry = &e,
                                    .approval = &e.complaint_decision.approvals.v[0],
                                    .staff = w->staff,
                                    .domain = entry_type_name(e.type),
                                    .text = w->text,
                                    .wrong = w->outcome == COMPLAINT_UPHELD ? &what : NULL,
                                    .reasons = w->text};
    rc = contest_answer(w->site, conn, &answer, &w->entry_id, fault);
    if (rc == RC_OK)
        rc = redress_complaint_decide(conn, w->id, w->entry_id, e.at,
                                      complaint_outcome_name(w->outcome), fault);
    crash_point("complaint-decided");
    return rc == RC_OK ? tell(conn, &arena, &c, w, fault) : rc;
}

enum rc complaint_decide(struct site *site, struct writer *writer, uint64_t staff, uint64_t id,
                         bool upheld, struct str reasons, uint64_t *ret_index, struct fault *fault)
{
    struct complaint_work work = {.site = site,
                                  .id = id,
                                  .staff = staff,
                                  .outcome = upheld ? COMPLAINT_UPHELD : COMPLAINT_REJECTED,
                                  .text = reasons};
    enum rc rc = restriction_reason_check(reasons, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, decide_work, &work, fault);
    site_wake(site);
    return rc == RC_OK ? entry_published(site, work.entry_id, ret_index, fault) : rc;
}

/* ---- reading ---- */

enum rc complaint_receipt(struct site *site, struct arena *arena, uint64_t id, struct str *ret,
                          struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct complaint_row c;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = redress_complaint(conn, arena, id, &c, fault);
    if (rc == RC_OK && c.index < 0)
        rc = fault_set(fault, RC_NOT_FOUND, "its entry is not published yet");
    if (rc == RC_OK) {
        struct proof_opening opening = {
            .domain = arena_printf(arena, "%.*s/complaint/v1", STR_ARG(site_origin(site))),
            .content = c.text};
        memcpy(opening.salt, c.salt, sizeof opening.salt);
        rc = entry_prove(conn, NULL, arena, PUBLIC_DECISIONS, (uint64_t)c.index,
                         c.text.n > 0 ? &opening : NULL, ret, fault); /* empty: erased */
    }
    site_disconnect(conn);
    return rc;
}

static struct complaint_line line_of(const struct complaint_row *c)
{
    return (struct complaint_line){c->id,    c->statement,     c->restriction, c->demand,
                                   c->at,    c->decided,       c->outcome,     c->reasons,
                                   c->index, c->decision_index};
}

static void fill_lines(struct arena *arena, const struct complaint_row *rows, size_t n,
                       complaint_lines *ret)
{
    ret->v = ARENA_ARRAY(arena, struct complaint_line, n);
    for (ret->n = 0; ret->n < n; ret->n++)
        ret->v[ret->n] = line_of(&rows[ret->n]);
}

/* What is looked for: all, or one. */
struct look {
    struct arena *arena;
    size_t room;
    complaint_lines *lines;
    uint64_t id;
    struct complaint_view *view;
};

static enum rc look_at_all(void *context, struct store_conn *conn, struct fault *fault)
{
    struct look *look = context;
    struct complaint_row *rows;
    size_t n;
    enum rc rc = redress_complaints(conn, look->arena, look->room, &rows, &n, fault);
    if (rc == RC_OK)
        fill_lines(look->arena, rows, n, look->lines);
    return rc;
}

enum rc complaint_list(struct site *site, struct arena *arena, size_t room, complaint_lines *ret,
                       struct fault *fault)
{
    return site_look_wholly(site, look_at_all,
                            &(struct look){.arena = arena, .room = room, .lines = ret}, fault);
}

enum rc complaints_of(struct store_conn *conn, struct arena *arena, uint64_t restriction,
                      complaint_lines *ret, struct fault *fault)
{
    enum { SHOWN_MAX = 100 };
    struct complaint_row *rows;
    size_t n;
    enum rc rc = redress_complaints_of(conn, arena, restriction, SHOWN_MAX, &rows, &n, fault);
    if (rc == RC_OK)
        fill_lines(arena, rows, n, ret);
    return rc;
}

static enum rc show(struct store_conn *conn, struct arena *arena, uint64_t id,
                    struct complaint_view *ret, struct fault *fault)
{
    struct complaint_row c;
    enum rc rc = redress_complaint(conn, arena, id, &c, fault);
    if (rc == RC_OK)
        *ret = (struct complaint_view){line_of(&c), c.text};
    return rc;
}

static enum rc look_at_one(void *context, struct store_conn *conn, struct fault *fault)
{
    struct look *look = context;
    return show(conn, look->arena, look->id, look->view, fault);
}

enum rc complaint_show(struct site *site, struct arena *arena, uint64_t id,
                       struct complaint_view *ret, struct fault *fault)
{
    return site_look_wholly(site, look_at_one,
                            &(struct look){.arena = arena, .id = id, .view = ret}, fault);
}

static enum rc decision_on(struct store_conn *conn, struct arena *arena, uint64_t demand,
                           struct contest_view *ret, struct fault *fault)
{
    struct demand_row row;
    int64_t decided = 0;
    uint64_t id;
    enum rc rc = demands_get(conn, arena, demand, &row, fault);
    if (rc == RC_OK && contest_decision(arena, &row, &decided, NULL) == RC_OK) {
        ret->complain_until = statement_complain_until(decided);
        ret->may_complain =
            check_once(conn, &row, NULL) == RC_OK && clock_now() < ret->complain_until;
    }
    if (rc == RC_OK)
        rc = redress_complaint_latest(conn, demand, &id, fault);
    if (rc == RC_OK)
        rc = show(conn, arena, id, &ret->complaint, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc complaints_of_decisions(struct site *site, struct arena *arena, const uint64_t *demands,
                                size_t n, struct contest_view *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        ret[i] = (struct contest_view){0};
        rc = decision_on(conn, arena, demands[i], &ret[i], fault);
        if (rc == RC_OK)
            rc = demands_operators(conn, &ret[i].operators, fault);
    }
    site_disconnect(conn);
    return rc;
}

enum rc complaint_of_decision(struct site *site, struct arena *arena, uint64_t demand,
                              struct contest_view *ret, struct fault *fault)
{
    struct contest_view view;
    enum rc rc = complaints_of_decisions(site, arena, &demand, 1, &view, fault);
    if (rc == RC_OK)
        *ret = view;
    return rc;
}
