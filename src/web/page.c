#include "web/page.h"

#include "app/find.h"
#include "base/encode.h"
#include "base/utf8.h"

#include "web/assets.h"

enum { BODY_MAX = 4 << 20, BODY_ROOM = 12 << 10 /* most pages fit */ };

/* ---- links ---- */

struct str page_root(const struct page *p)
{
    return p->root;
}

static struct url below(const struct page *p, struct url rest)
{
    return (struct url){ARENA_JOIN(p->arena, page_root(p), rest.text)};
}

struct url link_home(const struct page *p)
{
    return p->storefront == NULL ? URL_LITERAL("/") : below(p, URL_LITERAL("/"));
}

struct url link_to(const struct page *p, const char *place)
{
    struct url url = {ARENA_JOIN(p->arena, STR("/"), str_of(place))};
    return p->storefront == NULL ? url : below(p, url);
}

struct url link_book(const struct page *p, struct str key)
{
    return below(p, url_path(p->arena, 2, STR("books"), key));
}

struct url link_book_part(const struct page *p, struct str key, const char *part)
{
    struct url book = link_book(p, key);
    return (struct url){ARENA_JOIN(p->arena, book.text, STR("/"), str_of(part))};
}

struct url link_subject(const struct page *p, struct str code)
{
    return below(p, url_path(p->arena, 2, STR("subjects"), code));
}

struct url link_series(const struct page *p, struct str slug)
{
    return below(p, url_path(p->arena, 2, STR("series"), slug));
}

struct url link_collection(const struct page *p, struct str slug)
{
    return below(p, url_path(p->arena, 2, STR("collections"), slug));
}

struct url link_contributor(const struct page *p, uint64_t id)
{
    return below(
        p, (struct url){arena_printf(p->arena, "/contributors/%llu", (unsigned long long)id)});
}

struct url link_publisher(const struct page *p, struct str name)
{
    return below(p, url_path(p->arena, 2, STR("publishers"), find_publisher_slug(p->arena, name)));
}

struct url link_shop(const struct page *p, struct str slug)
{
    return below(p, url_path(p->arena, 2, STR("shops"), slug));
}

struct url link_text(const struct page *p, enum text_kind kind)
{
    return below(p, url_path(p->arena, 2, STR("texts"), str_of(text_kind_name(kind))));
}

/* The Record has no storefront: its language stands in the query. */
struct url link_below_record(const struct page *p, struct url url)
{
    struct str tag = language_tag(p->language);
    return str_eq(tag, STR("en")) ? url : url_with(p->arena, url, STR("language"), tag);
}

struct url link_record(const struct page *p, const char *place)
{
    return link_below_record(p, (struct url){ARENA_JOIN(p->arena, STR("/record/"), str_of(place))});
}

struct url link_country(const struct page *p, struct str country)
{
    return link_below_record(p, url_path(p->arena, 3, STR("record"), STR("countries"), country));
}

struct url link_restriction(const struct page *p, uint64_t id)
{
    return link_below_record(p, (struct url){arena_printf(p->arena, "/record/restrictions/%llu",
                                                          (unsigned long long)id)});
}

bool withheld_from_sale(const struct shown_withheld *w)
{
    bool sale = w->others == 0 && w->by.n > 0;
    for (size_t i = 0; i < w->by.n; i++)
        sale = sale && w->by.v[i].restriction->features == FEATURE_BIT(FEATURE_SALE);
    return sale;
}

struct url link_entry(const struct page *p, uint64_t index)
{
    return link_below_record(
        p, (struct url){arena_printf(p->arena, "/record/entries/%llu", (unsigned long long)index)});
}

struct url link_cover(const struct page *p, struct str key)
{
    return below(p, url_path(p->arena, 2, STR("covers"), key));
}

struct url link_cover_form(const struct page *p, struct str key, struct str name)
{
    return below(p, url_path(p->arena, 3, STR("covers"), key, name));
}

/* ---- the page ---- */

