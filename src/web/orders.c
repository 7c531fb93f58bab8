#include "web/orders.h"

#include "templates.h"
#include "web/book.h"
#include "web/card.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/library.h"
#include "web/papers.h"
#include "web/session.h"

#define N_(text) text

enum { ORDERS_A_PAGE = 20 };

/* ---- links and words ---- */

struct url link_purchase(const struct page *p, struct str secret)
{
    return link_to(p, arena_z(p->arena, ARENA_JOIN(p->arena, STR("orders/"), secret)));
}

struct url link_own_orders(const struct page *p)
{
    return link_to(p, "account/orders");
}

struct url link_own_order(const struct page *p, struct str number)
{
    return link_to(p, arena_z(p->arena, ARENA_JOIN(p->arena, STR("account/orders/"), number)));
}

struct str word_purchase(const struct page *p, const struct purchase_row *purchase)
{
    static const struct code_word words[] = {{PURCHASE_WAITING, N_("waits for your payment")},
                                             {PURCHASE_PAID, N_("paid")},
                                             {PURCHASE_ENDED, N_("ended without a payment")}};
    return WORD_OF(p, words, purchase->state);
}

struct str word_line_state(const struct page *p, const struct own_sales_order *order,
                           const struct sales_line_row *l)
{
    const struct sales_order_row *o = &order->sale.order;
    struct str kept = word_number(p, (uint64_t)l->sent),
               all = word_number(p, (uint64_t)l->quantity);
    struct str parts[] = {kept, all};
    if (l->cancelled == l->quantity)
        return word_text(p, N_("cancelled"));
    if (l->returned > 0)
        return word_text(p, N_("sent back"));
    if (o->paid == 0)
        return l->available > 0 ? word_filled(p, N_("appears on %1"),
                                              (struct str[]){word_date(p, l->available)}, 1)
                                : word_text(p, N_("not paid yet"));
    if (l->digital)
        return word_text(p, N_("in your library"));
    if (l->sent + l->cancelled >= l->quantity)
        return word_text(p, N_("on its way to you"));
    if (l->sent > 0)
        return word_filled(p, N_("%1 of %2 on their way to you"), parts, 2);
    return l->available > 0 ? word_filled(p, N_("is sent when it appears, on %1"),
                                          (struct str[]){word_date(p, l->available)}, 1)
                            : word_text(p, N_("is being got ready"));
}

struct str word_own_event(const struct page *p, const struct own_sales_order *order,
                          const struct sales_event_row *e)
{
    static const struct code_word words[] = {{SALES_EVENT_PLACED, N_("Placed")},
                                             {SALES_EVENT_PAID, N_("Paid")},
                                             {SALES_EVENT_CANCELLED, N_("Cancelled")},
                                             {SALES_EVENT_EXPIRED, N_("Never paid, and ended")},
                                             {SALES_EVENT_SENT, N_("Sent")},
                                             {SALES_EVENT_RETURNED, N_("Came back")},
                                             {SALES_EVENT_ASKED, N_("Return announced")},
                                             {SALES_EVENT_CLOSED, N_("Return closed")},
                                             {SALES_EVENT_REFUNDED, N_("Given back")}};
    struct str word = WORD_OF(p, words, e->kind);
    if (e->amount <= 0 || str_is(e->kind, SALES_EVENT_PLACED))
        return word;
    struct str args[] = {word, word_money(p, e->amount, order->sale.order.currency)};
    return word_filled(p, N_("%1, %2"), args, 2);
}

/* ---- one of them ---- */

struct own_sale_wish own_sale_wish(const struct context *c, bool secret)
{
    return secret ? (struct own_sale_wish){.secret = c->captures[0]}
                  : (struct own_sale_wish){.account = c->viewer.account, .number = c->captures[0]};
}

struct str own_sale_place(const struct page *p, const struct context *c, bool secret)
{
    return secret ? link_purchase(p, c->captures[0]).text : link_own_order(p, c->captures[0]).text;
}

static void fill_part(const struct page *p, const struct context *c, bool secret,
                      const struct own_sales_order *order, struct purchase_part *part)
{
    const struct sales_view *sale = &order->sale;
    struct str base = secret ? ARENA_JOIN(p->arena, link_purchase(p, c->captures[0]).text, STR("/"),
                                          sale->order.number)
                             : link_own_order(p, sale->order.number).text;
    *part = (struct purchase_part){.order = order, .lines = {sale->lines, sale->line_n}};
    part->papers.v = ARENA_ARRAY(p->arena, struct purchase_paper, order->papers.n);
    for (size_t i = 0; i < order->papers.n; i++) {
        struct str number = arena_printf(p->arena, "/invoices/%zu", i + 1);
        part->papers.v[part->papers.n++] =
            (struct purchase_paper){.name = word_paper(p, &order->papers.v[i]),
                                    .url = {ARENA_JOIN(p->arena, base, number)}};
    }
    purchase_part_returns(p, base, &sale->purchase, part);
    part->events.v = ARENA_ARRAY(p->arena, struct sales_event_row, sale->event_n);
    for (size_t i = 0; i < sale->event_n; i++)
        if (!str_is(sale->events[i].kind, SALES_EVENT_NOTE))
            part->events.v[part->events.n++] = sale->events[i];
}

