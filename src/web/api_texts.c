/* The texts that a storefront owes its readers, and their versions, as JSON. */
#include "app/texts.h"
#include "base/json.h"
#include "web/api.h"
#include "web/handlers.h"

static json_t *text_json(const struct shop_text *t)
{
    return json_pack("{s:s, s:o, s:I, s:o}", "kind", text_kind_name(t->kind), "language",
                     json_from_str(t->language), "version", (json_int_t)t->version, "from",
                     json_from_time(t->from));
}

enum rc api_texts(struct context *c, struct response *ret, struct fault *fault)
{
    const struct shop_text *const *texts;
    size_t n = texts_in_force(c->view, c->storefront, &texts);
    json_t *all = json_array();
    (void)fault;
    for (size_t i = 0; i < n; i++)
        json_array_append_new(all, text_json(texts[i]));
    api_answer(ret, json_pack("{s:o}", "texts", all));
    return RC_OK;
}

/* Of all versions that were saved, those to come and those withdrawn among them. */
enum rc api_text_version(struct context *c, struct response *ret, struct fault *fault)
{
    struct shop_text t = {.storefront = c->storefront->id, .language = c->captures[1]};
    text_version_list versions;
    struct str body = STR_NONE;
    const struct text_version *found = NULL;
    if (!text_kind_parse(c->captures[0], &t.kind))
        return fault_set(fault, RC_NOT_FOUND, "there is no such text here");
    enum rc rc = captured_id(c, 2, &t.version, fault);
    if (rc == RC_OK)
        rc = text_versions(c->worker->conn, c->arena, &t, &versions, fault);
    for (size_t i = 0; rc == RC_OK && i < versions.n; i++)
        if (versions.v[i].version == t.version)
            found = &versions.v[i];
    if (rc == RC_OK && found == NULL)
        rc = fault_set(fault, RC_NOT_FOUND, "there is no such version of this text");
    if (rc == RC_OK && !found->gone)
        rc = text_body(c->worker->conn, c->arena, &t, &body, fault);
    if (rc != RC_OK)
        return rc;
    t.from = found->from;
    json_t *json = text_json(&t);
    json_object_set_new(json, "saved", json_from_time(found->saved));
    json_object_set_new(json, "withdrawn", json_boolean(found->gone));
    json_object_set_new(json, "markdown", found->gone ? json_null() : json_from_str(body));
    api_answer(ret, json);
    return RC_OK;
}