static struct str short_head(const struct context *c)
{
    const uint8_t *root = c->view->head_root.b;
    struct str size = language_number(c->language, c->arena, (int64_t)c->view->head_size);
    return arena_printf(c->arena, "%.*s · %02x%02x…%02x%02x", STR_ARG(size), root[0], root[1],
                        root[30], root[31]);
}

/* The part of the request's path behind storefront and language. */
static struct str place_of(const struct context *c)
{
    struct str root = context_root(c, c->storefront, language_tag(c->language));
    struct str path = c->request->path;
    return str_starts(path, root) ? str_sub(path, root.n, path.n) : STR("/");
}

/* A storefront stays on the host it is shown under. */
struct str page_root_of(const struct context *c, const struct storefront *storefront,
                        struct str tag)
{
    bool here = storefront == c->storefront || storefront == c->at_host ||
                (storefront->host.n == 0 && c->at_host == NULL);
    return here ? context_root(c, storefront, tag) : context_home(c, storefront, tag);
}

/* The same page elsewhere: in another language, or another storefront. What was
 * asked for goes along, so that nobody lands on a home page. */
static struct url elsewhere(struct context *c, const struct storefront *storefront, struct str tag)
{
    struct str root = page_root_of(c, storefront, tag), query = c->request->query_text;
    bool asked = c->request->method == METHOD_GET && query.n > 0;
    return (struct url){ARENA_JOIN(c->arena, root, place_of(c), asked ? STR("?") : STR_NONE,
                                   asked ? query : STR_NONE)};
}

/* The page's language; a storefront has all that are offered. */
static struct str spoken_there(const struct context *c, const struct storefront *storefront)
{
    struct str tag = language_tag(c->language), spoken;
    for (size_t i = 0; (spoken = context_spoken(c, storefront, i)).n > 0; i++)
        if (str_eq(spoken, tag))
            return spoken;
    return storefront->languages.v[0];
}

struct sorting {
    const struct language *language;
    size_t name_at;
};

static int by_name(const void *a, const void *b, void *context)
{
    const struct sorting *s = context;
    struct str x, y;
    memcpy(&x, (const char *)a + s->name_at, sizeof x);
    memcpy(&y, (const char *)b + s->name_at, sizeof y);
    return language_compare(s->language, x, y);
}

void page_sort_by_name(const struct page *p, void *v, size_t n, size_t size, size_t name_at)
{
    struct sorting s = {p->language, name_at};
    if (n > 1)
        qsort_r(v, n, size, by_name, &s);
}

void page_choices_sort(const struct page *p, choice_list *choices)
{
    page_sort_by_name(p, choices->v, choices->n, sizeof *choices->v,
                      offsetof(struct page_choice, name));
}

static void list_storefronts(struct context *c, struct page *p)
{
    p->storefronts.v = ARENA_ARRAY(c->arena, struct page_choice, c->view->storefronts.n);
    for (size_t i = 0; i < c->view->storefronts.n; i++) {
        const struct storefront *s = &c->view->storefronts.v[i];
        struct str country = language_of_country(c->language, c->arena, s->country);
        struct page_choice *choice = &p->storefronts.v[p->storefronts.n++];
        choice->chosen = c->storefront == s;
        choice->tag = s->slug;
        choice->name = ARENA_JOIN(c->arena, country, STR(" · "), s->currency);
        choice->url = c->storefront != NULL
                          ? elsewhere(c, s, spoken_there(c, s))
                          : (struct url){ARENA_JOIN(
                                c->arena, page_root_of(c, s, spoken_there(c, s)), STR("/"))};
    }
    page_choices_sort(p, &p->storefronts);
}

static void list_languages(struct context *c, struct page *p)
{
    size_t n = 0;
    struct str tag;
    const struct storefront *s = c->storefront;
    while ((s == NULL ? language_offered(n) : context_spoken(c, s, n)).n > 0)
        n++;
    p->languages.v = ARENA_ARRAY(c->arena, struct page_choice, n);
    for (size_t i = 0; i < n; i++) {
        struct page_choice *choice = &p->languages.v[p->languages.n++];
        choice->tag = choice->lang = tag =
            s == NULL ? language_offered(i) : context_spoken(c, s, i);
        choice->name = language_own_name(c->language, c->arena, tag);
        choice->chosen = str_eq(language_tag(c->language), tag);
        if (s != NULL)
            choice->url = elsewhere(c, s, tag);
        else
            choice->url = url_with(c->arena, (struct url){c->request->path}, STR("language"), tag);
    }
}

