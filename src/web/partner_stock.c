#include <stdlib.h>

#include "base/file.h"
#include "templates.h"
#include "web/handlers.h"
#include "web/stock.h"

#define N_(text) text

enum { STOCK_BYTES_MAX = 20 << 20, LINES_A_PAGE = 50, TOLD_MOST = 50 };

struct str word_stock_left(const struct page *p, const struct stock_line *l)
{
    return word_number(p, l->row.on_hand > l->row.promised ? l->row.on_hand - l->row.promised : 0);
}

static struct url stock_place(const struct page *p, const struct stock_view *v)
{
    struct url url = link_partner(p, &v->shop, "stock");
    return v->low ? url_with(p->arena, url, STR("low"), STR("1")) : url;
}

static enum rc show_stock(struct context *c, struct page *p, struct stock_view *v,
                          struct response *ret, struct fault *fault)
{
    const parameters *q = &c->request->query;
    struct stock_wish wish = {.room = LINES_A_PAGE + 1};
    v->query = str_trim(parameter_get(q, "q"));
    v->low = parameter_has(q, "low", STR("1"));
    wish.key = v->query;
    wish.left = v->low ? STOCK_LOW : STOCK_ANY;
    enum rc rc = parameter_number(q, "after", 0, INT64_MAX, &wish.after, fault);
    if (rc == RC_OK)
        rc = stock_read(c->worker->conn, c->arena, v->shop.id, &wish, &v->lines, &v->sums, fault);
    if (rc != RC_OK)
        return rc;
    if (v->lines.n > LINES_A_PAGE) {
        v->lines.n--;
        v->next =
            url_with(c->arena, stock_place(p, v), STR("after"),
                     arena_printf(c->arena, "%llu",
                                  (unsigned long long)v->lines.v[v->lines.n - 1].row.edition));
    }
    struct html h = page_html(c, ret);
    partner_stock_page(&h, p, v);
    return RC_OK;
}

enum rc handle_partner_stock(struct context *c, struct response *ret, struct fault *fault)
{
    struct stock_view v = {.low = false};
    struct page p;
    enum rc rc = partner_begin(c, N_("Stock"), &v.shop, &p, ret, fault);
    return rc == RC_OK ? show_stock(c, &p, &v, ret, fault) : rc;
}

/* ---- counting ---- */

/* What is wrong with it, once more above the form. */
static enum rc show_wrong(struct context *c, struct page *p, struct stock_view *v, enum rc rc,
                          struct response *ret, struct fault *fault)
{
    if (rc != RC_INVALID && rc != RC_NOT_FOUND)
        return rc;
    v->error = arena_str(c->arena, str_of(fault->text));
    rc = show_stock(c, p, v, ret, fault);
    ret->status = 422;
    return rc;
}

enum rc handle_partner_stock_set(struct context *c, struct response *ret, struct fault *fault)
{
    struct stock_view v = {.low = false};
    struct page p;
    uint64_t on_hand = 0;
    struct str key = parameter_get(&c->form, "isbn"), count = parameter_get(&c->form, "stock");
    enum rc rc = partner_begin(c, N_("Stock"), &v.shop, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    if (str_trim(key).n == 0)
        rc = fault_set(fault, RC_INVALID, "isbn: it is needed");
    else if (parameter_has(&c->form, "uncount", STR("1")))
        rc = stock_uncount(c->server->writer, v.shop.id, key, fault);
    else if (!str_to_u64(str_trim(count), &on_hand))
        rc = fault_set(fault, RC_INVALID, "stock: a whole number is needed");
    else
        rc = stock_count(c->server->writer, v.shop.id, key, on_hand, fault);
    if (rc == RC_OK) {
        struct url there = link_partner(&p, &v.shop, "stock");
        go_to_done(c, ret, url_with(c->arena, there, STR("q"), str_trim(key)).text);
        return RC_OK;
    }
    return show_wrong(c, &p, &v, rc, ret, fault);
}

struct listening {
    struct context *c;
    struct stock_view *v;
};

static void tell(void *context, uint64_t line, const char *why)
{
    const struct listening *l = context;
    (void)line;
    if (l->v->told.n == TOLD_MOST)
        l->v->untold++;
    else
        l->v->told.v[l->v->told.n++] = arena_str(l->c->arena, str_of(why));
}

enum rc handle_partner_stock_file(struct context *c, struct response *ret, struct fault *fault)
{
    struct stock_view v = {.told = {ARENA_ARRAY(c->arena, struct str, TOLD_MOST), 0}};
    struct listening listening = {c, &v};
    struct stock_watch watch = {&listening, tell, NULL};
    struct stock_summary s = {0};
    struct page p;
    struct str text;
    ARENA_AUTO arena = ARENA_INIT;
    enum rc rc = partner_begin(c, N_("Stock"), &v.shop, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    if (c->request->spooled.n == 0 || !str_eq(c->request->spooled.v[0].name, STR("counts")))
        rc = fault_set(fault, RC_INVALID, "counts: choose the file to send");
    else
        rc = file_read(c->request->spooled.v[0].path, STOCK_BYTES_MAX, &arena, &text, fault);
    site_snapshot_end(c->worker->conn); /* nothing read before holds the database */
    if (rc == RC_OK)
        rc = stock_import(c->server->writer, v.shop.id, text, &watch, &s, fault);
    if (rc == RC_OK)
        rc = site_snapshot(c->worker->conn, fault);
    if (rc == RC_OK) {
        v.changed = word_number(&p, s.changed);
        v.same = word_number(&p, s.same);
        v.passed = word_number(&p, s.passed);
        return show_stock(c, &p, &v, ret, fault);
    }
    enum rc again = site_snapshot(c->worker->conn, NULL);
    return again == RC_OK ? show_wrong(c, &p, &v, rc, ret, fault) : again;
}
