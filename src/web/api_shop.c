/* A shop's part of the API, for its staff and its programs: sales orders, stock, what was sold,
 * payouts, feeds. The desk's own use cases. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/feed_runner.h"
#include "app/payouts.h"
#include "base/file.h"
#include "base/json.h"
#include "web/api_sales.h"
#include "web/desk_orders.h"
#include "web/handlers.h"
#include "web/partner_sales.h"
#include "web/stock.h"

enum {
    LIMIT_MAX = 200,
    LIMIT_USUAL = 50,
    TOLD_MOST = 200,
    PAYOUTS_MAX = 1000,
    FINDINGS_MOST = 200
};

static enum rc enter(struct context *c, struct partner_shop *ret, struct fault *fault)
{
    return partner_enter(c->worker->conn, c->arena, &c->viewer, c->captures[0], ret, fault);
}

static enum rc read_limit(const struct context *c, uint64_t *ret, struct fault *fault)
{
    return parameter_number(&c->request->query, "limit", LIMIT_USUAL, LIMIT_MAX, ret, fault);
}

/* ---- sales orders ---- */

struct seeking {
    struct context *c;
    struct sales_seek seek;
    struct sales_order_row *rows;
    size_t n;
};

static enum rc seek(void *context, struct store_conn *conn, struct fault *fault)
{
    struct seeking *s = context;
    return sales_seek(conn, s->c->arena, &s->seek, &s->rows, &s->n, fault);
}

enum rc api_shop_orders(struct context *c, struct response *ret, struct fault *fault)
{
    const parameters *q = &c->request->query;
    struct str state = parameter_get(q, "state");
    struct partner_shop shop;
    uint64_t limit;
    struct seeking s = {.c = c};
    enum rc rc = enter(c, &shop, fault);
    if (rc == RC_OK)
        rc = read_limit(c, &limit, fault);
    if (rc == RC_OK)
        rc = parameter_number(q, "from", 0, INT64_MAX, &s.seek.from, fault);
    if (rc != RC_OK)
        return rc;
    s.seek.shop = shop.id;
    s.seek.query = str_trim(parameter_get(q, "q"));
    s.seek.addresses = c->viewer.operator_role;
    s.seek.waiting = str_is(state, "waiting");
    s.seek.returns = str_is(state, "returns");
    s.seek.state = s.seek.waiting || s.seek.returns ? STR_NONE : state;
    s.seek.room = limit;
    rc = site_look_wholly(c->server->site, seek, &s, fault);
    if (rc != RC_OK)
        return rc;
    json_t *list = json_array();
    for (size_t i = 0; i < s.n; i++)
        json_array_append_new(list, api_sales_order(&s.rows[i]));
    api_answer(ret, json_pack("{s:o}", "orders", list));
    return RC_OK;
}

static enum rc answer_order(struct context *c, const struct partner_shop *shop,
                            struct response *ret, struct fault *fault)
{
    struct order_view v = {.error = STR_NONE};
    enum rc rc = desk_order_look(c, c->captures[1], shop->id, &v, fault);
    if (rc != RC_OK)
        return rc;
    json_t *json = api_sales_whole(c->arena, &v.view, &v.papers, &v.shipped, true);
    json_object_set_new(json, "returns", api_returns(&v.stated, true));
    /* Who sends nothing needs no address. */
    json_object_set_new(json, "address", v.ships ? api_postal(&v.delivery) : json_null());
    api_answer(ret, json);
    return RC_OK;
}

enum rc api_shop_order(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    enum rc rc = enter(c, &shop, fault);
    return rc == RC_OK ? answer_order(c, &shop, ret, fault) : rc;
}

enum rc api_parts(const struct context *c, const json_t *json, sales_parts *ret,
                  struct fault *fault)
{
    const json_t *list = json_object_get(json, "parts"), *one;
    size_t i, n = json_array_size(list);
    *ret = (sales_parts){ARENA_ARRAY(c->arena, struct sales_part, n), 0};
    json_array_foreach (list, i, one) {
        int64_t line, quantity;
        if (!json_member_int(one, "line", &line) || !json_member_int(one, "quantity", &quantity) ||
            line < 1 || quantity < 1 || quantity > SALE_QUANTITY_MAX)
            return fault_set(fault, RC_INVALID, "parts: each needs the numbers line and quantity");
        ret->v[ret->n++] = (struct sales_part){(uint64_t)line, quantity};
    }
    return RC_OK;
}

static struct str text_of(struct context *c, const json_t *json, const char *name)
{
    return arena_str(c->arena, str_trim(json_member_str(json, name)));
}

