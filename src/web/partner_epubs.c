/* The EPUB of a title at the partner's desk: sending it, and what was found in it. */
#include "templates.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/partner.h"

#define N_(text) text

enum rc fill_epubs(struct context *c, struct title_view *v, struct fault *fault)
{
    v->digital = edition_takes_epub(&v->title.facts);
    enum rc rc =
        epub_history(c->worker->conn, c->arena, v->title.edition, v->shop.id, &v->epubs, fault);
    if (rc == RC_OK)
        rc = epub_upload_read(c->worker->conn, c->arena, v->title.edition, v->shop.id, &v->upload,
                              fault);
    for (size_t i = 0; rc == RC_OK && i < v->epubs.n; i++)
        v->epub_kept = v->epub_kept || (!v->epubs.v[i].gone && !v->epubs.v[i].unclaimed);
    return rc;
}

/* It is looked at afterwards; the page says what became of it. */
static enum rc put(struct context *c, const struct partner_shop *shop, struct fault *fault)
{
    struct epub_giving giving = {.isbn = c->captures[1],
                                 .path = c->request->spooled.v[0].path,
                                 .viewer = &c->viewer,
                                 .shop = shop};
    enum rc rc = limits_epub(c, fault);
    if (rc == RC_OK)
        rc = epub_upload(c->server->site, c->server->writer, &giving, fault);
    if (rc == RC_OK)
        epub_checker_wake(c->server->checker);
    return rc;
}

enum rc handle_partner_epub(struct context *c, struct response *ret, struct fault *fault)
{
    struct title_view v = {.done = false};
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
                 : put(c, &v.shop, fault);
    if (rc == RC_OK) {
        struct url there = link_title(&p, &v.shop, c->captures[1], "");
        go_to(ret, url_fragment(c->arena, there, "epub").text);
        return RC_OK;
    }
    if (rc != RC_INVALID && rc != RC_DENIED)
        return rc;
    v.error = arena_str(c->arena, str_of(fault->text));
    int status = status_of(rc);
    rc = show_partner_title(c, &v, ret, fault);
    ret->status = status;
    return rc;
}
