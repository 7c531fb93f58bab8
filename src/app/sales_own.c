#include "app/sales_own_parts.h"

#include "app/sales_returns.h"
#include "base/clock.h"
#include "domain/payment_reference.h"
#include "store/card_sessions.h"
#include "store/papers.h"
#include "store/payments.h"
#include "store/sales.h"

enum { WAYS_MAX = 8 };

struct looking {
    struct arena *arena;
    const struct own_sale_wish *wish;
    struct own_purchase *ret;
};

enum rc own_purchase_find(struct store_conn *conn, struct arena *arena,
                          const struct own_sale_wish *wish, struct purchase_row *ret,
                          struct fault *fault)
{
    struct sales_order_row order;
    if (wish->secret.n > 0)
        return purchase_of_secret(conn, arena, wish->secret, ret, fault);
    if (wish->account == 0)
        return RC_NOT_FOUND;
    enum rc rc = sales_order_row_by_number(conn, arena, wish->number, &order, fault);
    if (rc == RC_OK)
        rc = purchase_row(conn, arena, order.purchase, ret, fault);
    return rc == RC_OK && ret->account != wish->account ? RC_NOT_FOUND : rc;
}

static enum rc read_order(struct store_conn *conn, struct arena *arena, struct str number,
                          struct own_sales_order *ret, struct fault *fault)
{
    enum rc rc = sales_view(conn, arena, number, &ret->sale, fault);
    if (rc == RC_OK)
        rc = papers_of(conn, arena, ret->sale.order.id, &ret->papers, fault);
    if (rc == RC_OK)
        rc = sales_shipped(conn, arena, ret->sale.order.id, &ret->shipped, fault);
    if (rc == RC_OK)
        rc = sales_returns_of(conn, arena, ret->sale.order.id, &ret->stated, fault);
    if (rc != RC_OK)
        return rc;
    ret->may = ARENA_ARRAY(arena, struct returnable, ret->sale.line_n);
    sales_returnable(&ret->sale, &ret->shipped, &ret->stated, clock_now(), ret->may);
    ret->seller = (struct seller){.shop = ret->sale.order.shop};
    rc = seller_row_shown(conn, arena, ret->sale.order.shop, &ret->seller, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc read_transfer(struct store_conn *conn, struct arena *arena,
                             const struct purchase_row *purchase, struct own_transfer *ret,
                             struct fault *fault)
{
    struct payment_row payment;
    struct bank_account bank;
    char typed[PAYMENT_REFERENCE_TYPED + 1];
    *ret = (struct own_transfer){.missing = 0};
    if (!str_is(purchase->state, PURCHASE_WAITING))
        return RC_OK;
    enum rc rc =
        payment_row_by_method(conn, arena, purchase->id, STR(PAYMENT_TRANSFER), &payment, fault);
    if (rc == RC_OK)
        rc = bank_account_get(conn, arena, purchase->currency, &bank, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    payment_reference_typed(payment.reference, typed);
    *ret = (struct own_transfer){.holder = bank.holder,
                                 .account = bank.account,
                                 .bank = bank.bank,
                                 .reference = arena_str(arena, str_of(typed)),
                                 .missing = payment.amount - payment.received};
    return RC_OK;
}

static enum rc read_ways(struct store_conn *conn, struct arena *arena, struct own_purchase *ret,
                         struct fault *fault)
{
    struct card_session_row session;
    payment_rows rows;
    if (!str_is(ret->purchase.state, PURCHASE_WAITING))
        return RC_OK;
    enum rc rc = payment_rows_of_purchase(conn, arena, ret->purchase.id, WAYS_MAX, &rows, fault);
    ret->untouched = rc == RC_OK;
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        const struct payment_row *p = &rows.v[i];
        ret->untouched = ret->untouched && p->received == 0 && str_is(p->state, PAYMENT_WAITING);
        if (!str_is(p->method, PAYMENT_CARD))
            continue;
        rc = card_session_row_latest(conn, arena, p->id, &session, fault);
        ret->card_pending = rc == RC_OK && str_is(session.state, CARD_PENDING);
        rc = rc == RC_NOT_FOUND ? RC_OK : rc;
    }
    return rc;
}

static enum rc look(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct looking *l = context;
    struct own_purchase *ret = l->ret;
    struct sales_order_row *rows;
    size_t n;
    enum rc rc = own_purchase_find(conn, l->arena, l->wish, &ret->purchase, fault);
    if (rc == RC_OK)
        rc = read_transfer(conn, l->arena, &ret->purchase, &ret->transfer, fault);
    if (rc == RC_OK)
        rc = read_ways(conn, l->arena, ret, fault);
    if (rc == RC_OK)
        rc = sales_orders_of(conn, l->arena, ret->purchase.id, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    ret->orders.v = ARENA_ARRAY(l->arena, struct own_sales_order, n);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = read_order(conn, l->arena, rows[i].number, &ret->orders.v[ret->orders.n++], fault);
    return rc;
}

enum rc sales_own(struct site *site, struct arena *arena, const struct own_sale_wish *wish,
                  struct own_purchase *ret, struct fault *fault)
{
    struct looking looking = {arena, wish, ret};
    *ret = (struct own_purchase){.purchase = {.id = 0}};
    return site_look_wholly(site, look, &looking, fault);
}

struct listing {
    struct arena *arena;
    uint64_t account, before;
    size_t room;
    own_sales_list *ret;
};

static enum rc look_at_all(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct listing *l = context;
    struct purchase_row *rows;
    size_t n;
    enum rc rc = purchase_rows_of(conn, l->arena, l->account, l->before, l->room, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    l->ret->v = ARENA_ARRAY(l->arena, struct own_sales_line, n);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct own_sales_line *line = &l->ret->v[l->ret->n++];
        line->purchase = rows[i];
        rc = sales_orders_of(conn, l->arena, rows[i].id, &line->orders.v, &line->orders.n, fault);
    }
    return rc;
}

enum rc sales_own_list(struct site *site, struct arena *arena, uint64_t account, uint64_t before,
                       size_t room, own_sales_list *ret, struct fault *fault)
{
    struct listing listing = {arena, account, before, room, ret};
    *ret = (own_sales_list){NULL, 0};
    return site_look_wholly(site, look_at_all, &listing, fault);
}
