#include "web/sellers.h"

#include "templates.h"
#include "web/desk.h"
#include "web/handlers.h"

#define N_(text) text

static void fill_from_form(const struct context *c, struct seller_view *v)
{
    v->name = parameter_get(&c->form, "name");
    v->address = parameter_get(&c->form, "address");
    v->country = parameter_get(&c->form, "country");
    v->email = parameter_get(&c->form, "email");
    v->tax_number = parameter_get(&c->form, "tax_number");
    v->account = parameter_get(&c->form, "account");
    v->fee = parameter_get(&c->form, "fee");
    v->remits = parameter_get(&c->form, "taxes");
}

static void fill_from(struct arena *arena, const struct seller *s, struct seller_view *v)
{
    BUF_AUTO fee = BUF_INIT(32);
    seller_fee_add(&fee, s->fee);
    v->name = s->name;
    v->address = s->address;
    v->country = s->country;
    v->email = s->email;
    v->tax_number = s->tax_number;
    v->account = s->account;
    v->fee = arena_str(arena, buf_str(&fee));
    v->remits = s->remits;
}

static enum rc show_seller(struct context *c, struct str error, struct response *ret,
                           struct fault *fault)
{
    struct seller_view v = {.error = error};
    struct seller s = {0};
    struct page p;
    enum rc rc = partner_begin(c, N_("Who sells"), &v.shop, &p, ret, fault);
    if (rc == RC_OK)
        rc = seller_read(c->server->site, c->arena, v.shop.id, &s, fault);
    v.missing = rc == RC_NOT_FOUND && v.shop.id != 0;
    if (v.missing) {
        s.name = v.shop.name;
        s.remits = STR(SELLER_REMITS_SHOP);
        rc = RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    fill_from(c->arena, &s, &v);
    if (c->request->method == METHOD_POST) {
        struct str fee = v.fee, remits = v.remits;
        fill_from_form(c, &v);
        if (!c->viewer.operator_role) {
            v.fee = fee;
            v.remits = remits;
        }
    }
    struct html h = page_html(c, ret);
    partner_seller_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_partner_seller(struct context *c, struct response *ret, struct fault *fault)
{
    return show_seller(c, STR_NONE, ret, fault);
}

/* Empty, and not left out: the form says all. */
static struct str said(struct str s)
{
    return s.p == NULL ? STR("") : s;
}

/* What the operator keeps is the operator's to say. */
enum rc handle_partner_seller_set(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct seller_view v = {.missing = false};
    enum rc rc = partner_enter(c->worker->conn, c->arena, &c->viewer, c->captures[0], &shop, fault);
    if (rc != RC_OK)
        return rc;
    fill_from_form(c, &v);
    struct seller_order order = {.shop = shop.slug,
                                 .name = said(v.name),
                                 .address = said(v.address),
                                 .country = said(v.country),
                                 .email = said(v.email),
                                 .tax_number = said(v.tax_number),
                                 .account = said(v.account),
                                 .fee = c->viewer.operator_role ? said(v.fee) : STR_NONE,
                                 .remits = c->viewer.operator_role ? v.remits : STR_NONE};
    rc = seller_set(c->server->writer, &order, fault);
    if (rc == RC_OK) {
        struct page p = {.arena = c->arena};
        go_to_done(c, ret, link_partner(&p, &shop, "seller").text);
    }
    return show_refused(c, rc, show_seller, ret, fault);
}
