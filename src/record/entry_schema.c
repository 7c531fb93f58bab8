/* JSON Schemas (draft 2020-12) of the kinds, from their table. */
#include "base/json.h"
#include "record/entry_kinds.h"

static json_t *strings(const struct words *words, uint32_t mask)
{
    json_t *list = json_array();
    for (int i = 0; i < words->n; i++)
        if (mask & 1u << i)
            json_array_append_new(list, json_string(words->name(i)));
    return list;
}

enum { ALL_WORDS = -1 };

static json_t *word_schema(const struct words *words)
{
    return json_pack("{s:s, s:o}", "type", "string", "enum", strings(words, (uint32_t)ALL_WORDS));
}

static json_t *text_schema(const char *pattern)
{
    return json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);
}

static json_t *fact_schema(const struct member *m)
{
    json_t *schema = text_schema(m->may_be_empty ? "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
                                                 : "^[^\\u0000-\\u001f\\u007f-\\u009f]+$");
    json_object_set_new(schema, "maxLength",
                        json_integer((json_int_t)(m->most != 0 ? m->most : ENTRY_FACT_MAX)));
    return schema;
}

static json_t *list_schema(json_t *items, uint64_t least, size_t most)
{
    return json_pack("{s:s, s:o, s:I, s:I, s:b}", "type", "array", "items", items, "minItems",
                     (json_int_t)least, "maxItems", (json_int_t)most, "uniqueItems", 1);
}

static json_t *object_schema(const struct member *members, json_t *properties, json_t *required);

static const char hex_pattern[] = "^[0-9a-f]{64}$",
                  slug_pattern[] = "^[0-9a-z]([0-9a-z-]*[0-9a-z])?$";

static json_t *type_schema(const struct member *m)
{
    static const struct member line = {.type = MEMBER_FACT};
    switch (m->type) {
    case MEMBER_NUMBER:
        return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)m->least,
                         "maximum", (json_int_t)((1LL << 53) - 1));
    case MEMBER_TIME:
        return text_schema("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$");
    case MEMBER_HASH:
        return text_schema(hex_pattern);
    case MEMBER_SIGNATURE:
        return text_schema("^[A-Za-z0-9+/]{86}==$");
    case MEMBER_SLUG:
        return text_schema(slug_pattern);
    case MEMBER_COUNTRY:
        return text_schema("^[A-Z]{2}$");
    case MEMBER_NAME:
        return word_schema(m->words);
    case MEMBER_WORD:
        return word_schema(m->choice->words);
    case MEMBER_WORDS:
        return list_schema(word_schema(m->words), m->least, (size_t)m->words->n);
    case MEMBER_SLUGS:
        return list_schema(text_schema(slug_pattern), m->least, m->most);
    case MEMBER_FACTS:
        return list_schema(fact_schema(&line), m->least, m->most);
    case MEMBER_HASHES:
        return list_schema(text_schema(hex_pattern), 1, 2);
    case MEMBER_OBJECT:
        return object_schema(m->members, json_object(), json_array());
    default:
        return fact_schema(m);
    }
}

/* {"if": the deciding member is one of `mask`, "then": this member is there, or is not} */
static json_t *rule(const struct member *m, uint32_t mask, bool there)
{
    json_t *then = json_pack("{s:[s]}", "required", m->name);
    if (!there)
        then = json_pack("{s:o}", "not", then);
    return json_pack("{s:{s:[s], s:{s:{s:o}}}, s:o}", "if", "required", m->by->name, "properties",
                     m->by->name, "enum", strings(m->by->words, mask), "then", then);
}

static void add_rules(json_t *rules, const struct member *m)
{
    uint32_t every = (1u << m->by->words->n) - 1;
    if (m->needed & every)
        json_array_append_new(rules, rule(m, m->needed & every, true));
    if (~m->allowed & every)
        json_array_append_new(rules, rule(m, ~m->allowed & every, false));
}

static void add_member(json_t *properties, json_t *required, const struct member *m)
{
    json_t *schema = type_schema(m);
    json_object_set_new(schema, "description", json_string(m->says));
    json_object_set_new(properties, m->name, schema);
    if (m->by == NULL && !m->optional)
        json_array_append_new(required, json_string(m->name));
}

static json_t *object_schema(const struct member *members, json_t *properties, json_t *required)
{
    json_t *rules = json_array();
    for (const struct member *m = members; m->name != NULL; m++) {
        add_member(properties, required, m);
        if (m->by != NULL)
            add_rules(rules, m);
    }
    json_t *schema = json_pack("{s:s, s:o, s:b, s:o}", "type", "object", "properties", properties,
                               "additionalProperties", 0, "required", required);
    if (json_array_size(rules) > 0)
        json_object_set_new(schema, "allOf", rules);
    else
        json_decref(rules);
    return schema;
}

void entry_schema(enum entry_type type, struct buf *out)
{
    const struct kind *kind = &entry_kinds[type];
    json_t *properties =
        json_pack("{s:{s:s}, s:{s:i}}", "type", "const", kind->name, "v", "const", ENTRY_VERSION);
    json_t *required = json_pack("[s, s]", "type", "v");
    if (!entry_is_voice(type))
        add_member(properties, required, &entry_time_member);
    JSON_AUTO *schema =
        json_pack("{s:s, s:s, s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema",
                  "title", kind->name, "description", kind->says);
    JSON_AUTO *object = object_schema(kind->members, properties, required);
    json_object_update(schema, object);
    if (kind->also != NULL) {
        JSON_AUTO *also = json_loads(kind->also, 0, NULL);
        json_object_update(schema, also);
    }
    json_write(schema, out);
}
