#include "app/record_story.h"

#include "domain/restriction_filter.h"
#include "record/entry.h"
#include "store/demands.h"
#include "store/record_log.h"

/* A paper's receipt and its entry are two steps where so many seconds lie between. */
enum { STEPS_MAX = 300, COMPLAINTS_MAX = 100, APART = 60 };

struct teller {
    struct arena *arena;
    struct story *story;
    uint64_t restriction, demand; /* 0: none */
    struct {
        uint64_t id;
    } complaints[COMPLAINTS_MAX];
    size_t complaints_n;
    struct {
        uint64_t id;
        struct str body;
    } disputes[COMPLAINTS_MAX];
    size_t disputes_n;
};

static void step(struct teller *t, enum story_kind kind, int64_t at, uint64_t index,
                 uint64_t number)
{
    if (t->story->steps.n < STEPS_MAX)
        t->story->steps.v[t->story->steps.n++] =
            (struct story_step){.kind = kind, .at = at, .index = index, .number = number};
}

static bool known_complaint(const struct teller *t, uint64_t id)
{
    for (size_t i = 0; i < t->complaints_n; i++)
        if (t->complaints[i].id == id)
            return true;
    return false;
}

/* What was sealed of it: who asked, and under which reference. */
static void tell_opened(struct teller *t, const struct entry *e, uint64_t index)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct entry full;
    if (t->story->steps.n == STEPS_MAX ||
        entry_read(&arena, e->opened.content, &full, NULL) != RC_OK)
        return;
    struct str authority, reference;
    if (full.type == ENTRY_RESTRICTION && t->restriction != 0 &&
        full.restriction.id == t->restriction) {
        authority = full.restriction.authority;
        reference = full.restriction.reference;
    } else if (full.type == ENTRY_DEMAND && t->demand != 0 && full.demand.id == t->demand) {
        authority = full.demand.authority;
        reference = full.demand.reference;
    } else {
        return;
    }
    step(t, STORY_OPENED, e->at, index, 0);
    t->story->steps.v[t->story->steps.n - 1].text =
        reference.n > 0
            ? arena_printf(t->arena, "%.*s (%.*s)", STR_ARG(authority), STR_ARG(reference))
            : arena_str(t->arena, authority);
}

static void tell_demand(struct teller *t, const struct entry *e, uint64_t index)
{
    bool apart = e->at - e->demand.received >= APART;
    step(t, STORY_RECEIVED, e->demand.received, apart ? UINT64_MAX : index, 0);
    if (apart)
        step(t, STORY_FILED, e->at, index, 0);
}

static void tell_decision(struct teller *t, const struct entry *e, uint64_t index)
{
    static const enum story_kind kinds[OUTCOME_COUNT] = {[OUTCOME_GRANTED] = STORY_GRANTED,
                                                         [OUTCOME_NARROWED] = STORY_NARROWED,
                                                         [OUTCOME_REFUSED] = STORY_REFUSED};
    step(t, kinds[e->decision.outcome], e->at, index, 0);
    if (t->restriction == 0)
        t->restriction = e->decision.restriction;
}

/* Whether a complaint or a dispute is about this story's restriction or demand. */
static bool is_of(const struct teller *t, uint64_t restriction, uint64_t demand)
{
    return (t->restriction != 0 && restriction == t->restriction) ||
           (t->demand != 0 && demand == t->demand);
}

static void step_by(struct teller *t, enum story_kind kind, int64_t at, uint64_t index,
                    uint64_t dispute, struct str body)
{
    size_t n = t->story->steps.n;
    step(t, kind, at, index, dispute);
    if (t->story->steps.n > n)
        t->story->steps.v[n].text = body;
}

/* As of the days that the body's papers say. */
static void tell_dispute(struct teller *t, const struct dispute_entry *d, uint64_t index)
{
    if (!is_of(t, d->restriction, d->decision) || t->disputes_n == COMPLAINTS_MAX)
        return;
    struct str body = arena_str(t->arena, d->body);
    t->disputes[t->disputes_n].id = d->id;
    t->disputes[t->disputes_n++].body = body;
    step_by(t, STORY_DISPUTE, d->submitted, index, d->id, body);
}

static const enum story_kind outcome_kinds[DISPUTE_OUTCOME_COUNT] = {
    [DISPUTE_CONFIRMED] = STORY_CONFIRMED,
    [DISPUTE_REVERSED] = STORY_REVERSED,
    [DISPUTE_PARTLY] = STORY_PARTLY,
    [DISPUTE_NONE] = STORY_NO_RESULT};

