/* JSON of what a record says of an edition, in ONIX's codes, and of what stands beside it. */
#include "base/json.h"
#include "domain/money.h"
#include "web/api.h"

json_t *api_date(int32_t date)
{
    BUF_AUTO text = BUF_INIT(32);
    if (date <= 0)
        return json_null();
    buf_printf(&text, "%04d", date / 10000);
    if (date / 100 % 100 > 0)
        buf_printf(&text, "-%02d", date / 100 % 100);
    if (date % 100 > 0)
        buf_printf(&text, "-%02d", date % 100);
    return json_from_str(buf_str(&text));
}

static json_t *title_json(const struct title *title)
{
    char text[1024];
    return api_text(title_display(title, text, sizeof text));
}

static json_t *subjects_json(const struct edition *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->subjects.n; i++)
        if (str_eq(e->subjects.v[i].scheme, STR("93")) && e->subjects.v[i].code.n > 0)
            json_array_append_new(list, json_from_str(e->subjects.v[i].code));
    return list;
}

static json_t *access_json(const struct edition *e)
{
    json_t *codes = json_array();
    struct str text = STR_NONE;
    for (size_t i = 0; i < e->features.n; i++) {
        const struct form_feature *f = &e->features.v[i];
        if (!str_eq(f->type, STR("09")))
            continue;
        json_array_append_new(codes, json_from_str(f->value));
        if (str_eq(f->value, STR("00")) && text.n == 0)
            text = f->text;
    }
    return json_pack("{s:o, s:o}", "codes", codes, "summary", api_text(text));
}

static json_t *usages_json(const struct edition *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->usages.n; i++) {
        const struct usage *u = &e->usages.v[i];
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o}", "type", api_text(u->type),
                                              "status", api_text(u->status), "quantity",
                                              api_text(u->quantity), "unit", api_text(u->unit)));
    }
    return list;
}

static json_t *measures_json(const struct edition *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->measures.n; i++) {
        const struct measure *m = &e->measures.v[i];
        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "type", api_text(m->type), "value",
                                              api_text(m->value), "unit", api_text(m->unit)));
    }
    return list;
}

static json_t *prizes_json(const struct edition *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->prizes.n; i++) {
        const struct prize *prize = &e->prizes.v[i];
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "name", api_text(prize->name), "year",
                                        api_text(prize->year), "code", api_text(prize->code)));
    }
    return list;
}

void api_fill_facts(json_t *json, const struct edition *e)
{
    uint32_t pages = edition_pages(e);
    json_object_set_new(json, "published", api_date(edition_published(e)));
    json_object_set_new(json, "imprint", api_text(edition_imprint(e)));
    json_object_set_new(
        json, "edition",
        api_text(e->edition_statement.n > 0 ? e->edition_statement : e->edition_number));
    json_object_set_new(json, "pages", pages > 0 ? json_integer(pages) : json_null());
    json_object_set_new(json, "original_title", title_json(&e->original_title));
    json_object_set_new(json, "original_language", api_text(edition_original_language(e)));
    json_object_set_new(json, "subjects", subjects_json(e));
    json_object_set_new(json, "protection", api_text(e->protection));
    json_object_set_new(json, "usage", usages_json(e));
    json_object_set_new(json, "measures", measures_json(e));
    json_object_set_new(json, "accessibility", access_json(e));
    json_object_set_new(json, "prizes", prizes_json(e));
}

static json_t *neighbour_json(const struct shown_card *card)
{
    return json_pack("{s:o, s:o, s:I}", "isbn13", json_from_str(card->key), "title",
                     json_from_str(card->title), "work_id", (json_int_t)card->work);
}

static json_t *shelf_json(const shown_cards *cards)
{
    json_t *list = json_array();
    for (size_t i = 0; i < cards->n; i++)
        json_array_append_new(list, neighbour_json(&cards->v[i]));
    return list;
}

void api_fill_neighbours(json_t *json, const struct shown_neighbours *n)
{
    json_t *next = json_array();
    for (size_t i = 0; i < n->next.n; i++) {
        const struct shown_volume *volume = &n->next.v[i];
        json_t *one = json_pack("{s:o, s:o}", "collection", json_from_str(volume->series.slug),
                                "part", api_text(volume->part));
        if (volume->withheld != NULL)
            json_object_set_new(one, "withheld", json_integer((json_int_t)volume->withheld->id));
        else
            json_object_set_new(one, "edition", neighbour_json(&volume->card));
        json_array_append_new(next, one);
    }
    json_object_set_new(json, "next", next);
    json_object_set_new(json, "by_author", shelf_json(&n->by_author));
    json_object_set_new(json, "liked", shelf_json(&n->liked));
}
