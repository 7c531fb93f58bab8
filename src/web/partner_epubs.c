/* The EPUB of a title at the partner's desk: sending it, and what was found in it. */
#include "templates.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/partner.h"

#define N_(text) text

/* Each is several processes. */
enum { AT_ONCE = 2 };

enum rc fill_epubs(struct context *c, struct title_view *v, struct fault *fault)
{
    v->digital = edition_takes_epub(&v->title.facts);
    enum rc rc =
        epub_history(c->worker->conn, c->arena, v->title.edition, v->shop.id, &v->epubs, fault);
    for (size_t i = 0; rc == RC_OK && i < v->epubs.n; i++)
        v->epub_kept = v->epub_kept || (!v->epubs.v[i].gone && !v->epubs.v[i].unclaimed);
    return rc;
}

static enum rc put(struct context *c, const struct partner_shop *shop, struct epub_taken *ret,
                   struct fault *fault)
{
    struct epub_giving giving = {.isbn = c->captures[1],
                                 .path = c->request->spooled.v[0].path,
                                 .viewer = &c->viewer,
                                 .shop = shop};
    enum rc rc = limits_epub(c, fault);
    if (rc != RC_OK)
        return rc;
    /* Nothing read before holds the database while the book is looked at. */
    site_snapshot_end(c->worker->conn);
    if (atomic_fetch_add(&c->server->epubs, 1) >= AT_ONCE)
        rc = fault_set(fault, RC_BUSY, "other EPUBs are being looked at; send it once more");
    if (rc == RC_OK)
        rc = epub_put(c->server->site, c->server->writer, c->arena, &giving, ret, fault);
    atomic_fetch_sub(&c->server->epubs, 1);
    return rc;
}

enum rc handle_partner_epub(struct context *c, struct response *ret, struct fault *fault)
{
    struct title_view v = {.done = false};
    struct epub_taken taken = {.bytes = 0};
    struct page p;
    enum rc rc = partner_begin(c, N_("A title"), &v.shop, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    struct epub_giving which = {.isbn = c->captures[1], .viewer = &c->viewer, .shop = &v.shop};
    if (parameter_has(&c->form, "remove", STR("1")))
        rc = epub_remove(c->server->site, c->server->writer, c->arena, &which, fault);
    else
        rc = c->request->spooled.n == 0
                 ? fault_set(fault, RC_INVALID, "epub: choose the file to send")
                 : put(c, &v.shop, &taken, fault);
    if (rc == RC_OK) {
        struct url there = link_title(&p, &v.shop, c->captures[1], "");
        go_to(ret, url_fragment(c->arena, there, "epub").text);
        return RC_OK;
    }
    if (rc != RC_INVALID && rc != RC_DENIED)
        return rc;
    v.error = arena_str(c->arena, str_of(fault->text));
    v.refused = taken.problems;
    int status = status_of(rc);
    rc = show_partner_title(c, &v, ret, fault);
    ret->status = status;
    return rc;
}
