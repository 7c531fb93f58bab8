#include "app/record_report.h"

#include "base/clock.h"
#include "base/csv.h"
#include "domain/demand.h"
#include "record/entry.h"
#include "store/record_log.h"

static const char *const table_names[REPORT_TABLES] = {
    [REPORT_RESTRICTIONS] = "restrictions",
    [REPORT_FEATURES] = "features",
    [REPORT_MONTHS] = "months",
    [REPORT_DEMANDS] = "demands",
    [REPORT_TIMES] = "times",
    [REPORT_TARGETS] = "targets",
    [REPORT_COMPLAINTS] = "complaints",
    [REPORT_DISPUTES] = "disputes",
    [REPORT_DELAYS] = "delays",
    [REPORT_LICENCES] = "licences",
    [REPORT_VOICES] = "voices",
    [REPORT_KEYS] = "keys",
};

const char *report_table_name(enum report_table table)
{
    return table_names[table];
}

#define COUNT(name)                                                                                \
    {                                                                                              \
        name, REPORT_COUNT                                                                         \
    }
static const struct report_column columns[REPORT_TABLES][REPORT_COLUMNS_MAX] = {
    [REPORT_RESTRICTIONS] = {{"storefront", REPORT_STOREFRONT},
                             {"ground", REPORT_GROUND},
                             COUNT("decided"),
                             COUNT("lifted")},
    [REPORT_FEATURES] = {{"feature", REPORT_FEATURE}, COUNT("decided")},
    [REPORT_MONTHS] = {{"month", REPORT_MONTH}, COUNT("decided"), COUNT("lifted")},
    [REPORT_DEMANDS] = {{"sender", REPORT_SENDER},
                        {"country", REPORT_COUNTRY},
                        {"ground", REPORT_GROUND},
                        COUNT("received"),
                        COUNT("granted"),
                        COUNT("narrowed"),
                        COUNT("refused"),
                        COUNT("waiting")},
    [REPORT_TIMES] = {{"sender", REPORT_SENDER},
                      COUNT("acknowledged"),
                      {"acknowledgement_median_seconds", REPORT_SECONDS},
                      COUNT("decided"),
                      {"decision_median_seconds", REPORT_SECONDS},
                      COUNT("in_effect"),
                      {"effect_median_seconds", REPORT_SECONDS}},
    [REPORT_TARGETS] = {{"target", REPORT_TARGET}, COUNT("decided"), COUNT("lifted")},
    [REPORT_COMPLAINTS] = {COUNT("received"), COUNT("upheld"), COUNT("rejected"), COUNT("waiting")},
    [REPORT_DISPUTES] = {{"body", REPORT_BODY},
                         COUNT("brought"),
                         COUNT("waiting"),
                         COUNT("confirmed"),
                         COUNT("reversed"),
                         COUNT("partly"),
                         COUNT("no_result"),
                         COUNT("implemented"),
                         COUNT("settled"),
                         {"median_seconds", REPORT_SECONDS}},
    [REPORT_DELAYS] = {{"from_to", REPORT_SPAN},
                       COUNT("count"),
                       {"median_seconds", REPORT_SECONDS},
                       {"slowest_seconds", REPORT_SECONDS}},
    [REPORT_LICENCES] = {{"country", REPORT_COUNTRY},
                         {"status", REPORT_LICENCE_STATUS},
                         COUNT("count")},
    [REPORT_VOICES] = {{"kind", REPORT_VOICE},
                       COUNT("accepted"),
                       COUNT("changed"),
                       COUNT("withdrawn"),
                       COUNT("erased")},
    [REPORT_KEYS] = {{"signs", REPORT_KEY}, COUNT("began"), COUNT("replaced")},
};

/* ---- what the entries say ---- */

struct told_restriction {
    uint64_t id, demand;
    int64_t decided, from, ends;
    int64_t lifted; /* within or before the year: 0 where not */
    struct strs storefronts;
    enum ground ground;
    enum target_kind target;
    feature_mask features;
};
struct told_demand {
    uint64_t id;
    int64_t received, at;
    enum demand_sender sender;
    struct str country;
    enum ground ground;
    bool decided;
    int64_t acknowledged, sent; /* the entry's time, 0: none; and what it says */
    uint64_t decided_index;
    enum demand_outcome outcome;
};
/* A demand may be decided anew: each time counts for how long it took. */
struct told_decision {
    uint64_t demand;
    int64_t at;
};
struct told_complaint {
    uint64_t id;
    int64_t at;
    bool decided;
    int64_t decided_at;
    enum complaint_outcome outcome;
};

