/* What is withheld, where and at whose wish: the Record's first page, its search, and
 * the pages of a country and of an authority. */
#include "app/publication.h"
#include "app/restriction_view.h"
#include "templates.h"
#include "web/handlers.h"
#include "web/record.h"

#define N_(text) text
#define NN_(one, many)                                                                             \
    {                                                                                              \
        one, many                                                                                  \
    }

enum { A_PAGE = 50, PAGES_MAX = 100000, ROWS_MAX = 12, WISHES_NAMED = 3, DEMANDS_SHOWN = 5 };

/* ---- who asks ---- */

static void fill_bars(const struct page *p, const struct restriction_view *all, size_t n,
                      struct record_view *v)
{
    struct ground_bar bars[GROUND_COUNT] = {0};
    size_t longest = 0;
    for (size_t i = 0; i < n; i++) {
        struct ground_bar *bar = &bars[all[i].r->ground];
        if (all[i].state == STATE_PENDING)
            continue;
        bar->all++;
        bar->in_effect += all[i].state == STATE_IN_EFFECT;
        bar->ended += all[i].state == STATE_LIFTED || all[i].state == STATE_EXPIRED;
        longest = bar->all > longest ? bar->all : longest;
    }
    v->bars.v = ARENA_ARRAY(p->arena, struct ground_bar, GROUND_COUNT);
    for (size_t count = longest; count > 0; count--)
        for (int g = 0; g < GROUND_COUNT; g++) {
            if (bars[g].all != count)
                continue;
            bars[g].name = word_ground(p, (enum ground)g);
            bars[g].all_percent = (unsigned)(bars[g].all * 100 / longest);
            bars[g].now_percent = (unsigned)(bars[g].in_effect * 100 / longest);
            v->bars.v[v->bars.n++] = bars[g];
        }
}

/* What is withheld today in whole or in part: "2 editions and 1 collection". */
static void fill_today(const struct page *p, const struct restriction_view *all, size_t n,
                       struct record_view *v)
{
    static const char *const words[][2] = {
        [TARGET_EDITION] = NN_("%1 edition", "%1 editions"),
        [TARGET_WORK] = NN_("%1 work", "%1 works"),
        [TARGET_COLLECTION] = NN_("%1 collection", "%1 collections"),
        [TARGET_CONTRIBUTOR] = NN_("all works of %1 contributor", "all works of %1 contributors"),
        [TARGET_SHOP] = NN_("%1 shop", "%1 shops"),
        [TARGET_REVIEW] = NN_("%1 review", "%1 reviews"),
        [TARGET_COMMENT] = NN_("%1 comment", "%1 comments"),
        [TARGET_ACCOUNT] = NN_("what %1 account submits", "what %1 accounts submit"),
    };
    enum { KINDS = sizeof words / sizeof *words };
    size_t counts[KINDS] = {0}, parts_n = 0;
    struct str parts[KINDS];
    for (size_t i = 0; i < n; i++) {
        bool again = all[i].state != STATE_IN_EFFECT;
        for (size_t k = 0; k < i && !again; k++)
            again = all[k].state == STATE_IN_EFFECT && all[k].r->target == all[i].r->target &&
                    str_eq(all[k].r->target_key, all[i].r->target_key);
        counts[all[i].r->target] += !again;
    }
    for (size_t k = 0; k < KINDS; k++)
        if (counts[k] > 0)
            parts[parts_n++] = word_count(p, words[k][0], words[k][1], counts[k]);
    v->withheld_today = language_list(p->language, p->arena, parts, parts_n);
}

