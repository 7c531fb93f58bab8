/* Sitemaps (sitemaps.org 0.9) of a storefront: an index, and parts with each book's page in
 * every language, and where else it is to be had (hreflang). */
#include "app/sitemap.h"

#include "web/handlers.h"
#include "web/page.h"

enum { PART_MAX = 48 << 20 }; /* what the protocol allows is 50 MB */

static void begin(struct response *ret, const char *element)
{
    ret->content_type = "application/xml; charset=utf-8";
    buf_renew(&ret->body, PART_MAX);
    buf_printf(&ret->body,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<%s xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""
               " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
               element);
}

static struct html writer_of(struct context *c, struct response *ret)
{
    return (struct html){&ret->body, c->arena, c->language};
}

/* "people-1", "sets-1", "houses-1". */
enum { SITEMAP_HOUSES = SITEMAP_SETS + 1 };
static const char *const names_kinds[] = {
    [SITEMAP_PEOPLE] = "people-", [SITEMAP_SETS] = "sets-", [SITEMAP_HOUSES] = "houses-"};
enum { NAMES_KINDS = sizeof names_kinds / sizeof *names_kinds };

static enum rc count_names(struct context *c, int of, uint64_t *ret, struct fault *fault)
{
    return of == SITEMAP_HOUSES
               ? sitemap_houses_count(c->server->indexer, c->view, c->storefront, ret, fault)
               : sitemap_names_count(c->worker->conn, c->view, c->storefront,
                                     (enum sitemap_names)of, ret, fault);
}

static void put_part(struct html *h, struct str home, const char *kind, uint64_t number)
{
    HTML_LIT(h, "<sitemap><loc>");
    html_escaped(h, home);
    buf_printf(h->out, "/sitemaps/%s%llu</loc></sitemap>\n", kind, (unsigned long long)number);
}

enum rc handle_sitemap_index(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t count;
    enum rc rc = sitemap_count(c->worker->conn, c->view, c->storefront, &count, fault);
    if (rc != RC_OK)
        return rc;
    begin(ret, "sitemapindex");
    struct html h = writer_of(c, ret);
    struct str home = context_home(c, c->storefront, c->storefront->languages.v[0]);
    for (uint64_t i = 0; i <= count; i++)
        put_part(&h, home, "", i);
    for (int of = 0; rc == RC_OK && of < NAMES_KINDS; of++) {
        rc = count_names(c, of, &count, fault);
        if (rc == RC_BUSY && of == SITEMAP_HOUSES) { /* named once the index is made */
            rc = RC_OK;
            count = 0;
        }
        for (uint64_t i = 1; rc == RC_OK && i <= count; i++)
            put_part(&h, home, names_kinds[of], i);
    }
    HTML_LIT(&h, "</sitemapindex>\n");
    return rc;
}

/* ---- parts ---- */

/* One address of a storefront in a language. */
struct place {
    size_t storefront;
    struct str home, tag;
};
typedef LIST(struct place) places;

static places places_of(struct context *c)
{
    places all = {NULL, 0};
    size_t n = 0;
    for (size_t i = 0; i < c->view->storefronts.n; i++)
        n += c->view->storefronts.v[i].languages.n;
    all.v = ARENA_ARRAY(c->arena, struct place, n);
    for (size_t i = 0; i < c->view->storefronts.n; i++) {
        const struct storefront *s = &c->view->storefronts.v[i];
        for (size_t k = 0; k < s->languages.n; k++)
            all.v[all.n++] =
                (struct place){i, context_home(c, s, s->languages.v[k]),
                               ARENA_JOIN(c->arena, s->languages.v[k], STR("-"), s->country)};
    }
    return all;
}

/* The same page everywhere that it is, once for each language of this storefront. */
static void put_page(struct html *h, const struct context *c, const places *all, const bool *listed,
                     struct str path)
{
    for (size_t i = 0; i < all->n; i++) {
        if (&c->view->storefronts.v[all->v[i].storefront] != c->storefront)
            continue;
        HTML_LIT(h, "<url><loc>");
        html_escaped(h, all->v[i].home);
        html_escaped(h, path);
        HTML_LIT(h, "</loc>");
        for (size_t k = 0; k < all->n; k++) {
            if (listed != NULL && !listed[all->v[k].storefront])
                continue;
            HTML_LIT(h, "<xhtml:link rel=\"alternate\" hreflang=\"");
            html_escaped(h, all->v[k].tag);
            HTML_LIT(h, "\" href=\"");
            html_escaped(h, all->v[k].home);
            html_escaped(h, path);
            HTML_LIT(h, "\"/>");
        }
        HTML_LIT(h, "</url>\n");
    }
}