/* Absolute addresses of this page: here in every language, in other storefronts in those
 * they name as theirs (all of all would be thousands). A filter, an order or a search stands
 * in none of them: those pages are no one's entrance. */
static void list_alternates(struct context *c, struct page *p)
{
    size_t room = 0;
    if (c->storefront == NULL || c->request->query_text.n > 0)
        return;
    for (size_t i = 0; i < c->view->storefronts.n; i++)
        room += c->view->storefronts.v[i].languages.n;
    p->alternates.v = ARENA_ARRAY(c->arena, struct page_choice, room + p->languages.n);
    for (size_t i = 0; i < c->view->storefronts.n; i++) {
        const struct storefront *s = &c->view->storefronts.v[i];
        size_t n = s == c->storefront ? p->languages.n : s->languages.n;
        for (size_t k = 0; k < n; k++) {
            struct str tag = context_spoken(c, s, k);
            p->alternates.v[p->alternates.n++] = (struct page_choice){
                .tag = ARENA_JOIN(c->arena, tag, STR("-"), s->country),
                .url = {ARENA_JOIN(c->arena, context_home(c, s, tag), place_of(c))}};
        }
    }
}

/* What the storefront says of itself, in its order, and nothing that is not there. */
static void list_texts(struct page *p)
{
    p->texts.v = ARENA_ARRAY(p->arena, struct page_text, TEXT_KINDS);
    for (int kind = 0; kind < TEXT_KINDS; kind++) {
        const struct shop_text *t =
            text_in_force(p->view, p->storefront, (enum text_kind)kind, language_tag(p->language));
        if (t == NULL || kind == TEXT_REVIEWS) /* its page is there in any case */
            continue;
        struct str lang = str_eq(t->language, language_tag(p->language)) ? STR_NONE : t->language;
        if (kind == TEXT_ABOUT) {
            p->about = t->line;
            p->about_lang = lang;
            continue;
        }
        p->texts.v[p->texts.n++] = (struct page_text){.kind = t->kind,
                                                      .name = word_text_kind(p, t->kind),
                                                      .lang = lang,
                                                      .url = link_text(p, t->kind)};
    }
}

struct url link_asset(struct arena *arena, const char *name)
{
    const struct asset *asset = asset_find(str_of(name));
    return (struct url){
        ARENA_JOIN(arena, STR("/static/"), str_of(asset->digest), STR("/"), str_of(asset->name))};
}

struct url link_module(struct arena *arena, const char *name)
{
    for (const struct asset *a = modules; a->name != NULL; a++)
        if (strcmp(a->name, name) == 0)
            return (struct url){
                ARENA_JOIN(arena, STR("/static/"), str_of(a->digest), STR("/"), str_of(a->name))};
    return (struct url){STR_NONE};
}

void page_script(struct page *p, struct response *ret, const char *name)
{
    ret->scripted = true;
    p->script = link_asset(p->arena, name);
}

struct str page_locale(const struct page *p)
{
    struct str tag = language_tag(p->language);
    size_t dash = 0;
    while (dash < tag.n && tag.p[dash] != '-')
        dash++;
    return ARENA_JOIN(p->arena, str_sub(tag, 0, dash), STR("_"), p->storefront->country);
}

