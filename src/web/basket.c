#include "web/basket.h"

#include "app/vouchers.h"
#include "templates.h"
#include "web/book.h"
#include "web/handlers.h"
#include "web/library.h"
#include "web/limits.h"
#include "web/session.h"

#define N_(text) text

/* ---- whose ---- */

static struct str cookie_name(const struct context *c)
{
    return c->server->secure ? STR("__Host-basket") : STR("basket");
}

static struct str basket_cookie(struct context *c, struct str secret, const char *age)
{
    return arena_printf(c->arena, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s",
                        STR_ARG(cookie_name(c)), STR_ARG(secret),
                        c->server->secure ? "; Secure" : "", age);
}

struct basket_owner basket_owner_of(const struct context *c)
{
    if (c->viewer.account != 0)
        return (struct basket_owner){.account = c->viewer.account};
    return (struct basket_owner){.secret = cookie_get(c->request->cookie, cookie_name(c))};
}

void basket_bring(struct context *c, struct str session, struct response *ret)
{
    struct str secret = cookie_get(c->request->cookie, cookie_name(c));
    uint64_t left;
    if (secret.n > 0 && basket_merge(c->server->writer, secret, session, &left, NULL) == RC_OK &&
        left == 0)
        ret->set_cookie[3] = basket_cookie(c, STR_NONE, "; Max-Age=0");
}

/* ---- links and words ---- */

struct url link_basket(const struct page *p)
{
    return link_to(p, "basket");
}

struct url link_basket_act(const struct page *p, const char *act)
{
    struct str place = ARENA_JOIN(p->arena, STR("basket/"), str_of(act));
    return link_to(p, arena_z(p->arena, place));
}

struct url link_checkout(const struct page *p)
{
    return link_to(p, "checkout");
}

struct str word_sale_bar(const struct page *p, const struct sale_line *line)
{
    switch (line->bar) {
    case SALE_UNKNOWN:
        return word_text(p, N_("It is not in this shop any more."));
    case SALE_WITHHELD:
        return word_text(p, N_("Its sale is withheld here."));
    case SALE_NOT_SOLD:
    case SALE_NO_FILE:
        return word_verdict(p, line->verdict);
    case SALE_NO_TAX:
        return word_text(p, N_("The shop has not stated yet which tax is charged on it in this "
                               "country, so it cannot be bought."));
    case SALE_NEEDS_ACCOUNT:
        return word_text(p, N_("An e-book goes into the library of an account."));
    case SALE_OWNED:
        return word_text(
            p, N_("It is in your library already, or an order of it waits for your payment."));
    case SALE_NOT_YET:
        return word_text(p, N_("An e-book can be bought from the day on which it appears."));
    case SALE_NOT_SENT:
        return word_text(p, N_("The shop has not stated how it sends this in this country, or for "
                               "how much, so it cannot be bought."));
    case SALE_OPEN:
        break;
    }
    return STR_NONE;
}

struct str word_voucher_says(const struct page *p, const struct voucher_use *use)
{
    struct str least;
    switch (use->says) {
    case VOUCHER_COUNTS:
        break;
    case VOUCHER_NOT_YET:
        return word_text(p, N_("This voucher cannot be used yet."));
    case VOUCHER_ENDED:
        return word_text(p, N_("This voucher has ended."));
    case VOUCHER_USED_UP:
        return word_text(p, N_("This voucher has been used up."));
    case VOUCHER_OTHER_CURRENCY:
        return word_text(p, N_("This voucher is for prices in another currency."));
    case VOUCHER_OTHER_SHOP:
        return word_text(p, N_("This voucher is for the goods of another shop."));
    case VOUCHER_FIXED:
        return word_text(p, N_("The law fixes the price of these books, so the voucher takes "
                               "nothing off them."));
    case VOUCHER_TOO_LITTLE:
        least = word_money(p, use->voucher.least, p->storefront->currency);
        return word_filled(p,
                           N_("This voucher counts for goods of %1 or more. What has a price "
                              "fixed by law is not counted."),
                           &least, 1);
    }
    return STR_NONE;
}

struct str word_fixed_price(const struct page *p, const struct price_law *law)
{
    struct str most = word_rate(p, law->discount);
    return law->discount == 0
               ? word_text(p, N_("The law fixes its price: no voucher takes anything off it."))
               : word_filled(p, N_("The law fixes its price: a voucher takes at most %1 off it."),
                             &most, 1);
}