static enum rc read_act(struct context *c, const json_t *json, struct sales_act *act,
                        struct fault *fault)
{
    int64_t seen = 0, line = 0, expected = 0;
    act->number = c->captures[1];
    act->account = c->viewer.account;
    act->carrier = text_of(c, json, "carrier");
    act->tracking = text_of(c, json, "tracking");
    act->note = text_of(c, json, "note");
    act->reason = text_of(c, json, "reason");
    act->amount = text_of(c, json, "amount");
    act->shelf = json_is_true(json_object_get(json, "shelf"));
    act->delivery = json_is_true(json_object_get(json, "delivery"));
    if (json_member_int(json, "line", &line))
        act->line = (uint64_t)line;
    if (json_member_int(json, "sent_before", &seen))
        act->seen = (uint64_t)seen + 1;
    if (json_member_int(json, "return", &expected))
        act->expected = (uint64_t)expected;
    if (line < 0 || seen < 0 || expected < 0 || seen > INT32_MAX)
        return fault_set(fault, RC_INVALID, "sent_before, line and return: not below nought");
    return api_parts(c, json, &act->parts, fault);
}

typedef enum rc (*sales_acts)(struct writer *writer, const struct sales_act *act,
                              struct fault *fault);

/* What sends says how much was sent before, what gives money back has a key: so that neither
 * happens twice where the answer was lost. */
static enum rc act_on(struct context *c, sales_acts acts, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct sales_act act = {.line = 0};
    JSON_AUTO *json = NULL;
    enum rc rc = enter(c, &shop, fault);
    if (rc == RC_OK)
        rc = api_object(c, &json, fault);
    if (rc == RC_OK)
        rc = read_act(c, json, &act, fault);
    if (rc == RC_OK && acts == sales_send && act.seen == 0)
        rc = fault_set(fault, RC_INVALID, "sent_before: how many copies were sent before");
    if (rc == RC_OK && acts != sales_send)
        rc = api_once(c, json, &act.key, fault);
    if (rc != RC_OK)
        return rc;
    act.shop = shop.id;
    rc = acts(c->server->writer, &act, fault);
    return rc == RC_OK ? answer_order(c, &shop, ret, fault) : rc;
}

enum rc api_shop_order_send(struct context *c, struct response *ret, struct fault *fault)
{
    return act_on(c, sales_send, ret, fault);
}

enum rc api_shop_order_cancel(struct context *c, struct response *ret, struct fault *fault)
{
    return act_on(c, sales_cancel_parts, ret, fault);
}

enum rc api_shop_order_return(struct context *c, struct response *ret, struct fault *fault)
{
    return act_on(c, sales_take_back, ret, fault);
}

enum rc api_shop_order_refund(struct context *c, struct response *ret, struct fault *fault)
{
    return act_on(c, sales_goodwill, ret, fault);
}

/* ---- stock ---- */

static json_t *stock_json(const struct stock_row *r)
{
    uint64_t left = r->on_hand > r->promised ? r->on_hand - r->promised : 0;
    return json_pack("{s:o, s:I, s:I, s:I, s:o, s:I}", "edition", json_from_str(r->key), "stock",
                     (json_int_t)r->on_hand, "promised", (json_int_t)r->promised, "left",
                     (json_int_t)left, "counted", json_from_time(r->counted), "id",
                     (json_int_t)r->edition);
}

static enum rc answer_stock(struct context *c, const struct partner_shop *shop,
                            const struct stock_wish *wish, struct response *ret,
                            struct fault *fault)
{
    stock_lines lines;
    struct stock_sums sums;
    enum rc rc = stock_read(c->worker->conn, c->arena, shop->id, wish, &lines, &sums, fault);
    if (rc != RC_OK)
        return rc;
    json_t *list = json_array();
    for (size_t i = 0; i < lines.n; i++)
        json_array_append_new(list, stock_json(&lines.v[i].row));
    api_answer(ret, json_pack("{s:o, s:I}", "stock", list, "counted", (json_int_t)sums.counted));
    return RC_OK;
}

enum rc api_shop_stock(struct context *c, struct response *ret, struct fault *fault)
{
    const parameters *q = &c->request->query;
    struct stock_wish wish = {.key = str_trim(parameter_get(q, "isbn"))};
    struct partner_shop shop;
    uint64_t limit, left;
    enum rc rc = enter(c, &shop, fault);
    if (rc == RC_OK)
        rc = read_limit(c, &limit, fault);
    if (rc == RC_OK)
        rc = parameter_number(q, "left", INT64_MAX, INT64_MAX, &left, fault);
    if (rc == RC_OK)
        rc = parameter_number(q, "after", 0, INT64_MAX, &wish.after, fault);
    if (rc != RC_OK)
        return rc;
    wish.room = limit;
    wish.left = (int64_t)left;
    return answer_stock(c, &shop, &wish, ret, fault);
}

