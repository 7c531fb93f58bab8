/* Entries to bytes and back, as the table of kinds says. */
#include "record/entry.h"

#include "base/clock.h"
#include "base/json.h"
#include "record/entry_kinds.h"
#include "record/merkle.h"

struct hash commitment_make(struct str domain, const uint8_t salt[32], struct str content)
{
    struct hash inner = sha256(content.p, content.n);
    struct str const parts[] = {
        domain, STR("\0"), {(const char *)salt, 32}, {(const char *)inner.b, sizeof inner.b}};
    return sha256_parts(parts, 4);
}

/* ---- writing ---- */

static json_t *json_of_signature(const uint8_t *bytes)
{
    BUF_AUTO b = BUF_INIT(96);
    base64_add(&b, bytes, 64);
    return json_from_str(buf_str(&b));
}

static json_t *json_of_words(const struct words *words, uint16_t mask)
{
    json_t *list = json_array();
    for (int i = 0; i < words->n; i++)
        if (mask & 1u << i)
            json_array_append_new(list, json_string(words->name(i)));
    return list;
}

static json_t *json_of_strs(const struct strs *strs)
{
    json_t *list = json_array();
    for (size_t i = 0; i < strs->n; i++)
        json_array_append_new(list, json_from_str(strs->v[i]));
    return list;
}

static json_t *json_of_hashes(const struct approvals *approvals)
{
    json_t *list = json_array();
    for (size_t i = 0; i < approvals->n; i++)
        json_array_append_new(list, json_from_hex(approvals->v[i].b, sizeof approvals->v[i].b));
    return list;
}

static void write_members(json_t *o, const struct member *members, const struct entry *e);

static json_t *json_of(const struct member *m, const struct entry *e)
{
    const void *p = member_at(m, e);
    json_t *object;
    switch (m->type) {
    case MEMBER_NUMBER:
        return json_integer((json_int_t) * (const uint64_t *)p);
    case MEMBER_TIME:
        return json_from_time(*(const int64_t *)p);
    case MEMBER_HASH:
        return json_from_hex(p, sizeof(struct hash));
    case MEMBER_SIGNATURE:
        return json_of_signature(p);
    case MEMBER_WORD:
        return json_string(m->choice->words->name(choice_of(m->choice, e)));
    case MEMBER_WORDS:
        return json_of_words(m->words, *(const uint16_t *)p);
    case MEMBER_SLUGS:
    case MEMBER_FACTS:
        return json_of_strs(p);
    case MEMBER_HASHES:
        return json_of_hashes(p);
    case MEMBER_OBJECT:
        object = json_object();
        write_members(object, m->members, e);
        return object;
    default:
        return json_from_str(*(const struct str *)p);
    }
}

static void write_members(json_t *o, const struct member *members, const struct entry *e)
{
    for (const struct member *m = members; m->name != NULL; m++) {
        enum presence presence = member_presence(m, e);
        if (presence == MEMBER_NEEDED || (presence == MEMBER_OPTIONAL && !member_empty(m, e)))
            json_object_set_new(o, m->name, json_of(m, e));
    }
}

enum rc entry_write(const struct entry *e, struct buf *out, struct fault *fault)
{
    const struct kind *kind = &entry_kinds[e->type];
    enum rc rc = entry_check(e, fault);
    if (rc != RC_OK)
        return rc;
    JSON_AUTO *o = json_object();
    json_object_set_new(o, "type", json_string(kind->name));
    json_object_set_new(o, "v", json_integer(ENTRY_VERSION));
    if (!entry_is_voice(e->type))
        json_object_set_new(o, entry_time_member.name, json_of(&entry_time_member, e));
    write_members(o, kind->members, e);
    return json_write_canonical(o, out, fault);
}

/* ---- reading ---- */

/* A reader counts the members it took: one left over is one nobody knows. */
struct reading {
    struct arena *arena;
    struct entry *e;
    bool bad;
    char what[100];
};

/* Where it is, as faults name it: "target kind". */
struct within {
    const char *name; /* NULL: the entry itself */
    const json_t *object;
};

static void missing(struct reading *r, const struct within *in, const char *name)
{
    if (!r->bad)
        snprintf(r->what, sizeof r->what, "%s%s%s: missing or of the wrong kind",
                 in->name == NULL ? "" : in->name, in->name == NULL ? "" : " ", name);
    r->bad = true;
}

static struct str json_text(const json_t *json)
{
    if (!json_is_string(json))
        return STR_NONE;
    return (struct str){json_string_value(json), json_string_length(json)};
}

static bool read_number(const json_t *json, uint64_t *ret)
{
    if (!json_is_integer(json) || json_integer_value(json) < 0)
        return false;
    *ret = (uint64_t)json_integer_value(json);
    return true;
}

static bool find_word(const struct words *words, const json_t *json, int *ret)
{
    for (int i = 0; i < words->n; i++)
        if (json_is_string(json) && str_eq(json_text(json), str_of(words->name(i)))) {
            *ret = i;
            return true;
        }
    return false;
}

/* In the order of the table, none twice: one form only. */
static bool read_words(const struct words *words, const json_t *json, uint16_t *ret)
{
    int word, last = -1;
    *ret = 0;
    for (size_t i = 0; i < json_array_size(json); i++) {
        if (!find_word(words, json_array_get(json, i), &word) || word <= last)
            return false;
        *ret |= (uint16_t)(1u << word);
        last = word;
    }
    return json_is_array(json);
}

