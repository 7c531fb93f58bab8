/* The basket, what it comes to, and ordering it, as JSON: the pages' own use cases. */
#include "app/checkout.h"
#include "base/clock.h"
#include "base/json.h"
#include "web/api_sales.h"
#include "web/basket.h"
#include "web/checkout.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/orders.h"

/* ---- what stands in it ---- */

/* Why it cannot be bought, for programs; null: it can. */
static json_t *bar_json(const struct sale_line *s)
{
    if (s->bar == SALE_OPEN)
        return json_null();
    json_t *json = json_pack("{s:s}", "reason", sale_bar_name(s->bar));
    if (s->bar == SALE_NOT_SOLD || s->bar == SALE_NO_FILE)
        json_object_set_new(json, "verdict", json_string(verdict_name(s->verdict)));
    if (s->bar == SALE_WITHHELD && s->by != NULL)
        json_object_set_new(json, "restriction", json_integer((json_int_t)s->by->id));
    return json;
}

static json_t *line_json(const struct sale_line *s, const struct reckoned_line *reckoned)
{
    const struct shown_edition *e = &s->edition;
    json_t *json =
        json_pack("{s:o, s:o, s:o, s:b, s:I, s:o}", "edition",
                  json_from_str(e->id != 0 ? e->key : s->wish.key), "title", api_text(e->title),
                  "by", api_text(word_contributor(e)), "digital", (int)s->digital, "quantity",
                  (json_int_t)(reckoned != NULL ? reckoned->quantity : s->wish.quantity), "barred",
                  bar_json(s));
    if (reckoned == NULL)
        return json;
    json_object_set_new(json, "shop", json_from_str(s->shop_slug));
    json_object_set_new(json, "unit", json_integer(reckoned->unit));
    json_object_set_new(json, "tax_included", json_boolean(reckoned->tax_included));
    json_object_set_new(json, "rate", json_integer(reckoned->rate));
    json_object_set_new(json, "discount", json_integer(reckoned->discount));
    json_object_set_new(json, "tax", json_integer(reckoned->tax));
    json_object_set_new(json, "total", json_integer(reckoned->total));
    json_object_set_new(json, "available", api_date(s->available));
    return json;
}