struct told_dispute {
    uint64_t id, restriction, demand;
    struct str body;
    int64_t submitted;
    bool over;
    int64_t settled, noted; /* by the body; in its entry */
    uint64_t index;         /* of that entry */
    enum dispute_outcome outcome;
    bool none; /* it was noted by mistake */
};

enum signing { SIGNS_DECISIONS, SIGNS_VOICES, SIGNS_REFUSALS, SIGNING_COUNT };

struct counting {
    struct arena *arena;
    int64_t begin, end; /* the year */
    LIST(struct told_restriction) restrictions;
    LIST(struct told_demand) demands;
    LIST(struct told_decision) decisions;
    LIST(struct told_complaint) complaints;
    LIST(struct told_dispute) disputes;
    struct licence_book licences;
    size_t rooms[5];
    uint64_t voices_from, voices_to; /* entries of the voices log within the year */
    uint64_t began[SIGNING_COUNT], replaced[SIGNING_COUNT]; /* keys, within the year */
};

/* Entries ascend in time and by number, so that the latest stands behind. */
static struct told_restriction *find_restriction(struct counting *c, uint64_t id)
{
    for (size_t i = c->restrictions.n; i-- > 0;)
        if (c->restrictions.v[i].id == id)
            return &c->restrictions.v[i];
    return NULL;
}

static struct told_demand *find_demand(struct counting *c, uint64_t id)
{
    for (size_t i = c->demands.n; i-- > 0;)
        if (c->demands.v[i].id == id)
            return &c->demands.v[i];
    return NULL;
}

static void take_restriction(struct counting *c, const struct entry *e)
{
    const struct restriction *r = &e->restriction;
    struct str *storefronts = ARENA_ARRAY(c->arena, struct str, r->storefront_count);
    for (size_t i = 0; i < r->storefront_count; i++)
        storefronts[i] = arena_str(c->arena, r->storefronts[i]);
    ARENA_ROOM(c->arena, c->restrictions.v, c->restrictions.n, c->rooms[0]);
    c->restrictions.v[c->restrictions.n++] =
        (struct told_restriction){.id = r->id,
                                  .demand = r->demand,
                                  .decided = e->at,
                                  .from = r->from,
                                  .ends = r->until != 0 ? r->until : r->review,
                                  .storefronts = {storefronts, r->storefront_count},
                                  .ground = r->ground,
                                  .target = r->target,
                                  .features = r->features};
}

static void take_dispute(struct counting *c, const struct dispute_entry *d)
{
    ARENA_ROOM(c->arena, c->disputes.v, c->disputes.n, c->rooms[3]);
    c->disputes.v[c->disputes.n++] = (struct told_dispute){.id = d->id,
                                                           .restriction = d->restriction,
                                                           .demand = d->decision,
                                                           .body = arena_str(c->arena, d->body),
                                                           .submitted = d->submitted};
}

static void take_settlement(struct counting *c, const struct entry *e, uint64_t index)
{
    for (size_t i = 0; i < c->disputes.n; i++) {
        struct told_dispute *d = &c->disputes.v[i];
        if (d->id != e->settlement.dispute)
            continue;
        d->over = true;
        d->settled = e->settlement.settled;
        d->noted = e->at;
        d->index = index;
        d->outcome = e->settlement.outcome;
    }
}

/* What was noted before counts no more; what was noted since was heard already. */
static void take_corrected(struct counting *c, const struct entry *e, uint64_t index)
{
    const struct dispute_corrected_entry *now = &e->corrected;
    for (size_t i = 0; i < c->disputes.n; i++) {
        struct told_dispute *d = &c->disputes.v[i];
        if (d->id != now->dispute)
            continue;
        d->none = now->state == DISPUTE_VOID;
        d->body = arena_str(c->arena, now->body);
        d->submitted = now->submitted;
        if (d->over && d->index > index)
            continue;
        d->over = dispute_outcome_parse(now->outcome, &d->outcome);
        d->settled = now->settled;
        d->noted = e->at;
        d->index = index;
    }
}

