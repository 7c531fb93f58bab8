/* News of the Record, as Atom: what is withheld, and what was asked. */
#include "app/restriction_view.h"
#include "web/atom.h"
#include "web/demand_list.h"
#include "web/handlers.h"
#include "web/record.h"
#include "web/record_filter.h"

#define N_(text) text

/* ---- restrictions ---- */

/* When there was news of it last: decided, begun, ended or lifted. */
static int64_t news_of(const struct restriction_view *v)
{
    const struct restriction *r = v->r;
    if (v->state == STATE_LIFTED)
        return r->lifted;
    if (v->state == STATE_EXPIRED)
        return r->until != 0 ? r->until : r->review;
    return v->state == STATE_IN_EFFECT ? r->from : r->decided;
}

static int by_news(const void *a, const void *b)
{
    const struct restriction_view *x = a, *y = b;
    int64_t tx = news_of(x), ty = news_of(y);
    return tx != ty ? (tx < ty) - (tx > ty) : (x->r->id < y->r->id) - (x->r->id > y->r->id);
}

/* "Ratings of the edition “Emma” (in effect)". */
static struct str titled(const struct page *p, const struct restriction_view *v, struct str state)
{
    struct str parts[] = {restriction_title(p, v), state};
    return word_filled(p, N_("%1 (%2)"), parts, 2);
}

static struct str summed_up(const struct page *p, const struct restriction *r, struct str who)
{
    return ARENA_JOIN(p->arena, word_storefronts(p, r), STR(" · "), who);
}

/* A page's worth: of the latest news alone titles are looked up. */
static enum rc add_restrictions(struct context *c, const struct page *p,
                                const struct record_found *found, atom_items *items,
                                struct fault *fault)
{
    struct restriction_view *all = found->restrictions.v;
    size_t told = 0;
    for (size_t i = 0; i < found->restrictions.n; i++)
        if (all[i].state != STATE_PENDING)
            all[told++] = all[i];
    if (told > 1)
        qsort(all, told, sizeof *all, by_news);
    told = told < ATOM_MAX ? told : ATOM_MAX;
    enum rc rc = restriction_titles(c->worker->conn, c->arena, all, told, fault);
    for (size_t i = 0; rc == RC_OK && i < told; i++) {
        const struct restriction *r = all[i].r;
        items->v[items->n++] = (struct atom_item){
            .kind = "restriction",
            .id = r->id,
            .title = titled(p, &all[i], word_state(p, all[i].state)),
            .summary =
                summed_up(p, r, r->authority.n > 0 ? r->authority : word_ground(p, r->ground)),
            .published = r->decided,
            .updated = news_of(&all[i])};
    }
    return rc;
}

/* ---- demands ---- */

static int by_hit(const void *a, const void *b)
{
    const struct demand_hit *x = a, *y = b;
    return x->news != y->news ? (x->news < y->news) - (x->news > y->news)
                              : (x->id < y->id) - (x->id > y->id);
}

static enum rc add_demands(struct context *c, const struct page *p, const struct demand_query *q,
                           atom_items *items, struct fault *fault)
{
    struct demand_found found;
    demand_lines lines;
    enum rc rc = demand_query_run(c->arena, c->view, q, &found, fault);
    if (rc != RC_OK)
        return rc;
    if (found.hits.n > 1)
        qsort(found.hits.v, found.hits.n, sizeof *found.hits.v, by_hit);
    size_t told = found.hits.n < ATOM_MAX ? found.hits.n : ATOM_MAX;
    rc = demand_lines_make(c, p, found.hits.v, told, &lines, fault);
    for (size_t i = 0; rc == RC_OK && i < told; i++) {
        const struct demand_line *line = &lines.v[i];
        struct str title = titled(p, &line->wish, line->standing);
        items->v[items->n++] =
            (struct atom_item){.kind = "demand",
                               .id = line->d->id,
                               .title = word_filled(p, N_("Demand: %1"), &title, 1),
                               .summary = summed_up(p, line->wish.r, line->asker),
                               .published = line->d->at,
                               .updated = found.hits.v[i].news};
    }
    return rc;
}

/* An entry for each restriction, updated when it begins, ends or is lifted, and for each
 * demand, updated when it is decided; the latest news first, so that an old one's lift is
 * among them. Where it is asked for what demands do not have, none of them fit. */
enum rc handle_feed(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct record_query q = record_filter_read(c);
    struct record_found found;
    struct demand_query demands;
    struct url here = record_filter_url(c->arena, URL_LITERAL(""), &q);
    struct atom_feed feed = {
        .title = word_text(&p, N_("The Record: news")),
        .words = record_filter_words(&p, &q),
        .id = ARENA_JOIN(c->arena, STR("record"), here.text),
        .self = record_filter_url(c->arena, link_record(&p, "feed.atom"), &q),
        .items = {ARENA_ARRAY(c->arena, struct atom_item, 2 * (size_t)ATOM_MAX), 0}};
    enum rc rc = record_query_run(c->worker->conn, c->arena, c->view, &q, &found, fault);
    if (rc == RC_OK)
        rc = add_restrictions(c, &p, &found, &feed.items, fault);
    if (rc == RC_OK && demand_query_of(&q, &demands))
        rc = add_demands(c, &p, &demands, &feed.items, fault);
    if (rc != RC_OK)
        return rc;
    atom_sort(&feed.items);
    atom_write(c, &feed, ret);
    return RC_OK;
}

/* Demands alone. */
enum rc handle_demand_feed(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct demand_query q = demand_filter_read(c);
    struct url here = demand_filter_url(c->arena, URL_LITERAL(""), &q);
    struct atom_feed feed = {
        .title = word_text(&p, N_("The Record: demands")),
        .words = demand_filter_words(&p, &q),
        .id = ARENA_JOIN(c->arena, STR("record/demands"), here.text),
        .self = demand_filter_url(c->arena, link_record(&p, "demands/feed.atom"), &q),
        .items = {ARENA_ARRAY(c->arena, struct atom_item, ATOM_MAX), 0}};
    enum rc rc = add_demands(c, &p, &q, &feed.items, fault);
    if (rc == RC_OK)
        atom_write(c, &feed, ret);
    return rc;
}
