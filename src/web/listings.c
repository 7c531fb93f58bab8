/* The lists of titles that storefronts signed: lines, as they were signed. */
#include "app/listing.h"

#include "templates.h"
#include "web/handlers.h"
#include "web/record.h"

#define N_(text) text

enum { BODY_MAX = 80 << 20 };

static void answer(struct response *ret, const char *type, struct str bytes)
{
    buf_renew(&ret->body, BODY_MAX);
    ret->content_type = type;
    buf_str_add(&ret->body, bytes);
}

enum rc handle_listings(struct context *c, struct response *ret, struct fault *fault)
{
    struct str text;
    enum rc rc = listing_index(c->worker->conn, c->arena, &text, fault);
    if (rc == RC_OK)
        answer(ret, "application/json", text);
    return rc;
}

enum rc handle_listing(struct context *c, struct response *ret, struct fault *fault)
{
    struct str text;
    enum rc rc = listing_titles(c->worker->conn, c->arena, c->captures[0], &text, fault);
    if (rc == RC_OK)
        answer(ret, "text/plain; charset=utf-8", text);
    return rc;
}

enum rc handle_listing_changes(struct context *c, struct response *ret, struct fault *fault)
{
    struct str text;
    enum rc rc = listing_changes(c->worker->conn, c->arena, c->captures[0], &text, fault);
    if (rc == RC_OK)
        answer(ret, "text/plain; charset=utf-8", text);
    return rc;
}

/* ---- for people ---- */

struct str word_listed(const struct page *p, struct str storefront)
{
    const struct storefront *s = gate_storefront(p->view, storefront);
    return s == NULL ? storefront : word_country(p, s->country);
}

struct str word_left(const struct page *p, struct str reason)
{
    if (str_eq(reason, STR("supplier")))
        return word_text(p, N_("their supplier withdrew them"));
    if (str_eq(reason, STR("rights")))
        return word_text(p, N_("the rights to sell them ended"));
    return word_text(p, N_("a licence they need ended"));
}

struct url link_list(const struct page *p, const char *kind, struct str root, const char *more)
{
    return (struct url){arena_printf(p->arena, "/record/%s/%.*s%s", kind, STR_ARG(root), more)};
}

enum rc handle_listed(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct listed_view v = {.kept = LISTINGS_KEPT};
    enum rc rc = listing_overview(c->worker->conn, c->arena, &v.overview, fault);
    if (rc != RC_OK)
        return rc;
    p.title = word_text(&p, N_("What each storefront lists"));
    struct html h = page_html(c, ret);
    listed_page(&h, &p, &v);
    return RC_OK;
}
