#include "web/partner.h"

#include "templates.h"
#include "web/accounts.h"
#include "web/desk.h"
#include "web/handlers.h"

#define N_(text) text

struct url link_partner(const struct page *p, const struct partner_shop *shop, const char *place)
{
    return (struct url){
        arena_printf(p->arena, "/desk/partner/%.*s/%s", STR_ARG(shop->slug), place)};
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
    if (!c->viewer.operator_role && v.shops.n == 1) {
        go_to(ret, link_partner(&p, &v.shops.v[0], "").text);
        return RC_OK;
    }
    struct html h = page_html(c, ret);
    partner_desk_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_partner_shop(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct page p;
    enum rc rc = partner_begin(c, N_("The partner’s desk"), &shop, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    partner_shop_page(&h, &p, &shop);
    return RC_OK;
}