static void take_licence(struct counting *c, const struct entry *e)
{
    struct licence l = {.id = e->licence.id,
                        .country = arena_str(c->arena, e->licence.country),
                        .status = e->licence.status};
    licence_book_add(&c->licences, c->arena, &l);
}

/* A log's first key is in no entry: it is what its checkpoints were trusted by. */
static void take_key(struct counting *c, const struct entry *e)
{
    if (e->at < c->begin)
        return;
    if (e->type == ENTRY_REFUSAL_KEY) {
        c->began[SIGNS_REFUSALS]++;
        c->replaced[SIGNS_REFUSALS] += e->refusal_key.replaces.n > 0;
        return;
    }
    enum signing signing = str_ends(e->key.log, STR("/voices")) ? SIGNS_VOICES : SIGNS_DECISIONS;
    c->began[signing]++;
    c->replaced[signing]++;
}

static void take(struct counting *c, const struct entry *e, uint64_t index)
{
    struct told_restriction *r;
    struct told_demand *d;
    switch (e->type) {
    case ENTRY_RESTRICTION:
        take_restriction(c, e);
        break;
    case ENTRY_LIFT:
        r = find_restriction(c, e->restriction.id);
        if (r != NULL)
            r->lifted = e->at;
        break;
    case ENTRY_DEMAND:
        ARENA_ROOM(c->arena, c->demands.v, c->demands.n, c->rooms[1]);
        c->demands.v[c->demands.n++] =
            (struct told_demand){.id = e->demand.id,
                                 .received = e->demand.received,
                                 .at = e->at,
                                 .sender = e->demand.sender,
                                 .country = arena_str(c->arena, e->demand.country),
                                 .ground = e->demand.ground};
        break;
    case ENTRY_DECISION:
        ARENA_ROOM(c->arena, c->decisions.v, c->decisions.n, c->rooms[4]);
        c->decisions.v[c->decisions.n++] = (struct told_decision){e->decision.demand, e->at};
        d = find_demand(c, e->decision.demand);
        if (d != NULL) {
            d->decided = true;
            d->decided_index = index;
            d->outcome = e->decision.outcome;
        }
        break;
    case ENTRY_COMPLAINT:
        ARENA_ROOM(c->arena, c->complaints.v, c->complaints.n, c->rooms[2]);
        c->complaints.v[c->complaints.n++] =
            (struct told_complaint){.id = e->complaint.id, .at = e->at};
        break;
    case ENTRY_COMPLAINT_DECISION:
        for (size_t i = 0; i < c->complaints.n; i++)
            if (c->complaints.v[i].id == e->complaint_decision.complaint) {
                c->complaints.v[i].decided = true;
                c->complaints.v[i].decided_at = e->at;
                c->complaints.v[i].outcome = e->complaint_decision.outcome;
            }
        break;
    case ENTRY_ACKNOWLEDGED:
        d = find_demand(c, e->acknowledged.demand);
        if (d != NULL) {
            d->acknowledged = e->at;
            d->sent = e->acknowledged.sent;
        }
        break;
    case ENTRY_DISPUTE:
        take_dispute(c, &e->dispute);
        break;
    case ENTRY_SETTLEMENT:
        take_settlement(c, e, index);
        break;
    case ENTRY_DISPUTE_CORRECTED:
        take_corrected(c, e, index);
        break;
    case ENTRY_LICENCE:
        take_licence(c, e);
        break;
    case ENTRY_LICENCE_CHANGED:
        licence_book_change(&c->licences, &e->licence);
        break;
    case ENTRY_KEY:
    case ENTRY_REFUSAL_KEY:
        take_key(c, e);
        break;
    case ENTRY_HEAD:
        /* The voices log has no times of its own: what a head signed in the year covers
         * beyond the last one before it came in the year. */
        if (e->at < c->begin)
            c->voices_from = e->size;
        if (e->at < c->end)
            c->voices_to = e->size;
        break;
    default:
        break;
    }
}

static enum rc count_entry(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct counting *c = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry;
    enum rc rc = entry_read(&arena, stored->bytes, &entry, fault);
    /* What came after the year changes nothing of it. */
    if (rc == RC_OK && entry.at < c->end)
        take(c, &entry, stored->index);
    return rc;
}

static bool in_year(const struct counting *c, int64_t t)
{
    return c->begin <= t && t < c->end;
}

/* ---- tables ---- */

struct table {
    struct arena *arena;
    struct report_rows *rows;
    size_t room, keys; /* columns of words, by which a row is known */
};

