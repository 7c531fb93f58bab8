#include "app/demand_query.h"

#include "app/demand_index.h"
#include "record/papers.h"

static const char *const names[DEMAND_FIELDS] = {
    [DEMAND_COUNTRY] = "country", [DEMAND_AUTHORITY] = "authority", [DEMAND_SENDER] = "sender",
    [DEMAND_GROUND] = "ground",   [DEMAND_OUTCOME] = "outcome",     [DEMAND_FROM] = "from",
    [DEMAND_TO] = "to",
};

const char *demand_field_name(enum demand_field field)
{
    return names[field];
}

bool demand_query_empty(const struct demand_query *q)
{
    for (int i = 0; i < DEMAND_FIELDS; i++)
        if (q->v[i].n > 0)
            return false;
    return true;
}

bool demand_query_of(const struct record_query *q, struct demand_query *ret)
{
    static const struct {
        enum record_field record;
        enum demand_field demand;
    } shared[] = {{RECORD_COUNTRY, DEMAND_COUNTRY},
                  {RECORD_AUTHORITY, DEMAND_AUTHORITY},
                  {RECORD_GROUND, DEMAND_GROUND},
                  {RECORD_FROM, DEMAND_FROM},
                  {RECORD_TO, DEMAND_TO}};
    struct record_query rest = *q;
    struct demand_query demand = {0};
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        demand.v[shared[i].demand] = q->v[shared[i].record];
        rest.v[shared[i].record] = STR_NONE;
    }
    *ret = demand;
    return record_query_empty(&rest);
}

static const char *const standings[STANDING_COUNT] = {
    [STANDING_OPEN] = "open",
    [STANDING_GRANTED] = "granted",
    [STANDING_NARROWED] = "narrowed",
    [STANDING_REFUSED] = "refused",
};

const char *standing_name(enum demand_standing standing)
{
    return standings[standing];
}

static enum demand_standing standing_of(bool decided, enum demand_outcome outcome)
{
    if (!decided)
        return STANDING_OPEN;
    return outcome == OUTCOME_GRANTED    ? STANDING_GRANTED
           : outcome == OUTCOME_NARROWED ? STANDING_NARROWED
                                         : STANDING_REFUSED;
}

enum demand_standing demand_standing(const struct demand_view *d)
{
    return standing_of(d->decided && d->decision_index != UINT64_MAX, d->decision.outcome);
}

/* ---- reading a query ---- */

struct sieve {
    const struct gate_view *view;
    struct str country, authority;
    unsigned senders, grounds, standings; /* bits; 0: any */
    int64_t since, before;                /* 0: any time */
};

static enum rc unknown(const struct demand_query *q, enum demand_field field, struct fault *fault)
{
    return fault_set(fault, RC_INVALID, "%s: there is no %.*s", names[field],
                     STR_ARG(str_sub(q->v[field], 0, 100)));
}

static enum rc read_query(const struct gate_view *view, const struct demand_query *q,
                          struct sieve *ret, struct fault *fault)
{
    struct sieve s = {
        .view = view, .country = q->v[DEMAND_COUNTRY], .authority = q->v[DEMAND_AUTHORITY]};
    enum demand_sender sender;
    enum ground ground;
    if (q->v[DEMAND_SENDER].n > 0) {
        if (!sender_parse(q->v[DEMAND_SENDER], &sender))
            return unknown(q, DEMAND_SENDER, fault);
        s.senders = 1u << sender;
    }
    if (q->v[DEMAND_GROUND].n > 0) {
        if (!ground_parse(q->v[DEMAND_GROUND], &ground))
            return unknown(q, DEMAND_GROUND, fault);
        s.grounds = 1u << ground;
    }
    for (int i = 0; i < STANDING_COUNT; i++)
        if (str_eq(q->v[DEMAND_OUTCOME], str_of(standings[i])))
            s.standings = 1u << i;
    if (q->v[DEMAND_OUTCOME].n > 0 && s.standings == 0)
        return unknown(q, DEMAND_OUTCOME, fault);
    if (!record_query_days(q->v[DEMAND_FROM], q->v[DEMAND_TO], &s.since, &s.before))
        return fault_set(fault, RC_INVALID, "from, to: a year or a date (2026-12-31) is expected");
    *ret = s;
    return RC_OK;
}

/* ---- what fits ---- */

static bool about_country(const struct gate_view *view, const struct demand_entry *d,
                          struct str country)
{
    for (size_t i = 0; i < d->storefronts.n; i++) {
        const struct storefront *s = gate_storefront(view, d->storefronts.v[i]);
        if (s != NULL && str_eq_nocase(s->country, country))
            return true;
    }
    return str_eq_nocase(d->country, country);
}

static bool in_time(const struct sieve *s, int64_t t)
{
    return s->since <= t && (s->before == 0 || t < s->before);
}