static void fill_pay(const struct page *p, const struct context *c, bool secret,
                     struct purchase_view *v)
{
    const struct own_purchase *b = &v->bought;
    if (b->untouched && !b->card_pending &&
        card_takes(c->server->card, b->purchase.currency, b->purchase.total))
        v->pay = (struct url){ARENA_JOIN(p->arena, own_sale_place(p, c, secret), STR("/pay"))};
    if (v->error.n == 0 && b->untouched && !b->card_pending &&
        parameter_has(&c->request->query, "card", STR("away")))
        v->error = STR("card: the provider does not answer");
}

static enum rc show(struct context *c, bool secret, struct str error, struct response *ret,
                    struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct purchase_view v = {.error = error, .in_account = !secret};
    struct own_sale_wish wish = own_sale_wish(c, secret);
    enum rc rc = card_back(c, &wish, fault);
    if (rc == RC_OK)
        rc = sales_own(c->server->site, c->arena, &wish, &v.bought, fault);
    if (rc != RC_OK)
        return rc;
    fill_pay(&p, c, secret, &v);
    v.parts.v = ARENA_ARRAY(c->arena, struct purchase_part, v.bought.orders.n);
    for (size_t i = 0; i < v.bought.orders.n; i++)
        fill_part(&p, c, secret, &v.bought.orders.v[i], &v.parts.v[v.parts.n++]);
    v.delivery = postal_read(c->arena, v.bought.purchase.delivery);
    v.library = link_library(&p);
    if (str_is(v.bought.purchase.state, PURCHASE_WAITING))
        v.cancel =
            (struct url){ARENA_JOIN(c->arena, own_sale_place(&p, c, secret), STR("/cancel"))};
    p.done = parameter_has(&c->request->query, "done", STR("1"));
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Your order"));
    p.noindex = true;
    if (v.pay.text.n > 0)
        card_form(c, ret);
    struct html h = page_html(c, ret);
    purchase_page(&h, &p, &v);
    return RC_OK;
}

static enum rc show_by_secret(struct context *c, struct str error, struct response *ret,
                              struct fault *fault)
{
    return show(c, true, error, ret, fault);
}

static enum rc show_in_account(struct context *c, struct str error, struct response *ret,
                               struct fault *fault)
{
    return show(c, false, error, ret, fault);
}

enum rc handle_purchase(struct context *c, struct response *ret, struct fault *fault)
{
    return show(c, true, STR_NONE, ret, fault);
}

enum rc handle_own_order(struct context *c, struct response *ret, struct fault *fault)
{
    return show(c, false, STR_NONE, ret, fault);
}

static enum rc cancel(struct context *c, bool secret, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct own_sale_wish wish = own_sale_wish(c, secret);
    enum rc rc = sales_own_cancel(c->server->writer, c->arena, &wish, fault);
    if (rc == RC_OK)
        go_to_done(c, ret, own_sale_place(&p, c, secret));
    return show_refused(c, rc, secret ? show_by_secret : show_in_account, ret, fault);
}

enum rc handle_purchase_cancel(struct context *c, struct response *ret, struct fault *fault)
{
    return cancel(c, true, ret, fault);
}

enum rc handle_own_order_cancel(struct context *c, struct response *ret, struct fault *fault)
{
    return cancel(c, false, ret, fault);
}

static enum rc pay(struct context *c, bool secret, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct own_sale_wish wish = own_sale_wish(c, secret);
    enum rc rc = card_send(c, &p, &wish, own_sale_place(&p, c, secret), ret, fault);
    return show_refused(c, rc, secret ? show_by_secret : show_in_account, ret, fault);
}

enum rc handle_purchase_pay(struct context *c, struct response *ret, struct fault *fault)
{
    return pay(c, true, ret, fault);
}

enum rc handle_own_order_pay(struct context *c, struct response *ret, struct fault *fault)
{
    return pay(c, false, ret, fault);
}

/* ---- all of an account's ---- */

enum rc handle_own_orders(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct own_orders_view v = {.next = {STR_NONE}};
    uint64_t before;
    enum rc rc = parameter_number(&c->request->query, "before", 0, INT64_MAX, &before, fault);
    if (rc == RC_OK)
        rc = sales_own_list(c->server->site, c->arena, c->viewer.account, before, ORDERS_A_PAGE + 1,
                            &v.all, fault);
    if (rc != RC_OK)
        return rc;
    if (v.all.n > ORDERS_A_PAGE) {
        v.all.n--;
        uint64_t last = v.all.v[v.all.n - 1].purchase.id;
        v.next = url_with(c->arena, link_own_orders(&p), STR("before"),
                          arena_printf(c->arena, "%llu", (unsigned long long)last));
    }
    p.title = word_text(&p, N_("My orders"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    own_orders_page(&h, &p, &v);
    return RC_OK;
}
