/* What a buyer states of what they paid for: that they withdraw (Directive 2011/83/EU, Article 11a:
 * a function that is there as long as the right is, and a second step that confirms), that what was
 * not sent is called off, that something is wrong with what came. */
#include "app/secret.h"
#include "domain/payment.h"
#include "templates.h"
#include "web/desk.h"
#include "web/desk_orders.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/orders.h"
#include "web/session.h"

#define N_(text) text

/* ---- words ---- */

struct str word_stated_state(const struct page *p, const struct sales_return *stated)
{
    if (str_is(stated->state, RETURN_EXPECTED))
        return word_text(p, N_("the seller waits for it"));
    if (str_is(stated->state, RETURN_CLOSED))
        return word_text(p, N_("closed by the seller"));
    for (size_t i = 0; i < stated->lines.n; i++)
        if (stated->lines.v[i].expected > 0)
            return word_text(p, N_("it came back"));
    return word_text(p, N_("done"));
}

struct str word_stated_lines(const struct page *p, const struct own_sales_order *order,
                             const struct sales_return *stated, bool expected)
{
    struct str all = STR_NONE;
    for (size_t i = 0; i < stated->lines.n; i++) {
        const struct sales_return_line *l = &stated->lines.v[i];
        int64_t n = expected ? l->expected - l->came : l->quantity;
        for (size_t k = 0; n > 0 && k < order->sale.line_n; k++)
            if (order->sale.lines[k].id == l->line)
                all =
                    arena_printf(p->arena, "%.*s%s%lld × %.*s", STR_ARG(all), all.n > 0 ? ", " : "",
                                 (long long)n, STR_ARG(order->sale.lines[k].title));
    }
    return all;
}

static struct str word_why_not(const struct page *p, struct str country, bool digital,
                               const struct returnable *may)
{
    struct str day = word_day(p, may->until - 1), where = word_country(p, country);
    switch (may->law) {
    case WITHDRAWAL_CONSENTED:
        return word_text(p, N_("You cannot withdraw from the e-books: you agreed that they are "
                               "delivered at once, and that your right ends with that."));
    case WITHDRAWAL_OVER:
        return digital ? word_filled(p, N_("The right to withdraw from the e-books ended on %1."),
                                     &day, 1)
                       : word_filled(p,
                                     N_("The right to withdraw from the printed books ended on "
                                        "%1."),
                                     &day, 1);
    case WITHDRAWAL_NO_LAW:
        return digital
                   ? word_filled(p, N_("We know of no law in %1 by which e-books are taken back."),
                                 &where, 1)
                   : word_filled(p,
                                 N_("We know of no law in %1 by which printed books are taken "
                                    "back without a reason."),
                                 &where, 1);
    case WITHDRAWAL_OPEN:
        break;
    }
    return STR_NONE;
}

static void say_why_not(const struct page *p, struct str country, struct purchase_part *part,
                        bool digital)
{
    for (size_t i = 0; i < part->lines.n; i++) {
        const struct returnable *may = &part->order->may[i];
        if (part->lines.v[i].digital != digital || may->kept == 0 || may->law == WITHDRAWAL_OPEN)
            continue;
        part->why_not.v[part->why_not.n++] = word_why_not(p, country, digital, may);
        return;
    }
}

void purchase_part_returns(const struct page *p, struct str base, const struct purchase_row *bought,
                           struct purchase_part *part)
{
    struct url here = {ARENA_JOIN(p->arena, base, STR("/return"))};
    for (size_t i = 0; i < part->lines.n; i++) {
        const struct returnable *may = &part->order->may[i];
        bool law = may->law == WITHDRAWAL_OPEN;
        part->withdraws = part->withdraws || (law && may->open + may->kept > 0);
        part->calls_off = part->calls_off || may->open > 0;
        part->complains = part->complains || may->kept > 0;
    }
    part->withdraw = here;
    part->wrong = url_with(p->arena, here, STR("why"), STR("wrong"));
    part->why_not.v = ARENA_ARRAY(p->arena, struct str, 2);
    say_why_not(p, bought->country, part, false);
    say_why_not(p, bought->country, part, true);
}

/* ---- the page ---- */

/* The sales order's own address. */
static struct str base_of(const struct page *p, const struct context *c, bool secret)
{
    struct str place = own_sale_place(p, c, secret);
    return secret ? ARENA_JOIN(p->arena, place, STR("/"), c->captures[1]) : place;
}

static struct str number_of(const struct context *c, bool secret)
{
    return c->captures[secret ? 1 : 0];
}

static const parameters *fields_of(const struct context *c)
{
    return c->request->method == METHOD_POST ? &c->form : &c->request->query;
}

static struct str once_of(const struct context *c)
{
    struct str once = parameter_get(&c->form, "once");
    char made[TOKEN_SIZE + 1];
    if (once.n == TOKEN_SIZE)
        return once;
    secret_make(made);
    return arena_str(c->arena, str_of(made));
}

/* How many of each line may be stated; as many are, unless the form says otherwise. */
static void fill_lines(const struct context *c, struct return_view *v)
{
    const struct own_sales_order *o = v->order;
    bool posted = c->request->method == METHOD_POST;
    v->lines.v = ARENA_ARRAY(c->arena, struct return_line, o->sale.line_n);
    for (size_t i = 0; i < o->sale.line_n; i++) {
        const struct returnable *may = &o->may[i];
        bool law = may->law == WITHDRAWAL_OPEN;
        struct return_line l = {.line = &o->sale.lines[i]};
        uint64_t typed = 0;
        l.most = v->wrong ? may->kept : may->open + (law ? may->kept : 0);
        l.name = arena_printf(c->arena, "line_%llu", (unsigned long long)l.line->id);
        l.stated = v->wrong ? 0 : l.most;
        if (posted)
            l.stated =
                str_to_u64(str_trim(parameter_get(&c->form, arena_z(c->arena, l.name))), &typed) &&
                        typed <= SALE_QUANTITY_MAX
                    ? (int64_t)typed
                    : 0;
        v->withdraws = v->withdraws || (!v->wrong && law && l.most > 0);
        if (l.most > 0)
            v->lines.v[v->lines.n++] = l;
    }
}

