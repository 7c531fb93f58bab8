#include "web/partner.h"

#include <unistd.h>

#include "templates.h"
#include "web/accounts.h"
#include "web/desk.h"
#include "web/handlers.h"

#define N_(text) text
#define NN_(singular, plural) singular, plural

enum { FEEDS_A_PAGE = 25, PAGES_MAX = 100000 };

struct url link_partner(const struct page *p, const struct partner_shop *shop, const char *place)
{
    return (struct url){
        arena_printf(p->arena, "/desk/partner/%.*s/%s", STR_ARG(shop->slug), place)};
}

struct url link_partner_desk(const struct page *p, struct str slug)
{
    struct partner_shop shop = {.slug = slug};
    return link_partner(p, &shop, "");
}

enum rc partner_begin(struct context *c, const char *title, struct partner_shop *ret_shop,
                      struct page *ret_page, struct response *ret, struct fault *fault)
{
    enum rc rc =
        partner_enter(c->worker->conn, c->arena, &c->viewer, c->captures[0], ret_shop, fault);
    if (rc == RC_OK)
        *ret_page = desk_begin(c, title, ret);
    return rc;
}

enum rc handle_partner_desk(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_desk_view v = {0};
    enum rc rc = partner_shops(c->worker->conn, c->arena, &c->viewer, &v.shops, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = desk_begin(c, N_("Partners’ desks"), ret);
    page_sort_by_name(&p, v.shops.v, v.shops.n, sizeof *v.shops.v,
                      offsetof(struct partner_shop, name));
    if (!c->viewer.operator_role && v.shops.n == 1) {
        go_to(ret, link_partner(&p, &v.shops.v[0], "").text);
        return RC_OK;
    }
    struct html h = page_html(c, ret);
    partner_desk_page(&h, &p, &v);
    return RC_OK;
}

enum rc show_partner_shop(struct context *c, struct page *p, const struct partner_shop *shop,
                          struct str error, struct response *ret, struct fault *fault)
{
    uint64_t number;
    struct partner_shop_view v = {.shop = *shop, .error = error};
    enum rc rc = page_number(c, PAGES_MAX, &number, fault);
    if (rc == RC_OK)
        rc = feeds_read(c->worker->conn, c->arena, shop, (number - 1) * FEEDS_A_PAGE, FEEDS_A_PAGE,
                        &v.feeds, &v.total, fault);
    if (rc != RC_OK)
        return rc;
    p->title = shop->name;
    v.pager = pager_make(p, link_partner(p, shop, ""), v.total, FEEDS_A_PAGE, number);
    struct html h = page_html(c, ret);
    partner_shop_page(&h, p, &v);
    return RC_OK;
}

enum rc handle_partner_shop(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct page p;
    enum rc rc = partner_begin(c, N_("The partner’s desk"), &shop, &p, ret, fault);
    return rc == RC_OK ? show_partner_shop(c, &p, &shop, STR_NONE, ret, fault) : rc;
}

enum rc answer_download(struct response *ret, FILE *out, const char *type, struct str name,
                        struct arena *arena, struct fault *fault)
{
    bool whole = fflush(out) == 0 && !ferror(out);
    long size = whole ? ftell(out) : -1;
    int fd = size >= 0 ? dup(fileno(out)) : -1;
    if (fd < 0)
        return fault_set(fault, RC_IO, "there is no room for the file");
    buf_free(&ret->body); /* room that a page would have taken */
    ret->file = fd;
    ret->file_size = (uint64_t)size;
    ret->no_etag = true;
    ret->content_type = type;
    ret->disposition = arena_printf(arena, "attachment; filename=\"%.*s\"", STR_ARG(name));
    return RC_OK;
}

struct str word_bytes(const struct page *p, uint64_t bytes)
{
    static const char *const units[] = {N_("%1 bytes"), N_("%1 KB"), N_("%1 MB"), N_("%1 GB")};
    size_t unit = 0;
    while (bytes >= 10000 && unit + 1 < sizeof units / sizeof *units) {
        bytes = (bytes + 500) / 1000;
        unit++;
    }
    struct str number = word_number(p, bytes);
    return word_filled(p, units[unit], &number, 1);
}

struct str word_while(const struct page *p, uint64_t seconds)
{
    if (seconds < 100)
        return word_count(p, NN_("%1 second", "%1 seconds"), seconds);
    return word_count(p, NN_("%1 minute", "%1 minutes"), (seconds + 30) / 60);
}
