#include "web/api_sales.h"

#include "app/secret.h"
#include "base/json.h"
#include "base/utf8.h"

json_t *api_sales_order(const struct sales_order_row *o)
{
    return json_pack("{s:I, s:o, s:I, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}",
                     "id", (json_int_t)o->id, "number", json_from_str(o->number), "purchase",
                     (json_int_t)o->purchase, "shop", json_from_str(o->shop_slug), "state",
                     json_from_str(o->state), "currency", json_from_str(o->currency), "goods",
                     (json_int_t)o->goods, "discount", (json_int_t)o->discount, "shipping",
                     (json_int_t)o->shipping, "tax", (json_int_t)o->tax, "total",
                     (json_int_t)o->total, "refunded", (json_int_t)o->refunded, "placed",
                     json_from_time(o->placed), "paid", json_from_some_time(o->paid), "ended",
                     json_from_some_time(o->ended));
}

static json_t *line_json(const struct sales_line_row *l)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:b, s:I, s:I, s:I, s:I, s:I, s:i, s:I, s:I, s:I, s:I}",
                     "id", (json_int_t)l->id, "edition", json_from_str(l->isbn), "title",
                     json_from_str(l->title), "kind", json_from_str(l->kind), "digital",
                     (int)l->digital, "quantity", (json_int_t)l->quantity, "unit",
                     (json_int_t)l->unit, "discount", (json_int_t)l->discount, "total",
                     (json_int_t)l->total, "tax", (json_int_t)l->tax, "rate", (int)l->rate, "sent",
                     (json_int_t)l->sent, "cancelled", (json_int_t)l->cancelled, "returned",
                     (json_int_t)l->returned, "refunded", (json_int_t)l->refunded);
}

static json_t *event_json(const struct sales_event_row *e, bool notes)
{
    json_t *json = json_pack("{s:o, s:o, s:I, s:I, s:I, s:o}", "kind", json_from_str(e->kind),
                             "actor", json_from_str(e->actor), "line", (json_int_t)e->line,
                             "quantity", (json_int_t)e->quantity, "amount", (json_int_t)e->amount,
                             "at", json_from_time(e->at));
    if (notes)
        json_object_set_new(json, "note", api_text(e->note));
    return json;
}

json_t *api_sales_view(const struct sales_view *v, bool notes)
{
    json_t *json = api_sales_order(&v->order), *lines = json_array(), *events = json_array();
    for (size_t i = 0; i < v->line_n; i++)
        json_array_append_new(lines, line_json(&v->lines[i]));
    for (size_t i = 0; i < v->event_n; i++)
        if (notes || !str_is(v->events[i].kind, SALES_EVENT_NOTE))
            json_array_append_new(events, event_json(&v->events[i], notes));
    json_object_set_new(json, "lines", lines);
    json_object_set_new(json, "events", events);
    return json;
}

json_t *api_postal(const struct postal *p)
{
    if (p->name.n == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "name", json_from_str(p->name), "lines",
                     json_from_str(p->lines), "postcode", json_from_str(p->postcode), "city",
                     json_from_str(p->city), "region", json_from_str(p->region), "country",
                     json_from_str(p->country));
}

enum rc api_once(const struct context *c, const json_t *json, struct str *ret, struct fault *fault)
{
    enum { LEAST = 32, MOST = 80 };
    struct str once = json_member_str(json, "once");
    if (once.n < LEAST || once.n > MOST || !utf8_clean(once))
        return fault_set(fault, RC_INVALID,
                         "once: %d to %d characters are needed, by chance, the same when it is "
                         "sent again",
                         LEAST, MOST);
    *ret = arena_str(c->arena, once);
    return RC_OK;
}
