/* Entries to bytes and back, as the table of kinds says. */
#include "record/entry.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/json_text.h"
#include "record/entry_flat.h"
#include "record/entry_kinds.h"
#include "record/merkle.h"

enum { MEMBERS_MAX = 48 };

struct hash commitment_make(struct str domain, const uint8_t salt[32], struct str content)
{
    struct hash inner = sha256(content.p, content.n);
    struct str const parts[] = {
        domain, STR("\0"), {(const char *)salt, 32}, {(const char *)inner.b, sizeof inner.b}};
    return sha256_parts(parts, 4);
}

/* ---- writing ---- */

/* What was sealed is an entry, and none that hides another. */
static enum rc check_opened(const struct entry *e, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct entry inner;
    if (str_find_str(e->opened.content, STR("\"type\":\"opened\"")) < e->opened.content.n)
        return fault_set(fault, RC_INVALID, "entry: one that opens another cannot be sealed");
    enum rc rc = entry_read(&arena, e->opened.content, &inner, fault);
    return rc == RC_OK ? RC_OK : fault_prefix(fault, rc, "entry");
}

static enum rc check_whole(const struct entry *e, struct fault *fault)
{
    enum rc rc = entry_check(e, fault);
    return rc == RC_OK && e->type == ENTRY_OPENED ? check_opened(e, fault) : rc;
}

/* Members in the order of the canonical form, which is not the table's. */
struct ordered {
    size_t n;
    struct {
        const char *name;
        const struct member *member; /* NULL: type or version */
    } v[MEMBERS_MAX];
};

static void put_in_order(struct ordered *o, const char *name, const struct member *member)
{
    size_t i = o->n++;
    if (o->n > MEMBERS_MAX)
        abort(); /* no kind has so many */
    for (; i > 0 && strcmp(o->v[i - 1].name, name) > 0; i--)
        o->v[i] = o->v[i - 1];
    o->v[i].name = name;
    o->v[i].member = member;
}

static void put_members(struct ordered *o, const struct member *members, const struct entry *e)
{
    for (const struct member *m = members; m->name != NULL; m++) {
        enum presence presence = member_presence(m, e);
        if (presence == MEMBER_NEEDED || (presence == MEMBER_OPTIONAL && !member_empty(m, e)))
            put_in_order(o, m->name, m);
    }
}

static void write_hex(struct buf *b, const char *name, const struct hash *hash)
{
    json_text_name(b, name);
    buf_char(b, '"');
    hex_add(b, hash->b, sizeof hash->b);
    buf_char(b, '"');
}

static void write_time(struct buf *b, const char *name, int64_t t)
{
    json_text_name(b, name);
    buf_char(b, '"');
    time_add(b, t);
    buf_char(b, '"');
}

static void write_signature(struct buf *b, const char *name, const uint8_t *bytes)
{
    json_text_name(b, name);
    buf_char(b, '"');
    base64_add(b, bytes, 64);
    buf_char(b, '"');
}

/* A list stays where it is empty, too. */
static void write_words(struct buf *b, const char *name, const struct words *words, uint16_t mask)
{
    (void)json_text_list(b, name);
    for (int i = 0; i < words->n; i++)
        if (mask & 1u << i)
            json_text_bare(b, NULL, str_of(words->name(i)));
    buf_char(b, ']');
}

static void write_strs(struct buf *b, const char *name, const struct strs *strs)
{
    (void)json_text_list(b, name);
    for (size_t i = 0; i < strs->n; i++)
        json_text_bare(b, NULL, strs->v[i]);
    buf_char(b, ']');
}

static void write_hashes(struct buf *b, const char *name, const struct approvals *approvals)
{
    (void)json_text_list(b, name);
    for (size_t i = 0; i < approvals->n; i++)
        write_hex(b, NULL, &approvals->v[i]);
    buf_char(b, ']');
}

static void write_object(struct buf *b, const char *name, const struct member *members,
                         const struct entry *e);

static void write_member(struct buf *b, const struct member *m, const struct entry *e)
{
    const void *p = member_at(m, e);
    switch (m->type) {
    case MEMBER_NUMBER:
        json_text_int(b, m->name, (int64_t) * (const uint64_t *)p);
        break;
    case MEMBER_TIME:
        write_time(b, m->name, *(const int64_t *)p);
        break;
    case MEMBER_HASH:
        write_hex(b, m->name, p);
        break;
    case MEMBER_SIGNATURE:
        write_signature(b, m->name, p);
        break;
    case MEMBER_WORD:
        json_text_bare(b, m->name, str_of(m->choice->words->name(choice_of(m->choice, e))));
        break;
    case MEMBER_WORDS:
        write_words(b, m->name, m->words, *(const uint16_t *)p);
        break;
    case MEMBER_SLUGS:
    case MEMBER_FACTS:
        write_strs(b, m->name, p);
        break;
    case MEMBER_HASHES:
        write_hashes(b, m->name, p);
        break;
    case MEMBER_OBJECT:
        write_object(b, m->name, m->members, e);
        break;
    default:
        json_text_bare(b, m->name, *(const struct str *)p);
    }
}

