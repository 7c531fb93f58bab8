/* Letters of each step of a sale: their values, as they were when it was taken. What they say is
 * web/sale_letters.c's. */
#include "app/mail_queue.h"
#include "app/paper_address.h"
#include "app/papers.h"
#include "app/secret.h"
#include "base/clock.h"
#include "domain/payment_reference.h"
#include "store/catalogue.h"
#include "store/papers.h"
#include "store/payments.h"
#include "store/sales.h"
#include "store/sales_returns.h"

enum { ORDERS_MAX = 100 };

static const char *const kinds[] = {
    [SALES_LETTER_PLACED] = "sale-placed",       [SALES_LETTER_PAID] = "sale-paid",
    [SALES_LETTER_EBOOKS] = "sale-ebooks",       [SALES_LETTER_SENT] = "sale-sent",
    [SALES_LETTER_CANCELLED] = "sale-cancelled", [SALES_LETTER_REFUNDED] = "sale-refunded",
    [SALES_LETTER_RETURN] = "sale-return"};

struct telling {
    struct store_conn *conn;
    struct arena *arena;
    struct purchase_row purchase;
    struct sales_order_row order;
    json_t *values;
};

/* ---- where it leads ---- */

/* "/us/es". */
static enum rc make_root(struct telling *t, struct str *ret, struct fault *fault)
{
    struct storefront *all;
    size_t n;
    enum rc rc = catalogue_storefronts(t->conn, t->arena, &all, &n, fault);
    *ret = STR_NONE;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        const struct storefront *s = &all[i];
        if (s->id != t->purchase.storefront)
            continue;
        *ret = ARENA_JOIN(t->arena, STR("/"), s->slug);
        for (size_t k = 1; k < s->languages.n; k++)
            if (str_eq(s->languages.v[k], t->purchase.language))
                *ret = ARENA_JOIN(t->arena, *ret, STR("/"), t->purchase.language);
    }
    return rc;
}

/* To a reader's account, or by a secret that this letter alone has: kept is its hash. */
static enum rc add_path(struct telling *t, struct fault *fault)
{
    char secret[TOKEN_SIZE + 1];
    struct str root, path, papers;
    enum rc rc = make_root(t, &root, fault);
    if (rc != RC_OK)
        return rc;
    if (t->purchase.account != 0) {
        path = papers = ARENA_JOIN(t->arena, root, STR("/account/orders/"), t->order.number);
    } else {
        secret_make(secret);
        struct hash hash = sha256(secret, TOKEN_SIZE);
        rc = purchase_link_row_add(t->conn, &hash, t->purchase.id, clock_now(), fault);
        path = ARENA_JOIN(t->arena, root, STR("/orders/"), str_of(secret));
        papers = ARENA_JOIN(t->arena, path, STR("/"), t->order.number);
    }
    json_object_set_new(t->values, "root", json_from_str(root));
    json_object_set_new(t->values, "path", json_from_str(path));
    json_object_set_new(t->values, "papers", json_from_str(papers));
    return rc;
}

enum rc papers_link(struct store_conn *conn, struct str secret, uint64_t *ret_purchase,
                    struct fault *fault)
{
    struct hash hash = sha256(secret.n > 0 ? secret.p : "", secret.n);
    if (secret.n != TOKEN_SIZE)
        return RC_NOT_FOUND;
    return purchase_link_row_get(conn, &hash, ret_purchase, fault);
}

/* ---- what it tells ---- */