static json_t *basket_lines(const basket_line_list *lines)
{
    json_t *list = json_array();
    for (size_t i = 0; i < lines->n; i++) {
        json_t *one = line_json(&lines->v[i].sale, lines->v[i].reckoned);
        if (lines->v[i].was >= 0)
            json_object_set_new(one, "was", json_integer(lines->v[i].was));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *sum_json(const struct reckoning *r, struct str currency)
{
    return json_pack("{s:o, s:I, s:I, s:I, s:I, s:I}", "currency", json_from_str(currency), "goods",
                     (json_int_t)r->goods, "discount", (json_int_t)r->discount, "shipping",
                     (json_int_t)r->shipping, "tax", (json_int_t)r->tax, "total",
                     (json_int_t)r->total);
}

enum rc api_basket(struct context *c, struct response *ret, struct fault *fault)
{
    struct basket basket;
    struct basket_owner owner = basket_owner_of(c);
    enum rc rc = basket_read(&c->visit, &owner, &basket, fault);
    if (rc == RC_OK)
        api_answer(ret,
                   json_pack("{s:o, s:o, s:o, s:o}", "lines", basket_lines(&basket.lines), "apart",
                             basket_lines(&basket.apart), "later", basket_lines(&basket.later),
                             "sum", sum_json(&basket.reckoning, c->storefront->currency)));
    return rc;
}

static enum rc change(struct context *c, enum basket_act act, int64_t quantity,
                      struct response *ret, struct fault *fault)
{
    struct basket_owner owner = basket_owner_of(c);
    char secret[TOKEN_SIZE + 1]; /* of guests, who are none here */
    enum rc rc = limits_basket(c, fault);
    if (rc == RC_OK)
        rc = basket_change(c->server->writer, &c->visit, &owner, act, c->captures[0], quantity,
                           secret, fault);
    return rc == RC_OK ? api_basket(c, ret, fault) : rc;
}

enum rc api_basket_put(struct context *c, struct response *ret, struct fault *fault)
{
    int64_t quantity = 1;
    JSON_AUTO *json = NULL;
    enum rc rc = api_object(c, &json, fault);
    const json_t *later = json_object_get(json, "later");
    if (rc == RC_OK && json_object_get(json, "quantity") != NULL &&
        !json_member_int(json, "quantity", &quantity))
        rc = fault_set(fault, RC_INVALID, "quantity: a whole number is needed");
    if (rc == RC_OK && later != NULL && !json_is_boolean(later))
        rc = fault_set(fault, RC_INVALID, "later: true or false");
    if (rc != RC_OK)
        return rc;
    return change(c, json_is_true(later) ? BASKET_LATER : BASKET_PUT, quantity, ret, fault);
}

enum rc api_basket_remove(struct context *c, struct response *ret, struct fault *fault)
{
    return change(c, BASKET_REMOVE, 1, ret, fault);
}

/* ---- what it comes to ---- */

/* "delivery=SHOP:METHOD", one for each shop. */
static enum rc wishes_of_query(struct context *c, delivery_wishes *ret, struct fault *fault)
{
    const parameters *q = &c->request->query;
    *ret = (delivery_wishes){ARENA_ARRAY(c->arena, struct delivery_wish, q->n), 0};
    for (size_t i = 0; i < q->n; i++) {
        struct delivery_wish wish;
        struct str value = q->v[i].value;
        size_t colon = str_find(value, ':');
        if (!str_eq(q->v[i].name, STR("delivery")))
            continue;
        if (colon == value.n || !str_to_u64(str_sub(value, 0, colon), &wish.shop) ||
            !str_to_u64(str_sub(value, colon + 1, value.n), &wish.method))
            return fault_set(fault, RC_INVALID, "delivery: SHOP:METHOD, two numbers");
        ret->v[ret->n++] = wish;
    }
    return RC_OK;
}

static json_t *ways_json(const struct delivery_shop *shop)
{
    json_t *list = json_array();
    for (size_t i = 0; i < shop->choices.n; i++) {
        const struct delivery_choice *way = &shop->choices.v[i];
        json_array_append_new(
            list,
            json_pack("{s:I, s:o, s:I, s:I, s:I, s:b}", "method", (json_int_t)way->method->id,
                      "name", json_from_str(way->method->name), "price", (json_int_t)way->price,
                      "days_least", (json_int_t)way->method->days_least, "days_most",
                      (json_int_t)way->method->days_most, "chosen", way == shop->chosen));
    }
    return list;
}

static json_t *checkout_json(struct context *c, const struct checkout *v)
{
    struct page p = {.arena = c->arena, .language = c->language};
    json_t *lines = json_array(), *apart = json_array(), *delivery = json_array();
    for (size_t i = 0; i < v->lines.n; i++)
        json_array_append_new(lines, line_json(&v->lines.v[i], &v->reckoning.lines.v[i]));
    for (size_t i = 0; i < v->apart.n; i++)
        json_array_append_new(apart, line_json(&v->apart.v[i], NULL));
    for (size_t i = 0; i < v->delivery.shops.n; i++) {
        const struct delivery_shop *shop = &v->delivery.shops.v[i];
        json_array_append_new(delivery,
                              json_pack("{s:I, s:o, s:o}", "shop", (json_int_t)shop->shop, "name",
                                        json_from_str(shop->name), "ways", ways_json(shop)));
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "lines", lines, "apart", apart,
                     "delivery", delivery, "sum", sum_json(&v->reckoning, c->storefront->currency),
                     "address_needed", (int)v->printed, "consent_needed",
                     v->digital ? json_from_str(word_consent(&p)) : json_null(), "reckoned",
                     json_from_hex(&v->hash, sizeof v->hash));
}

enum rc api_checkout(struct context *c, struct response *ret, struct fault *fault)
{
    struct checkout checkout;
    struct basket_owner owner = basket_owner_of(c);
    delivery_wishes wishes;
    struct sale_where where = sales_where(c->storefront->country, NULL, NULL,
                                          parameter_get(&c->request->query, "region"));
    enum rc rc = wishes_of_query(c, &wishes, fault);
    if (rc == RC_OK)
        rc = checkout_read(&c->visit, &where, &owner, &wishes, &checkout, fault);
    if (rc == RC_OK)
        api_answer(ret, checkout_json(c, &checkout));
    return rc;
}

/* ---- ordering ---- */

static enum rc wishes_of_json(struct context *c, const json_t *json, delivery_wishes *ret,
                              struct fault *fault)
{
    const json_t *list = json_object_get(json, "delivery"), *one;
    size_t i;
    *ret = (delivery_wishes){ARENA_ARRAY(c->arena, struct delivery_wish, json_array_size(list)), 0};
    if (list != NULL && !json_is_array(list))
        return fault_set(fault, RC_INVALID, "delivery: a list is needed");
    json_array_foreach (list, i, one) {
        int64_t shop, method;
        if (!json_member_int(one, "shop", &shop) || !json_member_int(one, "method", &method) ||
            shop < 0 || method < 0)
            return fault_set(fault, RC_INVALID, "delivery: each needs the numbers shop and method");
        ret->v[ret->n++] = (struct delivery_wish){(uint64_t)shop, (uint64_t)method};
    }
    return RC_OK;
}

static struct postal postal_of(struct context *c, const json_t *address)
{
    struct postal p = {.country = c->storefront->country};
    const struct {
        const char *name;
        struct str *to;
    } fields[] = {{"name", &p.name},
                  {"lines", &p.lines},
                  {"postcode", &p.postcode},
                  {"city", &p.city},
                  {"region", &p.region}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        *fields[i].to = arena_str(c->arena, str_trim(json_member_str(address, fields[i].name)));
    return p;
}

static enum rc read_order(struct context *c, const json_t *json, struct postal *postal,
                          struct hash *reckoned, struct purchase_form *form, struct fault *fault)
{
    struct page p = {.arena = c->arena, .language = c->language};
    const json_t *address = json_object_get(json, "address");
    bool consents = json_is_true(json_object_get(json, "consent"));
    enum rc rc = api_once(c, json, &form->token, fault);
    if (rc == RC_OK)
        rc = wishes_of_json(c, json, &form->delivery_by, fault);
    if (rc == RC_OK && address != NULL && !json_is_object(address))
        rc = fault_set(fault, RC_INVALID, "address: an object is needed");
    if (rc == RC_OK && !hex_decode(json_member_str(json, "reckoned"), reckoned, sizeof *reckoned))
        rc = fault_set(fault, RC_INVALID, "reckoned: it is needed, as the checkout gave it");
    if (rc != RC_OK)
        return rc;
    /* Nobody's is anybody else's. */
    form->token = arena_printf(c->arena, "api:%llu:%.*s", (unsigned long long)c->viewer.account,
                               STR_ARG(form->token));
    *postal = postal_of(c, address);
    purchase_form_fill(c, form, postal);
    form->consent = consents ? clock_now() : 0;
    form->consent_text = consents ? word_consent(&p) : STR_NONE;
    form->reckoned = reckoned;
    return RC_OK;
}

enum rc api_order_place(struct context *c, struct response *ret, struct fault *fault)
{
    struct basket_owner owner = basket_owner_of(c);
    struct purchase_form form = {.basket = &owner};
    struct purchase_placed placed;
    struct hash reckoned;
    struct postal postal;
    JSON_AUTO *json = NULL;
    enum rc rc = limits_checkout(c, fault);
    if (rc == RC_OK)
        rc = api_object(c, &json, fault);
    if (rc == RC_OK)
        rc = read_order(c, json, &postal, &reckoned, &form, fault);
    if (rc == RC_OK)
        rc = sales_place(c->server->site, c->server->writer, c->arena, &form, &placed, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = page_begin(c, ret);
    struct str secret = arena_str(c->arena, str_of(placed.secret));
    struct own_sale_wish wish = {.secret = secret};
    struct own_purchase bought;
    rc = sales_own(c->server->site, c->arena, &wish, &bought, fault);
    if (rc != RC_OK)
        return rc;
    json_t *answer = api_own_purchase(c, &bought);
    struct str page = ARENA_JOIN(c->arena, context_base_url(c), link_purchase(&p, secret).text);
    json_object_set_new(answer, "page", json_from_str(page));
    api_answer(ret, answer);
    ret->status = placed.again ? 200 : 201;
    return RC_OK;
}