static struct table table_begin(struct arena *arena, struct report *report, enum report_table which)
{
    struct table t = {.arena = arena, .rows = &report->tables[which]};
    t.rows->columns = columns[which];
    while (t.rows->column_n < REPORT_COLUMNS_MAX && columns[which][t.rows->column_n].name != NULL) {
        t.keys += !report_is_number(columns[which][t.rows->column_n].kind);
        t.rows->column_n++;
    }
    return t;
}

static struct report_row *table_row(struct table *t, struct str a, struct str b, struct str c)
{
    struct str const keys[] = {a, b, c};
    for (size_t i = 0; i < t->rows->rows.n; i++) {
        bool same = true;
        for (size_t k = 0; k < t->keys; k++)
            same = same && str_eq(t->rows->rows.v[i].text[k], keys[k]);
        if (same)
            return &t->rows->rows.v[i];
    }
    ARENA_ROOM(t->arena, t->rows->rows.v, t->rows->rows.n, t->room);
    struct report_row *row = &t->rows->rows.v[t->rows->rows.n++];
    *row = (struct report_row){{a, b, c}, {0}};
    return row;
}

static int by_words(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;
    int order = 0;
    for (size_t k = 0; order == 0 && k < 3; k++)
        order = str_cmp(x->text[k], y->text[k]);
    return order;
}

static void table_sort(struct table *t)
{
    if (t->rows->rows.n > 1)
        qsort(t->rows->rows.v, t->rows->rows.n, sizeof *t->rows->rows.v, by_words);
}

static void count_restrictions(struct counting *c, struct report *report)
{
    struct table grounds = table_begin(c->arena, report, REPORT_RESTRICTIONS);
    struct table features = table_begin(c->arena, report, REPORT_FEATURES);
    struct table targets = table_begin(c->arena, report, REPORT_TARGETS);
    for (size_t i = 0; i < c->restrictions.n; i++) {
        const struct told_restriction *r = &c->restrictions.v[i];
        bool decided = in_year(c, r->decided), lifted = r->lifted != 0 && in_year(c, r->lifted);
        for (size_t s = 0; s < r->storefronts.n && (decided || lifted); s++) {
            struct report_row *row =
                table_row(&grounds, r->storefronts.v[s], str_of(ground_name(r->ground)), STR_NONE);
            row->number[2] += decided;
            row->number[3] += lifted;
        }
        if (decided || lifted) {
            struct report_row *row =
                table_row(&targets, str_of(target_name(r->target)), STR_NONE, STR_NONE);
            row->number[1] += decided;
            row->number[2] += lifted;
        }
        for (int f = 0; f < FEATURE_COUNT && decided; f++)
            if (r->features & FEATURE_BIT(f))
                table_row(&features, str_of(feature_name((enum feature)f)), STR_NONE, STR_NONE)
                    ->number[1]++;
    }
    table_sort(&grounds);
    table_sort(&features);
    table_sort(&targets);
}

static struct str month_of(struct arena *arena, int64_t t)
{
    BUF_AUTO text = BUF_INIT(32);
    time_add(&text, t);
    return arena_str(arena, str_sub(buf_str(&text), 0, 7));
}

static void count_months(struct counting *c, struct report *report)
{
    struct table months = table_begin(c->arena, report, REPORT_MONTHS);
    for (int m = 1; m <= 12; m++)
        table_row(&months, arena_printf(c->arena, "%04d-%02d", report->year, m), STR_NONE,
                  STR_NONE);
    for (size_t i = 0; i < c->restrictions.n; i++) {
        const struct told_restriction *r = &c->restrictions.v[i];
        if (in_year(c, r->decided))
            table_row(&months, month_of(c->arena, r->decided), STR_NONE, STR_NONE)->number[1]++;
        if (r->lifted != 0 && in_year(c, r->lifted))
            table_row(&months, month_of(c->arena, r->lifted), STR_NONE, STR_NONE)->number[2]++;
    }
}

