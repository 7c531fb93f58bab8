#include "web/reader_lists.h"

#include "templates.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"
#include "web/sign.h"

#define N_(text) text

enum { LIST_A_PAGE = 24, PAGES_MAX = LIST_WORKS_MAX };

struct str word_list(const struct page *p, const struct reader_list *l)
{
    if (l->want)
        return word_text(p, N_("Want to read"));
    return l->own ? l->name : word_text(p, N_("A reader’s list"));
}

struct url link_reader_list(const struct page *p, struct str secret)
{
    char *place = arena_z(p->arena, ARENA_JOIN(p->arena, STR("lists/"), secret));
    return link_to(p, place);
}

/* ---- one's own ---- */

static enum rc show_lists(struct context *c, struct str error, struct response *ret,
                          struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct reader_lists_view v = {.name = parameter_get(&c->form, "name"), .error = error};
    enum rc rc = reader_lists_own(&c->visit, 0, &v.lists, fault);
    if (rc != RC_OK)
        return rc;
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("My lists"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    reader_lists_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_reader_lists(struct context *c, struct response *ret, struct fault *fault)
{
    return show_lists(c, STR_NONE, ret, fault);
}

static struct list_order order_of(struct context *c, struct str secret)
{
    return (struct list_order){.account = c->viewer.account,
                               .secret = secret,
                               .name = str_trim(parameter_get(&c->form, "name")),
                               .shared = str_is(parameter_get(&c->form, "shared"), "1")};
}

enum rc handle_reader_list_make(struct context *c, struct response *ret, struct fault *fault)
{
    struct list_order order = order_of(c, STR_NONE);
    struct str secret;
    enum rc rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = reader_list_make(c->server->writer, c->arena, &order, &secret, fault);
    if (rc != RC_OK)
        return show_refused(c, rc, show_lists, ret, fault);
    struct page p = page_begin(c, ret);
    go_to(ret, link_reader_list(&p, secret).text);
    return RC_OK;
}

/* ---- one of them, anybody's ---- */

static enum rc show_list(struct context *c, struct str error, struct response *ret,
                         struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct reader_list_view v = {.error = error};
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = shown_list(&c->visit, c->captures[0], (page - 1) * LIST_A_PAGE, LIST_A_PAGE, &v.shown,
                        fault);
    if (rc != RC_OK)
        return rc;
    v.action = link_reader_list(&p, v.shown.list.secret);
    v.address.text = ARENA_JOIN(c->arena, context_base_url(c), v.action.text);
    v.report = url_with(c->arena, link_to(&p, "demand"), STR("list"), v.shown.list.secret);
    v.report = url_with(c->arena, v.report, STR("storefront"), c->storefront->slug);
    v.pager = pager_make(&p, v.action, v.shown.list.works, LIST_A_PAGE, page);
    if (v.shown.list.own)
        p.token = session_form_token(c, ret);
    p.title = word_list(&p, &v.shown.list);
    p.noindex = true; /* whoever has the address, and no search engine */
    struct html h = page_html(c, ret);
    reader_list_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_reader_list(struct context *c, struct response *ret, struct fault *fault)
{
    return show_list(c, STR_NONE, ret, fault);
}

enum rc handle_reader_list_change(struct context *c, struct response *ret, struct fault *fault)
{
    struct list_order order = order_of(c, c->captures[0]);
    bool remove = str_is(parameter_get(&c->form, "do"), "remove");
    enum rc rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = remove ? reader_list_remove(c->server->writer, &order, fault)
                    : reader_list_change(c->server->writer, &order, fault);
    if (rc != RC_OK)
        return show_refused(c, rc, show_list, ret, fault);
    struct page p = page_begin(c, ret);
    go_to(ret,
          remove ? link_to(&p, "account/lists").text : link_reader_list(&p, c->captures[0]).text);
    return RC_OK;
}

/* ---- putting a book there ---- */

/* `work` and not the book's key: what is withheld here may be taken off all the same. */
enum rc handle_reader_list_keep(struct context *c, struct response *ret, struct fault *fault)
{
    struct list_order order = order_of(c, parameter_get(&c->form, "list"));
    bool keep = str_is(parameter_get(&c->form, "keep"), "1");
    uint64_t work;
    enum rc rc = parameter_number(&c->form, "work", 0, UINT64_MAX >> 1, &work, fault);
    if (rc == RC_OK)
        rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = reader_list_keep(c->server->writer, &order, work, keep, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = page_begin(c, ret);
    go_to(ret, safe_return(parameter_get(&c->form, "return"), link_to(&p, "account/lists").text));
    return RC_OK;
}
