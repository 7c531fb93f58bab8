#include "web/demand_list.h"

#include "app/restriction_view.h"
#include "templates.h"
#include "web/choices.h"
#include "web/handlers.h"
#include "web/record_filter.h"

#define N_(text) text
#define NN_(one, many)                                                                             \
    {                                                                                              \
        one, many                                                                                  \
    }

enum { A_PAGE = 50, PAGES_MAX = 100000, ROWS_MAX = 12 };

/* ---- what is asked ---- */

struct demand_query demand_filter_read(const struct context *c)
{
    struct demand_query q = {0};
    for (int i = 0; i < DEMAND_FIELDS; i++)
        q.v[i] =
            str_trim(parameter_get(&c->request->query, demand_field_name((enum demand_field)i)));
    return q;
}

struct url demand_filter_url(struct arena *arena, struct url path, const struct demand_query *q)
{
    for (int i = 0; i < DEMAND_FIELDS; i++)
        path = url_with(arena, path, str_of(demand_field_name((enum demand_field)i)), q->v[i]);
    return path;
}

static struct url filter_with(struct arena *arena, struct url path, const struct demand_query *q,
                              enum demand_field field, struct str value)
{
    struct demand_query other = *q;
    other.v[field] = value;
    return demand_filter_url(arena, path, &other);
}

struct str demand_filter_words(const struct page *p, const struct demand_query *q)
{
    struct record_query shared = {.v[RECORD_COUNTRY] = q->v[DEMAND_COUNTRY],
                                  .v[RECORD_AUTHORITY] = q->v[DEMAND_AUTHORITY],
                                  .v[RECORD_GROUND] = q->v[DEMAND_GROUND],
                                  .v[RECORD_FROM] = q->v[DEMAND_FROM],
                                  .v[RECORD_TO] = q->v[DEMAND_TO]};
    struct str words = record_filter_words(p, &shared), more[2];
    enum demand_sender sender;
    size_t n = 0;
    if (sender_parse(q->v[DEMAND_SENDER], &sender))
        more[n++] = word_sender(p, sender);
    for (int i = 0; i < STANDING_COUNT; i++)
        if (str_eq(q->v[DEMAND_OUTCOME], str_of(standing_name((enum demand_standing)i))))
            more[n++] = word_standing(p, (enum demand_standing)i);
    for (size_t i = 0; i < n; i++)
        words = words.n > 0 ? ARENA_JOIN(p->arena, words, STR(" · "), more[i]) : more[i];
    return words;
}

/* ---- words ---- */

struct str word_standing(const struct page *p, enum demand_standing standing)
{
    static const char *const words[STANDING_COUNT] = {[STANDING_OPEN] = N_("open"),
                                                      [STANDING_GRANTED] = N_("granted"),
                                                      [STANDING_NARROWED] = N_("granted in part"),
                                                      [STANDING_REFUSED] = N_("refused")};
    return word_text(p, words[standing]);
}

const char *standing_class(enum demand_standing standing)
{
    return standing == STANDING_REFUSED ? "lifted" : standing == STANDING_OPEN ? "other" : "in";
}

struct str word_asker(const struct page *p, struct str authority, enum demand_sender sender)
{
    return authority.n > 0 ? authority : word_sender(p, sender);
}

struct str word_demand_sum(const struct page *p, const struct demand_sum *sum)
{
    static const char *const all[] = NN_("%1 demand", "%1 demands");
    static const char *const words[STANDING_COUNT][2] = {
        [STANDING_OPEN] = NN_("%1 open", "%1 open"),
        [STANDING_GRANTED] = NN_("%1 granted", "%1 granted"),
        [STANDING_NARROWED] = NN_("%1 granted in part", "%1 granted in part"),
        [STANDING_REFUSED] = NN_("%1 refused", "%1 refused"),
    };
    static const enum demand_standing order[] = {STANDING_GRANTED, STANDING_NARROWED,
                                                 STANDING_REFUSED, STANDING_OPEN};
    struct str parts[STANDING_COUNT];
    size_t n = 0;
    for (size_t i = 0; i < STANDING_COUNT; i++) {
        size_t count = sum->counts[order[i]];
        if (count > 0)
            parts[n++] = word_count(p, words[order[i]][0], words[order[i]][1], count);
    }
    struct str both[] = {word_count(p, all[0], all[1], sum->all),
                         language_list(p->language, p->arena, parts, n)};
    return n == 0 ? both[0] : word_filled(p, N_("%1: %2"), both, 2);
}

