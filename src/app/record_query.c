#include "app/record_query.h"

#include "base/clock.h"
#include "base/ids.h"
#include "domain/restriction_filter.h"
#include "search/search.h"
#include "store/targets.h"

/* A title is a look-up each: so many are made for one search, the newest first. */
enum { TITLES_MAX = 5000, WORDS_MAX = 16, TEXT_MAX = 200 };

static const char *const names[RECORD_FIELDS] = {
    [RECORD_TEXT] = "q",        [RECORD_COUNTRY] = "country", [RECORD_AUTHORITY] = "authority",
    [RECORD_GROUND] = "ground", [RECORD_FEATURE] = "feature", [RECORD_TARGET] = "target",
    [RECORD_SHOP] = "shop",     [RECORD_STATE] = "state",     [RECORD_FROM] = "from",
    [RECORD_TO] = "to",
};

const char *record_field_name(enum record_field field)
{
    return names[field];
}

bool record_query_empty(const struct record_query *q)
{
    for (int i = 0; i < RECORD_FIELDS; i++)
        if (q->v[i].n > 0)
            return false;
    return true;
}

/* ---- reading a query ---- */

static enum rc unknown(const struct record_query *q, enum record_field field, struct fault *fault)
{
    return fault_set(fault, RC_INVALID, "%s: there is no %.*s", names[field],
                     STR_ARG(str_sub(q->v[field], 0, 100)));
}

static bool read_day(struct str s, bool end, int64_t *ret)
{
    uint64_t year;
    int32_t date;
    if (s.n == 4 && str_to_u64(s, &year) && year > 0)
        *ret = date_start((int32_t)((year + end) * 10000 + 101));
    else if (date_parse(s, &date))
        *ret = end ? date_end(date) : date_start(date);
    else
        return false;
    return true;
}

bool record_query_days(struct str from, struct str to, int64_t *ret_since, int64_t *ret_before)
{
    return (from.n == 0 || read_day(from, false, ret_since)) &&
           (to.n == 0 || read_day(to, true, ret_before));
}

static bool read_state(struct str s, unsigned *ret)
{
    for (int i = 0; i < STATE_COUNT; i++)
        if (str_eq(s, str_of(state_name((enum restriction_state)i)))) {
            *ret = 1u << i;
            return true;
        }
    return false;
}

static enum rc read_shop(struct store_conn *conn, struct arena *arena, struct str slug,
                         struct restriction_filter *f, struct fault *fault)
{
    struct target shop;
    enum rc rc = target_find(conn, arena, TARGET_SHOP, slug, &shop, fault);
    f->some_works = true;
    if (rc == RC_OK)
        f->works = shop.works;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void read_country(const struct gate_view *view, struct arena *arena, struct str country,
                         struct restriction_filter *f)
{
    struct str *slugs = ARENA_ARRAY(arena, struct str, view->storefronts.n);
    for (size_t i = 0; i < view->storefronts.n; i++)
        if (str_eq_nocase(view->storefronts.v[i].country, country))
            slugs[f->storefront_count++] = view->storefronts.v[i].slug;
    f->storefronts = slugs;
    f->some_storefronts = true;
}

static enum rc read_query(struct store_conn *conn, struct arena *arena,
                          const struct gate_view *view, const struct record_query *q,
                          struct restriction_filter *f, struct fault *fault)
{
    enum ground ground;
    enum feature feature;
    enum target_kind target;
    if (q->v[RECORD_TEXT].n > TEXT_MAX)
        return fault_set(fault, RC_INVALID, "q: at most %d bytes", TEXT_MAX);
    if (q->v[RECORD_GROUND].n > 0) {
        if (!ground_parse(q->v[RECORD_GROUND], &ground))
            return unknown(q, RECORD_GROUND, fault);
        f->grounds = 1u << ground;
    }
    if (q->v[RECORD_FEATURE].n > 0) {
        if (!feature_parse(q->v[RECORD_FEATURE], &feature))
            return unknown(q, RECORD_FEATURE, fault);
        f->features = FEATURE_BIT(feature);
    }
    if (q->v[RECORD_TARGET].n > 0) {
        if (!target_parse(q->v[RECORD_TARGET], &target))
            return unknown(q, RECORD_TARGET, fault);
        f->targets = 1u << target;
    }
    if (q->v[RECORD_STATE].n > 0 && !read_state(q->v[RECORD_STATE], &f->states))
        return unknown(q, RECORD_STATE, fault);
    if (!record_query_days(q->v[RECORD_FROM], q->v[RECORD_TO], &f->since, &f->before))
        return fault_set(fault, RC_INVALID, "from, to: a year or a date (2026-12-31) is expected");
    f->authority = q->v[RECORD_AUTHORITY];
    if (q->v[RECORD_COUNTRY].n > 0)
        read_country(view, arena, q->v[RECORD_COUNTRY], f);
    return q->v[RECORD_SHOP].n > 0 ? read_shop(conn, arena, q->v[RECORD_SHOP], f, fault) : RC_OK;
}

/* ---- words ---- */

struct words {
    struct str v[WORDS_MAX];
    size_t n;
};

static struct words words_of(struct arena *arena, struct str text)
{
    struct words words = {.n = 0};
    struct str rest = search_fold(arena, text), word;
    while (words.n < WORDS_MAX && str_next(&rest, ' ', &word))
        if (word.n > 0)
            words.v[words.n++] = word;
    return words;
}

static bool has_words(const struct restriction_view *v, const struct words *words)
{
    const struct restriction *r = v->r;
    if (words->n == 0)
        return true;
    ARENA_AUTO arena = ARENA_INIT;
    struct str text = search_fold(
        &arena,
        arena_printf(&arena, "%.*s %.*s %.*s %.*s %.*s %.*s %llu", STR_ARG(v->title),
                     STR_ARG(r->target_name), STR_ARG(r->target_key), STR_ARG(r->authority),
                     STR_ARG(r->legal_basis), STR_ARG(r->reference), (unsigned long long)r->id));
    for (size_t i = 0; i < words->n; i++)
        if (str_find_str(text, words->v[i]) == text.n)
            return false;
    return true;
}

enum rc record_query_run(struct site *site, struct store_conn *conn, struct arena *arena,
                         const struct gate_view *view, const struct record_query *q,
                         struct record_found *ret, struct fault *fault)
{
    struct restriction_filter f = {0};
    struct record_found found = {0};
    struct words words = words_of(arena, q->v[RECORD_TEXT]);
    struct restriction_view *v;
    size_t n, kept = 0;
    enum rc rc = read_query(conn, arena, view, q, &f, fault);
    unsigned states = f.states;
    f.states = 0; /* told apart below: each is counted */
    if (rc == RC_OK)
        rc = restriction_all(site, conn, arena, view, &v, &n, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < n; i++)
        if (restriction_matches(&f, v[i].r, v[i].state))
            v[kept++] = v[i];
    n = kept;
    if (words.n > 0) {
        found.titles_left_out = n > TITLES_MAX;
        rc = restriction_titles(conn, arena, v, n < TITLES_MAX ? n : TITLES_MAX, fault);
        if (rc != RC_OK)
            return rc;
    }
    kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!has_words(&v[i], &words))
            continue;
        found.any_state++;
        found.counts[v[i].state]++;
        if (states == 0 || (states & 1u << v[i].state) != 0)
            v[kept++] = v[i];
    }
    found.restrictions.v = v;
    found.restrictions.n = kept;
    *ret = found;
    return RC_OK;
}