static void write_object(struct buf *b, const char *name, const struct member *members,
                         const struct entry *e)
{
    struct ordered o = {.n = 0};
    put_members(&o, members, e);
    json_text_object(b, name);
    for (size_t i = 0; i < o.n; i++)
        write_member(b, o.v[i].member, e);
    json_text_object_end(b);
}

/* As RFC 8785 has it: entry_check sees to numbers that are exact and texts without characters that
 * have no form there. */
enum rc entry_write(const struct entry *e, struct buf *out, struct fault *fault)
{
    const struct kind *kind = &entry_kinds[e->type];
    struct ordered o = {.n = 0};
    enum rc rc = check_whole(e, fault);
    if (rc != RC_OK)
        return rc;
    put_in_order(&o, "type", NULL);
    put_in_order(&o, "v", NULL);
    if (!entry_is_voice(e->type))
        put_in_order(&o, entry_time_member.name, &entry_time_member);
    put_members(&o, kind->members, e);
    buf_char(out, '{');
    for (size_t i = 0; i < o.n; i++) {
        if (o.v[i].member != NULL)
            write_member(out, o.v[i].member, e);
        else if (o.v[i].name[0] == 't')
            json_text_bare(out, o.v[i].name, str_of(kind->name));
        else
            json_text_int(out, o.v[i].name, ENTRY_VERSION);
    }
    buf_char(out, '}');
    return buf_check(out);
}

/* ---- reading ---- */

/* A reader counts the members it took: one left over is one nobody knows. */
struct reading {
    struct arena *arena;
    struct entry *e;
    bool bad;
    char what[100];
};

/* Where it is, as faults name it: "target kind". What is there stands in one of the two. */
struct within {
    const char *name; /* NULL: the entry itself */
    const json_t *object;
    const struct flat *flat;
    size_t members;
};

/* A member's value: a number, a text, or what only JSON has. */
struct given {
    enum { GIVEN_NOTHING, GIVEN_NUMBER, GIVEN_TEXT, GIVEN_OTHER } form;
    uint64_t number;
    struct str text;
    const json_t *json;
};

static struct given given_json(const json_t *json)
{
    struct given g = {.form = json == NULL ? GIVEN_NOTHING : GIVEN_OTHER, .json = json};
    if (json_is_integer(json) && json_integer_value(json) >= 0) {
        g.form = GIVEN_NUMBER;
        g.number = (uint64_t)json_integer_value(json);
    } else if (json_is_string(json)) {
        g.form = GIVEN_TEXT;
        g.text = (struct str){json_string_value(json), json_string_length(json)};
    }
    return g;
}

static struct given find_given(const struct within *in, const char *name)
{
    if (in->flat == NULL)
        return given_json(json_object_get(in->object, name));
    const struct flat_member *m = flat_find(in->flat, name);
    if (m == NULL)
        return (struct given){.form = GIVEN_NOTHING};
    return m->is_text ? (struct given){.form = GIVEN_TEXT, .text = m->text}
                      : (struct given){.form = GIVEN_NUMBER, .number = m->number};
}

static void missing(struct reading *r, const struct within *in, const char *name)
{
    if (!r->bad)
        snprintf(r->what, sizeof r->what, "%s%s%s: missing or of the wrong kind",
                 in->name == NULL ? "" : in->name, in->name == NULL ? "" : " ", name);
    r->bad = true;
}

static bool find_word(const struct words *words, struct str text, int *ret)
{
    for (int i = 0; i < words->n; i++)
        if (str_is(text, words->name(i))) {
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
        struct given g = given_json(json_array_get(json, i));
        if (g.form != GIVEN_TEXT || !find_word(words, g.text, &word) || word <= last)
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
        struct given g = given_json(json_array_get(json, i));
        if (g.form != GIVEN_TEXT)
            return false;
        v[i] = arena_str(arena, g.text);
    }
    *ret = (struct strs){v, n};
    return true;
}

static bool read_hashes(const json_t *json, struct approvals *ret)
{
    size_t n = json_array_size(json);
    if (!json_is_array(json) || n > 2)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hex_decode(given_json(json_array_get(json, i)).text, ret->v[i].b, sizeof ret->v[i].b))
            return false;
    ret->n = n;
    return true;
}

static void read_members(struct reading *r, const struct within *in, const struct member *members,
                         size_t taken);

