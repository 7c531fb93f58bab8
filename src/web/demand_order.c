#include "web/demand_order.h"

#include "base/encode.h"
#include "base/utf8.h"
#include "domain/names.h"

/* ---- forms ---- */

static struct str field(const parameters *form, const char *name)
{
    return str_trim(parameter_get(form, name));
}

void demand_order_of_form(struct arena *arena, const parameters *form, struct demand_order *o,
                          struct buf *faults)
{
    enum feature feature;
    o->wish.storefronts.v = ARENA_ARRAY(arena, struct str, form->n);
    for (size_t i = 0; i < form->n; i++) {
        const struct parameter *f = &form->v[i];
        if (str_eq(f->name, STR("storefront")))
            o->wish.storefronts.v[o->wish.storefronts.n++] = f->value;
        if (str_eq(f->name, STR("feature")) && feature_parse(f->value, &feature))
            o->wish.features |= FEATURE_BIT(feature);
    }
    if (!sender_parse(field(form, "sender"), &o->sender) || o->sender == SENDER_STAFF) {
        o->sender = (enum demand_sender)SENDER_COUNT;
        demand_fault_add(faults, "sender: choose who you are");
    }
    if (!target_parse(field(form, "target"), &o->wish.target)) {
        o->wish.target = (enum target_kind)TARGET_COUNT;
        demand_fault_add(faults, "target: choose what the restriction is about");
    }
    if (!ground_parse(field(form, "ground"), &o->wish.ground)) {
        o->wish.ground = (enum ground)GROUND_COUNT;
        demand_fault_add(faults, "ground: choose one");
    }
    o->wish.target_key = field(form, "key");
    o->country = field(form, "country");
    o->authority = field(form, "authority");
    o->wish.legal_basis = field(form, "legal_basis");
    o->wish.reference = field(form, "reference");
    o->wish.scope_reason = field(form, "scope_reason");
    o->wish.state_involved = field(form, "state_involved");
    o->explanation = field(form, "explanation");
    o->name = field(form, "name");
    o->email = field(form, "email");
    o->redress = field(form, "redress").n > 0;
    o->report_to = field(form, "report_to").n > 0;
    o->declared_language = field(form, "declared_language").n > 0;
    o->good_faith = field(form, "good_faith").n > 0;
}

/* ---- JSON ---- */

static struct str text(struct arena *arena, const json_t *json, const char *name)
{
    return arena_str(arena, str_trim(json_member_str(json, name)));
}

static enum rc read_words(struct arena *arena, const json_t *json, struct demand_order *o,
                          struct fault *fault)
{
    const json_t *storefronts = json_object_get(json, "storefronts");
    const json_t *features = json_object_get(json, "features");
    size_t n = json_array_size(storefronts);
    enum feature feature;
    o->wish.storefronts.v = ARENA_ARRAY(arena, struct str, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *slug = json_array_get(storefronts, i);
        if (!json_is_string(slug))
            return fault_set(fault, RC_INVALID, "storefronts: a list of their short names");
        o->wish.storefronts.v[o->wish.storefronts.n++] =
            arena_str(arena, str_of(json_string_value(slug)));
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
    o->wish.target_key = text(arena, target, "key");
    return RC_OK;
}

/* Base64 in the object; a link would be no paper. */
static enum rc read_paper(struct arena *arena, const json_t *json, struct paper *ret,
                          struct fault *fault)
{
    struct str coded = json_member_str(json, "document");
    if (coded.n == 0)
        return RC_OK;
    char *bytes = arena_alloc(arena, coded.n);
    size_t n;
    if (!base64_decode(coded, bytes, coded.n, &n))
        return fault_set(fault, RC_INVALID, "document: no base64");
    ret->bytes = (struct str){bytes, n};
    return RC_OK;
}

enum rc demand_order_of_json(struct arena *arena, const json_t *json, struct demand_order *o,
                             struct fault *fault)
{
    enum rc rc = read_words(arena, json, o, fault);
    if (rc == RC_OK)
        rc = read_paper(arena, json, &o->document, fault);
    o->country = text(arena, json, "country");
    o->authority = text(arena, json, "authority");
    o->wish.legal_basis = text(arena, json, "legal_basis");
    o->wish.reference = text(arena, json, "reference");
    o->wish.scope_reason = text(arena, json, "scope_reason");
    o->wish.state_involved = text(arena, json, "state_involved");
    o->explanation = text(arena, json, "explanation");
    o->name = text(arena, json, "name");
    o->email = text(arena, json, "email");
    o->language = text(arena, json, "language");
    if (o->language.n == 0)
        o->language = STR("en");
    if (rc == RC_OK && !language_tag_valid(o->language))
        rc = fault_set(fault, RC_INVALID, "language: a tag such as \"en\" or \"zh-Hans\"");
    o->redress = json_is_true(json_object_get(json, "redress"));
    o->report_to = json_is_true(json_object_get(json, "report_to"));
    o->declared_language = json_is_true(json_object_get(json, "declared_language"));
    o->good_faith = json_is_true(json_object_get(json, "good_faith"));
    return rc;
}