/* ---- lines and sums ---- */

enum rc demand_lines_make(struct context *c, const struct page *p, const struct demand_hit *hits,
                          size_t n, demand_lines *ret, struct fault *fault)
{
    struct demand_view *shown;
    demand_lines lines = {ARENA_ARRAY(c->arena, struct demand_line, n), 0};
    struct restriction_view *wishes = ARENA_ARRAY(c->arena, struct restriction_view, n);
    enum rc rc = demand_query_show(c->worker->conn, c->arena, hits, n, &shown, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        wishes[i] = demand_wish(c->arena, &shown[i].facts);
    if (rc == RC_OK)
        rc = restriction_titles(c->worker->conn, c->arena, wishes, n, fault);
    if (rc != RC_OK)
        return rc;
    for (; lines.n < n; lines.n++) {
        const struct demand_view *d = &shown[lines.n];
        enum demand_standing standing = demand_standing(d);
        lines.v[lines.n] =
            (struct demand_line){.d = d,
                                 .wish = wishes[lines.n],
                                 .state = standing,
                                 .asker = word_asker(p, d->facts.authority, d->facts.sender),
                                 .standing = word_standing(p, standing),
                                 .url = link_demand(p, d->id)};
    }
    *ret = lines;
    return RC_OK;
}

/* Who asked: an authority has a page, of other senders there is a list. */
static demand_rows rows_of(const struct page *p, const struct demand_query *q,
                           const demand_sums *sums)
{
    demand_rows rows = {ARENA_ARRAY(p->arena, struct demand_row, ROWS_MAX), 0};
    for (; rows.n < sums->n && rows.n < ROWS_MAX; rows.n++) {
        const struct demand_sum *sum = &sums->v[rows.n];
        struct url list = filter_with(p->arena, link_record(p, "demands/"), q, DEMAND_SENDER,
                                      str_of(sender_name(sum->sender)));
        rows.v[rows.n] =
            (struct demand_row){.name = word_asker(p, sum->name, sum->sender),
                                .url = sum->name.n > 0 ? link_authority(p, sum->name) : list,
                                .sum = sum};
    }
    return rows;
}

enum rc demand_part_make(struct context *c, const struct page *p, const struct demand_query *q,
                         const struct demand_found *found, size_t lines, bool wishes,
                         struct demand_part *ret, struct fault *fault)
{
    struct demand_sum *sum = ARENA_NEW(c->arena, struct demand_sum);
    *sum = found->sum;
    *ret = (struct demand_part){.sum = sum,
                                .summary = word_demand_sum(p, sum),
                                .url = demand_filter_url(c->arena, link_record(p, "demands/"), q)};
    if (wishes)
        ret->wishes = rows_of(p, q, &found->wishes);
    return demand_lines_make(c, p, found->hits.v, found->hits.n < lines ? found->hits.n : lines,
                             &ret->lines, fault);
}

/* ---- the form ---- */

/* Countries that have a storefront, whoever asked about them. */
static choice_list countries(const struct page *p, const demand_sums *sums, struct str asked)
{
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, sums->n + 1), 0};
    bool known = asked.n == 0;
    for (size_t i = 0; i < sums->n; i++) {
        choices_add(&list, sums->v[i].name, word_country(p, sums->v[i].name), asked);
        known = known || str_eq(sums->v[i].name, asked);
    }
    if (!known)
        choices_add(&list, asked, word_country(p, asked), asked);
    return list;
}

static choice_list authorities(const struct page *p, const demand_sums *sums, struct str asked)
{
    struct str *names = ARENA_ARRAY(p->arena, struct str, sums->n);
    for (size_t i = 0; i < sums->n; i++)
        names[i] = sums->v[i].name;
    return choices_of_authorities(p, names, sums->n, asked);
}

