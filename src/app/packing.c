#include "app/packing.h"

#include "app/paper_address.h"
#include "app/sales_desk.h"
#include "base/clock.h"
#include "base/knob.h"
#include "store/papers.h"
#include "store/sales.h"

static enum rc fill_seller(struct store_conn *conn, struct arena *arena, uint64_t shop,
                           struct packing_list *ret, struct fault *fault)
{
    struct seller s;
    enum rc rc = seller_row_shown(conn, arena, shop, &s, fault);
    if (rc == RC_OK)
        ret->seller = (struct paper_party){.name = s.name, s.address, s.country, .email = s.email};
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* What is not out yet is left out, as of what is picked (sales_pick_list). */
static void fill_lines(struct arena *arena, const struct sales_line_row *rows, size_t n,
                       struct packing_list *ret)
{
    int32_t today = date_of(clock_now());
    ret->lines.v = ARENA_ARRAY(arena, struct packing_line, n);
    ret->later.v = ARENA_ARRAY(arena, struct packing_line, n);
    for (size_t i = 0; i < n; i++)
        if (!rows[i].digital && rows[i].quantity > rows[i].sent + rows[i].cancelled)
            ret->whole = false;
    for (size_t i = 0; i < n; i++) {
        int64_t all = rows[i].quantity - rows[i].cancelled;
        struct packing_line line = {rows[i].title, rows[i].contributor, rows[i].isbn,
                                    ret->whole ? all : all - rows[i].sent, rows[i].available};
        if (rows[i].digital || line.quantity <= 0)
            continue;
        if (!ret->whole && line.available > today)
            ret->later.v[ret->later.n++] = line;
        else
            ret->lines.v[ret->lines.n++] = line;
    }
}

static enum rc fill(struct store_conn *conn, struct arena *arena,
                    const struct sales_order_row *order, struct packing_list *ret,
                    struct fault *fault)
{
    struct purchase_row purchase;
    struct sales_line_row *rows;
    size_t n;
    *ret = (struct packing_list){
        .number = order->number, .shop = order->shop_name, .placed = order->placed, .whole = true};
    enum rc rc = purchase_row(conn, arena, order->purchase, &purchase, fault);
    if (rc == RC_OK)
        rc = sales_line_rows(conn, arena, order->id, PAPER_LINES_MAX, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    fill_lines(arena, rows, n, ret);
    if (ret->lines.n + ret->later.n > 0) /* who sends nothing sees no address */
        ret->to = paper_buyer(arena, purchase.delivery);
    return fill_seller(conn, arena, order->shop, ret, fault);
}

enum rc packing_of(struct store_conn *conn, struct arena *arena, uint64_t shop, struct str number,
                   struct packing_list *ret, struct fault *fault)
{
    struct sales_order_row order;
    enum rc rc = sales_order_row_by_number(conn, arena, number, &order, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && shop != 0 && shop != order.shop))
        return fault_set(fault, RC_NOT_FOUND, "there is no sales order %.*s", STR_ARG(number));
    if (rc == RC_OK && order.paid == 0)
        return fault_set(fault, RC_CONFLICT, "sales order %.*s is not paid", STR_ARG(number));
    return rc == RC_OK ? fill(conn, arena, &order, ret, fault) : rc;
}

enum rc packing_all(struct store_conn *conn, struct arena *arena, uint64_t shop, packing_lists *ret,
                    bool *ret_cut, struct fault *fault)
{
    size_t most = knob("COLOPHON_PACKING_ORDERS", PACKING_ORDERS_MAX);
    struct sales_seek seek = {.shop = shop, .waiting = true, .room = most + 1};
    struct sales_order_row *orders;
    size_t n;
    enum rc rc = sales_seek(conn, arena, &seek, &orders, &n, fault);
    if (rc != RC_OK)
        return rc;
    *ret_cut = n > most;
    n = *ret_cut ? most : n;
    *ret = (packing_lists){ARENA_ARRAY(arena, struct packing_list, n), 0};
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        rc = fill(conn, arena, &orders[i], &ret->v[ret->n], fault);
        ret->n += rc == RC_OK && ret->v[ret->n].lines.n > 0 && !ret->v[ret->n].whole;
    }
    return rc;
}