static bool read_strs(struct arena *arena, const json_t *json, size_t most, struct strs *ret)
{
    size_t n = json_array_size(json);
    if (!json_is_array(json) || n > most)
        return false;
    struct str *v = ARENA_ARRAY(arena, struct str, n);
    for (size_t i = 0; i < n; i++) {
        if (!json_is_string(json_array_get(json, i)))
            return false;
        v[i] = arena_str(arena, json_text(json_array_get(json, i)));
    }
    *ret = (struct strs){v, n};
    return true;
}

static bool read_hash(const json_t *json, struct hash *ret)
{
    return hex_decode(json_text(json), ret->b, sizeof ret->b);
}

static bool read_hashes(const json_t *json, struct approvals *ret)
{
    size_t n = json_array_size(json);
    if (!json_is_array(json) || n > 2)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!read_hash(json_array_get(json, i), &ret->v[i]))
            return false;
    ret->n = n;
    return true;
}

static void read_members(struct reading *r, const struct within *in, const struct member *members,
                         size_t taken);

static bool read_member(struct reading *r, const struct member *m, const json_t *json)
{
    void *p = (char *)r->e + m->at;
    int word;
    switch (m->type) {
    case MEMBER_NUMBER:
        return read_number(json, p);
    case MEMBER_TIME:
        return time_parse(json_text(json), p);
    case MEMBER_HASH:
        return read_hash(json, p);
    case MEMBER_SIGNATURE:
        return base64_decode_exact(json_text(json), p, 64);
    case MEMBER_WORD:
        if (!find_word(m->choice->words, json, &word))
            return false;
        memcpy((char *)r->e + m->choice->at, &word, sizeof word);
        return true;
    case MEMBER_WORDS:
        return read_words(m->words, json, p);
    case MEMBER_SLUGS:
    case MEMBER_FACTS:
        return read_strs(r->arena, json, m->most, p);
    case MEMBER_HASHES:
        return read_hashes(json, p);
    case MEMBER_OBJECT:
        if (json_is_object(json))
            read_members(r, &(struct within){m->name, json}, m->members, 0);
        return json_is_object(json);
    default:
        if (json_is_string(json))
            *(struct str *)p = arena_str(r->arena, json_text(json));
        return json_is_string(json);
    }
}

/* What need not be there: where it is, it says something. Present and empty
 * would be a second form of the same entry. */
static void read_members(struct reading *r, const struct within *in, const struct member *members,
                         size_t taken)
{
    for (const struct member *m = members; m->name != NULL; m++) {
        enum presence presence = member_presence(m, r->e);
        const json_t *json = json_object_get(in->object, m->name);
        if (presence == MEMBER_ABSENT || (presence == MEMBER_OPTIONAL && json == NULL))
            continue;
        if (!read_member(r, m, json) ||
            (presence == MEMBER_OPTIONAL && m->type != MEMBER_OBJECT && member_empty(m, r->e)))
            missing(r, in, m->name);
        else
            taken++;
        if (r->bad)
            return;
    }
    if (taken != json_object_size(in->object)) {
        snprintf(r->what, sizeof r->what, "%s: a member this version does not know",
                 in->name == NULL ? "entry" : in->name);
        r->bad = true;
    }
}

/* What was read, written again, must be the same bytes: one form only. */
static enum rc check_canonical(const json_t *o, struct str bytes, struct fault *fault)
{
    BUF_AUTO again = BUF_INIT(2 * ENTRY_MAX);
    enum rc rc = json_write_canonical(o, &again, fault);
    if (rc == RC_OK && !str_eq(buf_str(&again), bytes))
        rc = fault_set(fault, RC_INVALID, "entry: not in canonical form (RFC 8785)");
    return rc;
}

/* What a restriction says of itself in other words. */
static void complete_restriction(struct entry *e)
{
    if (e->type != ENTRY_RESTRICTION)
        return;
    e->restriction.decided = e->at;
    if (e->work != 0)
        e->restriction.works_count = 1;
}

enum rc entry_read(struct arena *arena, struct str bytes, struct entry *ret, struct fault *fault)
{
    JSON_AUTO *o = NULL;
    struct entry e = {0};
    uint64_t version;
    if (bytes.n > ENTRY_MAX)
        return fault_set(fault, RC_INVALID, "entry: longer than %d bytes", ENTRY_MAX);
    enum rc rc = json_read(bytes, &o, fault);
    if (rc == RC_OK && !json_is_object(o))
        rc = fault_set(fault, RC_INVALID, "entry: no JSON object");
    if (rc == RC_OK)
        rc = check_canonical(o, bytes, fault);
    if (rc != RC_OK)
        return rc;
    struct str type = json_member_str(o, "type");
    if (!entry_type_parse(type, &e.type))
        return fault_set(fault, RC_INVALID, "entry: unknown type \"%.*s\"",
                         STR_ARG(str_sub(type, 0, 40)));
    if (!read_number(json_object_get(o, "v"), &version) || version != ENTRY_VERSION)
        return fault_set(fault, RC_INVALID, "entry: a version this program does not know");
    struct reading r = {.arena = arena, .e = &e};
    struct within in = {NULL, o};
    size_t taken = 2;
    if (!entry_is_voice(e.type)) {
        taken++;
        if (!read_member(&r, &entry_time_member, json_object_get(o, entry_time_member.name)))
            missing(&r, &in, entry_time_member.name);
    }
    if (!r.bad)
        read_members(&r, &in, entry_kinds[e.type].members, taken);
    if (r.bad)
        return fault_set(fault, RC_INVALID, "%s entry: %s", entry_type_name(e.type), r.what);
    complete_restriction(&e);
    rc = entry_check(&e, fault);
    if (rc == RC_OK)
        *ret = e;
    return rc;
}