struct page page_begin(struct context *c, struct response *ret)
{
    struct page p = {.arena = c->arena,
                     .language = c->language,
                     .storefront = c->storefront,
                     .viewer = &c->viewer,
                     .view = c->view,
                     .head = short_head(c)};
    p.style = link_asset(c->arena, "style.css");
    p.suggesting = link_asset(c->arena, "suggest.js");
    p.icon = link_asset(c->arena, "icon.svg");
    if (c->storefront != NULL)
        p.root = context_root(c, c->storefront, language_tag(c->language));
    p.canonical.text =
        c->storefront != NULL
            ? ARENA_JOIN(c->arena, context_home(c, c->storefront, language_tag(c->language)),
                         place_of(c))
            : ARENA_JOIN(c->arena, context_base_url(c), c->request->path);
    if (c->refusal.n > 0) {
        BUF_AUTO data = BUF_INIT(64 << 10);
        BUF_LIT(&data, "data:text/plain;charset=utf-8;base64,");
        base64_add(&data, c->refusal.p, c->refusal.n);
        p.refusal.text = arena_str(c->arena, buf_str(&data));
    }
    if (c->storefront != NULL)
        list_texts(&p);
    list_storefronts(c, &p);
    list_languages(c, &p);
    list_alternates(c, &p);
    ret->content_type = "text/html; charset=utf-8";
    ret->content_language = language_tag(c->language);
    buf_renew(&ret->body, BODY_MAX);
    buf_reserve(&ret->body, BODY_ROOM);
    return p;
}

void page_describe(struct page *p, struct str text)
{
    enum { SHOWN = 200 }; /* code points */
    p->description = utf8_cut(text, SHOWN);
}

void page_describe_names(struct page *p, struct str said, const struct str *names, size_t n)
{
    enum { NAMED = 5 };
    for (size_t i = 0; i < n && i < NAMED; i++)
        said = ARENA_JOIN(p->arena, said, i == 0 ? STR(". ") : STR(", "), names[i]);
    page_describe(p, said);
}

struct html page_html(struct context *c, struct response *ret)
{
    ret->scripted = ret->scripted || c->storefront != NULL;
    return (struct html){&ret->body, c->arena, c->language};
}

/* ---- numbered pages ---- */

static struct url page_number_url(const struct page *p, struct url list, uint64_t number)
{
    BUF_AUTO text = BUF_INIT(24);
    if (number == 1)
        return list;
    buf_u64(&text, number);
    return url_with(p->arena, list, STR("page"), arena_str(p->arena, buf_str(&text)));
}

enum rc page_number(const struct context *c, uint64_t max, uint64_t *ret, struct fault *fault)
{
    uint64_t number;
    enum rc rc = parameter_number(&c->request->query, "page", 1, UINT64_MAX, &number, fault);
    if (rc == RC_OK && number == 0)
        rc = fault_set(fault, RC_INVALID, "page: they begin with 1");
    if (rc == RC_OK)
        *ret = number < max ? number : max;
    return rc;
}

bool pager_is_past(const struct page *p, const struct pager *g, struct url list,
                   struct response *ret)
{
    uint64_t last = g->count > 0 ? g->count : 1;
    if (g->number <= last)
        return false;
    go_to(ret, page_number_url(p, list, last).text);
    return true;
}

struct pager pager_make(const struct page *p, struct url list, uint64_t total, uint64_t per_page,
                        uint64_t number)
{
    enum { AROUND = 2, SHOWN_MAX = 2 * AROUND + 5 };
    struct pager pager = {.number = number, .count = (total + per_page - 1) / per_page};
    pager.pages.v = ARENA_ARRAY(p->arena, struct page_choice, SHOWN_MAX);
    for (uint64_t n = 1; n <= pager.count; n++) {
        if (n != 1 && n != pager.count && (n + AROUND < number || n > number + AROUND)) {
            /* Over the gap at once: a catalogue may have thousands of pages. */
            n = n < number ? number - AROUND - 1 : pager.count - 1;
            pager.pages.v[pager.pages.n++] = (struct page_choice){.name = STR("…")};
            continue;
        }
        pager.pages.v[pager.pages.n++] = (struct page_choice){
            .name = word_number(p, n), .url = page_number_url(p, list, n), .chosen = n == number};
    }
    if (number > 1 && number <= pager.count)
        pager.previous = page_number_url(p, list, number - 1);
    if (number < pager.count)
        pager.next = page_number_url(p, list, number + 1);
    return pager;
}