static enum rc fill_head(struct context *c, struct record_view *v, struct fault *fault)
{
    struct published_head head = {0};
    enum rc rc = publication_head(c->worker->conn, c->arena, PUBLIC_DECISIONS, &head, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    v->size = head.size;
    v->signed_at = head.signed_at;
    v->checkpoint = head.note;
    v->pace = pace_read(&site_counters(c->server->site)->pace, clock_monotonic_ms());
    return publication_vkey(c->server->site, c->worker->conn, c->arena, PUBLIC_DECISIONS, &v->vkey,
                            fault);
}

/* ---- countries, and who asks ---- */

static struct str wish_name(const struct page *p, const struct record_sum *sum)
{
    return sum->name.n > 0 ? sum->name : word_ground(p, sum->ground);
}

/* "Example Authority (2), this shop's own decision (1)": what stands behind what is in
 * effect in one country. */
static struct str wishes_in(const struct page *p, const struct restriction_view *v, size_t n,
                            struct str country)
{
    struct restriction_view *here = ARENA_ARRAY(p->arena, struct restriction_view, n);
    size_t here_n = 0, named = 0;
    for (size_t i = 0; i < n; i++)
        if (v[i].state == STATE_IN_EFFECT && restriction_in_country(p->view, v[i].r, country))
            here[here_n++] = v[i];
    record_sums sums = record_by_wish(p->arena, here, here_n);
    struct str names[WISHES_NAMED + 1];
    for (; named < sums.n && named < WISHES_NAMED; named++) {
        struct str parts[] = {wish_name(p, &sums.v[named]),
                              word_number(p, sums.v[named].in_effect)};
        names[named] = sums.n == 1 ? parts[0] : word_filled(p, N_("%1 (%2)"), parts, 2);
    }
    if (sums.n > named)
        names[named++] = word_text(p, N_("others"));
    return language_list(p->language, p->arena, names, named);
}

/* What was asked about a country, beside what is withheld there. */
static void add_asked(const struct page *p, const struct demand_query *q, const demand_sums *asked,
                      struct str country, struct record_row *row)
{
    struct demand_query there = *q;
    const struct demand_sum *sum = demand_sum_of(asked, country);
    if (sum == NULL || sum->all == 0)
        return;
    there.v[DEMAND_COUNTRY] = country;
    row->asked = word_demand_sum(p, sum);
    row->asked_url = demand_filter_url(p->arena, link_record(p, "demands/"), &there);
}

static record_rows places_of(const struct page *p, const struct restriction_view *v, size_t n,
                             const struct demand_query *q, const demand_sums *asked)
{
    record_sums sums = record_by_country(p->view, p->arena, v, n);
    record_rows rows = {ARENA_ARRAY(p->arena, struct record_row, sums.n), 0};
    for (size_t i = 0; i < sums.n; i++) {
        const struct record_sum *sum = &sums.v[i];
        rows.v[rows.n++] = (struct record_row){.name = word_country(p, sum->name),
                                               .url = link_country(p, sum->name),
                                               .what = word_features(p, sum->features),
                                               .wish = wishes_in(p, v, n, sum->name),
                                               .works = sum->works,
                                               .in_effect = sum->in_effect,
                                               .all = sum->all};
        add_asked(p, q, asked, sum->name, &rows.v[rows.n - 1]);
    }
    return rows;
}

static record_rows wishes_of(const struct page *p, const struct restriction_view *v, size_t n)
{
    record_sums sums = record_by_wish(p->arena, v, n);
    record_rows rows = {ARENA_ARRAY(p->arena, struct record_row, sums.n), 0};
    for (size_t i = 0; i < sums.n && i < ROWS_MAX; i++) {
        const struct record_sum *sum = &sums.v[i];
        rows.v[rows.n++] = (struct record_row){
            .name = wish_name(p, sum),
            .url = sum->name.n > 0 ? link_authority(p, sum->name)
                                   : url_with(p->arena, link_record(p, ""), STR("ground"),
                                              str_of(ground_name(sum->ground))),
            .what = word_features(p, sum->features),
            .in_effect = sum->in_effect,
            .all = sum->all};
    }
    return rows;
}

/* ---- the list ---- */

static void fill_filters(const struct page *p, const struct record_query *q,
                         const struct record_found *found, struct record_view *v)
{
    struct url here = link_record(p, "");
    v->filters.v = ARENA_ARRAY(p->arena, struct page_choice, STATE_COUNT + 1);
    v->filters.v[v->filters.n++] = (struct page_choice){
        .name =
            arena_printf(p->arena, "%.*s %zu", STR_ARG(word_text(p, N_("All"))), found->any_state),
        .url = record_filter_with(p->arena, here, q, RECORD_STATE, STR_NONE),
        .chosen = q->v[RECORD_STATE].n == 0};
    for (int s = 0; s < STATE_COUNT; s++) {
        struct str name = str_of(state_name((enum restriction_state)s));
        bool chosen = str_eq(q->v[RECORD_STATE], name);
        if (found->counts[s] == 0 && !chosen)
            continue;
        v->filters.v[v->filters.n++] = (struct page_choice){
            .name =
                arena_printf(p->arena, "%.*s %zu",
                             STR_ARG(word_state(p, (enum restriction_state)s)), found->counts[s]),
            .url = record_filter_with(p->arena, here, q, RECORD_STATE, name),
            .chosen = chosen};
    }
}

/* The part of the list that this page shows, with titles. */
static enum rc fill_list(struct context *c, const struct page *p, const struct record_query *q,
                         const struct record_found *found, uint64_t page, struct record_view *v,
                         struct fault *fault)
{
    size_t from = (page - 1) * A_PAGE, n = found->restrictions.n;
    v->restrictions.v = found->restrictions.v + (from < n ? from : n);
    v->restrictions.n = from >= n ? 0 : n - from < A_PAGE ? n - from : A_PAGE;
    v->pager = pager_make(p, record_filter_url(c->arena, link_record(p, ""), q), n, A_PAGE, page);
    v->titles_left_out = found->titles_left_out;
    v->feed = record_filter_url(c->arena, link_record(p, "feed.atom"), q);
    v->json = record_filter_url(c->arena, URL_LITERAL("/api/v1/restrictions"), q);
    v->everything = link_record(p, "");
    return restriction_titles(c->worker->conn, c->arena, v->restrictions.v, v->restrictions.n,
                              fault);
}

/* Where what is withheld, and where what was asked. */
static enum rc fill_asked(struct context *c, const struct page *p,
                          const struct restriction_view *all, size_t n, struct record_view *v,
                          struct fault *fault)
{
    struct demand_query any = {0};
    struct demand_found asked;
    enum rc rc = demand_query_run(c->arena, c->view, &any, &asked, fault);
    if (rc != RC_OK)
        return rc;
    v->places = places_of(p, all, n, &any, &asked.countries);
    return demand_part_make(c, p, &any, &asked, 0, false, &v->demands, fault);
}

/* The page of what `q` asks for; `v` holds what its heading says. */
static enum rc list_page(struct context *c, struct page *p, const struct record_query *q,
                         struct record_view *v, struct response *ret, struct fault *fault)
{
    static const char *const fits[] = NN_("%1 restriction fits", "%1 restrictions fit");
    struct record_found found;
    struct restriction_view *all;
    size_t n;
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = restriction_all(c->worker->conn, c->arena, c->view, &all, &n, fault);
    if (rc == RC_OK)
        rc = record_query_run(c->worker->conn, c->arena, c->view, q, &found, fault);
    if (rc == RC_OK)
        rc = fill_head(c, v, fault);
    if (rc != RC_OK)
        return rc;
    record_sums wishes = record_by_wish(c->arena, all, n);
    v->form = record_form_make(p, q, &wishes);
    v->whole = record_query_empty(q) && page == 1;
    v->all = n;
    for (size_t i = 0; i < n; i++)
        v->in_effect += all[i].state == STATE_IN_EFFECT;
    if (v->whole) {
        fill_bars(p, all, n, v);
        fill_today(p, all, n, v);
        rc = fill_asked(c, p, all, n, v, fault);
        if (rc != RC_OK)
            return rc;
    } else if (v->heading.n == 0) {
        v->kind = record_filter_words(p, q);
        v->heading = word_count(p, fits[0], fits[1], found.restrictions.n);
    }
    fill_filters(p, q, &found, v);
    rc = fill_list(c, p, q, &found, page, v, fault);
    if (rc != RC_OK)
        return rc;
    if (p->title.n == 0)
        p->title = word_text(p, N_("The Record"));
    page_describe(
        p, word_text(p, N_("Everything this bookstore withholds, where, and at whose wish")));
    struct html h = page_html(c, ret);
    record_page(&h, p, v);
    return RC_OK;
}

/* oEmbed is discovered by a Link header. */
static struct str oembed_link(const struct context *c, const struct record_query *q)
{
    struct url here = record_filter_url(c->arena, URL_LITERAL("/record/"), q);
    struct str address =
        arena_printf(c->arena, "%.*s%.*s", STR_ARG(context_base_url(c)), STR_ARG(here.text));
    struct url link = url_with(c->arena, URL_LITERAL("/record/oembed"), STR("url"), address);
    return arena_printf(c->arena, "<%.*s>; rel=\"alternate\"; type=\"application/json+oembed\"",
                        STR_ARG(link.text));
}

enum rc handle_record(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct record_view v = {0};
    struct record_query q = record_filter_read(c);
    p.noindex = !record_query_empty(&q);
    ret->link[0] = oembed_link(c, &q);
    return list_page(c, &p, &q, &v, ret, fault);
}

/* ---- a country, an authority ---- */

/* All that was ever withheld and asked for there, whatever the page's list shows of it. */
static enum rc run_alone(struct context *c, const struct record_query *q, struct record_found *ret,
                         struct demand_query *ret_demands, struct demand_found *ret_asked,
                         struct fault *fault)
{
    (void)demand_query_of(q, ret_demands);
    enum rc rc = record_query_run(c->worker->conn, c->arena, c->view, q, ret, fault);
    return rc == RC_OK ? demand_query_run(c->arena, c->view, ret_demands, ret_asked, fault) : rc;
}

enum rc handle_record_country(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct record_view v = {.kind = word_text(&p, N_("The Record of one country"))};
    struct record_query q = {.v[RECORD_COUNTRY] = c->captures[0]};
    struct record_found found;
    struct demand_query demands;
    struct demand_found asked;
    bool known = false;
    for (size_t i = 0; i < c->view->storefronts.n; i++)
        known = known || str_eq(c->view->storefronts.v[i].country, c->captures[0]);
    if (!known)
        return fault_set(fault, RC_NOT_FOUND, "no storefront is for this country");
    enum rc rc = run_alone(c, &q, &found, &demands, &asked, fault);
    if (rc == RC_OK)
        rc = demand_part_make(c, &p, &demands, &asked, DEMANDS_SHOWN, true, &v.demands, fault);
    if (rc != RC_OK)
        return rc;
    struct str name = word_country(&p, c->captures[0]);
    p.title = v.heading = word_filled(&p, N_("What is withheld in %1"), &name, 1);
    v.wishes = wishes_of(&p, found.restrictions.v, found.restrictions.n);
    return list_page(c, &p, &q, &v, ret, fault);
}

enum rc handle_record_authority(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct record_view v = {.kind = word_text(&p, N_("At the wish of"))};
    struct record_query q = {.v[RECORD_AUTHORITY] = c->captures[0]};
    struct record_found found;
    struct demand_query demands;
    struct demand_found asked;
    enum rc rc = run_alone(c, &q, &found, &demands, &asked, fault);
    if (rc == RC_OK && found.restrictions.n == 0 && asked.sum.all == 0)
        rc = fault_set(fault, RC_NOT_FOUND, "nothing stands on the Record at its wish");
    if (rc == RC_OK)
        rc = demand_part_make(c, &p, &demands, &asked, DEMANDS_SHOWN, false, &v.demands, fault);
    if (rc != RC_OK)
        return rc;
    p.title = v.heading = c->captures[0];
    v.places =
        places_of(&p, found.restrictions.v, found.restrictions.n, &demands, &asked.countries);
    return list_page(c, &p, &q, &v, ret, fault);
}