static void count_demands(struct counting *c, struct report *report)
{
    struct table demands = table_begin(c->arena, report, REPORT_DEMANDS);
    for (size_t i = 0; i < c->demands.n; i++) {
        const struct told_demand *d = &c->demands.v[i];
        if (!in_year(c, d->at))
            continue;
        struct report_row *row = table_row(&demands, str_of(sender_name(d->sender)), d->country,
                                           str_of(ground_name(d->ground)));
        row->number[3]++;
        row->number[4] += d->decided && d->outcome == OUTCOME_GRANTED;
        row->number[5] += d->decided && d->outcome == OUTCOME_NARROWED;
        row->number[6] += d->decided && d->outcome == OUTCOME_REFUSED;
        row->number[7] += !d->decided;
    }
    table_sort(&demands);
    struct table complaints = table_begin(c->arena, report, REPORT_COMPLAINTS);
    struct report_row *row = table_row(&complaints, STR_NONE, STR_NONE, STR_NONE);
    for (size_t i = 0; i < c->complaints.n; i++) {
        const struct told_complaint *o = &c->complaints.v[i];
        if (!in_year(c, o->at))
            continue;
        row->number[0]++;
        row->number[1] += o->decided && o->outcome == COMPLAINT_UPHELD;
        row->number[2] += o->decided && o->outcome == COMPLAINT_REJECTED;
        row->number[3] += !o->decided;
    }
}

/* ---- delays ---- */

struct delays {
    uint64_t *v;
    size_t n;
};

