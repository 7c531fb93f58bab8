/* A sender's own demands as JSON, under the rules of their pages (own_demands.c): those that an
 * account filed, and the one that a link's secret leads to. */
#include "base/json.h"
#include "web/api.h"
#include "web/demands.h"
#include "web/handlers.h"

enum { LISTED_MAX = 100 };

/* ---- reading ---- */

static json_t *index_json(int64_t index)
{
    return index < 0 ? json_null() : json_integer(index);
}

static json_t *complaint_json(const struct complaint_view *c)
{
    const struct complaint_line *line = &c->line;
    bool decided = line->decided != 0;
    if (line->id == 0)
        return json_null();
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)line->id, "at",
                     json_from_some_time(line->at), "text", api_text(c->text), "record_index",
                     index_json(line->index), "decided",
                     decided ? json_from_some_time(line->decided) : json_null(), "outcome",
                     decided ? json_from_str(line->outcome) : json_null(), "reasons",
                     decided ? api_text(line->reasons) : json_null(), "decision_index",
                     index_json(line->decision_index));
}

static json_t *own_json(const struct demand_view *d, const struct contest_view *contest)
{
    bool pending = d->index == UINT64_MAX;
    return json_pack(
        "{s:I, s:s, s:o, s:o, s:o}", "id", (json_int_t)d->id, "state",
        pending ? "pending" : "published", "demand", pending ? json_null() : api_demand(d),
        "complaint", complaint_json(&contest->complaint), "complain_until",
        contest->may_complain ? json_from_some_time(contest->complain_until) : json_null());
}

enum rc api_own_demand_list(struct context *c, size_t room, json_t **ret, struct fault *fault)
{
    struct demand_view *v;
    size_t n = 0;
    enum rc rc = demand_list_own(c->server->site, c->arena, c->viewer.account, room, &v, &n, fault);
    uint64_t *ids = ARENA_ARRAY(c->arena, uint64_t, n);
    struct contest_view *contests = ARENA_ARRAY(c->arena, struct contest_view, n);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        ids[i] = v[i].id;
    if (rc == RC_OK)
        rc = complaints_of_decisions(c->server->site, c->arena, ids, n, contests, fault);
    if (rc != RC_OK)
        return rc;
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, own_json(&v[i], &contests[i]));
    *ret = list;
    return RC_OK;
}

enum rc api_own_demands(struct context *c, struct response *ret, struct fault *fault)
{
    json_t *list;
    enum rc rc = api_own_demand_list(c, LISTED_MAX, &list, fault);
    if (rc == RC_OK)
        api_answer(ret, json_pack("{s:o}", "demands", list));
    return rc;
}

enum rc api_demand_by_secret(struct context *c, struct response *ret, struct fault *fault)
{
    struct demand_view v;
    struct contest_view contest;
    uint64_t id;
    enum rc rc = demand_of_secret(c->worker->conn, c->captures[0], &id, fault);
    if (rc == RC_OK)
        rc = demand_show(c->worker->conn, c->arena, id, &v, fault);
    if (rc == RC_OK)
        rc = complaint_of_decision(c->server->site, c->arena, id, &contest, fault);
    if (rc == RC_OK)
        api_answer(ret, own_json(&v, &contest));
    return rc;
}

/* ---- complaining ---- */

static enum rc complain(struct context *c, uint64_t demand, struct response *ret,
                        struct fault *fault)
{
    struct complaint_made made;
    JSON_AUTO *json = NULL;
    enum rc rc = api_object(c, &json, fault);
    if (rc != RC_OK)
        return rc;
    rc = complaint_add_decision(c->server->site, c->server->writer, demand,
                                str_trim(json_member_str(json, "text")), &made, fault);
    if (rc != RC_OK)
        return rc;
    ret->status = 201;
    api_answer(ret, json_pack("{s:I, s:I}", "id", (json_int_t)made.id, "record_index",
                              (json_int_t)made.record_index));
    return RC_OK;
}

enum rc api_own_demand_complain(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = demand_of_account(c->server->site, c->viewer.account, id, fault);
    return rc == RC_OK ? complain(c, id, ret, fault) : rc;
}

enum rc api_demand_complain_by_secret(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id;
    enum rc rc = demand_of_secret(c->worker->conn, c->captures[0], &id, fault);
    return rc == RC_OK ? complain(c, id, ret, fault) : rc;
}
