/* Lists that readers keep, as JSON. */
#include "app/reader_lists.h"
#include "base/json.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/limits.h"

enum { LIMIT_MAX = 100 };

static json_t *list_json(const struct reader_list *l)
{
    return json_pack("{s:o, s:s, s:o, s:b, s:b, s:o, s:I}", "secret", json_from_str(l->secret),
                     "kind", l->want ? "want" : "own", "name", api_text(l->name), "shared",
                     l->shared, "own", l->own, "by", api_text(l->owner), "works",
                     (json_int_t)l->works);
}

enum rc api_lists(struct context *c, struct response *ret, struct fault *fault)
{
    reader_lists lists;
    enum rc rc = reader_lists_own(&c->visit, 0, &lists, fault);
    if (rc != RC_OK)
        return rc;
    json_t *all = json_array();
    for (size_t i = 0; i < lists.n; i++)
        json_array_append_new(all, list_json(&lists.v[i]));
    api_answer(ret, json_pack("{s:o}", "lists", all));
    return RC_OK;
}

static json_t *work_json(const struct listed_work *w)
{
    json_t *json = json_pack("{s:I}", "work_id", (json_int_t)w->work);
    if (w->withheld != NULL)
        json_object_set_new(json, "withheld",
                            json_pack("{s:s, s:I, s:I}", "feature", "listing", "restriction",
                                      (json_int_t)w->withheld->id, "record_index",
                                      (json_int_t)w->withheld->record_index));
    else if (!w->gone) {
        json_object_set_new(json, "isbn13", json_from_str(w->card.key));
        json_object_set_new(json, "title", json_from_str(w->card.title));
    }
    return json;
}

enum rc api_list(struct context *c, struct response *ret, struct fault *fault)
{
    const parameters *query = &c->request->query;
    struct shown_list shown;
    uint64_t limit, offset;
    enum rc rc = parameter_number(query, "limit", 20, LIMIT_MAX, &limit, fault);
    if (rc == RC_OK)
        rc = parameter_number(query, "offset", 0, LIST_WORKS_MAX, &offset, fault);
    if (rc == RC_OK)
        rc = shown_list(&c->visit, c->captures[0], offset, limit, &shown, fault);
    if (rc != RC_OK)
        return rc;
    json_t *works = json_array();
    for (size_t i = 0; i < shown.works.n; i++)
        json_array_append_new(works, work_json(&shown.works.v[i]));
    api_answer(ret, json_pack("{s:o, s:o}", "list", list_json(&shown.list), "works", works));
    return RC_OK;
}

static enum rc read_order(struct context *c, struct list_order *ret, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    enum rc rc = api_object(c, &json, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct list_order){.account = c->viewer.account,
                               .secret = c->captures[0],
                               .name = arena_str(c->arena, str_trim(json_member_str(json, "name"))),
                               .shared = json_is_true(json_object_get(json, "shared"))};
    return limits_list(c, fault);
}

enum rc api_list_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct list_order order;
    struct str secret;
    enum rc rc = read_order(c, &order, fault);
    if (rc == RC_OK)
        rc = reader_list_make(c->server->writer, c->arena, &order, &secret, fault);
    if (rc != RC_OK)
        return rc;
    ret->status = 201;
    api_answer(ret, json_pack("{s:o}", "secret", json_from_str(secret)));
    return RC_OK;
}

enum rc api_list_change(struct context *c, struct response *ret, struct fault *fault)
{
    struct list_order order;
    enum rc rc = read_order(c, &order, fault);
    if (rc == RC_OK)
        rc = reader_list_change(c->server->writer, &order, fault);
    if (rc == RC_OK)
        api_answer(ret, json_object());
    return rc;
}

enum rc api_list_remove(struct context *c, struct response *ret, struct fault *fault)
{
    struct list_order order = {.account = c->viewer.account, .secret = c->captures[0]};
    enum rc rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = reader_list_remove(c->server->writer, &order, fault);
    if (rc == RC_OK)
        api_answer(ret, json_object());
    return rc;
}

static enum rc keep(struct context *c, bool keep, struct response *ret, struct fault *fault)
{
    struct list_order order = {.account = c->viewer.account, .secret = c->captures[0]};
    uint64_t work;
    enum rc rc = captured_id(c, 1, &work, fault);
    if (rc == RC_OK)
        rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = reader_list_keep(c->server->writer, &order, work, keep, fault);
    if (rc == RC_OK)
        api_answer(ret, json_object());
    return rc;
}

enum rc api_list_put(struct context *c, struct response *ret, struct fault *fault)
{
    return keep(c, true, ret, fault);
}

enum rc api_list_take(struct context *c, struct response *ret, struct fault *fault)
{
    return keep(c, false, ret, fault);
}