static void delay(struct delays *d, int64_t from, int64_t to)
{
    d->v[d->n++] = to > from ? (uint64_t)(to - from) : 0;
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The lower one of two in the middle: every median is a delay that there was. Sorts them. */
static uint64_t median(struct delays *d)
{
    if (d->n > 1)
        qsort(d->v, d->n, sizeof *d->v, ascending);
    return d->n > 0 ? d->v[(d->n - 1) / 2] : 0;
}

static void delays_put(struct table *t, struct str name, struct delays *d)
{
    struct report_row *row = table_row(t, name, STR_NONE, STR_NONE);
    row->number[1] = d->n;
    row->number[2] = median(d);
    row->number[3] = d->n > 0 ? d->v[d->n - 1] : 0;
}

/* From the receipt of what each sender asked to its confirmation, to the decision, and to the
 * first second of effect of what was granted. */
static void count_times(struct counting *c, struct report *report)
{
    struct table t = table_begin(c->arena, report, REPORT_TIMES);
    for (int s = 0; s < SENDER_COUNT; s++) {
        struct delays decided = {ARENA_ARRAY(c->arena, uint64_t, c->decisions.n), 0};
        struct delays effect = {ARENA_ARRAY(c->arena, uint64_t, c->restrictions.n), 0};
        struct delays told = {ARENA_ARRAY(c->arena, uint64_t, c->demands.n), 0};
        for (size_t i = 0; i < c->demands.n; i++) {
            const struct told_demand *d = &c->demands.v[i];
            if ((int)d->sender == s && d->acknowledged != 0 && in_year(c, d->acknowledged))
                delay(&told, d->received, d->sent);
        }
        for (size_t i = 0; i < c->decisions.n; i++) {
            const struct told_demand *d = find_demand(c, c->decisions.v[i].demand);
            if (d != NULL && (int)d->sender == s && in_year(c, c->decisions.v[i].at))
                delay(&decided, d->received, c->decisions.v[i].at);
        }
        for (size_t i = 0; i < c->restrictions.n; i++) {
            const struct told_restriction *r = &c->restrictions.v[i];
            const struct told_demand *d = r->demand != 0 ? find_demand(c, r->demand) : NULL;
            if (d != NULL && (int)d->sender == s && in_year(c, r->decided))
                delay(&effect, d->received, r->from);
        }
        if (told.n + decided.n + effect.n == 0)
            continue;
        struct report_row *row =
            table_row(&t, str_of(sender_name((enum demand_sender)s)), STR_NONE, STR_NONE);
        row->number[1] = told.n;
        row->number[2] = median(&told);
        row->number[3] = decided.n;
        row->number[4] = median(&decided);
        row->number[5] = effect.n;
        row->number[6] = median(&effect);
    }
    table_sort(&t);
}

/* How long the answers took: to demands, and to complaints. */
static void count_answers(struct counting *c, struct table *t)
{
    struct delays demands = {ARENA_ARRAY(c->arena, uint64_t, c->decisions.n), 0};
    struct delays complaints = {ARENA_ARRAY(c->arena, uint64_t, c->complaints.n), 0};
    for (size_t i = 0; i < c->decisions.n; i++) {
        const struct told_demand *d = find_demand(c, c->decisions.v[i].demand);
        if (d != NULL && in_year(c, c->decisions.v[i].at))
            delay(&demands, d->received, c->decisions.v[i].at);
    }
    for (size_t i = 0; i < c->complaints.n; i++)
        if (c->complaints.v[i].decided && in_year(c, c->complaints.v[i].decided_at))
            delay(&complaints, c->complaints.v[i].at, c->complaints.v[i].decided_at);
    delays_put(t, STR("received-decided"), &demands);
    delays_put(t, STR("complaint-decided"), &complaints);
}

static void count_delays(struct counting *c, struct report *report)
{
    struct table t = table_begin(c->arena, report, REPORT_DELAYS);
    size_t n = c->restrictions.n;
    struct delays received = {ARENA_ARRAY(c->arena, uint64_t, n), 0};
    struct delays began = {ARENA_ARRAY(c->arena, uint64_t, n), 0};
    struct delays lifted = {ARENA_ARRAY(c->arena, uint64_t, n), 0};
    for (size_t i = 0; i < n; i++) {
        const struct told_restriction *r = &c->restrictions.v[i];
        const struct told_demand *d = r->demand != 0 ? find_demand(c, r->demand) : NULL;
        if (in_year(c, r->decided) && d != NULL)
            delay(&received, d->received, r->decided);
        if (in_year(c, r->decided))
            delay(&began, r->decided, r->from);
        if (r->lifted != 0 && in_year(c, r->lifted))
            delay(&lifted, r->from, r->lifted);
    }
    delays_put(&t, STR("received-published"), &received);
    delays_put(&t, STR("published-in-effect"), &began);
    delays_put(&t, STR("in-effect-lifted"), &lifted);
    count_answers(c, &t);
}

/* ---- out of court ---- */

/* What the body reversed, wholly or in part, has no effect any more, or was decided anew. */
static bool implemented(struct counting *c, const struct told_dispute *d)
{
    if (!d->over || (d->outcome != DISPUTE_REVERSED && d->outcome != DISPUTE_PARTLY))
        return false;
    if (d->demand != 0) {
        const struct told_demand *demand = find_demand(c, d->demand);
        return demand != NULL && demand->decided && demand->decided_index > d->index;
    }
    const struct told_restriction *r = find_restriction(c, d->restriction);
    return r != NULL && (r->lifted != 0 || r->ends <= d->noted);
}

static void count_disputes(struct counting *c, struct report *report)
{
    /* Column by outcome. */
    static const size_t columns_of[DISPUTE_OUTCOME_COUNT] = {
        [DISPUTE_CONFIRMED] = 3, [DISPUTE_REVERSED] = 4, [DISPUTE_PARTLY] = 5, [DISPUTE_NONE] = 6};
    struct table t = table_begin(c->arena, report, REPORT_DISPUTES);
    struct delays took = {ARENA_ARRAY(c->arena, uint64_t, c->disputes.n), 0};
    for (size_t i = 0; i < c->disputes.n; i++) {
        const struct told_dispute *d = &c->disputes.v[i];
        if (d->none || !in_year(c, d->submitted))
            continue;
        struct report_row *row = table_row(&t, d->body, STR_NONE, STR_NONE);
        row->number[1]++;
        row->number[d->over ? columns_of[d->outcome] : 2]++;
        row->number[7] += implemented(c, d);
        row->number[8] += d->over;
    }
    for (size_t r = 0; r < t.rows->rows.n; r++) {
        struct report_row *row = &t.rows->rows.v[r];
        took.n = 0;
        for (size_t i = 0; i < c->disputes.n; i++) {
            const struct told_dispute *d = &c->disputes.v[i];
            if (!d->none && in_year(c, d->submitted) && d->over && str_eq(d->body, row->text[0]))
                delay(&took, d->submitted, d->settled);
        }
        row->number[9] = median(&took);
    }
    table_sort(&t);
}

static void count_keys(struct counting *c, struct report *report)
{
    static const char *const names[SIGNING_COUNT] = {"decisions", "voices", "refusals"};
    struct table t = table_begin(c->arena, report, REPORT_KEYS);
    for (int i = 0; i < SIGNING_COUNT; i++) {
        struct report_row *row = table_row(&t, str_of(names[i]), STR_NONE, STR_NONE);
        row->number[1] = c->began[i];
        row->number[2] = c->replaced[i];
    }
}

/* ---- voices ---- */

static enum rc count_voice(void *context, const struct log_entry *stored, struct fault *fault)
{
    static const enum entry_type types[] = {ENTRY_ACCEPTED, ENTRY_CHANGED, ENTRY_WITHDRAWN,
                                            ENTRY_ERASED};
    struct report_rows *rows = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry;
    enum rc rc = entry_read(&arena, stored->bytes, &entry, fault);
    for (size_t i = 0; rc == RC_OK && i < 4; i++)
        if (entry.type == types[i])
            rows->rows.v[entry.kind].number[1 + i]++;
    return rc;
}

/* Every licence that was said by then; that its last day is over is no entry. */
static void count_licences(struct counting *c, struct report *report)
{
    struct table licences = table_begin(c->arena, report, REPORT_LICENCES);
    for (size_t i = 0; i < c->licences.licences.n; i++) {
        const struct licence *l = &c->licences.licences.v[i];
        table_row(&licences, l->country, str_of(licence_status_name(l->status)), STR_NONE)
            ->number[2]++;
    }
    table_sort(&licences);
}

static enum rc count_voices(struct counting *c, struct store_conn *conn, struct report *report,
                            struct fault *fault)
{
    struct table voices = table_begin(c->arena, report, REPORT_VOICES);
    for (int k = 0; k < VOICE_KIND_COUNT; k++)
        table_row(&voices, str_of(voice_kind_name((enum voice_kind)k)), STR_NONE, STR_NONE);
    return record_log_range(conn, LOG_VOICES, c->voices_from, c->voices_to, count_voice,
                            voices.rows, fault);
}

enum rc record_report(struct store_conn *conn, struct arena *arena, int year, struct report *ret,
                      struct fault *fault)
{
    static const enum entry_type types[] = {ENTRY_RESTRICTION,  ENTRY_LIFT,
                                            ENTRY_DEMAND,       ENTRY_DECISION,
                                            ENTRY_COMPLAINT,    ENTRY_COMPLAINT_DECISION,
                                            ENTRY_ACKNOWLEDGED, ENTRY_DISPUTE,
                                            ENTRY_SETTLEMENT,   ENTRY_DISPUTE_CORRECTED,
                                            ENTRY_LICENCE,      ENTRY_LICENCE_CHANGED,
                                            ENTRY_KEY,          ENTRY_REFUSAL_KEY,
                                            ENTRY_HEAD};
    struct report report = {.year = year};
    struct counting c = {.arena = arena,
                         .begin = date_start((int32_t)year * 10000 + 101),
                         .end = date_start((int32_t)(year + 1) * 10000 + 101)};
    struct published_head head = {0}, voices = {0};
    enum rc rc = publication_head(conn, arena, PUBLIC_DECISIONS, &head, fault);
    if (rc == RC_OK)
        rc = publication_head(conn, arena, PUBLIC_VOICES, &voices, fault);
    for (size_t i = 0; rc == RC_OK && i < sizeof types / sizeof *types; i++)
        rc = record_log_of_type(conn, LOG_DECISIONS, entry_type_name(types[i]), 0, count_entry, &c,
                                fault);
    if (rc != RC_OK)
        return rc;
    report.size = head.size;
    report.voices_size = voices.size;
    count_restrictions(&c, &report);
    count_months(&c, &report);
    count_demands(&c, &report);
    count_times(&c, &report);
    count_delays(&c, &report);
    count_disputes(&c, &report);
    count_licences(&c, &report);
    count_keys(&c, &report);
    rc = count_voices(&c, conn, &report, fault);
    if (rc == RC_OK)
        *ret = report;
    return rc;
}

/* ---- CSV ---- */

void report_csv(const struct report_rows *rows, struct buf *out)
{
    for (size_t i = 0; i < rows->column_n; i++) {
        if (i > 0)
            buf_char(out, ',');
        csv_add(out, str_of(rows->columns[i].name));
    }
    buf_char(out, '\n');
    for (size_t r = 0; r < rows->rows.n; r++)
        for (size_t i = 0; i < rows->column_n; i++) {
            if (i > 0)
                buf_char(out, ',');
            if (report_is_number(rows->columns[i].kind))
                buf_u64(out, rows->rows.v[r].number[i]);
            else
                csv_add(out, rows->rows.v[r].text[i]);
            if (i + 1 == rows->column_n)
                buf_char(out, '\n');
        }
}
