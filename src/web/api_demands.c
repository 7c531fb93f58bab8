/* A demand as JSON: the same as the form's, and the paper with it. */
#include "app/demand.h"
#include "base/json.h"
#include "base/utf8.h"
#include "domain/names.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/limits.h"

static struct str text(struct context *c, const json_t *json, const char *name)
{
    return arena_str(c->arena, str_trim(json_member_str(json, name)));
}

static enum rc read_words(struct context *c, const json_t *json, struct demand_order *o,
                          struct fault *fault)
{
    const json_t *storefronts = json_object_get(json, "storefronts");
    const json_t *features = json_object_get(json, "features");
    size_t n = json_array_size(storefronts);
    enum feature feature;
    o->wish.storefronts.v = ARENA_ARRAY(c->arena, struct str, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *slug = json_array_get(storefronts, i);
        if (!json_is_string(slug))
            return fault_set(fault, RC_INVALID, "storefronts: a list of their short names");
        o->wish.storefronts.v[o->wish.storefronts.n++] =
            arena_str(c->arena, str_of(json_string_value(slug)));
    }
    for (size_t i = 0; i < json_array_size(features); i++) {
        const json_t *name = json_array_get(features, i);
        if (!json_is_string(name) || !feature_parse(str_of(json_string_value(name)), &feature))
            return fault_set(fault, RC_INVALID, "features: one of them is none");
        o->wish.features |= FEATURE_BIT(feature);
    }
    if (!sender_parse(json_member_str(json, "sender"), &o->sender) || o->sender == SENDER_STAFF)
        return fault_set(fault, RC_INVALID,
                         "sender: one of authority, court, rightsholder, reader");
    if (!ground_parse(json_member_str(json, "ground"), &o->wish.ground))
        return fault_set(fault, RC_INVALID, "ground: there is no such ground");
    const json_t *target = json_object_get(json, "target");
    if (!target_parse(json_member_str(target, "kind"), &o->wish.target))
        return fault_set(fault, RC_INVALID, "target: an object with kind and key");
    o->wish.target_key = text(c, target, "key");
    return RC_OK;
}

/* Base64 in the object; a link would be no paper. */
static enum rc read_paper(struct context *c, const json_t *json, struct paper *ret,
                          struct fault *fault)
{
    struct str coded = json_member_str(json, "document");
    if (coded.n == 0)
        return RC_OK;
    char *bytes = arena_alloc(c->arena, coded.n);
    size_t n;
    if (!base64_decode(coded, bytes, coded.n, &n))
        return fault_set(fault, RC_INVALID, "document: no base64");
    ret->bytes = (struct str){bytes, n};
    return RC_OK;
}

static enum rc read_order(struct context *c, const json_t *json, struct demand_order *o,
                          struct fault *fault)
{
    enum rc rc = read_words(c, json, o, fault);
    if (rc == RC_OK)
        rc = read_paper(c, json, &o->document, fault);
    o->country = text(c, json, "country");
    o->authority = text(c, json, "authority");
    o->wish.legal_basis = text(c, json, "legal_basis");
    o->wish.reference = text(c, json, "reference");
    o->wish.scope_reason = text(c, json, "scope_reason");
    o->explanation = text(c, json, "explanation");
    o->name = text(c, json, "name");
    o->email = text(c, json, "email");
    o->language = text(c, json, "language");
    if (o->language.n == 0)
        o->language = STR("en");
    if (rc == RC_OK && !language_tag_valid(o->language))
        rc = fault_set(fault, RC_INVALID, "language: a tag such as \"en\" or \"zh-Hans\"");
    o->redress = json_is_true(json_object_get(json, "redress"));
    o->report_to = json_is_true(json_object_get(json, "report_to"));
    o->declared_language = json_is_true(json_object_get(json, "declared_language"));
    o->good_faith = json_is_true(json_object_get(json, "good_faith"));
    o->account = c->viewer.account;
    return rc;
}

enum rc api_demand_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct demand_order order = {0};
    struct demand_made made;
    JSON_AUTO *json = NULL;
    enum rc rc = utf8_valid(c->request->body, NULL)
                     ? json_read(c->request->body, &json, fault)
                     : fault_set(fault, RC_INVALID, "the body is no UTF-8");
    if (rc == RC_OK && !json_is_object(json))
        rc = fault_set(fault, RC_INVALID, "an object is needed");
    if (rc != RC_OK) {
        c->failed_status = 400;
        return rc;
    }
    rc = read_order(c, json, &order, fault);
    if (rc == RC_OK)
        rc = limits_demand(c, order.document.bytes.n > 0, fault);
    if (rc == RC_OK)
        rc = demand_add(c->server->site, c->server->writer, &order, &made, fault);
    if (rc != RC_OK)
        return rc;
    json_t *missing = json_array();
    for (int i = 0; i < ELEMENT_COUNT; i++)
        if (made.missing & ELEMENT_BIT(i))
            json_array_append_new(missing, json_string(element_name((enum demand_element)i)));
    bool pending = made.record_index == UINT64_MAX;
    json_t *answer =
        json_pack("{s:I, s:s, s:s, s:o}", "id", (json_int_t)made.id, "state",
                  pending ? "pending" : "published", "secret", made.secret, "missing", missing);
    if (!pending)
        json_object_set_new(answer, "record_index", json_integer((json_int_t)made.record_index));
    api_answer(ret, answer);
    ret->status = pending ? 202 : 201;
    return RC_OK;
}