static void tell_settlement(struct teller *t, const struct settlement_entry *s, uint64_t index)
{
    for (size_t i = 0; i < t->disputes_n; i++)
        if (t->disputes[i].id == s->dispute)
            step_by(t, outcome_kinds[s->outcome], s->settled, index, s->dispute,
                    t->disputes[i].body);
}

/* What was noted before it stays told, as what was wrong; what was noted since is of the body
 * that it names. */
static void tell_corrected(struct teller *t, const struct entry *e, uint64_t index)
{
    const struct dispute_corrected_entry *c = &e->corrected;
    enum dispute_outcome outcome;
    bool known = false;
    struct str body = arena_str(t->arena, c->body);
    for (size_t i = 0; i < t->story->steps.n; i++) {
        struct story_step *s = &t->story->steps.v[i];
        if (s->kind < STORY_DISPUTE || s->kind > STORY_NO_RESULT || s->number != c->dispute)
            continue;
        known = true;
        s->former = s->former || s->index < index;
        if (!s->former)
            s->text = body;
    }
    if (!known)
        return;
    step(t, c->state == DISPUTE_VOID ? STORY_VOID : STORY_CORRECTED, e->at, index, c->dispute);
    if (c->state != DISPUTE_VOID)
        step_by(t, STORY_DISPUTE, c->submitted, index, c->dispute, body);
    if (c->state == DISPUTE_SETTLED && dispute_outcome_parse(c->outcome, &outcome))
        step_by(t, outcome_kinds[outcome], c->settled, index, c->dispute, body);
}

/* What the entry has to do with this story. */
static void tell(struct teller *t, const struct entry *e, uint64_t index)
{
    switch (e->type) {
    case ENTRY_DEMAND:
        tell_demand(t, e, index);
        break;
    case ENTRY_DECISION:
        tell_decision(t, e, index);
        break;
    case ENTRY_COMPLAINT:
        if (is_of(t, e->complaint.restriction, e->complaint.decision) &&
            t->complaints_n < COMPLAINTS_MAX) {
            t->complaints[t->complaints_n++].id = e->complaint.id;
            step(t, STORY_COMPLAINT, e->at, index, 0);
        }
        break;
    case ENTRY_COMPLAINT_DECISION:
        if (known_complaint(t, e->complaint_decision.complaint))
            step(t,
                 e->complaint_decision.outcome == COMPLAINT_UPHELD ? STORY_UPHELD : STORY_REJECTED,
                 e->at, index, 0);
        break;
    case ENTRY_ACKNOWLEDGED:
        if (t->demand != 0 && e->acknowledged.demand == t->demand)
            step(t, STORY_ACKNOWLEDGED, e->acknowledged.sent, index, 0);
        break;
    case ENTRY_DISPUTE:
        tell_dispute(t, &e->dispute, index);
        break;
    case ENTRY_SETTLEMENT:
        tell_settlement(t, &e->settlement, index);
        break;
    case ENTRY_DISPUTE_CORRECTED:
        tell_corrected(t, e, index);
        break;
    case ENTRY_LIFT:
        if (t->restriction != 0 && e->restriction.id == t->restriction)
            step(t, STORY_LIFTED, e->at, index, 0);
        break;
    case ENTRY_EXTENDED:
        if (t->restriction != 0 && e->restriction.id == t->restriction)
            step(t, STORY_EXTENDED, e->at, index, e->restriction.works_count);
        break;
    case ENTRY_OPENED:
        tell_opened(t, e, index);
        break;
    default:
        break;
    }
}

static enum rc hear(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct teller *t = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry;
    enum rc rc = entry_read(&arena, stored->bytes, &entry, fault);
    if (rc == RC_OK)
        tell(t, &entry, stored->index);
    return rc;
}

static int by_time(const void *a, const void *b)
{
    const struct story_step *x = a, *y = b;
    if (x->at != y->at)
        return (x->at > y->at) - (x->at < y->at);
    return (x->kind > y->kind) - (x->kind < y->kind);
}

static enum rc tell_bytes(struct teller *t, struct str bytes, uint64_t index, struct fault *fault)
{
    struct entry entry;
    enum rc rc = entry_read(t->arena, bytes, &entry, fault);
    if (rc == RC_OK)
        tell(t, &entry, index);
    return rc;
}

/* The demand and what was decided on it; *ret_index is where it stands. */
static enum rc hear_demand(struct store_conn *conn, struct teller *t, uint64_t *ret_index,
                           struct fault *fault)
{
    struct demand_row row;
    enum rc rc = demands_get(conn, t->arena, t->demand, &row, fault);
    if (rc == RC_OK && row.index == LOG_PENDING)
        rc = fault_set(fault, RC_NOT_FOUND, "demand %llu is not published",
                       (unsigned long long)t->demand);
    if (rc == RC_OK)
        rc = tell_bytes(t, row.bytes, row.index, fault);
    if (rc == RC_OK && row.decided && row.decision_index != LOG_PENDING)
        rc = tell_bytes(t, row.decision_bytes, row.decision_index, fault);
    if (rc == RC_OK)
        *ret_index = row.index;
    return rc;
}

