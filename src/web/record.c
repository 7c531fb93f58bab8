#include "web/record.h"

#include "app/publication.h"
#include "templates.h"
#include "web/handlers.h"

#define N_(text) text
#define NN_(one, many)                                                                             \
    {                                                                                              \
        one, many                                                                                  \
    }

enum { A_PAGE = 50, PAGES_MAX = 100000, FEED_MAX = 100 };

static struct str hex_of(struct arena *arena, const struct hash *hash)
{
    BUF_AUTO hex = BUF_INIT(80);
    hex_add(&hex, hash->b, sizeof hash->b);
    return arena_str(arena, buf_str(&hex));
}

/* ---- the list ---- */

static void fill_filters(const struct page *p, struct str chosen, const size_t counts[STATE_COUNT],
                         size_t all, struct record_view *v)
{
    v->filters.v = ARENA_ARRAY(p->arena, struct page_choice, STATE_COUNT + 1);
    v->filters.v[v->filters.n++] = (struct page_choice){
        .name = arena_printf(p->arena, "%.*s %zu", STR_ARG(word_text(p, N_("All"))), all),
        .url = link_record(p, ""),
        .chosen = chosen.n == 0};
    for (int s = 0; s < STATE_COUNT; s++) {
        struct str name = str_of(state_name((enum restriction_state)s));
        if (counts[s] == 0)
            continue;
        v->filters.v[v->filters.n++] = (struct page_choice){
            .name = arena_printf(p->arena, "%.*s %zu",
                                 STR_ARG(word_state(p, (enum restriction_state)s)), counts[s]),
            .url = url_with(p->arena, link_record(p, ""), STR("state"), name),
            .chosen = str_eq(chosen, name)};
    }
}

/* ---- who asks ---- */

enum { BAR_HEIGHT = 54 };

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
            bars[g].all_percent = (unsigned)(bars[g].all * 100 / longest * 3 / 4);
            bars[g].now_percent = (unsigned)(bars[g].in_effect * 100 / longest * 3 / 4);
            bars[g].y = (unsigned)v->bars.n * BAR_HEIGHT;
            v->bars.v[v->bars.n++] = bars[g];
        }
    v->chart_height = (unsigned)v->bars.n * BAR_HEIGHT;
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
    return publication_vkey(c->server->site, c->arena, PUBLIC_DECISIONS, &v->vkey, fault);
}

enum rc handle_record(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct record_view v = {0};
    struct restriction_view *all;
    struct str chosen = parameter_get(&c->request->query, "state");
    size_t n, kept = 0, counts[STATE_COUNT] = {0};
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = restriction_all(c->server->site, c->worker->conn, c->arena, c->view, &all, &n, fault);
    if (rc == RC_OK)
        rc = fill_head(c, &v, fault);
    if (rc != RC_OK)
        return rc;
    fill_bars(&p, all, n, &v);
    fill_today(&p, all, n, &v);
    for (size_t i = 0; i < n; i++) {
        counts[all[i].state]++;
        if (chosen.n == 0 || str_eq(chosen, str_of(state_name(all[i].state))))
            all[kept++] = all[i];
    }
    v.in_effect = counts[STATE_IN_EFFECT];
    fill_filters(&p, chosen, counts, n, &v);
    size_t from = (page - 1) * A_PAGE;
    v.restrictions.v = all + (from < kept ? from : kept);
    v.restrictions.n = from >= kept ? 0 : kept - from < A_PAGE ? kept - from : A_PAGE;
    v.pager = pager_make(&p, url_with(c->arena, link_record(&p, ""), STR("state"), chosen), kept,
                         A_PAGE, page);
    rc = restriction_titles(c->worker->conn, c->arena, v.restrictions.v, v.restrictions.n, fault);
    if (rc != RC_OK)
        return rc;
    p.title = word_text(&p, N_("The Record"));
    struct html h = page_html(c, ret);
    record_page(&h, &p, &v);
    return RC_OK;
}

/* ---- one entry ---- */

static enum rc load_proof(struct context *c, uint64_t index, struct proof_view *ret,
                          struct fault *fault)
{
    struct published_entry entry;
    enum rc rc =
        publication_entry(c->worker->conn, c->arena, PUBLIC_DECISIONS, index, &entry, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct proof_view){.index = index,
                               .size = entry.size,
                               .leaf = hex_of(c->arena, &entry.leaf),
                               .json = entry.json};
    ret->path.v = ARENA_ARRAY(c->arena, struct str, entry.path.n);
    for (; ret->path.n < entry.path.n; ret->path.n++)
        ret->path.v[ret->path.n] = hex_of(c->arena, &entry.path.v[ret->path.n]);
    return RC_OK;
}

enum rc handle_record_entry(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct proof_view v;
    uint64_t index;
    if (!str_to_u64(c->captures[0], &index))
        return fault_set(fault, RC_NOT_FOUND, "entries have numbers");
    enum rc rc = load_proof(c, index, &v, fault);
    if (rc != RC_OK)
        return rc;
    p.title = word_text(&p, N_("The Record"));
    struct html h = page_html(c, ret);
    entry_page(&h, &p, &v);
    return RC_OK;
}

/* ---- one restriction ---- */

static struct str entry_heading(const struct page *p, struct str type)
{
    if (str_eq(type, STR("restriction")))
        return word_text(p, N_("The decision and its reasons"));
    if (str_eq(type, STR("lift")))
        return word_text(p, N_("The lift and its reasons"));
    return word_text(p, N_("Works that joined the set"));
}

