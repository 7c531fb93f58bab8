#include "app/delivery.h"

#include "app/sales.h"
#include "base/clock.h"
#include "domain/regions.h"
#include "store/sale_terms.h"
#include "store/tax_rates.h"

enum { POSTAL_NAME_MAX = 200, POSTAL_LINES_MAX = 500, POSTAL_FIELD_MAX = 100 };

/* ---- weight ---- */

/* "0.45" -> 450: a thousandth is enough, the rest is cut off. */
static bool read_milli(struct str s, int64_t *ret)
{
    size_t point = str_find(s, '.');
    uint64_t whole = 0, part = 0;
    if (!str_to_u64(str_sub(s, 0, point), &whole) || whole > 1000000)
        return false;
    struct str rest = point < s.n ? str_sub(s, point + 1, s.n) : STR_NONE;
    for (size_t i = 0; i < 3; i++)
        part =
            part * 10 +
            (i < rest.n && rest.p[i] >= '0' && rest.p[i] <= '9' ? (uint64_t)(rest.p[i] - '0') : 0);
    *ret = (int64_t)(whole * 1000 + part);
    return true;
}

/* Of one copy, packed by nobody yet. */
static int64_t grams_of(const struct edition *e)
{
    static const struct {
        const char *unit;
        int64_t milligrams;
    } units[] = {{"gr", 1000}, {"kg", 1000000}, {"oz", 28350}, {"lb", 453592}};
    for (size_t i = 0; i < e->measures.n; i++) {
        const struct measure *m = &e->measures.v[i];
        int64_t milli;
        for (size_t k = 0; str_is(m->type, "08") && k < sizeof units / sizeof *units; k++)
            if (str_is(m->unit, units[k].unit) && read_milli(m->value, &milli) && milli > 0)
                return (milli * units[k].milligrams + 999999) / 1000000;
    }
    return SHIPPING_GRAMS_UNKNOWN;
}

/* ---- methods ---- */

const struct delivery_shop *delivery_of(const struct delivery *d, uint64_t shop)
{
    for (size_t i = 0; i < d->shops.n; i++)
        if (d->shops.v[i].shop == shop)
            return &d->shops.v[i];
    return NULL;
}

static bool is_sent(const struct sale_line *l)
{
    return l->bar == SALE_OPEN && !l->digital;
}

static int64_t with_tax(const struct sale_line *l)
{
    int64_t goods = l->unit * l->wish.quantity;
    return l->tax_included || l->tax == NULL ? goods : goods + tax_upon(goods, l->tax->rate);
}

static void gather(struct arena *arena, const sale_line_list *lines, struct delivery *d)
{
    d->shops.v = ARENA_ARRAY(arena, struct delivery_shop, lines->n);
    for (size_t i = 0; i < lines->n; i++) {
        const struct sale_line *l = &lines->v[i];
        if (!is_sent(l))
            continue;
        struct delivery_shop *s = (struct delivery_shop *)delivery_of(d, l->shop);
        if (s == NULL) {
            s = &d->shops.v[d->shops.n++];
            *s = (struct delivery_shop){.shop = l->shop, .name = l->shop_name};
        }
        s->grams += grams_of(l->edition.facts) * l->wish.quantity;
        s->goods += l->unit * l->wish.quantity;
        if (l->kind == KIND_PRINT)
            s->books += with_tax(l);
    }
}

/* What a law asks delivery of books to cost at least, as prices are shown here. */
static int64_t price_least(const price_law_list *laws, const struct visit *visit,
                           const struct tax_rate *tax, const struct delivery_shop *s, int64_t price)
{
    const struct storefront *here = visit->storefront;
    const struct price_law *law =
        price_law_on(laws, here->country, KIND_PRINT, date_of(visit->view->now));
    int64_t least = price_law_shipping(law, here->currency, s->books);
    if (!here->tax_included && tax != NULL)
        least -= tax_within(least, tax->rate);
    return price < least ? least : price;
}

static enum rc choose(const struct visit *visit, const price_law_list *laws,
                      const struct tax_rate *tax, const delivery_wishes *wishes,
                      struct delivery_shop *s, struct fault *fault)
{
    shipping_methods methods = {NULL, 0};
    enum rc rc = shipping_methods_of(visit->conn, visit->arena, s->shop, false, &methods, fault);
    if (rc != RC_OK)
        return rc;
    s->choices.v = ARENA_ARRAY(visit->arena, struct delivery_choice, methods.n);
    for (size_t i = 0; i < methods.n; i++) {
        struct delivery_choice *c = &s->choices.v[s->choices.n];
        if (!shipping_price(&methods.v[i], visit->storefront->country, visit->storefront->currency,
                            s->grams, s->goods, &c->price))
            continue;
        c->method = &methods.v[i];
        c->price = price_least(laws, visit, tax, s, c->price);
        s->choices.n++;
    }
    s->chosen = s->choices.n > 0 ? &s->choices.v[0] : NULL;
    for (size_t i = 0; i < s->choices.n; i++)
        for (size_t k = 0; k < wishes->n; k++)
            if ((wishes->v[k].shop == s->shop || wishes->v[k].shop == 0) &&
                wishes->v[k].method == s->choices.v[i].method->id) {
                s->chosen = &s->choices.v[i];
                s->wished = true;
            }
    return RC_OK;
}

