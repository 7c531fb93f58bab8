#include "app/vouchers.h"

#include "base/clock.h"
#include "domain/ledger.h"
#include "domain/price_law.h"
#include "domain/sale.h"
#include "store/baskets.h"
#include "store/ledger.h"
#include "store/sale_terms.h"
#include "store/sales.h"

/* ---- what comes off ---- */

static struct voucher_line *lines_of(struct arena *arena, const sale_line_list *lines,
                                     const struct reckoning *r, struct voucher_use *use)
{
    struct voucher_line *list = ARENA_ARRAY(arena, struct voucher_line, r->lines.n);
    size_t n = 0;
    for (size_t i = 0; i < lines->n; i++) {
        const struct sale_line *l = &lines->v[i];
        if (l->bar != SALE_OPEN)
            continue;
        int64_t goods = l->unit * l->wish.quantity;
        list[n++] = (struct voucher_line){
            .shop = l->shop,
            .goods = goods,
            .most = l->law == NULL ? goods : voucher_most(goods, l->law->discount)};
        bool meant = use->voucher.shop == 0 || use->voucher.shop == l->shop;
        use->kept = use->kept || (meant && goods > 0 && l->law != NULL);
    }
    return list;
}

enum rc voucher_reckon(const struct visit *visit, uint64_t id, const sale_line_list *lines,
                       struct reckoning *r, struct voucher_use *ret, struct fault *fault)
{
    *ret = (struct voucher_use){.kept = false};
    if (id == 0)
        return RC_OK;
    enum rc rc = voucher_row(visit->conn, visit->arena, id, &ret->voucher, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    struct voucher_line *list = lines_of(visit->arena, lines, r, ret);
    ret->says = voucher_spread(&ret->voucher, list, r->lines.n, visit->storefront->currency,
                               visit->view->now);
    for (size_t i = 0; i < r->lines.n; i++)
        r->lines.v[i].discount = list[i].off;
    return RC_OK;
}

/* ---- codes ---- */

enum rc voucher_of_code(struct store_conn *conn, struct arena *arena, struct str code,
                        struct str currency, uint64_t *ret, struct fault *fault)
{
    static const char *const why[] = {[VOUCHER_NOT_YET] = "voucher: it cannot be used yet",
                                      [VOUCHER_ENDED] = "voucher: it has ended",
                                      [VOUCHER_USED_UP] = "voucher: it has been used up",
                                      [VOUCHER_OTHER_CURRENCY] =
                                          "voucher: it is for prices in another currency"};
    struct voucher v;
    struct hash hash = voucher_hash(code);
    enum rc rc = voucher_row_by_hash(conn, arena, &hash, &v, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_INVALID, "voucher: there is none of this code");
    if (rc != RC_OK)
        return rc;
    enum voucher_says says = voucher_good(&v, currency, clock_now());
    if (says != VOUCHER_COUNTS)
        return fault_set(fault, RC_INVALID, "%s", why[says]);
    *ret = v.id;
    return RC_OK;
}

struct putting {
    const struct basket_owner *owner;
    struct str code, currency;
    unsigned storefront;
};

static enum rc put_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct putting *p = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct basket_row basket;
    uint64_t voucher = 0;
    enum rc rc = basket_find(conn, p->owner, &basket, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_INVALID, "there is nothing to buy");
    if (rc == RC_OK && p->code.n > 0)
        rc = voucher_of_code(conn, &arena, p->code, p->currency, &voucher, fault);
    if (rc == RC_OK)
        rc = basket_row_touch(conn, basket.id, p->storefront, clock_now(), fault);
    return rc == RC_OK ? basket_row_voucher(conn, basket.id, voucher, fault) : rc;
}

enum rc voucher_put(struct writer *writer, const struct visit *visit,
                    const struct basket_owner *owner, struct str code, struct fault *fault)
{
    struct putting p = {owner, code, visit->storefront->currency, visit->storefront->id};
    return writer_run_aside(writer, put_work, &p, fault);
}

/* ---- purchases ---- */

enum rc voucher_give_back(struct store_conn *conn, uint64_t purchase, struct fault *fault)
{
    uint64_t voucher, shop;
    enum rc rc = voucher_use_of(conn, purchase, &voucher, &shop, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    return voucher_use_remove(conn, purchase, voucher, fault);
}

/* What the operator makes good of a line; nothing where the voucher is a shop's. */
static int64_t made_good(const struct sales_line_row *l)
{
    bool included = l->unit * l->quantity - l->discount == l->total;
    return voucher_made_good(l->discount, l->rate, included);
}

static enum rc is_operators(struct store_conn *conn, uint64_t purchase, bool *ret,
                            struct fault *fault)
{
    uint64_t voucher, shop;
    enum rc rc = voucher_use_of(conn, purchase, &voucher, &shop, fault);
    *ret = rc == RC_OK && shop == 0;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc book(struct store_conn *conn, const struct sales_order_row *order, struct str key,
                    bool back, int64_t amount, int64_t now, struct fault *fault)
{
    struct ledger_lines lines;
    struct ledger_entry entry = {.key = key,
                                 .kind = back ? STR("voucher-back") : STR("voucher"),
                                 .currency = order->currency,
                                 .order = order->id,
                                 .at = now};
    if (!ledger_moved(back ? LEDGER_SHOP : LEDGER_VOUCHERS, back ? LEDGER_VOUCHERS : LEDGER_SHOP,
                      order->shop, amount, &lines))
        return RC_OK;
    return ledger_add(conn, &entry, &lines, fault);
}

enum rc voucher_book_paid(struct store_conn *conn, struct arena *arena,
                          const struct sales_order_row *order, int64_t now, struct fault *fault)
{
    struct sales_line_row *lines;
    size_t n = 0;
    int64_t amount = 0;
    bool operators = false;
    if (order->discount == 0)
        return RC_OK;
    enum rc rc = is_operators(conn, order->purchase, &operators, fault);
    if (rc == RC_OK && operators)
        rc = sales_line_rows(conn, arena, order->id, SALE_LINES_MAX, &lines, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        amount += made_good(&lines[i]);
    struct str key = arena_printf(arena, "voucher/%llu", (unsigned long long)order->id);
    return rc == RC_OK ? book(conn, order, key, false, amount, now, fault) : rc;
}

enum rc voucher_book_back(struct store_conn *conn, struct arena *arena,
                          const struct sales_order_row *order, const struct sales_line_row *line,
                          int64_t more, int64_t now, struct fault *fault)
{
    bool operators = false;
    int64_t gone = line->cancelled + line->returned;
    if (line->discount == 0)
        return RC_OK;
    enum rc rc = is_operators(conn, order->purchase, &operators, fault);
    if (rc != RC_OK || !operators)
        return rc;
    struct str key = arena_printf(arena, "voucher-back/%llu/%lld", (unsigned long long)line->id,
                                  (long long)(gone + more));
    return book(conn, order, key, true, voucher_part(made_good(line), gone, more, line->quantity),
                now, fault);
}