static enum rc json_of_order(struct telling *t, const struct sales_order_row *o, json_t *list,
                             struct fault *fault)
{
    struct sales_line_row *rows;
    struct seller seller;
    size_t n;
    json_t *lines = json_array();
    enum rc rc = sales_line_rows(t->conn, t->arena, o->id, PAPER_LINES_MAX, &rows, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        json_array_append_new(
            lines,
            json_pack("{s:o, s:o, s:I, s:I, s:b, s:i, s:I}", "title", json_from_str(rows[i].title),
                      "by", json_from_str(rows[i].contributor), "quantity",
                      (json_int_t)rows[i].quantity, "total", (json_int_t)rows[i].total, "digital",
                      (int)rows[i].digital, "available", (int)rows[i].available, "cancelled",
                      (json_int_t)rows[i].cancelled));
    json_t *json =
        json_pack("{s:o, s:o, s:I, s:I, s:I, s:o, s:o}", "number", json_from_str(o->number), "shop",
                  json_from_str(o->shop_name), "total", (json_int_t)o->total, "tax",
                  (json_int_t)o->tax, "shipping", (json_int_t)o->shipping, "shipping_name",
                  json_from_str(o->shipping_name), "lines", lines);
    json_array_append_new(list, json);
    if (rc == RC_OK)
        rc = seller_row_shown(t->conn, t->arena, o->shop, &seller, fault);
    if (rc == RC_OK) {
        json_object_set_new(json, "seller", json_from_str(seller.name));
        json_object_set_new(json, "address", json_from_str(seller.address));
        json_object_set_new(json, "country", json_from_str(seller.country));
        json_object_set_new(json, "email", json_from_str(seller.email));
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc add_orders(struct telling *t, bool all, struct fault *fault)
{
    struct sales_order_row *rows = &t->order;
    size_t n = 1;
    json_t *list = json_array();
    enum rc rc = RC_OK;
    json_object_set_new(t->values, "orders", list);
    if (all)
        rc = sales_order_rows_of(t->conn, t->arena, t->purchase.id, ORDERS_MAX, &rows, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = json_of_order(t, &rows[i], list, fault);
    return rc;
}

/* Whom to pay, how much, and what the transfer names. */
static enum rc add_transfer(struct telling *t, struct fault *fault)
{
    struct payment_row payment;
    struct bank_account bank;
    char typed[PAYMENT_REFERENCE_TYPED + 1];
    if (!str_is(t->purchase.method, PAYMENT_TRANSFER)) /* the order's page says how */
        return RC_OK;
    enum rc rc = payment_row_by_method(t->conn, t->arena, t->purchase.id, t->purchase.method,
                                       &payment, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    rc = bank_account_get(t->conn, t->arena, t->purchase.currency, &bank, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    payment_reference_typed(payment.reference, typed);
    json_object_set_new(t->values, "transfer",
                        json_pack("{s:o, s:o, s:o, s:s}", "holder", json_from_str(bank.holder),
                                  "account", json_from_str(bank.account), "bank",
                                  json_from_str(bank.bank), "reference", typed));
    return RC_OK;
}

static enum rc add_placed(struct telling *t, struct fault *fault)
{
    const struct purchase_row *p = &t->purchase;
    struct paper_party to = paper_buyer(t->arena, p->delivery);
    json_object_set_new(t->values, "delivery_name", json_from_str(to.name));
    json_object_set_new(t->values, "delivery", json_from_str(to.address));
    json_object_set_new(t->values, "delivery_country", json_from_str(to.country));
    json_object_set_new(t->values, "consent", json_integer(p->consent));
    json_object_set_new(t->values, "consent_text", json_from_str(p->consent_text));
    json_object_set_new(t->values, "expires", json_integer(p->expires));
    json_object_set_new(t->values, "waiting", json_boolean(str_is(p->state, PURCHASE_WAITING)));
    return add_transfer(t, fault);
}

/* The invoice, or the latest of what came after it. */
static enum rc add_paper(struct telling *t, bool latest, struct fault *fault)
{
    paper_list papers;
    enum rc rc = papers_of(t->conn, t->arena, t->order.id, &papers, fault);
    if (rc != RC_OK || papers.n == 0)
        return rc;
    size_t n = latest ? papers.n : 1;
    struct str number = paper_number(t->arena, &papers.v[n - 1]);
    json_object_set_new(t->values, "paper", json_from_str(number));
    json_object_set_new(t->values, "paper_n", json_integer((json_int_t)n));
    return RC_OK;
}

static enum rc add_shipment(struct telling *t, struct fault *fault)
{
    struct shipment_told s;
    enum rc rc = shipment_row_latest(t->conn, t->arena, t->order.id, PAPER_LINES_MAX, &s, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    json_t *content = json_array();
    for (size_t i = 0; i < s.content.n; i++)
        json_array_append_new(content,
                              json_pack("{s:o, s:I}", "title", json_from_str(s.content.v[i].title),
                                        "quantity", (json_int_t)s.content.v[i].quantity));
    json_object_set_new(t->values, "content", content);
    json_object_set_new(t->values, "carrier", json_from_str(s.carrier));
    json_object_set_new(t->values, "tracking", json_from_str(s.tracking));
    return RC_OK;
}

static enum rc add_refund(struct telling *t, struct fault *fault)
{
    int64_t amount;
    struct str reason;
    enum rc rc = refund_row_latest(t->conn, t->arena, t->order.id, &amount, &reason, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    json_object_set_new(t->values, "refund", json_integer(amount));
    json_object_set_new(t->values, "reason", json_from_str(reason));
    return add_paper(t, true, fault);
}

static struct str title_of(const struct sales_line_row *rows, size_t n, uint64_t line)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].id == line)
            return rows[i].title;
    return STR_NONE;
}

/* What was stated last, and when. */
static enum rc add_return(struct telling *t, struct fault *fault)
{
    sales_returns all;
    struct sales_line_row *rows;
    size_t n;
    enum rc rc = sales_return_rows_of(t->conn, t->arena, t->order.id, &all, fault);
    if (rc == RC_OK)
        rc = sales_line_rows(t->conn, t->arena, t->order.id, PAPER_LINES_MAX, &rows, &n, fault);
    if (rc != RC_OK || all.n == 0)
        return rc;
    const struct sales_return *r = &all.v[all.n - 1];
    json_t *stated = json_array(), *expected = json_array();
    bool at_once = false;
    for (size_t i = 0; i < r->lines.n; i++) {
        const struct sales_return_line *l = &r->lines.v[i];
        struct str title = title_of(rows, n, l->line);
        json_array_append_new(stated, json_pack("{s:o, s:I}", "title", json_from_str(title),
                                                "quantity", (json_int_t)l->quantity));
        at_once = at_once || l->expected < l->quantity;
        if (l->expected > 0)
            json_array_append_new(expected, json_pack("{s:o, s:I}", "title", json_from_str(title),
                                                      "quantity", (json_int_t)l->expected));
    }
    json_object_set_new(t->values, "stated", stated);
    json_object_set_new(t->values, "expected", expected);
    json_object_set_new(t->values, "at_once", json_boolean(at_once));
    json_object_set_new(t->values, "asked", json_integer(r->asked));
    json_object_set_new(t->values, "reason", json_from_str(r->reason));
    json_object_set_new(t->values, "placed", json_integer(t->purchase.placed));
    struct paper_party by = paper_buyer(t->arena, t->purchase.delivery);
    json_object_set_new(t->values, "name", json_from_str(by.name));
    return RC_OK;
}

static enum rc fill(struct telling *t, enum sales_letter which, struct fault *fault)
{
    enum rc rc = add_path(t, fault);
    if (rc == RC_OK)
        rc = add_orders(t, which == SALES_LETTER_PLACED, fault);
    if (rc != RC_OK)
        return rc;
    json_object_set_new(t->values, "number", json_from_str(t->order.number));
    json_object_set_new(t->values, "currency", json_from_str(t->order.currency));
    json_object_set_new(t->values, "country", json_from_str(t->purchase.country));
    json_object_set_new(
        t->values, "total",
        json_integer(which == SALES_LETTER_PLACED ? t->purchase.total : t->order.total));
    switch (which) {
    case SALES_LETTER_PLACED:
        return add_placed(t, fault);
    case SALES_LETTER_PAID:
        return add_paper(t, false, fault);
    case SALES_LETTER_SENT:
        return add_shipment(t, fault);
    case SALES_LETTER_REFUNDED:
        return add_refund(t, fault);
    case SALES_LETTER_RETURN:
        return add_return(t, fault);
    case SALES_LETTER_EBOOKS:
    case SALES_LETTER_CANCELLED:
        break;
    }
    return RC_OK;
}

enum rc papers_letter(struct store_conn *conn, uint64_t order, enum sales_letter which,
                      struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    JSON_AUTO *values = json_object();
    struct telling t = {.conn = conn, .arena = &arena, .values = values};
    bool set = false;
    enum rc rc = mail_is_set(conn, &set, fault);
    if (rc != RC_OK || !set)
        return rc;
    rc = sales_order_row(conn, &arena, order, &t.order, fault);
    if (rc == RC_OK)
        rc = purchase_row(conn, &arena, t.order.purchase, &t.purchase, fault);
    if (rc == RC_OK && t.purchase.email.n == 0)
        return RC_OK; /* who it was is forgotten (own_sales.h) */
    if (rc == RC_OK)
        rc = fill(&t, which, fault);
    struct letter letter = {.kind = kinds[which],
                            .recipient = t.purchase.email,
                            .language = t.purchase.language,
                            .values = values};
    return rc == RC_OK ? mail_queue(conn, &letter, fault) : rc;
}

struct again {
    struct str number;
    enum sales_letter which;
};

static enum rc again_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct again *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct sales_order_row order;
    bool set = false;
    enum rc rc = mail_is_set(conn, &set, fault);
    if (rc == RC_OK && !set)
        return fault_set(fault, RC_CONFLICT, "this shop sends no mail");
    if (rc == RC_OK)
        rc = sales_order_row_by_number(conn, &arena, w->number, &order, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no sales order %.*s", STR_ARG(w->number));
    return rc == RC_OK ? papers_letter(conn, order.id, w->which, fault) : rc;
}

enum rc papers_letter_again(struct writer *writer, struct str number, struct str which,
                            struct fault *fault)
{
    struct again work = {.number = number};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(which, kinds[i] + strlen("sale-"))) {
            work.which = (enum sales_letter)i;
            return writer_run(writer, again_work, &work, fault);
        }
    return fault_set(fault, RC_INVALID,
                     "which: placed, paid, ebooks, sent, cancelled, refunded or return");
}
