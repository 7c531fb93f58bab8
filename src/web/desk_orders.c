#include "web/desk_orders.h"

#include "app/secret.h"
#include "base/clock.h"
#include "domain/payment.h"
#include "templates.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/session.h"

#define N_(text) text

enum { ORDERS_A_PAGE = 50, PICKS_MAX = 1000 };

/* ---- words ---- */

struct str word_sales_state(const struct page *p, struct str state)
{
    static const struct code_word words[] = {{SALES_PLACED, N_("not paid yet")},
                                             {SALES_PAID, N_("paid")},
                                             {SALES_DONE, N_("done")},
                                             {SALES_CANCELLED, N_("cancelled")}};
    return WORD_OF(p, words, state);
}

const char *sales_state_class(struct str state)
{
    return str_is(state, SALES_PAID) ? "in" : str_is(state, SALES_DONE) ? "lifted" : "other";
}

struct str word_sales_actor(const struct page *p, struct str actor)
{
    static const struct code_word words[] = {{SALES_BY_READER, N_("the buyer")},
                                             {SALES_BY_STAFF, N_("staff")},
                                             {SALES_BY_SHOP, N_("by itself")},
                                             {SALES_BY_PAYMENT, N_("the payment")}};
    return WORD_OF(p, words, actor);
}

static struct str title_of(const struct order_view *v, uint64_t line)
{
    for (size_t i = 0; i < v->view.line_n; i++)
        if (v->view.lines[i].id == line)
            return v->view.lines[i].title;
    return STR_NONE;
}

struct str word_sales_event(const struct page *p, const struct order_view *v,
                            const struct sales_event_row *e)
{
    static const struct code_word words[] = {{SALES_EVENT_PLACED, N_("Placed")},
                                             {SALES_EVENT_PAID, N_("Paid")},
                                             {SALES_EVENT_CANCELLED, N_("Cancelled")},
                                             {SALES_EVENT_EXPIRED, N_("Never paid, and ended")},
                                             {SALES_EVENT_SENT, N_("Sent")},
                                             {SALES_EVENT_RETURNED, N_("Came back")},
                                             {SALES_EVENT_REFUNDED, N_("Given back")},
                                             {SALES_EVENT_ASKED, N_("Return announced")},
                                             {SALES_EVENT_CLOSED, N_("Return closed")},
                                             {SALES_EVENT_NOTE, N_("Note")}};
    struct str word = WORD_OF(p, words, e->kind), title = title_of(v, e->line);
    if (word.n == 0)
        word = e->kind;
    if (title.n > 0 && e->quantity > 0) {
        struct str args[] = {word, word_number(p, (uint64_t)e->quantity), title};
        word = word_filled(p, N_("%1: %2 × %3"), args, 3);
    }
    if (e->amount > 0) {
        struct str args[] = {word, word_money(p, e->amount, v->view.order.currency)};
        word = word_filled(p, N_("%1, %2"), args, 2);
    }
    return word;
}

struct str word_shipped(const struct page *p, const struct order_view *v,
                        const struct shipped_line *s)
{
    struct str args[] = {word_number(p, (uint64_t)s->quantity), title_of(v, s->line)};
    return word_filled(p, N_("%1 × %2"), args, 2);
}

struct str word_stated(const struct page *p, const struct sales_return *stated)
{
    static const struct code_word words[] = {
        {REFUND_WITHDRAWN, N_("Withdrawn from the contract")},
        {REFUND_CANCELLED, N_("Called off before it was sent")},
        {REFUND_RETURNED, N_("Something is wrong with it")},
    };
    return WORD_OF(p, words, stated->reason);
}

struct url link_orders(const struct page *p, const char *tab)
{
    struct url url = {STR("/desk/orders")};
    return tab[0] != '\0' ? url_with(p->arena, url, STR("state"), str_of(tab)) : url;
}

struct url link_order(const struct page *p, struct str number, const char *part)
{
    struct url url = url_path(p->arena, 3, STR("desk"), STR("orders"), number);
    return (struct url){ARENA_JOIN(p->arena, url.text, str_of(part))};
}

/* ---- the list ---- */

/* Whose orders the viewer works with: 0, all of them. */
static uint64_t own_shop(const struct context *c)
{
    return c->viewer.operator_role ? 0 : c->viewer.shop;
}

