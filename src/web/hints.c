#include "web/hints.h"

#include "templates.h"
#include "web/book.h"
#include "web/choices.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"

#define N_(text) text

enum { OPEN_SHOWN = 100, DONE_SHOWN = 50 };

/* ---- for readers ---- */

struct str word_hint_what(const struct page *p, enum hint_what what)
{
    static const char *const words[HINT_KINDS] = {
        [HINT_TITLE] = N_("the title"), [HINT_CONTRIBUTOR] = N_("who wrote it or took part"),
        [HINT_COVER] = N_("the cover"), [HINT_DESCRIPTION] = N_("the description"),
        [HINT_PRICE] = N_("the price"), [HINT_OTHER] = N_("something else"),
    };
    return word_text(p, words[what]);
}

static enum rc edition_meant(struct context *c, struct shown_edition *ret, struct fault *fault)
{
    enum rc rc = shown_edition(&c->visit, c->captures[0], ret, fault);
    if (rc == RC_WITHHELD)
        c->withheld = ret->visibility.by[FEATURE_LISTING];
    return rc;
}

static enum rc show_form(struct context *c, struct str error, struct response *ret,
                         struct fault *fault)
{
    struct shown_edition e;
    const parameters *from = c->request->method == METHOD_POST ? &c->form : &c->request->query;
    enum rc rc = edition_meant(c, &e, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = page_begin(c, ret);
    struct hint_form_view v = {.error = error,
                               .edition = &e,
                               .book = link_book(&p, e.key),
                               .action = link_book_part(&p, e.key, "wrong"),
                               .words = parameter_get(&c->form, "words"),
                               .email = parameter_get(&c->form, "email"),
                               .sent = parameter_has(&c->request->query, "sent", STR("yes"))};
    v.demand = url_with(p.arena, link_to(&p, "demand"), STR("target"), STR("edition"));
    v.demand = url_with(p.arena, v.demand, STR("key"), e.key);
    v.demand = url_with(p.arena, v.demand, STR("storefront"), p.storefront->slug);
    v.whats.v = ARENA_ARRAY(c->arena, struct page_choice, HINT_KINDS);
    for (int what = 0; what < HINT_KINDS; what++)
        choices_add(&v.whats, str_of(hint_what_name((enum hint_what)what)),
                    word_hint_what(&p, (enum hint_what)what), parameter_get(from, "what"));
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Something wrong?"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    hint_form_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_hint_page(struct context *c, struct response *ret, struct fault *fault)
{
    return show_form(c, STR_NONE, ret, fault);
}

enum rc handle_hint(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    struct hint_order order = {.what = parameter_get(&c->form, "what"),
                               .words = parameter_get(&c->form, "words"),
                               .address = parameter_get(&c->form, "email")};
    enum rc rc = edition_meant(c, &e, fault);
    if (rc == RC_OK)
        rc = limits_hint(c, fault);
    if (rc == RC_OK)
        rc = hint_put(c->server->writer, &c->visit, &e, &order, fault);
    if (rc == RC_OK) {
        struct page p = page_begin(c, ret);
        go_to(ret,
              url_with(p.arena, link_book_part(&p, e.key, "wrong"), STR("sent"), STR("yes")).text);
    }
    return show_refused(c, rc, show_form, ret, fault);
}

/* A contributor's page asks which of the books that stand there is somebody else's. */
enum rc handle_hint_choice(struct context *c, struct response *ret, struct fault *fault)
{
    struct str key = parameter_get(&c->request->query, "book");
    if (key.n == 0)
        return fault_set(fault, RC_INVALID, "book: choose one");
    struct page p = page_begin(c, ret);
    go_to(
        ret,
        url_with(p.arena, link_book_part(&p, key, "wrong"), STR("what"), STR("contributor")).text);
    return RC_OK;
}

/* ---- for the shop ---- */

struct url link_hint_title(const struct page *p, const struct hints_view *v,
                           const struct hint_line *l)
{
    return link_title(p, &v->shop, l->hint.key, l->hint.what == HINT_PRICE ? "" : "#corrections");
}

struct url link_hint_done(const struct page *p, const struct hints_view *v,
                          const struct hint_line *l)
{
    return (struct url){arena_printf(p->arena, "/desk/partner/%.*s/hints/%llu/done",
                                     STR_ARG(v->shop.slug), (unsigned long long)l->hint.id)};
}

struct url link_hints_done(const struct page *p, const struct hints_view *v)
{
    return link_partner(p, &v->shop, "hints/done");
}

struct url link_mail_to(const struct page *p, struct str address)
{
    BUF_AUTO text = BUF_INIT(4096);
    BUF_LIT(&text, "mailto:");
    url_encode(&text, address);
    return (struct url){arena_str(p->arena, buf_str(&text))};
}

struct str word_hint_storefront(const struct page *p, const struct hint_line *l)
{
    for (size_t i = 0; i < p->view->storefronts.n; i++)
        if (p->view->storefronts.v[i].id == l->hint.storefront)
            return word_country(p, p->view->storefronts.v[i].country);
    return STR_NONE;
}

enum rc handle_partner_hints(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p;
    struct hints_view v = {.total = 0};
    enum rc rc = partner_begin(c, N_("Pointed out by readers"), &v.shop, &p, ret, fault);
    if (rc == RC_OK)
        rc = hints_open(c->worker->conn, &v.shop, &v.total, fault);
    if (rc == RC_OK)
        rc = hints_read(c->server->site, c->arena, &v.shop, false, OPEN_SHOWN, &v.open, fault);
    if (rc == RC_OK)
        rc = hints_read(c->server->site, c->arena, &v.shop, true, DONE_SHOWN, &v.done, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    partner_hints_page(&h, &p, &v);
    return RC_OK;
}

/* A flood of them is gone through a page at a time. What came since that page was made stays open.
 */
enum rc handle_partner_hints_done(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    uint64_t last;
    struct str which = parameter_get(&c->form, "which");
    bool unanswered = str_is(which, "unanswered");
    enum rc rc = partner_enter(c->worker->conn, c->arena, &c->viewer, c->captures[0], &shop, fault);
    if (rc == RC_OK && !str_to_u64(parameter_get(&c->form, "last"), &last))
        rc = fault_set(fault, RC_INVALID, "last: the number of one that is open is needed");
    if (rc == RC_OK && !unanswered && !str_is(which, "all"))
        rc = fault_set(fault, RC_INVALID, "which: all or unanswered");
    if (rc == RC_OK)
        rc = hints_done(c->server->writer, &c->viewer, &shop, last, unanswered, fault);
    if (rc == RC_OK) {
        struct page p = {.arena = c->arena};
        go_to_done(c, ret, link_partner(&p, &shop, "hints").text);
    }
    return rc;
}

enum rc handle_partner_hint_done(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    uint64_t id;
    enum rc rc = partner_enter(c->worker->conn, c->arena, &c->viewer, c->captures[0], &shop, fault);
    if (rc == RC_OK)
        rc = captured_id(c, 1, &id, fault);
    if (rc == RC_OK)
        rc = hint_done(c->server->writer, &c->viewer, &shop, id, fault);
    if (rc == RC_OK) {
        struct page p = {.arena = c->arena};
        go_to_done(c, ret, link_partner(&p, &shop, "hints").text);
    }
    return rc;
}