/* As it says itself, else as the decision does that stands. */
static struct str authority_of(const struct paper_demand *d)
{
    return d->facts.authority.n > 0 || !d->decided ? d->facts.authority : d->checked_authority;
}

/* But for its outcome. */
static bool fits(const struct sieve *s, const struct paper_demand *d, enum demand_standing standing)
{
    const struct demand_entry *f = &d->facts;
    return (s->senders == 0 || (s->senders & 1u << f->sender) != 0) &&
           (s->grounds == 0 || (s->grounds & 1u << f->ground) != 0) &&
           (s->authority.n == 0 || str_eq(s->authority, authority_of(d))) &&
           (s->country.n == 0 || about_country(s->view, f, s->country)) &&
           (in_time(s, f->received) || (standing != STANDING_OPEN && in_time(s, d->decided_at)));
}

/* ---- summed up ---- */

struct gathering {
    struct arena *arena;
    struct sieve sieve;
    struct demand_found found;
    size_t hits_room, wishes_room;
};

static void count(struct demand_sum *sum, enum demand_standing standing)
{
    sum->counts[standing]++;
    sum->all++;
}

static struct demand_sum *wish_of(struct gathering *g, struct str authority,
                                  enum demand_sender sender)
{
    demand_sums *wishes = &g->found.wishes;
    for (size_t i = 0; i < wishes->n; i++)
        if (str_eq(wishes->v[i].name, authority) &&
            (authority.n > 0 || wishes->v[i].sender == sender))
            return &wishes->v[i];
    ARENA_ROOM(g->arena, wishes->v, wishes->n, g->wishes_room);
    struct demand_sum *sum = &wishes->v[wishes->n++];
    *sum = (struct demand_sum){.name = arena_str(g->arena, authority), .sender = sender};
    return sum;
}

static void take(void *context, const struct paper_demand *d)
{
    struct gathering *g = context;
    enum demand_standing standing = standing_of(d->decided, d->outcome);
    struct demand_found *found = &g->found;
    if (!fits(&g->sieve, d, standing))
        return;
    count(&found->sum, standing);
    count(wish_of(g, authority_of(d), d->facts.sender), standing);
    for (size_t i = 0; i < found->countries.n; i++)
        if (about_country(g->sieve.view, &d->facts, found->countries.v[i].name))
            count(&found->countries.v[i], standing);
    if (g->sieve.standings != 0 && (g->sieve.standings & 1u << standing) == 0)
        return;
    ARENA_ROOM(g->arena, found->hits.v, found->hits.n, g->hits_room);
    found->hits.v[found->hits.n++] = (struct demand_hit){
        .id = d->facts.id, .news = standing == STANDING_OPEN ? d->at : d->decided_at};
}

static int by_weight(const void *a, const void *b)
{
    const struct demand_sum *x = a, *y = b;
    if (x->all != y->all)
        return (x->all < y->all) - (x->all > y->all);
    int order = str_cmp(x->name, y->name);
    return order != 0 ? order : (x->sender > y->sender) - (x->sender < y->sender);
}

static void sums_sort(demand_sums *sums)
{
    if (sums->n > 1)
        qsort(sums->v, sums->n, sizeof *sums->v, by_weight);
}

static void list_countries(struct gathering *g)
{
    const struct gate_view *view = g->sieve.view;
    demand_sums *sums = &g->found.countries;
    sums->v = ARENA_ARRAY(g->arena, struct demand_sum, view->storefronts.n);
    for (size_t i = 0; i < view->storefronts.n; i++)
        if (demand_sum_of(sums, view->storefronts.v[i].country) == NULL)
            sums->v[sums->n++] = (struct demand_sum){.name = view->storefronts.v[i].country};
}

const struct demand_sum *demand_sum_of(const demand_sums *sums, struct str name)
{
    for (size_t i = 0; i < sums->n; i++)
        if (str_eq(sums->v[i].name, name))
            return &sums->v[i];
    return NULL;
}

enum rc demand_query_run(struct arena *arena, const struct gate_view *view,
                         const struct demand_query *q, struct demand_found *ret,
                         struct fault *fault)
{
    struct gathering g = {.arena = arena};
    enum rc rc = read_query(view, q, &g.sieve, fault);
    if (rc != RC_OK)
        return rc;
    list_countries(&g);
    demand_index_each(view->demands, take, &g);
    sums_sort(&g.found.countries);
    sums_sort(&g.found.wishes);
    *ret = g.found;
    return RC_OK;
}

enum rc demand_query_show(struct store_conn *conn, struct arena *arena,
                          const struct demand_hit *hits, size_t n, struct demand_view **ret,
                          struct fault *fault)
{
    struct demand_view *v = ARENA_ARRAY(arena, struct demand_view, n);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = demand_show(conn, arena, hits[i].id, &v[i], fault);
    if (rc == RC_OK)
        *ret = v;
    return rc;
}