static const struct own_sales_order *find_order(const struct own_purchase *bought,
                                                struct str number)
{
    for (size_t i = 0; i < bought->orders.n; i++)
        if (str_eq(bought->orders.v[i].sale.order.number, number))
            return &bought->orders.v[i];
    return NULL;
}

static enum rc read_view(struct context *c, const struct page *p, bool secret,
                         struct own_purchase *bought, struct return_view *v, struct fault *fault)
{
    struct own_sale_wish wish = own_sale_wish(c, secret);
    enum rc rc = sales_own(c->server->site, c->arena, &wish, bought, fault);
    if (rc != RC_OK)
        return rc;
    v->order = find_order(bought, number_of(c, secret));
    if (v->order == NULL)
        return RC_NOT_FOUND;
    v->purchase = &bought->purchase;
    v->buyer = postal_read(c->arena, bought->purchase.delivery).name;
    v->wrong = parameter_has(fields_of(c), "why", STR("wrong"));
    v->here = (struct url){ARENA_JOIN(c->arena, base_of(p, c, secret), STR("/return"))};
    v->back = (struct url){own_sale_place(p, c, secret)};
    v->words = str_trim(parameter_get(&c->form, "words"));
    v->once = once_of(c);
    fill_lines(c, v);
    return RC_OK;
}

static enum rc show(struct context *c, bool secret, bool review, struct str error,
                    struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct own_purchase bought;
    struct return_view v = {.error = error, .review = review};
    enum rc rc = read_view(c, &p, secret, &bought, &v, fault);
    if (rc != RC_OK)
        return rc;
    p.token = session_form_token(c, ret);
    p.title = v.wrong       ? word_text(&p, N_("Something is wrong with what came"))
              : v.withdraws ? word_text(&p, N_("Withdraw from the contract"))
                            : word_text(&p, N_("Call off what was not sent"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    return_page(&h, &p, &v);
    return RC_OK;
}

static enum rc show_by_secret(struct context *c, struct str error, struct response *ret,
                              struct fault *fault)
{
    return show(c, true, false, error, ret, fault);
}

static enum rc show_in_account(struct context *c, struct str error, struct response *ret,
                               struct fault *fault)
{
    return show(c, false, false, error, ret, fault);
}

enum rc handle_return_by_secret(struct context *c, struct response *ret, struct fault *fault)
{
    return show_by_secret(c, STR_NONE, ret, fault);
}

enum rc handle_own_return(struct context *c, struct response *ret, struct fault *fault)
{
    return show_in_account(c, STR_NONE, ret, fault);
}

/* ---- the form ---- */

static enum rc state(struct context *c, bool secret, struct sales_statement *s,
                     struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    enum rc rc = sales_state_return(c->server->writer, s, fault);
    if (rc == RC_OK)
        go_to_done(c, ret, own_sale_place(&p, c, secret));
    return rc;
}

/* Nothing beyond what the page offers gets to the second step. */
static enum rc check(struct context *c, bool secret, const sales_parts *parts, struct fault *fault)
{
    struct page p = {.arena = c->arena, .storefront = c->storefront};
    struct own_purchase bought;
    struct return_view v = {.review = true};
    enum rc rc = read_view(c, &p, secret, &bought, &v, fault);
    if (rc == RC_OK && parts->n == 0)
        rc = fault_set(fault, RC_INVALID, "quantity: at least one copy of one line is needed");
    for (size_t i = 0; rc == RC_OK && i < v.lines.n; i++)
        if (v.lines.v[i].stated > v.lines.v[i].most)
            rc = fault_set(fault, RC_CONFLICT, "quantity: of %.*s, there are not so many",
                           STR_ARG(v.lines.v[i].line->title));
    return rc;
}

static enum rc handle_form(struct context *c, bool secret, struct response *ret,
                           struct fault *fault)
{
    struct sales_statement s = {.wish = own_sale_wish(c, secret),
                                .number = number_of(c, secret),
                                .wrong = parameter_has(&c->form, "why", STR("wrong")),
                                .words = str_trim(parameter_get(&c->form, "words")),
                                .key = once_of(c)};
    enum rc rc = limits_checkout(c, fault);
    if (rc == RC_OK)
        rc = sales_parts_read(c, &s.parts, fault);
    if (rc == RC_OK && parameter_has(&c->form, "act", STR("change")))
        return show(c, secret, false, STR_NONE, ret, fault);
    if (rc == RC_OK && parameter_has(&c->form, "act", STR("confirm")))
        rc = state(c, secret, &s, ret, fault);
    else if (rc == RC_OK && (rc = check(c, secret, &s.parts, fault)) == RC_OK)
        return show(c, secret, true, STR_NONE, ret, fault);
    return show_refused(c, rc, secret ? show_by_secret : show_in_account, ret, fault);
}

enum rc handle_return_by_secret_form(struct context *c, struct response *ret, struct fault *fault)
{
    return handle_form(c, true, ret, fault);
}

enum rc handle_own_return_form(struct context *c, struct response *ret, struct fault *fault)
{
    return handle_form(c, false, ret, fault);
}
