#include "app/papers.h"

#include "app/paper_address.h"
#include "app/sales.h"
#include "base/clock.h"
#include "base/crash.h"
#include "domain/ledger.h"
#include "store/catalogue.h"
#include "store/papers.h"
#include "store/payments.h"
#include "store/sales.h"

enum { FACTS_MAX = 1 << 20, CATCH_UP = 1000, A_READ = 200 };

/* What a paper is made of. */
struct sale {
    struct sales_order_row order;
    struct purchase_row purchase;
    struct sales_line_row *lines;
    size_t line_n;
    struct seller seller;
    invoice_rows issued;
};

static enum rc read_sale(struct store_conn *conn, struct arena *arena, uint64_t order,
                         struct sale *ret, struct fault *fault)
{
    *ret = (struct sale){.line_n = 0};
    enum rc rc = sales_order_row(conn, arena, order, &ret->order, fault);
    if (rc == RC_OK)
        rc = purchase_row(conn, arena, ret->order.purchase, &ret->purchase, fault);
    if (rc == RC_OK)
        rc = sales_line_rows(conn, arena, order, PAPER_LINES_MAX, &ret->lines, &ret->line_n, fault);
    if (rc == RC_OK)
        rc = invoice_rows_of(conn, arena, order, PAPERS_OF_ORDER, &ret->issued, fault);
    return rc;
}

static struct sale_paper begin(struct arena *arena, const struct sale *s, int64_t now, bool credit)
{
    struct str billing = s->purchase.billing.n > 0 ? s->purchase.billing : s->purchase.delivery;
    int32_t day = date_of(now);
    struct sale_paper p = {.credit = credit,
                           .series =
                               arena_printf(arena, "%s%d", credit ? "C" : "", (int)(day / 10000)),
                           .day = day,
                           .supplied = day,
                           .order = s->order.number,
                           .ordered = date_of(s->order.placed),
                           .currency = s->order.currency,
                           .language = s->purchase.language,
                           .method = s->purchase.method,
                           .seller = {s->seller.name, s->seller.address, s->seller.country,
                                      s->seller.email, s->seller.tax_number},
                           .buyer = paper_buyer(arena, billing)};
    if (p.buyer.name.n == 0)
        p.buyer = (struct paper_party){.name = s->purchase.email, .country = s->purchase.country};
    p.lines.v = ARENA_ARRAY(arena, struct paper_line, s->line_n + 1);
    return p;
}

static struct paper_line line_of(const struct sales_line_row *l)
{
    return (struct paper_line){.id = l->id,
                               .isbn = l->isbn,
                               .title = l->title,
                               .by = l->contributor,
                               .kind = l->kind,
                               .quantity = l->quantity,
                               .tax = l->tax,
                               .total = l->total,
                               .rate = l->rate,
                               .code = l->tax_code,
                               .country = l->tax_country};
}

static struct paper_line shipping_of(const struct sale *s)
{
    return (struct paper_line){.title = s->order.shipping_name,
                               .kind = STR(PAPER_SHIPPING),
                               .quantity = 1,
                               .tax = s->order.shipping_tax,
                               .total = s->order.shipping,
                               .unit = s->order.shipping - s->order.shipping_tax,
                               .net = s->order.shipping - s->order.shipping_tax,
                               .rate = s->order.shipping_rate,
                               .country = s->purchase.country};
}

/* The last that may fail: a number that was taken stands on a paper, or everything is undone. */
static enum rc issue(struct store_conn *conn, struct arena *arena, const struct sale *s,
                     struct sale_paper *p, uint64_t refund, int64_t now, struct fault *fault)
{
    BUF_AUTO facts = BUF_INIT(FACTS_MAX);
    paper_sum(p, arena);
    enum rc rc = invoice_series_take(conn, s->order.shop, p->series, &p->number, fault);
    if (rc != RC_OK)
        return rc;
    crash_point("paper-numbered");
    paper_write(p, &facts);
    rc = buf_check(&facts);
    if (rc != RC_OK)
        return fault_set(fault, rc, "the invoice of sales order %.*s is too long",
                         STR_ARG(s->order.number));
    struct invoice_row row = {.shop = s->order.shop,
                              .series = p->series,
                              .number = p->number,
                              .kind = p->credit ? STR(PAPER_CREDIT_NOTE) : STR(PAPER_INVOICE),
                              .order = s->order.id,
                              .refund = refund,
                              .currency = p->currency,
                              .total = p->total,
                              .tax = p->tax,
                              .facts = buf_str(&facts),
                              .issued = now};
    rc = invoice_row_add(conn, &row, fault);
    crash_point("paper-issued");
    return rc;
}