struct str word_contributor(const struct shown_edition *e)
{
    return e->contributors.n > 0 ? e->contributors.v[0].name : STR_NONE;
}

/* ---- the page ---- */

static enum rc show(struct context *c, struct str error, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct basket_view v = {
        .error = error,
        .code = parameter_get(&c->form, "voucher"),
        .removed = parameter_get(&c->request->query, "removed"),
        .sign_in = url_with(c->arena, link_to(&p, "sign-in"), STR("return"), link_basket(&p).text)};
    struct basket_owner owner = basket_owner_of(c);
    uint64_t quantity;
    enum rc rc =
        parameter_number(&c->request->query, "quantity", 1, SALE_QUANTITY_MAX, &quantity, fault);
    if (rc == RC_OK)
        rc = basket_read(&c->visit, &owner, &v.basket, fault);
    if (rc != RC_OK)
        return rc;
    struct basket_owner before = {.secret = cookie_get(c->request->cookie, cookie_name(c))};
    if (c->viewer.account != 0)
        rc = basket_count(c->visit.conn, &before, &v.aside, fault);
    if (rc != RC_OK)
        return rc;
    v.removed_quantity = (int64_t)quantity;
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Basket"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    basket_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_basket(struct context *c, struct response *ret, struct fault *fault)
{
    return show(c, STR_NONE, ret, fault);
}

/* ---- changing it ---- */

static enum rc change(struct context *c, enum basket_act act, struct response *ret,
                      struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct basket_owner owner = basket_owner_of(c);
    struct str key = parameter_get(&c->form, "isbn");
    char secret[TOKEN_SIZE + 1];
    uint64_t quantity;
    enum rc rc = limits_basket(c, fault);
    if (rc == RC_OK)
        rc = parameter_number(&c->form, "quantity", 1, SALE_QUANTITY_MAX, &quantity, fault);
    if (rc == RC_OK)
        rc = basket_change(c->server->writer, &c->visit, &owner, act, key, (int64_t)quantity,
                           secret, fault);
    if (rc != RC_OK)
        return show_refused(c, rc, show, ret, fault);
    struct url url = link_basket(&p);
    if (act == BASKET_REMOVE) {
        url = url_with(c->arena, url, STR("removed"), key);
        url = url_with(c->arena, url, STR("quantity"),
                       arena_printf(c->arena, "%llu", (unsigned long long)quantity));
    }
    go_to(ret, url.text);
    if (secret[0] != 0)
        ret->set_cookie[3] =
            basket_cookie(c, arena_str(c->arena, str_of(secret)), "; Max-Age=2592000");
    return RC_OK;
}

enum rc handle_basket_add(struct context *c, struct response *ret, struct fault *fault)
{
    return change(c, BASKET_ADD, ret, fault);
}

/* Once there is room for them. */
enum rc handle_basket_bring(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    enum rc rc = limits_basket(c, fault);
    if (rc != RC_OK)
        return show_refused(c, rc, show, ret, fault);
    if (c->viewer.account != 0)
        basket_bring(c, session_token(c, false), ret);
    go_to(ret, link_basket(&p).text);
    return RC_OK;
}

enum rc handle_basket_voucher(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct basket_owner owner = basket_owner_of(c);
    struct str code = str_trim(parameter_get(&c->form, "voucher"));
    bool removes = parameter_get(&c->form, "remove").n > 0;
    enum rc rc = limits_basket(c, fault);
    if (rc == RC_OK)
        rc = limits_voucher(c, false, fault);
    if (rc == RC_OK && !removes && code.n == 0)
        rc = fault_set(fault, RC_INVALID, "voucher: there is none of this code");
    else if (rc == RC_OK) {
        rc = voucher_put(c->server->writer, &c->visit, &owner, removes ? STR_NONE : code, fault);
        if (rc == RC_INVALID && limits_voucher(c, true, NULL) != RC_OK)
            rc = limits_voucher(c, false, fault);
    }
    if (rc != RC_OK)
        return show_refused(c, rc, show, ret, fault);
    go_to(ret, link_basket(&p).text);
    return RC_OK;
}

enum rc handle_basket_change(struct context *c, struct response *ret, struct fault *fault)
{
    enum basket_act act;
    if (!basket_act_parse(c->captures[0], &act))
        return RC_NOT_FOUND;
    return change(c, act, ret, fault);
}
