/* What readers ordered, their e-books and their devices, as JSON. */
#include "app/devices.h"
#include "app/sales_returns.h"
#include "base/json.h"
#include "domain/money.h"
#include "web/api_sales.h"
#include "web/handlers.h"
#include "web/library.h"
#include "web/orders.h"
#include "web/papers.h"
#include "web/security.h"
#include "web/sign.h"

enum { LIMIT_MAX = 100, OFFSET_MAX = 1000000 };

/* ---- orders ---- */

static json_t *purchase_json(const struct purchase_row *p)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "id", (json_int_t)p->id, "state",
                     json_from_str(p->state), "country", json_from_str(p->country), "currency",
                     json_from_str(p->currency), "total", (json_int_t)p->total, "method",
                     json_from_str(p->method), "placed", json_from_time(p->placed), "expires",
                     json_from_some_time(p->expires));
}

/* How to pay; null where nothing is to be paid by transfer. */
static json_t *transfer_json(const struct own_transfer *t)
{
    if (t->account.n == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:I}", "holder", json_from_str(t->holder), "account",
                     json_from_str(t->account), "bank", api_text(t->bank), "reference",
                     json_from_str(t->reference), "missing", (json_int_t)t->missing);
}

static json_t *shipped_json(const shipped_lines *shipped)
{
    json_t *list = json_array();
    for (size_t i = 0; i < shipped->n; i++) {
        const struct shipped_line *s = &shipped->v[i];
        json_array_append_new(
            list, json_pack("{s:I, s:I, s:I, s:o, s:o, s:o}", "shipment", (json_int_t)s->shipment,
                            "line", (json_int_t)s->line, "quantity", (json_int_t)s->quantity,
                            "carrier", api_text(s->carrier), "tracking", api_text(s->tracking),
                            "sent", json_from_time(s->sent)));
    }
    return list;
}

static json_t *papers_json(struct arena *arena, const paper_list *papers)
{
    json_t *list = json_array();
    for (size_t i = 0; i < papers->n; i++) {
        const struct sale_paper *paper = &papers->v[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:o, s:I}", "kind",
                                        paper->credit ? PAPER_CREDIT_NOTE : PAPER_INVOICE, "number",
                                        json_from_str(paper_number(arena, paper)), "day",
                                        api_date(paper->day), "total", (json_int_t)paper->total));
    }
    return list;
}

json_t *api_sales_whole(struct arena *arena, const struct sales_view *v, const paper_list *papers,
                        const shipped_lines *shipped, bool notes)
{
    json_t *json = api_sales_view(v, notes);
    json_object_set_new(json, "papers", papers_json(arena, papers));
    json_object_set_new(json, "shipped", shipped_json(shipped));
    return json;
}

json_t *api_returns(const sales_returns *stated, bool words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < stated->n; i++) {
        const struct sales_return *r = &stated->v[i];
        json_t *lines = json_array();
        for (size_t k = 0; k < r->lines.n; k++) {
            const struct sales_return_line *l = &r->lines.v[k];
            json_array_append_new(lines,
                                  json_pack("{s:I, s:I, s:I, s:I}", "line", (json_int_t)l->line,
                                            "quantity", (json_int_t)l->quantity, "expected",
                                            (json_int_t)l->expected, "came", (json_int_t)l->came));
        }
        json_array_append_new(
            list,
            json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)r->id, "reason",
                      json_from_str(r->reason), "state", json_from_str(r->state), "stated",
                      json_from_time(r->asked), "ended", json_from_some_time(r->ended), "words",
                      words ? api_text(r->words) : json_null(), "lines", lines));
    }
    return list;
}