enum rc delivery_decide(const struct visit *visit, const struct sale_where *where,
                        sale_line_list *lines, const delivery_wishes *wishes, struct delivery *ret,
                        struct fault *fault)
{
    tax_rate_list rates = {NULL, 0};
    price_law_list laws = {NULL, 0};
    *ret = (struct delivery){.tax_included = visit->storefront->tax_included};
    enum rc rc = tax_rates_of(visit->conn, visit->arena, visit->storefront->country, &rates, fault);
    if (rc == RC_OK)
        rc = price_laws(visit->conn, visit->arena, &laws, fault);
    if (rc != RC_OK)
        return rc;
    int32_t today = date_of(visit->view->now);
    struct str country = visit->storefront->country;
    ret->tax = tax_rate_on(&rates, country, where->sent, KIND_SHIPPING, today);
    ret->by_region = tax_by_region(&rates, country, KIND_SHIPPING, today);
    ret->tax_later = ret->by_region && where->sent.n == 0;
    bool taxed = ret->tax != NULL || ret->tax_later;
    gather(visit->arena, lines, ret);
    for (size_t i = 0; rc == RC_OK && i < ret->shops.n; i++)
        rc = choose(visit, &laws, ret->tax, wishes, &ret->shops.v[i], fault);
    for (size_t i = 0; rc == RC_OK && i < lines->n; i++)
        if (is_sent(&lines->v[i]) && (!taxed || delivery_of(ret, lines->v[i].shop)->chosen == NULL))
            lines->v[i].bar = SALE_NOT_SENT;
    size_t kept = 0;
    for (size_t i = 0; i < ret->shops.n; i++)
        if (taxed && ret->shops.v[i].chosen != NULL)
            ret->shops.v[kept++] = ret->shops.v[i];
    ret->shops.n = kept;
    return rc;
}

void delivery_reckon(const struct delivery *d, struct reckoning *r)
{
    for (size_t i = 0; i < r->shops.n; i++) {
        const struct delivery_shop *s = delivery_of(d, r->shops.v[i].shop);
        if (s == NULL)
            continue;
        r->shops.v[i].shipping_price = s->chosen->price;
        r->shops.v[i].shipping_tax_included = d->tax_included;
        r->shops.v[i].shipping_rate = d->tax == NULL ? 0 : d->tax->rate;
    }
}

/* ---- addresses ---- */

static bool is_one_of(struct str country, const char *list)
{
    struct str rest = str_of(list), one;
    while (str_next(&rest, ' ', &one))
        if (str_eq(one, country))
            return true;
    return false;
}

struct postal_shape postal_shape(struct str country)
{
    return (struct postal_shape){.region =
                                     is_one_of(country, "US CA AU CN JP TW KR IN BR MX ES IT"),
                                 .large_first = is_one_of(country, "CN JP TW KR"),
                                 .postcode_first = !is_one_of(country, "US CA AU GB IE IN NZ HK"),
                                 .postcode_needed = !is_one_of(country, "IE HK AE QA")};
}

enum rc postal_check(struct arena *arena, const struct postal *p, bool of_bill,
                     struct str *ret_faults, struct fault *fault)
{
    struct postal_shape shape = postal_shape(p->country);
    const struct {
        const char *field;
        struct str value;
        size_t max;
        bool needed;
    } fields[] = {{"name", p->name, POSTAL_NAME_MAX, true},
                  {"lines", p->lines, POSTAL_LINES_MAX, true},
                  {"postcode", p->postcode, POSTAL_FIELD_MAX, shape.postcode_needed},
                  {"city", p->city, POSTAL_FIELD_MAX, true},
                  {"region", p->region, POSTAL_FIELD_MAX, shape.region}};
    size_t regions;
    bool listed = regions_of(p->country, &regions) != NULL;
    *ret_faults = STR_NONE;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *between = ret_faults->n > 0 ? "\n" : "";
        struct str field = str_of(fields[i].field);
        bool is_region = str_is(field, "region");
        if (of_bill)
            field = ARENA_JOIN(arena, STR("bill_"), field);
        if (fields[i].needed && fields[i].value.n == 0)
            *ret_faults = of_bill ? arena_printf(arena, "%.*s%s%.*s: it is needed for a bill",
                                                 STR_ARG(*ret_faults), between, STR_ARG(field))
                                  : arena_printf(arena, "%.*s%s%.*s: it is needed for a parcel",
                                                 STR_ARG(*ret_faults), between, STR_ARG(field));
        else if (fields[i].value.n > fields[i].max)
            *ret_faults = arena_printf(arena, "%.*s%s%.*s: it is too long for a label",
                                       STR_ARG(*ret_faults), between, STR_ARG(field));
        else if (is_region && listed && p->region.n > 0 &&
                 region_find(p->country, p->region) == NULL)
            *ret_faults = arena_printf(arena, "%.*s%s%.*s: there is none like this in the country",
                                       STR_ARG(*ret_faults), between, STR_ARG(field));
    }
    return ret_faults->n > 0 ? fault_set(fault, RC_INVALID, "%.*s", STR_ARG(*ret_faults)) : RC_OK;
}