enum rc papers_invoice(struct store_conn *conn, struct arena *arena, uint64_t order, int64_t now,
                       struct fault *fault)
{
    struct sale s;
    enum rc rc = read_sale(conn, arena, order, &s, fault);
    if (rc != RC_OK || s.order.total == 0 || s.issued.n > 0)
        return rc;
    rc = seller_row_get(conn, arena, s.order.shop, &s.seller, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    struct sale_paper p = begin(arena, &s, now, false);
    if (s.order.paid > 0)
        p.supplied = date_of(s.order.paid);
    for (size_t i = 0; i < s.line_n; i++) {
        struct paper_line *line = &p.lines.v[p.lines.n++];
        *line = line_of(&s.lines[i]);
        paper_line_reckon(line, s.lines[i].unit, s.lines[i].discount);
    }
    if (s.order.shipping > 0)
        p.lines.v[p.lines.n++] = shipping_of(&s);
    return issue(conn, arena, &s, &p, 0, now, fault);
}

/* ---- credit notes ---- */

/* What earlier notes gave back of each line, the delivery behind them. */
struct given {
    int64_t *money, *quantity;
};

static enum rc read_given(struct arena *arena, const struct sale *s, struct given *ret,
                          struct fault *fault)
{
    *ret = (struct given){ARENA_ARRAY(arena, int64_t, s->line_n + 1),
                          ARENA_ARRAY(arena, int64_t, s->line_n + 1)};
    for (size_t i = 0; i < s->issued.n; i++) {
        struct sale_paper p;
        enum rc rc = paper_read(arena, s->issued.v[i].facts, &p, fault);
        if (rc != RC_OK)
            return rc;
        for (size_t k = 0; p.credit && k < p.lines.n; k++) {
            size_t at = 0;
            while (at < s->line_n && s->lines[at].id != p.lines.v[k].id)
                at++;
            ret->money[at] += p.lines.v[k].total;
            ret->quantity[at] += p.lines.v[k].quantity;
        }
    }
    return RC_OK;
}

/* How much of each line this refund gives back: what its rows say first. */
static void share_out(const struct sale *s, const struct given *given, int64_t amount, int64_t *ret)
{
    int64_t left = 0;
    for (size_t i = 0; i < s->line_n; i++) {
        int64_t more = s->lines[i].refunded - given->money[i];
        ret[i] = more < 0 ? 0 : more > amount ? amount : more;
        amount -= ret[i];
        left += s->lines[i].total - given->money[i] - ret[i];
    }
    int64_t shipping = s->order.shipping - given->money[s->line_n];
    ret[s->line_n] = amount < shipping ? amount : shipping;
    amount -= ret[s->line_n];
    for (size_t i = 0; i < s->line_n && amount > 0 && left > 0; i++) {
        int64_t rest = s->lines[i].total - given->money[i] - ret[i];
        int64_t share = amount >= left ? rest : ledger_share(amount, rest, left);
        ret[i] += share;
        amount -= share;
        left -= rest;
    }
}

static void add_back(struct sale_paper *p, struct paper_line line, int64_t before, int64_t amount,
                     int64_t quantity)
{
    if (amount <= 0)
        return;
    line.tax = paper_tax_back(line.total, line.tax, before, amount);
    line.total = amount;
    line.net = amount - line.tax;
    line.quantity = quantity;
    line.discount = 0;
    line.unit = quantity == 0 ? 0 : ledger_share(line.net, 1, quantity);
    p->lines.v[p->lines.n++] = line;
}

static bool is_issued(const struct sale *s, uint64_t refund)
{
    for (size_t i = 0; i < s->issued.n; i++)
        if (s->issued.v[i].refund == refund)
            return true;
    return s->issued.n == 0; /* of nothing there is no part to take back */
}

enum rc papers_credit_note(struct store_conn *conn, struct arena *arena, uint64_t refund,
                           int64_t now, struct fault *fault)
{
    struct refund_row r;
    struct sale s;
    struct given given;
    struct sale_paper first;
    enum rc rc = refund_row_get(conn, arena, refund, &r, fault);
    if (rc != RC_OK || str_is(r.reason, "overpaid"))
        return rc;
    rc = read_sale(conn, arena, r.order, &s, fault);
    if (rc != RC_OK || is_issued(&s, refund))
        return rc;
    rc = seller_row_get(conn, arena, s.order.shop, &s.seller, fault);
    if (rc == RC_OK)
        rc = paper_read(arena, s.issued.v[0].facts, &first, fault);
    if (rc == RC_OK)
        rc = read_given(arena, &s, &given, fault);
    if (rc != RC_OK)
        return rc;
    struct sale_paper p = begin(arena, &s, now, true);
    int64_t *shares = ARENA_ARRAY(arena, int64_t, s.line_n + 1);
    p.of = paper_number(arena, &first);
    p.of_day = first.day;
    p.reason = r.reason;
    share_out(&s, &given, r.amount, shares);
    for (size_t i = 0; i < s.line_n; i++) {
        const struct sales_line_row *l = &s.lines[i];
        add_back(&p, line_of(l), given.money[i], shares[i],
                 l->cancelled + l->returned - given.quantity[i]);
    }
    if (s.order.shipping > 0)
        add_back(&p, shipping_of(&s), given.money[s.line_n], shares[s.line_n], 0);
    return issue(conn, arena, &s, &p, refund, now, fault);
}

enum rc papers_catch_up(struct store_conn *conn, uint64_t shop, int64_t now, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    paper_ids orders, refunds = {NULL, 0};
    enum rc rc = orders_without_invoice(conn, &arena, shop, CATCH_UP, &orders, fault);
    for (size_t i = 0; rc == RC_OK && i < orders.n; i++)
        rc = papers_invoice(conn, &arena, orders.v[i], now, fault);
    if (rc == RC_OK)
        rc = refunds_without_note(conn, &arena, shop, CATCH_UP, &refunds, fault);
    for (size_t i = 0; rc == RC_OK && i < refunds.n; i++)
        rc = papers_credit_note(conn, &arena, refunds.v[i], now, fault);
    return rc;
}

struct issuing {
    struct str number;
};

static enum rc issue_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct issuing *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct sales_order_row order;
    struct seller seller;
    enum rc rc = sales_order_row_by_number(conn, &arena, w->number, &order, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no sales order %.*s", STR_ARG(w->number));
    if (rc == RC_OK && order.paid == 0)
        return fault_set(fault, RC_CONFLICT, "sales order %.*s is not paid", STR_ARG(w->number));
    if (rc == RC_OK)
        rc = seller_row_get(conn, &arena, order.shop, &seller, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_CONFLICT, "nobody said yet who sells (seller set)");
    return rc == RC_OK ? papers_invoice(conn, &arena, order.id, clock_now(), fault) : rc;
}

enum rc papers_issue(struct writer *writer, struct str number, struct fault *fault)
{
    struct issuing work = {number};
    return writer_run(writer, issue_work, &work, fault);
}

/* ---- reading ---- */

static enum rc read_papers(struct arena *arena, const invoice_rows *rows, paper_list *ret,
                           struct fault *fault)
{
    enum rc rc = RC_OK;
    *ret = (paper_list){ARENA_ARRAY(arena, struct sale_paper, rows->n), 0};
    for (size_t i = 0; rc == RC_OK && i < rows->n; i++)
        rc = paper_read(arena, rows->v[i].facts, &ret->v[ret->n++], fault);
    return rc;
}

enum rc papers_of(struct store_conn *conn, struct arena *arena, uint64_t order, paper_list *ret,
                  struct fault *fault)
{
    invoice_rows rows;
    enum rc rc = invoice_rows_of(conn, arena, order, PAPERS_OF_ORDER, &rows, fault);
    return rc == RC_OK ? read_papers(arena, &rows, ret, fault) : rc;
}

/* Whether the order is shown to whoever wishes it. */
static enum rc may_see(struct store_conn *conn, struct arena *arena, const struct paper_wish *w,
                       const struct sales_order_row *order, struct fault *fault)
{
    struct purchase_row purchase;
    if (w->desk)
        return w->viewer->operator_role || w->viewer->shop == order->shop ? RC_OK : RC_NOT_FOUND;
    enum rc rc = w->secret.n > 0 ? purchase_of_secret(conn, arena, w->secret, &purchase, fault)
                                 : purchase_row(conn, arena, order->purchase, &purchase, fault);
    if (rc != RC_OK)
        return rc;
    if (w->secret.n > 0)
        return purchase.id == order->purchase ? RC_OK : RC_NOT_FOUND;
    return purchase.account != 0 && purchase.account == w->viewer->account ? RC_OK : RC_NOT_FOUND;
}

enum rc papers_open(struct site *site, struct arena *arena, const struct paper_wish *wish,
                    struct sale_paper *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct sales_order_row order;
    paper_list papers = {NULL, 0};
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = sales_order_row_by_number(conn, arena, wish->number, &order, fault);
    if (rc == RC_OK)
        rc = may_see(conn, arena, wish, &order, fault);
    if (rc == RC_OK)
        rc = papers_of(conn, arena, order.id, &papers, fault);
    if (rc == RC_OK && (wish->n == 0 || wish->n > papers.n))
        rc = RC_NOT_FOUND;
    site_disconnect(conn);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no such paper");
    if (rc == RC_OK)
        *ret = papers.v[wish->n - 1];
    return rc;
}

static enum rc each_of(struct store_conn *conn, uint64_t shop, paper_told each, void *context,
                       struct fault *fault)
{
    uint64_t after = 0;
    for (;;) {
        ARENA_AUTO arena = ARENA_INIT;
        invoice_rows rows;
        paper_list papers = {NULL, 0};
        enum rc rc = invoice_rows_after(conn, &arena, shop, after, A_READ, &rows, fault);
        if (rc == RC_OK)
            rc = read_papers(&arena, &rows, &papers, fault);
        for (size_t i = 0; rc == RC_OK && i < papers.n; i++) {
            after = rows.v[i].id;
            rc = each(context, &papers.v[i], fault);
        }
        if (rc != RC_OK || rows.n < A_READ)
            return rc;
    }
}

enum rc papers_each(struct site *site, struct str slug, paper_told each, void *context,
                    struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct shop shop;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = catalogue_shop(conn, &arena, slug, &shop, fault);
    if (rc == RC_NOT_FOUND)
        rc = fault_set(fault, rc, "there is no shop %.*s", STR_ARG(slug));
    if (rc == RC_OK)
        rc = each_of(conn, shop.id, each, context, fault);
    site_disconnect(conn);
    return rc;
}

static enum rc check_sums(void *context, const struct sale_paper *p, struct fault *fault)
{
    uint64_t *n = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct sale_paper again = *p;
    paper_sum(&again, &arena);
    ++*n;
    if (again.net == p->net && again.tax == p->tax && again.total == p->total &&
        again.net + again.tax == again.total)
        return RC_OK;
    struct str number = paper_number(&arena, p);
    return fault_set(fault, RC_CORRUPT, "paper %.*s: its sums are not those of its lines",
                     STR_ARG(number));
}

enum rc papers_check(struct site *site, uint64_t *ret, struct fault *fault)
{
    enum { SERIES_MAX = 20000 };
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    invoice_series_list all = {NULL, 0};
    *ret = 0;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = invoice_series_read(conn, &arena, SERIES_MAX, &all, fault);
    for (size_t i = 0; rc == RC_OK && i < all.n; i++) {
        const struct invoice_series *s = &all.v[i];
        if (s->last != s->count || s->last != s->highest)
            rc = fault_set(fault, RC_CORRUPT,
                           "series %.*s of shop %llu: %llu numbers were taken, %llu papers are "
                           "there, the last is %llu",
                           STR_ARG(s->series), (unsigned long long)s->shop,
                           (unsigned long long)s->last, (unsigned long long)s->count,
                           (unsigned long long)s->highest);
        else if (i == 0 || all.v[i - 1].shop != s->shop)
            rc = each_of(conn, s->shop, check_sums, ret, fault);
    }
    site_disconnect(conn);
    return rc;
}
