/* What a paper says, as JSON. */
#include "app/papers.h"

static json_t *json_of_party(const struct paper_party *party)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "name", json_from_str(party->name), "address",
                     json_from_str(party->address), "country", json_from_str(party->country),
                     "email", json_from_str(party->email), "tax_number",
                     json_from_str(party->tax_number));
}

static json_t *json_of_line(const struct paper_line *l)
{
    return json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:o, s:o}", "line",
        (json_int_t)l->id, "isbn", json_from_str(l->isbn), "title", json_from_str(l->title), "by",
        json_from_str(l->by), "kind", json_from_str(l->kind), "quantity", (json_int_t)l->quantity,
        "unit", (json_int_t)l->unit, "discount", (json_int_t)l->discount, "net", (json_int_t)l->net,
        "tax", (json_int_t)l->tax, "total", (json_int_t)l->total, "rate", (int)l->rate, "code",
        json_from_str(l->code), "country", json_from_str(l->country));
}

void paper_write(const struct sale_paper *p, struct buf *out)
{
    json_t *lines = json_array(), *taxes = json_array();
    for (size_t i = 0; i < p->lines.n; i++)
        json_array_append_new(lines, json_of_line(&p->lines.v[i]));
    for (size_t i = 0; i < p->taxes.n; i++) {
        const struct paper_tax *t = &p->taxes.v[i];
        json_array_append_new(taxes, json_pack("{s:o, s:o, s:i, s:I, s:I}", "country",
                                               json_from_str(t->country), "code",
                                               json_from_str(t->code), "rate", (int)t->rate, "net",
                                               (json_int_t)t->net, "tax", (json_int_t)t->tax));
    }
    JSON_AUTO *json = json_pack(
        "{s:s, s:o, s:I, s:i, s:i, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I}",
        "kind", p->credit ? PAPER_CREDIT_NOTE : PAPER_INVOICE, "series", json_from_str(p->series),
        "number", (json_int_t)p->number, "day", (int)p->day, "supplied", (int)p->supplied, "order",
        json_from_str(p->order), "ordered", (int)p->ordered, "currency", json_from_str(p->currency),
        "language", json_from_str(p->language), "method", json_from_str(p->method), "seller",
        json_of_party(&p->seller), "buyer", json_of_party(&p->buyer), "lines", lines, "taxes",
        taxes, "net", (json_int_t)p->net, "tax", (json_int_t)p->tax, "total", (json_int_t)p->total);
    if (p->credit) {
        json_object_set_new(json, "of", json_from_str(p->of));
        json_object_set_new(json, "of_day", json_integer(p->of_day));
        json_object_set_new(json, "reason", json_from_str(p->reason));
    }
    json_write(json, out);
}

/* ---- and back ---- */

static struct str text_of(struct arena *arena, const json_t *json, const char *name)
{
    return arena_str(arena, json_member_str(json, name));
}

static int64_t int_of(const json_t *json, const char *name)
{
    int64_t n = 0;
    (void)!json_member_int(json, name, &n);
    return n;
}

static struct paper_party read_party(struct arena *arena, const json_t *json)
{
    return (struct paper_party){text_of(arena, json, "name"), text_of(arena, json, "address"),
                                text_of(arena, json, "country"), text_of(arena, json, "email"),
                                text_of(arena, json, "tax_number")};
}

static struct paper_line read_line(struct arena *arena, const json_t *json)
{
    return (struct paper_line){.id = (uint64_t)int_of(json, "line"),
                               .isbn = text_of(arena, json, "isbn"),
                               .title = text_of(arena, json, "title"),
                               .by = text_of(arena, json, "by"),
                               .kind = text_of(arena, json, "kind"),
                               .quantity = int_of(json, "quantity"),
                               .unit = int_of(json, "unit"),
                               .discount = int_of(json, "discount"),
                               .net = int_of(json, "net"),
                               .tax = int_of(json, "tax"),
                               .total = int_of(json, "total"),
                               .rate = (int32_t)int_of(json, "rate"),
                               .code = text_of(arena, json, "code"),
                               .country = text_of(arena, json, "country")};
}

static void read_lists(struct arena *arena, const json_t *json, struct sale_paper *ret)
{
    const json_t *lines = json_object_get(json, "lines"), *taxes = json_object_get(json, "taxes");
    ret->lines.v = ARENA_ARRAY(arena, struct paper_line, json_array_size(lines));
    ret->taxes.v = ARENA_ARRAY(arena, struct paper_tax, json_array_size(taxes));
    for (size_t i = 0; i < json_array_size(lines); i++)
        ret->lines.v[ret->lines.n++] = read_line(arena, json_array_get(lines, i));
    for (size_t i = 0; i < json_array_size(taxes); i++) {
        const json_t *t = json_array_get(taxes, i);
        ret->taxes.v[ret->taxes.n++] =
            (struct paper_tax){text_of(arena, t, "country"), text_of(arena, t, "code"),
                               (int32_t)int_of(t, "rate"), int_of(t, "net"), int_of(t, "tax")};
    }
}

enum rc paper_read(struct arena *arena, struct str facts, struct sale_paper *ret,
                   struct fault *fault)
{
    JSON_AUTO *json = NULL;
    if (json_read(facts, &json, fault) != RC_OK)
        return RC_CORRUPT;
    *ret = (struct sale_paper){.credit = str_is(json_member_str(json, "kind"), PAPER_CREDIT_NOTE),
                               .series = text_of(arena, json, "series"),
                               .number = (uint64_t)int_of(json, "number"),
                               .day = (int32_t)int_of(json, "day"),
                               .supplied = (int32_t)int_of(json, "supplied"),
                               .order = text_of(arena, json, "order"),
                               .ordered = (int32_t)int_of(json, "ordered"),
                               .currency = text_of(arena, json, "currency"),
                               .language = text_of(arena, json, "language"),
                               .method = text_of(arena, json, "method"),
                               .of = text_of(arena, json, "of"),
                               .of_day = (int32_t)int_of(json, "of_day"),
                               .reason = text_of(arena, json, "reason"),
                               .seller = read_party(arena, json_object_get(json, "seller")),
                               .buyer = read_party(arena, json_object_get(json, "buyer")),
                               .net = int_of(json, "net"),
                               .tax = int_of(json, "tax"),
                               .total = int_of(json, "total")};
    read_lists(arena, json, ret);
    return RC_OK;
}
