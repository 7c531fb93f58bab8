#include "record/entry.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"
#include "domain/isbn.h"
#include "domain/names.h"
#include "record/merkle.h"

static const char *const types[ENTRY_TYPE_COUNT] = {
    [ENTRY_RESTRICTION] = "restriction", [ENTRY_LIFT] = "lift",
    [ENTRY_EXTENDED] = "extended",       [ENTRY_HEAD] = "head",
    [ENTRY_ACCEPTED] = "accepted",       [ENTRY_CHANGED] = "changed",
    [ENTRY_WITHDRAWN] = "withdrawn",     [ENTRY_ERASED] = "erased",
};
static const char *const kinds[VOICE_KIND_COUNT] = {
    [VOICE_RATING] = "rating", [VOICE_REVIEW] = "review", [VOICE_COMMENT] = "comment"};

enum { VERSION = 1 };

const char *entry_type_name(enum entry_type type)
{
    return types[type];
}

const char *voice_kind_name(enum voice_kind kind)
{
    return kinds[kind];
}

struct hash commitment_make(struct str domain, const uint8_t salt[32], struct str content)
{
    struct hash inner = sha256(content.p, content.n);
    struct str const parts[] = {
        domain, STR("\0"), {(const char *)salt, 32}, {(const char *)inner.b, sizeof inner.b}};
    return sha256_parts(parts, 4);
}

/* ---- the rules both ways obey ---- */

static enum rc check_fact(const char *name, struct str s, bool needed, struct fault *fault)
{
    if (needed && str_trim(s).n == 0)
        return fault_set(fault, RC_INVALID, "%s: it is needed for this ground", name);
    if (s.n > ENTRY_FACT_MAX)
        return fault_set(fault, RC_INVALID, "%s: longer than %d bytes", name, ENTRY_FACT_MAX);
    if (!utf8_clean(s) || str_find(s, '\n') < s.n || str_find(s, '\t') < s.n)
        return fault_set(fault, RC_INVALID, "%s: one line of clean text is needed", name);
    return RC_OK;
}

/* JSON tells integers below 2^53 exactly (RFC 8785). */
static enum rc check_number(const char *name, uint64_t value, uint64_t least, struct fault *fault)
{
    if (value < least || value >= (uint64_t)1 << 53)
        return fault_set(fault, RC_INVALID, "%s: %llu is no number for it", name,
                         (unsigned long long)value);
    return RC_OK;
}

/* RFC 3339 has years of four digits. */
static enum rc check_time(const char *name, int64_t t, struct fault *fault)
{
    if (t < date_start(10101) || t >= date_end(99991231))
        return fault_set(fault, RC_INVALID, "%s: not within the years 1 to 9999", name);
    return RC_OK;
}

/* A number as a key has one spelling, or two keys would mean one thing. */
static bool number_key(struct str key, uint64_t *ret)
{
    return key.n > 0 && key.p[0] != '0' && str_to_u64(key, ret);
}

/* Of entries in a log, which begin with 0. */
static bool index_key(struct str key)
{
    uint64_t number;
    return str_eq(key, STR("0")) || (number_key(key, &number) && number < (uint64_t)1 << 53);
}

static bool commitment_key(struct str key)
{
    uint8_t bytes[32];
    return hex_decode(key, bytes, sizeof bytes);
}

static enum rc check_target(const struct restriction *r, uint64_t work, struct fault *fault)
{
    uint64_t number;
    bool good = false;
    switch (r->target) {
    case TARGET_EDITION:
        good = isbn13_valid(r->target_key) && work != 0;
        break;
    case TARGET_WORK:
        good = number_key(r->target_key, &number) && number == work;
        break;
    case TARGET_CONTRIBUTOR:
        good = number_key(r->target_key, &number);
        break;
    case TARGET_COLLECTION:
    case TARGET_SHOP:
        good = r->target_key.n > 0 && r->target_key.n <= 200;
        break;
    case TARGET_REVIEW:
    case TARGET_COMMENT:
        good = index_key(r->target_key) && work != 0;
        break;
    case TARGET_ACCOUNT:
        good = commitment_key(r->target_key) && work == 0 && r->target_name.n == 0;
        break;
    }
    if (!good)
        return fault_set(fault, RC_INVALID, "target: %.*s is no %s", STR_ARG(r->target_key),
                         target_name(r->target));
    enum rc rc = RC_OK;
    if (target_is_set(r->target))
        rc = check_number("target works", r->works_count, 1, fault);
    else if (r->target != TARGET_ACCOUNT)
        rc = check_number("target work", work, 1, fault);
    if (rc == RC_OK)
        rc = check_fact("target", r->target_key, false, fault);
    return rc == RC_OK ? check_fact("target name", r->target_name, false, fault) : rc;
}

