#include "base/json.h"

#include "base/clock.h"
#include "base/encode.h"
#include "base/utf8.h"

void json_auto_free(json_t **json)
{
    json_decref(*json);
}

enum rc json_read(struct str text, json_t **ret_json, struct fault *fault)
{
    json_error_t error;
    json_t *json = json_loadb(text.p == NULL ? "" : text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        return fault_set(fault, RC_INVALID, "JSON, line %d column %d: %s", error.line, error.column,
                         error.text);
    *ret_json = json;
    return RC_OK;
}

/* RFC 8785 wants numbers as ECMAScript prints them and control characters in
 * lower-case escapes. Entries hold integers and clean text only, for which
 * Jansson's sorted compact form is the canonical one. */
static bool has_canonical_form(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT: {
        const char *name;
        json_t *value;
        json_object_foreach ((json_t *)json, name, value)
            if (!utf8_clean(str_of(name)) || !has_canonical_form(value))
                return false;
        return true;
    }
    case JSON_ARRAY: {
        size_t i;
        json_t *value;
        json_array_foreach (json, i, value)
            if (!has_canonical_form(value))
                return false;
        return true;
    }
    case JSON_STRING:
        return utf8_clean((struct str){json_string_value(json), json_string_length(json)});
    case JSON_INTEGER: {
        json_int_t v = json_integer_value(json);
        return v > -(1LL << 53) && v < (1LL << 53);
    }
    case JSON_REAL:
        return false;
    default:
        return true;
    }
}

static int dump_to_buf(const char *bytes, size_t n, void *out)
{
    buf_add(out, bytes, n);
    return 0;
}

enum rc json_write_canonical(const json_t *json, struct buf *out, struct fault *fault)
{
    if (!has_canonical_form(json))
        return fault_set(fault, RC_INVALID,
                         "no canonical JSON: a real number, a control character or an integer "
                         "beyond 2^53");
    json_dump_callback(json, dump_to_buf, out, JSON_COMPACT | JSON_SORT_KEYS);
    return buf_check(out);
}

void json_write(const json_t *json, struct buf *out)
{
    json_dump_callback(json, dump_to_buf, out, JSON_COMPACT);
}

json_t *json_from_str(struct str s)
{
    json_t *json = json_stringn(s.n == 0 ? "" : s.p, s.n);
    if (json == NULL) /* not UTF-8: the edge let something through */
        abort();
    return json;
}

json_t *json_from_hex(const void *bytes, size_t n)
{
    BUF_AUTO b = BUF_INIT(2 * n);
    hex_add(&b, bytes, n);
    return json_from_str(buf_str(&b));
}

json_t *json_from_time(int64_t t)
{
    BUF_AUTO b = BUF_INIT(32);
    time_add(&b, t);
    return json_from_str(buf_str(&b));
}

json_t *json_from_some_time(int64_t t)
{
    return t == 0 ? json_null() : json_from_time(t);
}

struct str json_member_str(const json_t *object, const char *name)
{
    const json_t *member = json_object_get(object, name);
    if (!json_is_string(member))
        return STR_NONE;
    return (struct str){json_string_value(member), json_string_length(member)};
}

bool json_member_int(const json_t *object, const char *name, int64_t *ret)
{
    const json_t *member = json_object_get(object, name);
    if (!json_is_integer(member))
        return false;
    *ret = json_integer_value(member);
    return true;
}