static const char *tab_asked(const struct context *c, struct str query)
{
    static const char *const tabs[] = {"waiting",  "returns",  "any",          SALES_PLACED,
                                       SALES_PAID, SALES_DONE, SALES_CANCELLED};
    struct str asked = parameter_get(&c->request->query, "state");
    for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++)
        if (str_is(asked, tabs[i]))
            return tabs[i];
    return query.n > 0 ? "any" : "waiting";
}

struct looking {
    struct context *c;
    struct orders_view *list;
    struct picking_view *picking;
    struct order_view *order;
    struct str number;
    struct sales_seek seek;
};

static enum rc count_waiting(struct looking *l, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = sales_waiting(conn, l->seek.shop, &l->list->waiting, fault);
    return rc == RC_OK ? sales_returns_waiting(conn, l->seek.shop, &l->list->returns, fault) : rc;
}

static enum rc look_for_orders(void *context, struct store_conn *conn, struct fault *fault)
{
    struct looking *l = context;
    enum rc rc =
        sales_seek(conn, l->c->arena, &l->seek, &l->list->orders.v, &l->list->orders.n, fault);
    return rc == RC_OK ? count_waiting(l, conn, fault) : rc;
}

enum rc handle_desk_orders(struct context *c, struct response *ret, struct fault *fault)
{
    struct orders_view v = {.query = str_trim(parameter_get(&c->request->query, "q"))};
    struct looking looking = {.c = c, .list = &v};
    v.tab = tab_asked(c, v.query);
    looking.seek = (struct sales_seek){.shop = own_shop(c),
                                       .query = v.query,
                                       .waiting = strcmp(v.tab, "waiting") == 0,
                                       .returns = strcmp(v.tab, "returns") == 0,
                                       .addresses = c->viewer.operator_role,
                                       .room = ORDERS_A_PAGE + 1};
    if (!looking.seek.waiting && !looking.seek.returns && strcmp(v.tab, "any") != 0)
        looking.seek.state = str_of(v.tab);
    enum rc rc =
        parameter_number(&c->request->query, "from", 0, INT64_MAX, &looking.seek.from, fault);
    if (rc == RC_OK)
        rc = site_look_wholly(c->server->site, look_for_orders, &looking, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = desk_begin(c, N_("Sales orders"), ret);
    if (v.orders.n > ORDERS_A_PAGE) {
        v.orders.n--;
        struct str last =
            arena_printf(c->arena, "%llu", (unsigned long long)v.orders.v[v.orders.n - 1].id);
        v.next = url_with(c->arena, link_orders(&p, v.tab), STR("from"), last);
        v.next = v.query.n > 0 ? url_with(c->arena, v.next, STR("q"), v.query) : v.next;
    }
    struct html h = page_html(c, ret);
    desk_orders_page(&h, &p, &v);
    return RC_OK;
}

static enum rc look_for_picks(void *context, struct store_conn *conn, struct fault *fault)
{
    struct looking *l = context;
    return sales_pick_list(conn, l->c->arena, l->seek.shop, PICKS_MAX, &l->picking->picks, fault);
}

enum rc handle_desk_picking(struct context *c, struct response *ret, struct fault *fault)
{
    struct picking_view v = {.copies = 0};
    struct looking looking = {.c = c, .picking = &v, .seek = {.shop = own_shop(c)}};
    enum rc rc = site_look_wholly(c->server->site, look_for_picks, &looking, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < v.picks.n; i++)
        v.copies += v.picks.v[i].copies;
    struct page p = desk_begin(c, N_("To be picked"), ret);
    struct html h = page_html(c, ret);
    desk_picking_page(&h, &p, &v);
    return RC_OK;
}

/* ---- one of them ---- */

static enum rc look_at_order(void *context, struct store_conn *conn, struct fault *fault)
{
    struct looking *l = context;
    struct order_view *v = l->order;
    enum rc rc = sales_view(conn, l->c->arena, l->number, &v->view, fault);
    if (rc == RC_OK && l->seek.shop != 0 && l->seek.shop != v->view.order.shop)
        rc = fault_set(fault, RC_NOT_FOUND, "there is no sales order %.*s", STR_ARG(l->number));
    if (rc == RC_OK)
        rc = sales_shipped(conn, l->c->arena, v->view.order.id, &v->shipped, fault);
    if (rc == RC_OK)
        rc = sales_returns_of(conn, l->c->arena, v->view.order.id, &v->stated, fault);
    if (rc == RC_OK && v->whole)
        rc = refunds_failed(conn, l->c->arena, v->view.order.id, &v->unsent, fault);
    return rc == RC_OK ? papers_of(conn, l->c->arena, v->view.order.id, &v->papers, fault) : rc;
}

static void fill_lines(struct arena *arena, struct order_view *v)
{
    v->lines.v = ARENA_ARRAY(arena, struct order_line_view, v->view.line_n);
    for (size_t i = 0; i < v->view.line_n; i++) {
        const struct sales_line_row *l = &v->view.lines[i];
        struct order_line_view one = {
            .line = l,
            .open = l->digital ? 0 : l->quantity - l->sent - l->cancelled,
            .kept = l->digital ? l->quantity - l->cancelled - l->returned : l->sent - l->returned,
            .owing = l->total - l->refunded,
            .name = arena_printf(arena, "line_%llu", (unsigned long long)l->id)};
        v->seen += (uint64_t)l->sent;
        v->ships = v->ships || !l->digital;
        v->open = v->open || one.open > 0;
        v->kept = v->kept || one.kept > 0;
        v->lines.v[v->lines.n++] = one;
    }
    v->delivery_owing = v->view.order.shipping - v->view.order.refunded;
    for (size_t i = 0; i < v->view.line_n; i++)
        v->delivery_owing += v->view.lines[i].refunded;
    v->seen++; /* nought says nothing */
    v->paid = v->view.order.paid != 0 && v->view.order.refunded < v->view.order.total;
    v->open = v->open && str_is(v->view.order.state, SALES_PAID);
    v->kept = v->kept && v->paid;
}

static struct order_line_view *line_of(struct order_view *v, uint64_t line)
{
    for (size_t i = 0; i < v->lines.n; i++)
        if (v->lines.v[i].line->id == line)
            return &v->lines.v[i];
    return NULL;
}

/* With it nothing that is printed stays with the buyer. */
static bool all_back(const struct order_view *v, const struct expected_view *e)
{
    for (size_t i = 0; i < v->view.line_n; i++) {
        const struct sales_line_row *l = &v->view.lines[i];
        int64_t gone = l->cancelled + l->returned;
        for (size_t k = 0; k < e->lines.n; k++)
            gone += e->lines.v[k].line->line->id == l->id ? e->lines.v[k].left : 0;
        if (!l->digital && gone < l->quantity)
            return false;
    }
    return true;
}

/* What buyers stated, and of it what is waited for. */
static void fill_stated(struct arena *arena, struct order_view *v)
{
    v->expected.v = ARENA_ARRAY(arena, struct expected_view, v->stated.n);
    for (size_t i = 0; i < v->stated.n; i++) {
        const struct sales_return *r = &v->stated.v[i];
        struct expected_view *e = &v->expected.v[v->expected.n++];
        *e = (struct expected_view){.stated = r};
        e->waits = str_is(r->state, RETURN_EXPECTED);
        e->lines.v = ARENA_ARRAY(arena, struct expected_line, r->lines.n);
        for (size_t k = 0; k < r->lines.n; k++) {
            const struct order_line_view *line = line_of(v, r->lines.v[k].line);
            if (line != NULL)
                e->lines.v[e->lines.n++] = (struct expected_line){
                    line, r->lines.v[k].quantity, r->lines.v[k].expected - r->lines.v[k].came};
        }
        e->delivery = v->view.order.shipping > 0;
        e->delivery_too = e->delivery && all_back(v, e);
    }
}

static void fill_address(struct arena *arena, struct order_view *v)
{
    enum { LINES_MAX = 12 };
    const struct postal *d = &v->delivery;
    struct str rest = d->lines, line;
    v->address.v = ARENA_ARRAY(arena, struct str, LINES_MAX);
    while (v->address.n < LINES_MAX - 1 && str_next(&rest, '\n', &line))
        v->address.v[v->address.n++] = line;
    line = str_trim(ARENA_JOIN(arena, d->postcode, STR(" "), d->city, STR(" "), d->region));
    if (line.n > 0)
        v->address.v[v->address.n++] = line;
}

enum rc desk_order_look(struct context *c, struct str number, uint64_t shop, struct order_view *ret,
                        struct fault *fault)
{
    struct looking looking = {.c = c, .order = ret, .number = number, .seek = {.shop = shop}};
    ret->whole = c->viewer.operator_role;
    enum rc rc = site_look_wholly(c->server->site, look_at_order, &looking, fault);
    if (rc != RC_OK)
        return rc;
    ret->delivery = postal_read(c->arena, ret->view.purchase.delivery);
    ret->events.v = ret->view.events;
    ret->events.n = ret->view.event_n;
    fill_lines(c->arena, ret);
    fill_stated(c->arena, ret);
    fill_address(c->arena, ret);
    return RC_OK;
}

static enum rc show_order(struct context *c, struct str error, struct response *ret,
                          struct fault *fault)
{
    struct order_view v = {.error = error};
    char key[TOKEN_SIZE + 1];
    enum rc rc = desk_order_look(c, c->captures[0], own_shop(c), &v, fault);
    if (rc != RC_OK)
        return rc;
    secret_make(key);
    v.key = arena_str(c->arena, str_of(key));
    struct page p = desk_begin(c, N_("A sales order"), ret);
    struct html h = page_html(c, ret);
    desk_order_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_order(struct context *c, struct response *ret, struct fault *fault)
{
    return show_order(c, STR_NONE, ret, fault);
}

/* ---- acting ---- */

enum rc sales_parts_read(struct context *c, sales_parts *ret, struct fault *fault)
{
    *ret = (sales_parts){ARENA_ARRAY(c->arena, struct sales_part, c->form.n), 0};
    for (size_t i = 0; i < c->form.n; i++) {
        struct str name = c->form.v[i].name, value = str_trim(c->form.v[i].value);
        uint64_t line, quantity = 0;
        if (!str_starts(name, STR("line_")) || value.n == 0)
            continue;
        if (!str_to_u64(str_sub(name, 5, name.n), &line) || !str_to_u64(value, &quantity) ||
            quantity > SALE_QUANTITY_MAX)
            return fault_set(fault, RC_INVALID, "quantity: a whole number is needed");
        if (quantity > 0)
            ret->v[ret->n++] = (struct sales_part){line, (int64_t)quantity};
    }
    return RC_OK;
}

typedef enum rc (*sales_acts)(struct writer *writer, const struct sales_act *act,
                              struct fault *fault);

static enum rc act_on(struct context *c, sales_acts acts, struct response *ret, struct fault *fault)
{
    struct sales_act act = {.number = c->captures[0],
                            .shop = own_shop(c),
                            .account = c->viewer.account,
                            .carrier = str_trim(parameter_get(&c->form, "carrier")),
                            .tracking = str_trim(parameter_get(&c->form, "tracking")),
                            .note = str_trim(parameter_get(&c->form, "note")),
                            .reason = parameter_get(&c->form, "reason"),
                            .amount = str_trim(parameter_get(&c->form, "amount")),
                            .key = parameter_get(&c->form, "key"),
                            .shelf = parameter_has(&c->form, "shelf", STR("1")),
                            .delivery = parameter_has(&c->form, "delivery", STR("1"))};
    enum rc rc = parameter_number(&c->form, "seen", 0, INT64_MAX, &act.seen, fault);
    if (rc == RC_OK)
        rc = parameter_number(&c->form, "expected", 0, INT64_MAX, &act.expected, fault);
    if (rc == RC_OK)
        rc = sales_parts_read(c, &act.parts, fault);
    struct str line = parameter_get(&c->form, "line");
    if (str_is(line, "delivery"))
        act.delivery = true;
    else if (line.n > 0 && !str_to_u64(line, &act.line))
        rc = fault_set(fault, RC_INVALID, "line: choose one");
    if (rc == RC_OK)
        rc = acts(c->server->writer, &act, fault);
    if (rc == RC_OK) {
        struct page p = {.arena = c->arena};
        go_to_done(c, ret, link_order(&p, c->captures[0], "").text);
    }
    return show_refused(c, rc, show_order, ret, fault);
}

enum rc handle_desk_order_send(struct context *c, struct response *ret, struct fault *fault)
{
    return act_on(c, sales_send, ret, fault);
}

enum rc handle_desk_order_note(struct context *c, struct response *ret, struct fault *fault)
{
    return act_on(c, sales_note, ret, fault);
}

enum rc handle_desk_order_cancel(struct context *c, struct response *ret, struct fault *fault)
{
    return act_on(c, sales_cancel_parts, ret, fault);
}

enum rc handle_desk_order_return(struct context *c, struct response *ret, struct fault *fault)
{
    return act_on(c, sales_take_back, ret, fault);
}

enum rc handle_desk_order_close(struct context *c, struct response *ret, struct fault *fault)
{
    return act_on(c, sales_return_close, ret, fault);
}

enum rc handle_desk_order_refund(struct context *c, struct response *ret, struct fault *fault)
{
    return act_on(c, sales_goodwill, ret, fault);
}