static enum rc check_restriction(const struct entry *e, struct fault *fault)
{
    const struct restriction *r = &e->restriction;
    bool demanded = ground_is_legal_demand(r->ground);
    bool own = r->ground == GROUND_TERMS || r->ground == GROUND_OPERATOR;
    enum rc rc = check_target(r, e->work, fault);
    if (rc == RC_OK)
        rc = check_fact("authority", r->authority, demanded, fault);
    if (rc == RC_OK)
        rc = check_fact("legal-basis", r->legal_basis, !own, fault);
    if (rc == RC_OK)
        rc = check_fact("reference", r->reference, demanded, fault);
    if (rc != RC_OK)
        return rc;
    if (r->features == 0 || r->features >= 1u << FEATURE_COUNT)
        return fault_set(fault, RC_INVALID, "features: at least one known feature is needed");
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (r->features & FEATURE_BIT(f) & ~target_features(r->target))
            return fault_set(fault, RC_INVALID, "features: %s cannot be withheld of one %s",
                             feature_name((enum feature)f), target_name(r->target));
    if (r->storefront_count == 0 || r->storefront_count > RESTRICTION_STOREFRONTS_MAX)
        return fault_set(fault, RC_INVALID, "storefronts: 1 to %d", RESTRICTION_STOREFRONTS_MAX);
    for (size_t i = 0; i < r->storefront_count; i++)
        if (!slug_valid(r->storefronts[i]) ||
            (i > 0 && str_cmp(r->storefronts[i - 1], r->storefronts[i]) >= 0))
            return fault_set(fault, RC_INVALID, "storefronts: slugs in order, none twice");
    rc = check_time("from", r->from, fault);
    if (rc == RC_OK)
        rc = check_time("until", r->until, fault);
    if (rc == RC_OK)
        rc = check_time("review", r->review, fault);
    if (rc != RC_OK)
        return rc;
    if ((r->until != 0) == (r->review != 0))
        return fault_set(fault, RC_INVALID, "until, review: exactly one of the two is needed");
    if ((r->until != 0 && r->until <= r->from) || (r->review != 0 && r->review <= r->from))
        return fault_set(fault, RC_INVALID, "until, review: it would end before it begins");
    return RC_OK;
}

static enum rc check_basis(struct str basis, struct fault *fault)
{
    if (!str_eq(basis, STR("author")) && !str_eq(basis, STR("court")) &&
        !str_eq(basis, STR("duty")))
        return fault_set(fault, RC_INVALID, "basis: author, court or duty");
    return RC_OK;
}

static enum rc check_decision(const struct entry *e, struct fault *fault)
{
    enum rc rc = check_time("at", e->at, fault);
    if (rc == RC_OK && e->type == ENTRY_HEAD) {
        rc = check_fact("origin", e->origin, true, fault);
        return rc == RC_OK ? check_number("size", e->size, 0, fault) : rc;
    }
    if (rc == RC_OK)
        rc = check_number("id", e->restriction.id, 1, fault);
    if (rc == RC_OK && e->type == ENTRY_EXTENDED)
        rc = check_number("works", e->restriction.works_count, 1, fault);
    if (rc == RC_OK && e->type == ENTRY_RESTRICTION)
        rc = check_restriction(e, fault);
    return rc;
}

static enum rc check_voice(const struct entry *e, struct fault *fault)
{
    enum rc rc = check_number("work", e->work, 1, fault);
    if (rc == RC_OK && e->type != ENTRY_ACCEPTED)
        rc = check_number("of", e->of, 0, fault);
    if (rc == RC_OK && e->type == ENTRY_ERASED)
        rc = check_basis(e->basis, fault);
    return rc;
}