static struct demand_form form_make(const struct page *p, const struct demand_query *q,
                                    const struct demand_found *all)
{
    struct demand_form f = {.any = word_text(p, N_("any")),
                            .from = q->v[DEMAND_FROM],
                            .to = q->v[DEMAND_TO],
                            .countries = countries(p, &all->countries, q->v[DEMAND_COUNTRY]),
                            .authorities = authorities(p, &all->wishes, q->v[DEMAND_AUTHORITY]),
                            .senders.v = ARENA_ARRAY(p->arena, struct page_choice, SENDER_COUNT),
                            .grounds.v = ARENA_ARRAY(p->arena, struct page_choice, GROUND_COUNT),
                            .outcomes.v = ARENA_ARRAY(p->arena, struct page_choice, STANDING_COUNT),
                            .open = !demand_query_empty(q)};
    for (int i = 0; i < SENDER_COUNT; i++)
        choices_add(&f.senders, str_of(sender_name((enum demand_sender)i)),
                    word_sender(p, (enum demand_sender)i), q->v[DEMAND_SENDER]);
    for (int i = 0; i < GROUND_COUNT; i++)
        choices_add(&f.grounds, str_of(ground_name((enum ground)i)), word_ground(p, (enum ground)i),
                    q->v[DEMAND_GROUND]);
    for (int i = 0; i < STANDING_COUNT; i++)
        choices_add(&f.outcomes, str_of(standing_name((enum demand_standing)i)),
                    word_standing(p, (enum demand_standing)i), q->v[DEMAND_OUTCOME]);
    return f;
}

/* ---- the page ---- */

static struct page_choice counted_choice(const struct page *p, const struct demand_query *q,
                                         struct str name, size_t n, struct str value)
{
    return (struct page_choice){
        .name = ARENA_JOIN(p->arena, name, STR(" "), word_number(p, n)),
        .url = filter_with(p->arena, link_record(p, "demands/"), q, DEMAND_OUTCOME, value),
        .chosen = str_eq(q->v[DEMAND_OUTCOME], value)};
}

static choice_list filters_of(const struct page *p, const struct demand_query *q,
                              const struct demand_sum *sum)
{
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, STANDING_COUNT + 1), 0};
    list.v[list.n++] = counted_choice(p, q, word_text(p, N_("All")), sum->all, STR_NONE);
    for (int i = 0; i < STANDING_COUNT; i++) {
        struct page_choice choice =
            counted_choice(p, q, word_standing(p, (enum demand_standing)i), sum->counts[i],
                           str_of(standing_name((enum demand_standing)i)));
        if (sum->counts[i] > 0 || choice.chosen)
            list.v[list.n++] = choice;
    }
    return list;
}

static void fill_view(const struct page *p, const struct demand_query *q,
                      const struct demand_found *found, const struct demand_found *all,
                      struct demand_list_view *v)
{
    static const char *const fit[] = NN_("%1 demand fits", "%1 demands fit");
    struct arena *arena = p->arena;
    v->all = all->sum.all;
    v->summary = word_demand_sum(p, &all->sum);
    v->form = form_make(p, q, all);
    v->filters = filters_of(p, q, &found->sum);
    v->feed = demand_filter_url(arena, link_record(p, "demands/feed.atom"), q);
    v->json = demand_filter_url(arena, URL_LITERAL("/api/v1/demands"), q);
    v->everything = link_record(p, "demands/");
    if (v->whole) {
        v->wishes = rows_of(p, q, &all->wishes);
    } else {
        v->kind = demand_filter_words(p, q);
        v->heading = word_count(p, fit[0], fit[1], found->hits.n);
    }
}

enum rc handle_record_demands(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct demand_query q = demand_filter_read(c), any = {0};
    struct demand_found found, all;
    struct demand_list_view v = {.whole = demand_query_empty(&q)};
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = demand_query_run(c->arena, c->view, &q, &found, fault);
    all = found;
    if (rc == RC_OK && !v.whole)
        rc = demand_query_run(c->arena, c->view, &any, &all, fault);
    if (rc != RC_OK)
        return rc;
    size_t n = found.hits.n, from = (page - 1) * A_PAGE;
    v.whole = v.whole && page == 1;
    fill_view(&p, &q, &found, &all, &v);
    v.pager = pager_make(&p, demand_filter_url(c->arena, v.everything, &q), n, A_PAGE, page);
    from = from < n ? from : n;
    rc = demand_lines_make(c, &p, found.hits.v + from, n - from < A_PAGE ? n - from : A_PAGE,
                           &v.lines, fault);
    if (rc != RC_OK)
        return rc;
    p.noindex = !demand_query_empty(&q);
    p.title = word_text(&p, N_("What was asked, and what came of it"));
    struct html h = page_html(c, ret);
    demand_list_page(&h, &p, &v);
    return RC_OK;
}