json_t *api_own_purchase(struct context *c, const struct own_purchase *bought)
{
    json_t *json = purchase_json(&bought->purchase), *orders = json_array();
    struct postal delivery = postal_read(c->arena, bought->purchase.delivery);
    for (size_t i = 0; i < bought->orders.n; i++) {
        const struct own_sales_order *o = &bought->orders.v[i];
        json_t *one = api_sales_whole(c->arena, &o->sale, &o->papers, &o->shipped, false);
        json_object_set_new(one, "returns", api_returns(&o->stated, true));
        json_array_append_new(orders, one);
    }
    json_object_set_new(json, "orders", orders);
    json_object_set_new(json, "address", api_postal(&delivery));
    json_object_set_new(json, "transfer", transfer_json(&bought->transfer));
    return json;
}

enum rc api_own_orders(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t before, limit;
    own_sales_list all;
    enum rc rc = parameter_number(&c->request->query, "before", 0, INT64_MAX, &before, fault);
    if (rc == RC_OK)
        rc = parameter_number(&c->request->query, "limit", 20, LIMIT_MAX, &limit, fault);
    if (rc == RC_OK)
        rc = sales_own_list(c->server->site, c->arena, c->viewer.account, before, limit, &all,
                            fault);
    if (rc != RC_OK)
        return rc;
    json_t *list = json_array();
    for (size_t i = 0; i < all.n; i++) {
        json_t *one = purchase_json(&all.v[i].purchase), *orders = json_array();
        for (size_t k = 0; k < all.v[i].orders.n; k++)
            json_array_append_new(orders, api_sales_order(&all.v[i].orders.v[k]));
        json_object_set_new(one, "orders", orders);
        json_array_append_new(list, one);
    }
    api_answer(ret, json_pack("{s:o}", "purchases", list));
    return RC_OK;
}

enum rc api_own_order(struct context *c, struct response *ret, struct fault *fault)
{
    struct own_sale_wish wish = {.account = c->viewer.account, .number = c->captures[0]};
    struct own_purchase bought;
    enum rc rc = sales_own(c->server->site, c->arena, &wish, &bought, fault);
    if (rc == RC_OK)
        api_answer(ret, api_own_purchase(c, &bought));
    return rc;
}

enum rc api_own_order_cancel(struct context *c, struct response *ret, struct fault *fault)
{
    struct own_sale_wish wish = {.account = c->viewer.account, .number = c->captures[0]};
    enum rc rc = sales_own_cancel(c->server->writer, c->arena, &wish, fault);
    return rc == RC_OK ? api_own_order(c, ret, fault) : rc;
}

/* They withdraw, call off, or say that something is wrong: app/sales_returns.h. */
enum rc api_own_order_return(struct context *c, struct response *ret, struct fault *fault)
{
    struct sales_statement s = {.wish = {.account = c->viewer.account, .number = c->captures[0]},
                                .number = c->captures[0]};
    JSON_AUTO *json = NULL;
    enum rc rc = api_object(c, &json, fault);
    if (rc == RC_OK)
        rc = api_once(c, json, &s.key, fault);
    if (rc == RC_OK)
        rc = api_parts(c, json, &s.parts, fault);
    if (rc != RC_OK)
        return rc;
    s.wrong = json_is_true(json_object_get(json, "wrong"));
    s.words = str_trim(json_member_str(json, "words"));
    rc = sales_state_return(c->server->writer, &s, fault);
    return rc == RC_OK ? api_own_order(c, ret, fault) : rc;
}

/* ---- the library ---- */

static json_t *file_json(const struct library_file *f)
{
    return json_pack("{s:I, s:o, s:I, s:o, s:o, s:o}", "id", (json_int_t)f->id, "version",
                     json_from_str(f->version), "bytes", (json_int_t)f->bytes, "sha256",
                     json_from_hex(&f->digest, sizeof f->digest), "added", json_from_time(f->added),
                     "replaced", json_from_some_time(f->replaced));
}