enum rc handle_record_restriction(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct restriction_page_view v = {0};
    uint64_t id;
    if (!str_to_u64(c->captures[0], &id))
        return fault_set(fault, RC_NOT_FOUND, "restrictions have numbers");
    enum rc rc = restriction_show(c->server->site, c->worker->conn, c->arena, c->view, id,
                                  &v.restriction, fault);
    if (rc != RC_OK)
        return rc;
    const struct restriction *r = v.restriction.r;
    if (target_is_set(r->target)) {
        v.root = hex_of(c->arena, &r->works_root);
        v.list = (struct url){arena_printf(c->arena, "/record/lists/%.*s", STR_ARG(v.root))};
    }
    v.entries.v = ARENA_ARRAY(c->arena, struct record_entry_view, v.restriction.entries.n);
    for (size_t i = 0; rc == RC_OK && i < v.restriction.entries.n; i++) {
        const struct restriction_entry_view *e = &v.restriction.entries.v[i];
        struct record_entry_view *entry = &v.entries.v[v.entries.n++];
        *entry = (struct record_entry_view){.heading = entry_heading(&p, e->type),
                                            .text = e->text,
                                            .at = e->at,
                                            .published = e->index != UINT64_MAX};
        if (entry->published)
            rc = load_proof(c, e->index, &entry->proof, fault);
    }
    if (rc != RC_OK)
        return rc;
    rc = restriction_titles(c->worker->conn, c->arena, &v.restriction, 1, fault);
    if (rc != RC_OK)
        return rc;
    p.title = restriction_title(&p, &v.restriction);
    struct html h = page_html(c, ret);
    restriction_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_record_check(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct check_view v = {.base = context_base_url(c)};
    enum rc rc = publication_vkey(c->server->site, c->arena, PUBLIC_DECISIONS, &v.vkey, fault);
    if (rc == RC_OK)
        rc = publication_vkey(c->server->site, c->arena, PUBLIC_VOICES, &v.voices_vkey, fault);
    if (rc != RC_OK)
        return rc;
    p.title = word_text(&p, N_("Check it yourself"));
    struct html h = page_html(c, ret);
    check_page(&h, &p, &v);
    return RC_OK;
}

/* ---- news ---- */

static void xml_time(struct html *h, const char *element, int64_t t)
{
    buf_printf(h->out, "<%s>", element);
    time_add(h->out, t);
    buf_printf(h->out, "</%s>\n", element);
}

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

/* Atom, RFC 4287: an entry for each restriction, updated when it begins, ends or
 * is lifted; the latest news first, so that an old one's lift is among them. */
enum rc handle_feed(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct restriction_view *all;
    size_t n;
    struct str base = context_base_url(c), origin = site_origin(c->server->site);
    enum rc rc =
        restriction_all(c->server->site, c->worker->conn, c->arena, c->view, &all, &n, fault);
    if (rc != RC_OK)
        return rc;
    size_t told = 0;
    for (size_t i = 0; i < n; i++)
        if (all[i].state != STATE_PENDING)
            all[told++] = all[i];
    if (told > 1)
        qsort(all, told, sizeof *all, by_news);
    rc = restriction_titles(c->worker->conn, c->arena, all, told < FEED_MAX ? told : FEED_MAX,
                            fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    ret->content_type = "application/atom+xml; charset=utf-8";
    HTML_LIT(&h, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed "
                 "xmlns=\"http://www.w3.org/2005/Atom\">\n<title>");
    html_escaped(&h, word_text(&p, N_("The Record: news")));
    HTML_LIT(&h, "</title>\n<id>tag:");
    html_escaped(&h, origin);
    HTML_LIT(&h, ",2026:record</id>\n<author><name>");
    html_escaped(&h, origin);
    HTML_LIT(&h, "</name></author>\n<link rel=\"self\" href=\"");
    html_escaped(&h, base);
    HTML_LIT(&h, "/record/feed.atom\"/>\n");
    xml_time(&h, "updated", told > 0 ? news_of(&all[0]) : 0);
    for (size_t i = 0; i < told && i < FEED_MAX; i++) {
        const struct restriction *r = all[i].r;
        HTML_LIT(&h, "<entry>\n<title>");
        html_escaped(&h, restriction_title(&p, &all[i]));
        HTML_LIT(&h, " (");
        html_escaped(&h, word_state(&p, all[i].state));
        HTML_LIT(&h, ")</title>\n<id>tag:");
        html_escaped(&h, origin);
        buf_printf(h.out, ",2026:restriction/%llu</id>\n<link href=\"", (unsigned long long)r->id);
        html_escaped(&h, base);
        buf_printf(h.out, "/record/restrictions/%llu\"/>\n", (unsigned long long)r->id);
        xml_time(&h, "published", r->decided);
        xml_time(&h, "updated", news_of(&all[i]));
        HTML_LIT(&h, "<summary>");
        html_escaped(&h, word_storefronts(&p, r));
        HTML_LIT(&h, " · ");
        html_escaped(&h, r->authority.n > 0 ? r->authority : word_ground(&p, r->ground));
        HTML_LIT(&h, "</summary>\n</entry>\n");
    }
    HTML_LIT(&h, "</feed>\n");
    return RC_OK;
}