static enum rc check_entry(const struct entry *e, struct fault *fault)
{
    return e->type <= ENTRY_HEAD ? check_decision(e, fault) : check_voice(e, fault);
}

/* ---- writing ---- */

static void set_str(json_t *object, const char *name, struct str s)
{
    json_object_set_new(object, name, json_from_str(s));
}

static void set_number(json_t *object, const char *name, uint64_t value)
{
    json_object_set_new(object, name, json_integer((json_int_t)value));
}

static void set_time(json_t *object, const char *name, int64_t t)
{
    BUF_AUTO b = BUF_INIT(32);
    time_add(&b, t);
    set_str(object, name, buf_str(&b));
}

static void set_hash(json_t *object, const char *name, const struct hash *h)
{
    BUF_AUTO b = BUF_INIT(64);
    hex_add(&b, h->b, sizeof h->b);
    set_str(object, name, buf_str(&b));
}

static void write_restriction(json_t *o, const struct entry *e)
{
    const struct restriction *r = &e->restriction;
    json_t *target = json_object(), *storefronts = json_array(), *features = json_array();
    set_str(target, "kind", str_of(target_name(r->target)));
    set_str(target, "key", r->target_key);
    if (target_is_set(r->target)) {
        set_str(target, "name", r->target_name);
        set_number(target, "works", r->works_count);
        set_hash(target, "root", &r->works_root);
    } else if (r->target != TARGET_ACCOUNT) {
        set_number(target, "work", e->work);
    }
    for (size_t i = 0; i < r->storefront_count; i++)
        json_array_append_new(storefronts, json_from_str(r->storefronts[i]));
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (r->features & FEATURE_BIT(f))
            json_array_append_new(features, json_string(feature_name((enum feature)f)));
    set_number(o, "id", r->id);
    json_object_set_new(o, "target", target);
    json_object_set_new(o, "storefronts", storefronts);
    json_object_set_new(o, "features", features);
    set_str(o, "ground", str_of(ground_name(r->ground)));
    if (r->authority.n > 0)
        set_str(o, "authority", r->authority);
    if (r->legal_basis.n > 0)
        set_str(o, "legal_basis", r->legal_basis);
    if (r->reference.n > 0)
        set_str(o, "reference", r->reference);
    set_time(o, "from", r->from);
    if (r->until != 0)
        set_time(o, "until", r->until);
    if (r->review != 0)
        set_time(o, "review", r->review);
    set_hash(o, "reasons", &e->commitment);
}

static void write_voice(json_t *o, const struct entry *e)
{
    set_str(o, "kind", str_of(voice_kind_name(e->kind)));
    set_number(o, "work", e->work);
    if (e->type != ENTRY_ACCEPTED)
        set_number(o, "of", e->of);
    if (e->type == ENTRY_ACCEPTED || e->type == ENTRY_CHANGED)
        set_hash(o, "commitment", &e->commitment);
    if (e->type == ENTRY_ERASED)
        set_str(o, "basis", e->basis);
}

enum rc entry_write(const struct entry *e, struct buf *out, struct fault *fault)
{
    enum rc rc = check_entry(e, fault);
    if (rc != RC_OK)
        return rc;
    JSON_AUTO *o = json_object();
    set_str(o, "type", str_of(types[e->type]));
    set_number(o, "v", VERSION);
    if (e->type <= ENTRY_HEAD)
        set_time(o, "at", e->at);
    switch (e->type) {
    case ENTRY_RESTRICTION:
        write_restriction(o, e);
        break;
    case ENTRY_LIFT:
        set_number(o, "id", e->restriction.id);
        set_hash(o, "reasons", &e->commitment);
        break;
    case ENTRY_EXTENDED:
        set_number(o, "id", e->restriction.id);
        set_number(o, "works", e->restriction.works_count);
        set_hash(o, "root", &e->restriction.works_root);
        break;
    case ENTRY_HEAD:
        set_str(o, "origin", e->origin);
        set_number(o, "size", e->size);
        set_hash(o, "root", &e->root);
        break;
    default:
        write_voice(o, e);
    }
    return json_write_canonical(o, out, fault);
}