/* ---- summed up ---- */

static int by_weight(const void *a, const void *b)
{
    const struct record_sum *x = a, *y = b;
    if (x->in_effect != y->in_effect)
        return (x->in_effect < y->in_effect) - (x->in_effect > y->in_effect);
    if (x->all != y->all)
        return (x->all < y->all) - (x->all > y->all);
    return str_cmp(x->name, y->name);
}

static void sums_sort(record_sums *sums)
{
    if (sums->n > 1)
        qsort(sums->v, sums->n, sizeof *sums->v, by_weight);
}

static void count(struct record_sum *sum, const struct restriction_view *v)
{
    sum->all++;
    if (v->state != STATE_IN_EFFECT)
        return;
    sum->in_effect++;
    sum->features |= v->r->features;
    sum->works += v->r->works.n;
}

bool restriction_in_country(const struct gate_view *view, const struct restriction *r,
                            struct str country)
{
    for (size_t i = 0; i < view->storefronts.n; i++)
        if (str_eq(view->storefronts.v[i].country, country) &&
            restriction_in_storefront(r, view->storefronts.v[i].slug))
            return true;
    return false;
}

/* A work that two restrictions touch is one. */
static void count_works(const struct gate_view *view, const struct restriction_view *v, size_t n,
                        struct record_sum *sum)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t *works = ARENA_ARRAY(&arena, uint64_t, sum->works);
    size_t works_n = 0;
    for (size_t i = 0; i < n; i++)
        if (v[i].state == STATE_IN_EFFECT && v[i].r->works.n > 0 &&
            restriction_in_country(view, v[i].r, sum->name)) {
            memcpy(works + works_n, v[i].r->works.v, v[i].r->works.n * sizeof *works);
            works_n += v[i].r->works.n;
        }
    sum->works = ids_sort(works, works_n);
}

record_sums record_by_country(const struct gate_view *view, struct arena *arena,
                              const struct restriction_view *v, size_t n)
{
    record_sums sums = {ARENA_ARRAY(arena, struct record_sum, view->storefronts.n), 0};
    for (size_t s = 0; s < view->storefronts.n; s++) {
        struct str country = view->storefronts.v[s].country;
        bool again = false;
        for (size_t i = 0; i < sums.n; i++)
            again = again || str_eq(sums.v[i].name, country);
        if (again)
            continue;
        struct record_sum *sum = &sums.v[sums.n++];
        sum->name = country;
        for (size_t i = 0; i < n; i++)
            if (v[i].state != STATE_PENDING && restriction_in_country(view, v[i].r, country))
                count(sum, &v[i]);
        count_works(view, v, n, sum);
    }
    sums_sort(&sums);
    return sums;
}

static int by_authority(const void *a, const void *b)
{
    const struct restriction_view *x = a, *y = b;
    int order = str_cmp(x->r->authority, y->r->authority);
    if (order != 0 || x->r->authority.n > 0)
        return order;
    return (x->r->ground > y->r->ground) - (x->r->ground < y->r->ground);
}

record_sums record_by_wish(struct arena *arena, const struct restriction_view *v, size_t n)
{
    struct restriction_view *sorted = ARENA_ARRAY(arena, struct restriction_view, n);
    record_sums sums = {ARENA_ARRAY(arena, struct record_sum, n), 0};
    size_t told = 0;
    for (size_t i = 0; i < n; i++)
        if (v[i].state != STATE_PENDING)
            sorted[told++] = v[i];
    if (told > 1)
        qsort(sorted, told, sizeof *sorted, by_authority);
    for (size_t i = 0; i < told; i++) {
        if (i == 0 || by_authority(&sorted[i - 1], &sorted[i]) != 0)
            sums.v[sums.n++] =
                (struct record_sum){.name = sorted[i].r->authority, .ground = sorted[i].r->ground};
        count(&sums.v[sums.n - 1], &sorted[i]);
    }
    sums_sort(&sums);
    return sums;
}