/* What storefronts say of themselves, each where it is in force; the policy of reviews is
 * everywhere. */
static void put_texts(struct html *h, struct context *c, const places *all)
{
    size_t n = c->view->storefronts.n;
    bool *listed = ARENA_ARRAY(c->arena, bool, n);
    put_page(h, c, all, NULL, STR("/reviews-policy"));
    for (int kind = 0; kind < TEXT_KINDS; kind++) {
        bool here = false;
        for (size_t i = 0; i < n; i++) {
            const struct storefront *s = &c->view->storefronts.v[i];
            listed[i] = kind != TEXT_ABOUT && kind != TEXT_REVIEWS &&
                        text_in_force(c->view, s, (enum text_kind)kind, s->languages.v[0]) != NULL;
            here |= listed[i] && s == c->storefront;
        }
        if (here)
            put_page(
                h, c, all, listed,
                url_path(c->arena, 2, STR("texts"), str_of(text_kind_name((enum text_kind)kind)))
                    .text);
    }
}

/* Which part is asked for: `*ret_names` is NAMES_KINDS for one of books. */
static bool read_part(struct str asked, int *ret_names, uint64_t *ret_number)
{
    for (*ret_names = 0; *ret_names < NAMES_KINDS; ++*ret_names) {
        struct str kind = str_of(names_kinds[*ret_names]);
        if (str_starts(asked, kind))
            return str_to_u64(str_sub(asked, kind.n, asked.n), ret_number);
    }
    return str_to_u64(asked, ret_number);
}

static struct str path_of(struct context *c, int names, const struct sitemap_book *book)
{
    const char *place = names == NAMES_KINDS      ? "books"
                        : names == SITEMAP_PEOPLE ? "contributors"
                        : names == SITEMAP_HOUSES ? "publishers"
                        : book->numbered          ? "series"
                                                  : "collections";
    return url_path(c->arena, 2, str_of(place), book->key).text;
}

/* "0" are the pages that are neither a book's nor a name's. */
enum rc handle_sitemap(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t number;
    int names;
    sitemap_books books = {NULL, 0};
    enum rc rc = RC_OK;
    if (!read_part(c->captures[0], &names, &number))
        return fault_set(fault, RC_NOT_FOUND, "sitemaps have numbers");
    if (names == SITEMAP_HOUSES)
        rc = sitemap_houses_part(c->server->indexer, c->arena, c->view, c->storefront, number,
                                 &books, fault);
    else if (names < NAMES_KINDS)
        rc = sitemap_names_part(c->worker->conn, c->arena, c->view, c->storefront,
                                (enum sitemap_names)names, number, &books, fault);
    else if (number > 0)
        rc = sitemap_part(c->worker->conn, c->arena, c->view, c->storefront, number, &books, fault);
    if (rc != RC_OK)
        return rc;
    begin(ret, "urlset");
    struct html h = writer_of(c, ret);
    places all = places_of(c);
    static const char *const entrances[] = {"/",        "/subjects/",     "/collections/",
                                            "/series/", "/contributors/", "/publishers/"};
    for (size_t i = 0; number == 0 && i < sizeof entrances / sizeof *entrances; i++)
        put_page(&h, c, &all, NULL, str_of(entrances[i]));
    if (names == NAMES_KINDS && number == 0)
        put_texts(&h, c, &all);
    size_t here = (size_t)(c->storefront - c->view->storefronts.v), withheld = 0;
    for (size_t i = 0; i < books.n; i++)
        if (books.v[i].listed[here])
            put_page(&h, c, &all, books.v[i].listed, path_of(c, names, &books.v[i]));
        else
            withheld++;
    if (withheld > 0)
        buf_printf(h.out, "<!-- %zu withheld here, as /record/ says -->\n", withheld);
    HTML_LIT(&h, "</urlset>\n");
    if (buf_check(&ret->body) != RC_OK)
        return fault_set(fault, RC_LIMIT, "the sitemap is too large");
    return RC_OK;
}

enum rc handle_robots(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    struct str base = context_base_url(c);
    ret->content_type = "text/plain; charset=utf-8";
    BUF_LIT(&ret->body, "User-agent: *\nDisallow: /desk/\nDisallow: /api/\nDisallow: /*/search\n");
    for (size_t i = 0; i < c->view->storefronts.n; i++) {
        const struct storefront *s = &c->view->storefronts.v[i];
        struct str home = context_home(c, s, s->languages.v[0]);
        if (str_starts(home, base)) /* another host tells of its own */
            buf_printf(&ret->body, "Sitemap: %.*s/sitemap.xml\n", STR_ARG(home));
    }
    return RC_OK;
}