/* ---- reading ---- */

/* A reader counts the members it took: one left over is one nobody knows. */
struct members {
    struct arena *arena;
    const json_t *object;
    size_t taken;
    bool bad;
    char what[80];
};

static void missing(struct members *m, const char *name)
{
    if (!m->bad)
        snprintf(m->what, sizeof m->what, "%s: missing or of the wrong kind", name);
    m->bad = true;
}

static bool has(const struct members *m, const char *name)
{
    return json_object_get(m->object, name) != NULL;
}

static struct str take_str(struct members *m, const char *name)
{
    if (!json_is_string(json_object_get(m->object, name))) {
        missing(m, name);
        return STR_NONE;
    }
    m->taken++;
    return arena_str(m->arena, json_member_str(m->object, name));
}

static uint64_t take_number(struct members *m, const char *name)
{
    int64_t value;
    if (!json_member_int(m->object, name, &value) || value < 0) {
        missing(m, name);
        return 0;
    }
    m->taken++;
    return (uint64_t)value;
}

static int64_t take_time(struct members *m, const char *name)
{
    int64_t t = 0;
    if (!time_parse(take_str(m, name), &t))
        missing(m, name);
    return t;
}

/* What need not be there: where it is, it says something. Present and empty
 * would be a second form of the same entry. */
static struct str take_fact(struct members *m, const char *name)
{
    struct str s = has(m, name) ? take_str(m, name) : STR_NONE;
    if (has(m, name) && s.n == 0)
        missing(m, name);
    return s;
}

static int64_t take_end(struct members *m, const char *name)
{
    int64_t t = has(m, name) ? take_time(m, name) : 0;
    if (has(m, name) && t == 0)
        missing(m, name);
    return t;
}

static struct hash take_hash(struct members *m, const char *name)
{
    struct hash h = {{0}};
    if (!hex_decode(take_str(m, name), h.b, sizeof h.b))
        missing(m, name);
    return h;
}

static void check_all_taken(struct members *m, const char *where)
{
    if (!m->bad && m->taken != json_object_size(m->object)) {
        snprintf(m->what, sizeof m->what, "%s: a member this version does not know", where);
        m->bad = true;
    }
}

static void read_target(struct members *m, struct entry *e)
{
    struct restriction *r = &e->restriction;
    struct members target = {.arena = m->arena, .object = json_object_get(m->object, "target")};
    if (!json_is_object(target.object)) {
        missing(m, "target");
        return;
    }
    m->taken++;
    if (!target_parse(take_str(&target, "kind"), &r->target))
        missing(&target, "target kind");
    r->target_key = take_str(&target, "key");
    if (target_is_set(r->target)) {
        r->target_name = take_str(&target, "name");
        r->works_count = take_number(&target, "works");
        r->works_root = take_hash(&target, "root");
    } else if (r->target != TARGET_ACCOUNT) {
        e->work = take_number(&target, "work");
        r->works_count = 1;
    }
    check_all_taken(&target, "target");
    if (target.bad && !m->bad) {
        memcpy(m->what, target.what, sizeof m->what);
        m->bad = true;
    }
}

static void read_lists(struct members *m, struct restriction *r)
{
    const json_t *storefronts = json_object_get(m->object, "storefronts");
    const json_t *features = json_object_get(m->object, "features");
    size_t n = json_array_size(storefronts);
    if (n == 0 || n > RESTRICTION_STOREFRONTS_MAX) {
        missing(m, "storefronts");
        return;
    }
    struct str *slugs = ARENA_ARRAY(m->arena, struct str, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *slug = json_array_get(storefronts, i);
        if (!json_is_string(slug))
            missing(m, "storefronts");
        else
            slugs[i] = arena_str(m->arena,
                                 (struct str){json_string_value(slug), json_string_length(slug)});
    }
    r->storefronts = slugs;
    r->storefront_count = n;
    enum feature feature, last = FEATURE_LISTING;
    for (size_t i = 0; i < json_array_size(features); i++) {
        const json_t *name = json_array_get(features, i);
        if (!json_is_string(name) || !feature_parse(str_of(json_string_value(name)), &feature) ||
            (i > 0 && feature <= last))
            missing(m, "features");
        else
            r->features |= FEATURE_BIT(feature);
        last = feature;
    }
    m->taken += 2;
}

