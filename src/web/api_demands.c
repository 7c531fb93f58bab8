/* Demands as JSON: filing one, the same as the form's and the paper with it; and the
 * list of those that are published. */
#include "base/json.h"
#include "domain/names.h"
#include "web/api.h"
#include "web/demand_list.h"
#include "web/demand_order.h"
#include "web/handlers.h"
#include "web/limits.h"

enum { LISTED_AT_ONCE = 100, LISTS_MAX = 100000 };

/* ---- filing ---- */

static json_t *missing_json(element_mask missing)
{
    json_t *list = json_array();
    for (int i = 0; i < ELEMENT_COUNT; i++)
        if (missing & ELEMENT_BIT(i))
            json_array_append_new(list, json_string(element_name((enum demand_element)i)));
    return list;
}

enum rc api_demand_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct demand_order order = {0};
    struct demand_made made;
    struct str proof;
    JSON_AUTO *json = NULL;
    enum rc rc = api_object(c, &json, fault);
    if (rc != RC_OK)
        return rc;
    rc = demand_order_of_json(c->arena, json, &order, fault);
    order.account = c->viewer.account;
    if (rc == RC_OK)
        rc = limits_demand(c, order.document.bytes.n > 0, fault);
    if (rc == RC_OK)
        rc = demand_add(c->server->site, c->server->writer, &order, &made, fault);
    if (rc != RC_OK)
        return rc;
    bool pending = made.record_index == UINT64_MAX;
    json_t *answer = json_pack("{s:I, s:s, s:s, s:o}", "id", (json_int_t)made.id, "state",
                               pending ? "pending" : "published", "secret", made.secret, "missing",
                               missing_json(made.missing));
    if (!pending)
        json_object_set_new(answer, "record_index", json_integer((json_int_t)made.record_index));
    /* The demand is filed, whatever becomes of this: its page has the receipt, too. */
    if (!pending && prefers(c->request->prefer, STR("return=representation")) &&
        demand_receipt(c->server->site, c->worker->conn, c->arena, made.id, &proof, NULL) ==
            RC_OK) {
        json_object_set_new(answer, "proof", json_from_str(proof));
        ret->preference = STR("return=representation");
    }
    api_answer(ret, answer);
    ret->status = pending ? 202 : 201;
    return RC_OK;
}

/* ---- the list ---- */

static json_t *number(uint64_t n)
{
    return json_integer((json_int_t)n);
}

static json_t *strings(struct strs list)
{
    json_t *json = json_array();
    for (size_t i = 0; i < list.n; i++)
        json_array_append_new(json, json_from_str(list.v[i]));
    return json;
}

static json_t *features_json(feature_mask features)
{
    json_t *json = json_array();
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (features & FEATURE_BIT(f))
            json_array_append_new(json, json_string(feature_name((enum feature)f)));
    return json;
}

/* The sender's own word, and what opens the entry's commitment to it. */
static json_t *claims_json(const struct demand_claims *claims)
{
    BUF_AUTO salt = BUF_INIT(64);
    if (claims->text.n == 0)
        return json_null();
    hex_add(&salt, claims->salt, sizeof claims->salt);
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "authority", api_text(claims->authority),
                     "legal_basis", api_text(claims->legal_basis), "reference",
                     api_text(claims->reference), "text", json_from_str(claims->text), "salt",
                     json_from_str(buf_str(&salt)));
}

json_t *api_demand(const struct demand_view *d)
{
    const struct demand_entry *f = &d->facts;
    enum demand_standing standing = demand_standing(d);
    bool decided = standing != STANDING_OPEN;
    json_t *target = json_pack("{s:s, s:o, s:o}", "kind", target_name(f->target), "key",
                               json_from_str(f->target_key), "name", api_text(f->target_name));
    json_t *json = json_pack(
        "{s:o, s:o, s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
        number(d->id), "record_index", number(d->index), "outcome", standing_name(standing),
        "sender", sender_name(f->sender), "country", api_text(f->country), "authority",
        api_text(f->authority), "ground", ground_name(f->ground), "legal_basis",
        api_text(f->legal_basis), "reference", api_text(f->reference), "state_involved",
        api_text(f->state_involved), "target", target, "storefronts", strings(f->storefronts),
        "features", features_json(f->features), "missing", missing_json(f->missing));
    json_object_set_new(json, "claimed", claims_json(&d->claims));
    json_object_set_new(json, "received", json_from_some_time(f->received));
    json_object_set_new(json, "due", json_from_some_time(d->due));
    json_object_set_new(json, "document", json_boolean(d->has_copy));
    json_object_set_new(json, "decided",
                        decided ? json_from_some_time(d->decided_at) : json_null());
    json_object_set_new(json, "decision_index", decided ? number(d->decision_index) : json_null());
    json_object_set_new(json, "restriction",
                        decided && d->decision.restriction != 0 ? number(d->decision.restriction)
                                                                : json_null());
    json_object_set_new(json, "reasons", decided ? api_text(d->decision_reasons) : json_null());
    return json;
}

enum rc api_demands(struct context *c, struct response *ret, struct fault *fault)
{
    struct demand_query q = demand_filter_read(c);
    struct demand_found found;
    struct demand_view *shown;
    uint64_t page;
    enum rc rc = page_number(c, LISTS_MAX, &page, fault);
    if (rc == RC_OK)
        rc = demand_query_run(c->arena, c->view, &q, &found, fault);
    if (rc != RC_OK)
        return rc;
    size_t n = found.hits.n, from = (page - 1) * LISTED_AT_ONCE;
    from = from < n ? from : n;
    n = n - from < LISTED_AT_ONCE ? n - from : LISTED_AT_ONCE;
    rc = demand_query_show(c->worker->conn, c->arena, found.hits.v + from, n, &shown, fault);
    if (rc != RC_OK)
        return rc;
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, api_demand(&shown[i]));
    api_answer(ret, json_pack("{s:o, s:o, s:o, s:o}", "demands", list, "total",
                              number(found.hits.n), "page", number(page), "pages",
                              number((found.hits.n + LISTED_AT_ONCE - 1) / LISTED_AT_ONCE)));
    return RC_OK;
}