enum rc api_shop_stock_put(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct stock_wish wish = {.key = c->captures[1], .left = STOCK_ANY, .room = 1};
    int64_t count = -1;
    JSON_AUTO *json = NULL;
    enum rc rc = enter(c, &shop, fault);
    if (rc == RC_OK)
        rc = api_object(c, &json, fault);
    if (rc == RC_OK && (!json_member_int(json, "stock", &count) || count < 0))
        rc = fault_set(fault, RC_INVALID, "stock: a whole number is needed");
    if (rc == RC_OK)
        rc = stock_count(c->server->writer, shop.id, c->captures[1], (uint64_t)count, fault);
    return rc == RC_OK ? answer_stock(c, &shop, &wish, ret, fault) : rc;
}

enum rc api_shop_stock_remove(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    enum rc rc = enter(c, &shop, fault);
    if (rc == RC_OK)
        rc = stock_uncount(c->server->writer, shop.id, c->captures[1], fault);
    if (rc == RC_OK)
        api_answer(ret, json_object());
    return rc;
}

struct telling {
    json_t *list;
    uint64_t more;
};

static void tell(void *context, uint64_t line, const char *why)
{
    struct telling *t = context;
    (void)line;
    if (json_array_size(t->list) == TOLD_MOST)
        t->more++;
    else
        json_array_append_new(t->list, json_from_str(str_of(why)));
}

enum rc api_shop_stock_file(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct telling telling = {.list = json_array()};
    struct stock_watch watch = {&telling, tell, NULL};
    struct stock_summary s;
    enum rc rc = enter(c, &shop, fault);
    if (rc == RC_OK)
        rc = stock_import(c->server->writer, shop.id, c->request->body, &watch, &s, fault);
    /* The first line that is wrong says why nothing was changed. */
    if (rc == RC_INVALID && json_array_size(telling.list) > 0)
        rc = fault_set(fault, rc, "%s", json_string_value(json_array_get(telling.list, 0)));
    if (rc != RC_OK) {
        json_decref(telling.list);
        return rc;
    }
    api_answer(ret, json_pack("{s:I, s:I, s:I, s:I, s:o, s:I}", "rows", (json_int_t)s.rows,
                              "changed", (json_int_t)s.changed, "same", (json_int_t)s.same,
                              "passed", (json_int_t)s.passed, "told", telling.list, "untold",
                              (json_int_t)telling.more));
    return RC_OK;
}

/* ---- what was sold, and paid out ---- */

enum rc api_shop_sales(struct context *c, struct response *ret, struct fault *fault)
{
    struct sold_view v = {.error = STR_NONE};
    sales_sums sums;
    enum rc rc = enter(c, &v.shop, fault);
    if (rc == RC_OK)
        rc = sold_read(c, &v, &sums, fault);
    if (rc != RC_OK)
        return rc;
    json_t *list = json_array();
    for (size_t i = 0; i < sums.n; i++) {
        const struct sales_sum *s = &sums.v[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I}", "day", api_date(s->day),
                            "country", api_text(s->country), "kind", api_text(s->kind), "currency",
                            json_from_str(s->currency), "copies", (json_int_t)s->copies, "paid",
                            (json_int_t)s->paid, "tax", (json_int_t)s->tax, "given_back",
                            (json_int_t)s->refunded));
    }
    api_answer(ret,
               json_pack("{s:s, s:o, s:o, s:o}", "by", sold_by_name(v.by), "from",
                         json_from_str(v.from), "until", json_from_str(v.until), "sums", list));
    return RC_OK;
}

struct paying {
    struct context *c;
    struct str shop;
    payout_rows rows;
};

static enum rc look_at_payouts(void *context, struct store_conn *conn, struct fault *fault)
{
    struct paying *p = context;
    return payouts_list(conn, p->c->arena, p->shop, false, PAYOUTS_MAX, &p->rows, fault);
}