static json_t *book_json(const struct library_book *b)
{
    const struct library_row *r = &b->row;
    json_t *files = json_array();
    for (size_t i = 0; i < b->files.n; i++)
        json_array_append_new(files, file_json(&b->files.v[i]));
    json_t *json = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:o}", "edition",
                             json_from_str(r->isbn), "title", json_from_str(r->title), "by",
                             api_text(r->contributor), "language", api_text(r->language), "shop",
                             json_from_str(r->shop), "source", json_from_str(r->source), "since",
                             json_from_time(r->since), "opened", json_from_some_time(r->opened),
                             "read_millionths", (json_int_t)r->place, "hidden", (int)r->hidden,
                             "files", files);
    if (b->withheld != NULL)
        json_object_set_new(json, "withheld",
                            json_pack("{s:s, s:I, s:I}", "feature", "delivery", "restriction",
                                      (json_int_t)b->withheld->id, "record_index",
                                      (json_int_t)b->withheld->record_index));
    return json;
}

enum rc api_library(struct context *c, struct response *ret, struct fault *fault)
{
    const parameters *q = &c->request->query;
    struct library_choice choice = library_choice_of(c);
    struct library_page page;
    uint64_t limit, offset;
    enum rc rc = parameter_number(q, "limit", 20, LIMIT_MAX, &limit, fault);
    if (rc == RC_OK)
        rc = parameter_number(q, "offset", 0, OFFSET_MAX, &offset, fault);
    if (rc == RC_OK)
        rc = library_show(&c->visit, &choice, offset, limit, &page, fault);
    if (rc != RC_OK)
        return rc;
    json_t *books = json_array();
    for (size_t i = 0; i < page.books.n; i++)
        json_array_append_new(books, book_json(&page.books.v[i]));
    api_answer(ret, json_pack("{s:o, s:I, s:I}", "books", books, "total", (json_int_t)page.total,
                              "hidden", (json_int_t)page.hidden));
    return RC_OK;
}

enum rc api_library_file(struct context *c, struct response *ret, struct fault *fault)
{
    struct library_book book;
    const struct library_file *file;
    enum rc rc = library_book(&c->visit, c->captures[0], &book, fault);
    if (rc != RC_OK)
        return rc;
    if (book.withheld != NULL) {
        c->withheld = book.withheld;
        return RC_WITHHELD;
    }
    rc = library_file_asked(c, &book, &file, fault);
    return rc == RC_OK ? library_send(c, file, book.row.isbn, ret, fault) : rc;
}

/* ---- devices ---- */

enum rc api_devices(struct context *c, struct response *ret, struct fault *fault)
{
    device_list devices;
    enum rc rc = devices_read(c->worker->conn, c->arena, c->viewer.account, &devices, fault);
    if (rc != RC_OK)
        return rc;
    json_t *list = json_array();
    for (size_t i = 0; i < devices.n; i++) {
        const struct device *d = &devices.v[i];
        json_array_append_new(
            list, json_pack("{s:I, s:o, s:o, s:o, s:o}", "id", (json_int_t)d->id, "name",
                            json_from_str(d->name), "login", json_from_str(d->login), "made",
                            json_from_time(d->made), "used", json_from_some_time(d->used)));
    }
    api_answer(ret, json_pack("{s:o}", "devices", list));
    return RC_OK;
}

/* The password is in this answer alone: it is kept nowhere. */
enum rc api_device_add(struct context *c, struct response *ret, struct fault *fault)
{
    char login[DEVICE_LOGIN_SIZE + 1], password[DEVICE_PASSWORD_SIZE + 1];
    JSON_AUTO *json = NULL;
    enum rc rc = api_object(c, &json, fault);
    if (rc == RC_OK)
        rc = security_check_whole(c, fault);
    if (rc == RC_OK)
        rc = security_check_password(c, json_member_str(json, "password"), "password", fault);
    if (rc == RC_OK)
        rc = device_add(c->server->passwords, c->server->writer, c->viewer.account,
                        json_member_str(json, "name"), login, password, fault);
    if (rc != RC_OK)
        return rc;
    api_answer(ret, json_pack("{s:s, s:s}", "login", login, "password", password));
    ret->status = 201;
    return RC_OK;
}

enum rc api_device_remove(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = device_remove(c->server->writer, c->viewer.account, id, fault);
    if (rc == RC_OK)
        api_answer(ret, json_object());
    return rc;
}
