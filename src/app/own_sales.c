#include "app/own_sales.h"

#include "app/papers.h"
#include "app/sales.h"
#include "base/clock.h"
#include "store/papers.h"
#include "store/sales.h"
#include "store/sales_returns.h"

enum { AT_ONCE = 50, ORDERS_MAX = 100 };

/* An address, or whatever else was kept as JSON. */
static json_t *json_of_text(struct str text)
{
    json_t *json = NULL;
    return text.n > 0 && json_read(text, &json, NULL) == RC_OK ? json : json_null();
}

static json_t *json_of_line(const struct sales_line_row *l)
{
    return json_pack("{s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:i, s:I, s:I, s:I, s:I}", "isbn",
                     json_from_str(l->isbn), "title", json_from_str(l->title), "kind",
                     json_from_str(l->kind), "quantity", (json_int_t)l->quantity, "unit",
                     (json_int_t)l->unit, "total", (json_int_t)l->total, "tax", (json_int_t)l->tax,
                     "rate", (int)l->rate, "sent", (json_int_t)l->sent, "cancelled",
                     (json_int_t)l->cancelled, "returned", (json_int_t)l->returned, "refunded",
                     (json_int_t)l->refunded);
}

static enum rc add_papers(struct store_conn *conn, struct arena *arena, uint64_t order,
                          json_t *list, struct fault *fault)
{
    invoice_rows rows;
    enum rc rc = invoice_rows_of(conn, arena, order, PAPERS_OF_ORDER, &rows, fault);
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
        json_array_append_new(list, json_of_text(rows.v[i].facts));
    return rc;
}

/* What its buyer stated, with their words. */
static enum rc add_returns(struct store_conn *conn, struct arena *arena, uint64_t order,
                           json_t *list, struct fault *fault)
{
    sales_returns all;
    enum rc rc = sales_return_rows_of(conn, arena, order, &all, fault);
    for (size_t i = 0; rc == RC_OK && i < all.n; i++)
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o, s:o}", "reason", json_from_str(all.v[i].reason),
                            "words", json_from_str(all.v[i].words), "state",
                            json_from_str(all.v[i].state), "stated", json_from_time(all.v[i].asked),
                            "ended", json_from_some_time(all.v[i].ended)));
    return rc;
}

static enum rc add_order(struct store_conn *conn, struct arena *arena,
                         const struct sales_order_row *o, json_t *list, struct fault *fault)
{
    struct sales_line_row *rows;
    size_t n;
    json_t *lines = json_array(), *papers = json_array(), *returns = json_array();
    json_array_append_new(
        list, json_pack("{s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}",
                        "number", json_from_str(o->number), "shop", json_from_str(o->shop_slug),
                        "state", json_from_str(o->state), "total", (json_int_t)o->total, "tax",
                        (json_int_t)o->tax, "shipping", (json_int_t)o->shipping, "refunded",
                        (json_int_t)o->refunded, "placed", json_from_time(o->placed), "paid",
                        json_from_some_time(o->paid), "ended", json_from_some_time(o->ended),
                        "lines", lines, "invoices", papers, "returns", returns));
    enum rc rc = sales_line_rows(conn, arena, o->id, PAPER_LINES_MAX, &rows, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        json_array_append_new(lines, json_of_line(&rows[i]));
    if (rc == RC_OK)
        rc = add_returns(conn, arena, o->id, returns, fault);
    return rc == RC_OK ? add_papers(conn, arena, o->id, papers, fault) : rc;
}

static enum rc add_purchase(struct store_conn *conn, struct arena *arena,
                            const struct purchase_row *p, json_t *list, struct fault *fault)
{
    struct sales_order_row *rows;
    size_t n;
    json_t *orders = json_array();
    json_array_append_new(
        list,
        json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "state",
                  json_from_str(p->state), "currency", json_from_str(p->currency), "total",
                  (json_int_t)p->total, "country", json_from_str(p->country), "method",
                  json_from_str(p->method), "email", json_from_str(p->email), "delivery",
                  json_of_text(p->delivery), "billing", json_of_text(p->billing), "evidence",
                  json_of_text(p->evidence), "consent", json_from_some_time(p->consent),
                  "consent_text", json_from_str(p->consent_text), "placed",
                  json_from_time(p->placed), "orders", orders));
    enum rc rc = sales_order_rows_of(conn, arena, p->id, ORDERS_MAX, &rows, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = add_order(conn, arena, &rows[i], orders, fault);
    return rc;
}

enum rc own_sales_json(struct store_conn *conn, uint64_t account, json_t *list, struct fault *fault)
{
    uint64_t before = 0;
    for (;;) {
        ARENA_AUTO arena = ARENA_INIT;
        struct purchase_row *rows;
        size_t n;
        enum rc rc = purchase_rows_of(conn, &arena, account, before, AT_ONCE, &rows, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            before = rows[i].id;
            rc = add_purchase(conn, &arena, &rows[i], list, fault);
        }
        if (rc != RC_OK || n < AT_ONCE)
            return rc;
    }
}

enum rc own_sales_forget(struct store_conn *conn, struct fault *fault)
{
    enum { DAY = 86400, YEAR = 366 * DAY };
    int64_t now = clock_now();
    enum rc rc = purchases_forget(conn, fault);
    return rc == RC_OK ? purchases_of_guests_forget(
                             conn, now - (int64_t)(SALES_WAIT_DAYS + GUEST_UNPAID_DAYS) * DAY,
                             now - (int64_t)GUEST_YEARS * YEAR, fault)
                       : rc;
}