/* What may belong to it among the entries behind `since`, in the order in which they
 * need each other. */
static enum rc hear_since(struct store_conn *conn, struct teller *t, uint64_t since,
                          struct fault *fault)
{
    static const enum entry_type types[] = {
        ENTRY_ACKNOWLEDGED, ENTRY_COMPLAINT,  ENTRY_COMPLAINT_DECISION,
        ENTRY_DISPUTE,      ENTRY_SETTLEMENT, ENTRY_DISPUTE_CORRECTED,
        ENTRY_OPENED};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof types / sizeof *types; i++)
        rc = record_log_of_type(conn, LOG_DECISIONS, entry_type_name(types[i]), since, hear, t,
                                fault);
    return rc;
}

/* What the restriction itself says: its entry, its times, its lift, what extended it. */
static enum rc tell_restriction(struct store_conn *conn, struct teller *t,
                                const struct restriction *r, struct fault *fault)
{
    enum { ENTRIES_MAX = 200 };
    struct log_entry *entries = ARENA_ARRAY(t->arena, struct log_entry, ENTRIES_MAX);
    size_t n;
    bool lifted = false;
    step(t, t->demand != 0 ? STORY_PUBLISHED : STORY_DECIDED, r->decided,
         r->published ? r->record_index : UINT64_MAX, r->id);
    int64_t end = restriction_end(r);
    if (r->from < end)
        step(t, STORY_BEGAN, r->from, UINT64_MAX, 0);
    enum rc rc = record_log_restriction(conn, t->arena, r->id, entries, ENTRIES_MAX, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct entry entry;
        rc = entry_read(t->arena, entries[i].bytes, &entry, fault);
        if (rc == RC_OK && (entry.type == ENTRY_LIFT || entry.type == ENTRY_EXTENDED))
            tell(t, &entry, entries[i].index == LOG_PENDING ? UINT64_MAX : entries[i].index);
        lifted = lifted || entry.type == ENTRY_LIFT;
    }
    if (rc == RC_OK && r->lifted != 0 && !lifted) /* in the journal */
        step(t, STORY_LIFTED, r->lifted, UINT64_MAX, 0);
    if (rc == RC_OK && r->lifted == 0 && end != INT64_MAX)
        step(t, end == r->review ? STORY_LAPSED : STORY_ENDED, end, UINT64_MAX, 0);
    return rc;
}

static void finish(struct teller *t, const struct gate_view *view)
{
    struct story *s = t->story;
    if (s->steps.n > 1)
        qsort(s->steps.v, s->steps.n, sizeof *s->steps.v, by_time);
    for (size_t i = 0; i < s->steps.n; i++)
        s->steps.v[i].ahead = s->steps.v[i].at > view->now;
}

enum rc record_story(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                     const struct restriction *r, struct story *ret, struct fault *fault)
{
    struct story story = {{ARENA_ARRAY(arena, struct story_step, STEPS_MAX), 0}};
    struct teller t = {.arena = arena, .story = &story, .restriction = r->id, .demand = r->demand};
    uint64_t since = r->published ? r->record_index : 0;
    enum rc rc = r->demand != 0 ? hear_demand(conn, &t, &since, fault) : RC_OK;
    if (rc == RC_OK)
        rc = hear_since(conn, &t, since, fault);
    if (rc == RC_OK)
        rc = tell_restriction(conn, &t, r, fault);
    if (rc != RC_OK)
        return rc;
    finish(&t, view);
    *ret = story;
    return RC_OK;
}

enum rc record_story_of_demand(struct store_conn *conn, struct arena *arena,
                               const struct gate_view *view, uint64_t demand, struct story *ret,
                               struct fault *fault)
{
    struct story story = {{ARENA_ARRAY(arena, struct story_step, STEPS_MAX), 0}};
    struct teller t = {.arena = arena, .story = &story, .demand = demand};
    uint64_t since;
    enum rc rc = hear_demand(conn, &t, &since, fault);
    if (rc == RC_OK)
        rc = hear_since(conn, &t, since, fault);
    const struct restriction *r =
        rc == RC_OK && t.restriction != 0 ? gate_restriction(view, t.restriction) : NULL;
    if (r != NULL)
        rc = tell_restriction(conn, &t, r, fault);
    if (rc != RC_OK)
        return rc;
    finish(&t, view);
    *ret = story;
    return RC_OK;
}