static bool read_object(struct reading *r, const struct member *m, const json_t *json)
{
    struct within in = {.name = m->name, .object = json, .members = json_object_size(json)};
    if (json_is_object(json))
        read_members(r, &in, m->members, 0);
    return json_is_object(json);
}

static bool read_member(struct reading *r, const struct member *m, const struct given *g)
{
    void *p = (char *)r->e + m->at;
    int word;
    switch (m->type) {
    case MEMBER_NUMBER:
        if (g->form == GIVEN_NUMBER)
            *(uint64_t *)p = g->number;
        return g->form == GIVEN_NUMBER;
    case MEMBER_TIME:
        return time_parse(g->text, p);
    case MEMBER_HASH:
        return hex_decode(g->text, p, sizeof(struct hash));
    case MEMBER_SIGNATURE:
        return base64_decode_exact(g->text, p, 64);
    case MEMBER_WORD:
        if (g->form != GIVEN_TEXT || !find_word(m->choice->words, g->text, &word))
            return false;
        memcpy((char *)r->e + m->choice->at, &word, sizeof word);
        return true;
    case MEMBER_WORDS:
        return read_words(m->words, g->json, p);
    case MEMBER_SLUGS:
    case MEMBER_FACTS:
        return read_strs(r->arena, g->json, m->most, p);
    case MEMBER_HASHES:
        return read_hashes(g->json, p);
    case MEMBER_OBJECT:
        return read_object(r, m, g->json);
    default:
        if (g->form == GIVEN_TEXT)
            *(struct str *)p = arena_str(r->arena, g->text);
        return g->form == GIVEN_TEXT;
    }
}

/* What need not be there: where it is, it says something. Present and empty
 * would be a second form of the same entry. */
static void read_members(struct reading *r, const struct within *in, const struct member *members,
                         size_t taken)
{
    for (const struct member *m = members; m->name != NULL; m++) {
        enum presence presence = member_presence(m, r->e);
        if (presence == MEMBER_ABSENT)
            continue;
        struct given given = find_given(in, m->name);
        if (presence == MEMBER_OPTIONAL && given.form == GIVEN_NOTHING)
            continue;
        if (!read_member(r, m, &given) ||
            (presence == MEMBER_OPTIONAL && m->type != MEMBER_OBJECT && member_empty(m, r->e)))
            missing(r, in, m->name);
        else
            taken++;
        if (r->bad)
            return;
    }
    if (taken != in->members) {
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

/* The whole of it, in either form, which was canonical. */
static enum rc read_entry(struct arena *arena, const struct within *in, struct entry *ret,
                          struct fault *fault)
{
    struct given type = find_given(in, "type"), version = find_given(in, "v");
    struct entry e = {0};
    if (type.form != GIVEN_TEXT || !entry_type_parse(type.text, &e.type))
        return fault_set(fault, RC_INVALID, "entry: unknown type \"%.*s\"",
                         STR_ARG(str_sub(type.text, 0, 40)));
    if (version.form != GIVEN_NUMBER || version.number != ENTRY_VERSION)
        return fault_set(fault, RC_INVALID, "entry: a version this program does not know");
    struct reading r = {.arena = arena, .e = &e};
    size_t taken = 2;
    if (!entry_is_voice(e.type)) {
        struct given at = find_given(in, entry_time_member.name);
        taken++;
        if (!read_member(&r, &entry_time_member, &at))
            missing(&r, in, entry_time_member.name);
    }
    if (!r.bad)
        read_members(&r, in, entry_kinds[e.type].members, taken);
    if (r.bad)
        return fault_set(fault, RC_INVALID, "%s entry: %s", entry_type_name(e.type), r.what);
    complete_restriction(&e);
    enum rc rc = check_whole(&e, fault);
    if (rc == RC_OK)
        *ret = e;
    return rc;
}

enum rc entry_read(struct arena *arena, struct str bytes, struct entry *ret, struct fault *fault)
{
    JSON_AUTO *o = NULL;
    struct flat flat;
    if (bytes.n > ENTRY_MAX)
        return fault_set(fault, RC_INVALID, "entry: longer than %d bytes", ENTRY_MAX);
    /* All that readers say, and heads: an audit reads a million of them. */
    if (flat_read(bytes, &flat))
        return read_entry(arena, &(struct within){.flat = &flat, .members = flat.n}, ret, fault);
    enum rc rc = json_read(bytes, &o, fault);
    if (rc == RC_OK && !json_is_object(o))
        rc = fault_set(fault, RC_INVALID, "entry: no JSON object");
    if (rc == RC_OK)
        rc = check_canonical(o, bytes, fault);
    if (rc != RC_OK)
        return rc;
    return read_entry(arena, &(struct within){.object = o, .members = json_object_size(o)}, ret,
                      fault);
}