enum rc api_shop_payouts(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct paying paying = {.c = c};
    enum rc rc = enter(c, &shop, fault);
    paying.shop = shop.slug;
    if (rc == RC_OK)
        rc = site_look_wholly(c->server->site, look_at_payouts, &paying, fault);
    if (rc != RC_OK)
        return rc;
    json_t *list = json_array();
    for (size_t i = 0; i < paying.rows.n; i++) {
        const struct payout_row *p = &paying.rows.v[i];
        json_array_append_new(
            list, json_pack("{s:I, s:o, s:I, s:o, s:o, s:o}", "id", (json_int_t)p->id, "currency",
                            json_from_str(p->currency), "amount", (json_int_t)p->amount,
                            "reference", json_from_str(p->reference), "made",
                            json_from_time(p->created), "sent", json_from_some_time(p->sent)));
    }
    api_answer(ret, json_pack("{s:o}", "payouts", list));
    return RC_OK;
}

/* ---- feeds ---- */

static json_t *feed_json(const struct feed *f)
{
    static const char *const states[] = {[FEED_WAITING] = "waiting",
                                         [FEED_RUNNING] = "running",
                                         [FEED_TAKEN] = "taken",
                                         [FEED_HELD] = "held"};
    return json_pack("{s:I, s:o, s:s, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "id",
                     (json_int_t)f->id, "name", json_from_str(f->name), "state", states[f->state],
                     "received", json_from_time(f->received), "ended",
                     json_from_some_time(f->ended), "records", (json_int_t)f->records, "added",
                     (json_int_t)f->added, "changed", (json_int_t)f->changed, "unchanged",
                     (json_int_t)f->unchanged, "deleted", (json_int_t)f->deleted, "refused",
                     (json_int_t)f->refused, "reason", api_text(f->reason));
}

static json_t *finding_json(const struct feed_finding *x)
{
    return json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:I}", "severity", json_from_str(x->severity),
                     "line", (json_int_t)x->line, "reference", api_text(x->reference), "edition",
                     api_text(x->isbn), "element", api_text(x->element), "reason",
                     api_text(x->reason), "times", (json_int_t)x->times);
}

static enum rc answer_feed(struct context *c, const struct partner_shop *shop, uint64_t id,
                           struct response *ret, struct fault *fault)
{
    struct feed feed;
    finding_list findings;
    enum rc rc = feed_get(c->worker->conn, c->arena, shop, id, &feed, fault);
    if (rc == RC_OK)
        rc = feed_findings(c->worker->conn, c->arena, id, STR_NONE, 0, FINDINGS_MOST, &findings,
                           fault);
    if (rc != RC_OK)
        return rc;
    json_t *json = feed_json(&feed), *list = json_array();
    for (size_t i = 0; i < findings.n; i++)
        json_array_append_new(list, finding_json(&findings.v[i]));
    json_object_set_new(json, "findings", list);
    api_answer(ret, json);
    return RC_OK;
}

enum rc api_shop_feed(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    uint64_t id;
    enum rc rc = enter(c, &shop, fault);
    if (rc == RC_OK)
        rc = captured_id(c, 1, &id, fault);
    return rc == RC_OK ? answer_feed(c, &shop, id, ret, fault) : rc;
}

/* As a file in the folder, which is the queue's from then on. */
static enum rc spool(struct context *c, const char **ret, struct fault *fault)
{
    const char *folder;
    enum rc rc = feeds_folder(c->server->site, c->arena, &folder, fault);
    if (rc != RC_OK)
        return rc;
    char *path = arena_z(c->arena, ARENA_JOIN(c->arena, str_of(folder), STR("/api-XXXXXX")));
    int fd = mkstemp(path);
    if (fd < 0)
        return fault_set(fault, RC_IO, "there is no room for the file");
    close(fd);
    *ret = path;
    rc = file_write(path, c->request->body, fault);
    if (rc != RC_OK)
        unlink(path);
    return rc;
}

enum rc api_shop_feed_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    const char *path = NULL;
    uint64_t id;
    struct str name = feed_name_clean(c->arena, parameter_get(&c->request->query, "name"));
    enum rc rc = enter(c, &shop, fault);
    if (rc == RC_OK && c->request->body.n == 0)
        rc = fault_set(fault, RC_INVALID, "feed: the file is empty");
    if (rc == RC_OK)
        rc = spool(c, &path, fault);
    if (rc == RC_OK)
        rc =
            feed_add(c->server->site, c->server->writer, &c->viewer, &shop, name, path, &id, fault);
    if (rc != RC_OK)
        return rc;
    feed_runner_wake(c->server->feeds);
    api_answer(ret, json_pack("{s:I}", "id", (json_int_t)id));
    ret->status = 202;
    return RC_OK;
}
