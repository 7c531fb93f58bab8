/* What the Record says of licences, as JSON: in the API, and of `licence list`. */
#include "app/licences.h"
#include "base/clock.h"
#include "base/json.h"
#include "web/api.h"
#include "web/handlers.h"

static json_t *words_json(licence_mask mask, int n, const char *(*name)(int word))
{
    json_t *list = json_array();
    for (int i = 0; i < n; i++)
        if (mask & LICENCE_BIT(i))
            json_array_append_new(list, json_string(name(i)));
    return list;
}

static const char *format_name(int format)
{
    return licence_format_name((enum licence_format)format);
}

static const char *activity_name(int activity)
{
    return licence_activity_name((enum licence_activity)activity);
}

static json_t *formats_json(licence_mask mask)
{
    return words_json(mask, LICENCE_FORMAT_COUNT, format_name);
}

static json_t *time_json(int64_t t)
{
    BUF_AUTO b = BUF_INIT(40);
    if (t == 0)
        return json_null();
    time_add(&b, t);
    return json_from_str(buf_str(&b));
}

/* All that was said of it, in order; days that a change left as they were are null. */
static json_t *history_json(const struct licences *all, const struct licence *l)
{
    json_t *list = json_array();
    for (size_t i = 0; i < all->steps.n; i++) {
        const struct licence_step *s = &all->steps.v[i];
        if (s->id == l->id)
            json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:I}", "status",
                                                  licence_status_name(s->status), "from",
                                                  time_json(s->from), "until", time_json(s->until),
                                                  "at", time_json(s->at), "record_index",
                                                  (json_int_t)s->index));
    }
    return list;
}

static json_t *licence_json(const struct licences *all, const struct licence *l, int64_t now)
{
    return json_pack("{s:I, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:b, s:I, s:o}", "id",
                     (json_int_t)l->id, "country", json_from_str(l->country), "kind",
                     licence_kind_name(l->kind), "authority", json_from_str(l->authority), "holder",
                     json_from_str(l->holder), "number", api_text(l->number), "activities",
                     words_json(l->activities, LICENCE_ACTIVITY_COUNT, activity_name), "formats",
                     formats_json(l->formats), "status",
                     licence_expired(l, now) ? "expired" : licence_status_name(l->status), "from",
                     time_json(l->from), "until", time_json(l->until), "permits",
                     licence_permits(l, now), "record_index", (json_int_t)l->index, "history",
                     history_json(all, l));
}

static json_t *need_json(const struct licence_need *n)
{
    return json_pack("{s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:I}", "country",
                     json_from_str(n->country), "formats", formats_json(n->formats), "activity",
                     licence_activity_name(n->activity), "need", licence_need_name(n->need), "kind",
                     api_text(n->kind), "source", api_text(n->source), "read", time_json(n->read),
                     "record_index", (json_int_t)n->index);
}

json_t *api_licences(const struct licences *all, int64_t now)
{
    json_t *licences = json_array(), *needs = json_array(), *gaps = json_array();
    for (size_t i = 0; i < all->book.licences.n; i++)
        json_array_append_new(licences, licence_json(all, &all->book.licences.v[i], now));
    for (size_t i = 0; i < all->book.needs.n; i++)
        json_array_append_new(needs, need_json(&all->book.needs.v[i]));
    for (size_t i = 0; i < all->gaps.n; i++) {
        const struct licence_gap *g = &all->gaps.v[i];
        json_array_append_new(
            gaps, json_pack("{s:o, s:o, s:o, s:o, s:I}", "storefront", json_from_str(g->storefront),
                            "formats", formats_json(g->formats), "gap", json_from_str(g->gap), "at",
                            time_json(g->at), "record_index", (json_int_t)g->index));
    }
    return json_pack("{s:o, s:o, s:o}", "licences", licences, "needs", needs, "gaps", gaps);
}

static json_t *standing_json(const struct context *c, const struct storefront *s)
{
    const struct licence_answer *answers = gate_licences(c->view, s);
    json_t *formats = json_object();
    for (int f = 0; f < LICENCE_FORMAT_COUNT; f++) {
        const struct licence_answer *a = &answers[f];
        json_object_set_new(
            formats, format_name(f),
            json_pack("{s:b, s:s, s:o}", "may_sell", licence_sells(a->standing), "gap",
                      licence_standing_name(a->standing), "licence",
                      a->licence == NULL ? json_null() : json_integer((json_int_t)a->licence->id)));
    }
    return json_pack("{s:o, s:o, s:o}", "storefront", json_from_str(s->slug), "country",
                     json_from_str(s->country), "formats", formats);
}

enum rc api_record_licences(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    json_t *json = api_licences(gate_licences_published(c->view), c->view->now);
    json_t *list = json_array();
    for (size_t i = 0; i < c->view->storefronts.n; i++)
        json_array_append_new(list, standing_json(c, &c->view->storefronts.v[i]));
    json_object_set_new(json, "storefronts", list);
    api_answer(ret, json);
    return RC_OK;
}