static void read_restriction(struct members *m, struct entry *e)
{
    struct restriction *r = &e->restriction;
    r->id = take_number(m, "id");
    r->decided = e->at;
    read_target(m, e);
    read_lists(m, r);
    if (!ground_parse(take_str(m, "ground"), &r->ground))
        missing(m, "ground");
    r->authority = take_fact(m, "authority");
    r->legal_basis = take_fact(m, "legal_basis");
    r->reference = take_fact(m, "reference");
    r->from = take_time(m, "from");
    r->until = take_end(m, "until");
    r->review = take_end(m, "review");
    e->commitment = take_hash(m, "reasons");
}

static void read_voice(struct members *m, struct entry *e)
{
    struct str kind = take_str(m, "kind");
    bool known = false;
    for (int k = 0; k < VOICE_KIND_COUNT; k++)
        if (str_eq(kind, str_of(kinds[k]))) {
            e->kind = (enum voice_kind)k;
            known = true;
        }
    if (!known)
        missing(m, "kind");
    e->work = take_number(m, "work");
    if (e->type != ENTRY_ACCEPTED)
        e->of = take_number(m, "of");
    if (e->type == ENTRY_ACCEPTED || e->type == ENTRY_CHANGED)
        e->commitment = take_hash(m, "commitment");
    if (e->type == ENTRY_ERASED)
        e->basis = take_str(m, "basis");
}

static void read_members(struct members *m, struct entry *e)
{
    if (e->type <= ENTRY_HEAD)
        e->at = take_time(m, "at");
    switch (e->type) {
    case ENTRY_RESTRICTION:
        read_restriction(m, e);
        break;
    case ENTRY_LIFT:
        e->restriction.id = take_number(m, "id");
        e->commitment = take_hash(m, "reasons");
        break;
    case ENTRY_EXTENDED:
        e->restriction.id = take_number(m, "id");
        e->restriction.works_count = take_number(m, "works");
        e->restriction.works_root = take_hash(m, "root");
        break;
    case ENTRY_HEAD:
        e->origin = take_str(m, "origin");
        e->size = take_number(m, "size");
        e->root = take_hash(m, "root");
        break;
    default:
        read_voice(m, e);
    }
    check_all_taken(m, "entry");
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

enum rc entry_read(struct arena *arena, struct str bytes, struct entry *ret, struct fault *fault)
{
    JSON_AUTO *o = NULL;
    struct entry e = {0};
    if (bytes.n > ENTRY_MAX)
        return fault_set(fault, RC_INVALID, "entry: longer than %d bytes", ENTRY_MAX);
    enum rc rc = json_read(bytes, &o, fault);
    if (rc == RC_OK && !json_is_object(o))
        rc = fault_set(fault, RC_INVALID, "entry: no JSON object");
    if (rc == RC_OK)
        rc = check_canonical(o, bytes, fault);
    if (rc != RC_OK)
        return rc;
    struct members m = {.arena = arena, .object = o};
    struct str type = take_str(&m, "type");
    int found = -1;
    for (int i = 0; i < ENTRY_TYPE_COUNT; i++)
        if (str_eq(type, str_of(types[i])))
            found = i;
    if (found < 0)
        return fault_set(fault, RC_INVALID, "entry: unknown type \"%.*s\"",
                         STR_ARG(str_sub(type, 0, 40)));
    if (take_number(&m, "v") != VERSION)
        return fault_set(fault, RC_INVALID, "entry: a version this program does not know");
    e.type = (enum entry_type)found;
    read_members(&m, &e);
    if (m.bad)
        return fault_set(fault, RC_INVALID, "%s entry: %s", types[e.type], m.what);
    rc = check_entry(&e, fault);
    if (rc == RC_OK)
        *ret = e;
    return rc;
}
