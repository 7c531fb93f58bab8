#include "record/absence.h"

#include "base/clock.h"
#include "base/list.h"
#include "record/entry.h"

enum { LEAF_MAX = 1 << 20, WORK_DIGITS = 24 };

/* ---- writing ---- */

static json_t *hex_json(const void *bytes, size_t n)
{
    BUF_AUTO b = BUF_INIT(2 * LEAF_MAX);
    hex_add(&b, bytes, n);
    return json_from_str(buf_str(&b));
}

static json_t *path_json(const struct hash *path, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, hex_json(path[i].b, sizeof path[i].b));
    return list;
}

static json_t *key_json(struct record_state *state, struct str storefront, struct absence_key key)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct state_proof proof;
    json_t *o = json_object();
    struct str value = record_state_value(state, &arena, storefront, key.kind, key.key);
    record_state_prove(state, storefront, key.kind, key.key, &proof);
    json_object_set_new(o, "kind", json_from_str(key.kind));
    json_object_set_new(o, "key", json_from_str(key.key));
    json_object_set_new(o, "path", path_json(proof.path, proof.n));
    if (value.n > 0)
        json_object_set_new(o, "value", json_from_str(value));
    else if (proof.has_leaf)
        json_object_set_new(o, "leaf",
                            json_pack("{s:o, s:o}", "key", hex_json(proof.leaf_key.b, 32), "value",
                                      hex_json(proof.leaf_value.b, 32)));
    return o;
}

static enum rc covered_json(struct record_state *state, struct str storefront, uint64_t work,
                            json_t *list, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct covered_work *covered = ARENA_ARRAY(&arena, struct covered_work, 2);
    size_t n;
    enum rc rc = record_state_covered(state, &arena, storefront, work, covered, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        json_array_append_new(list,
                              json_pack("{s:I, s:o, s:o}", "index", (json_int_t)covered[i].index,
                                        "leaf", hex_json(covered[i].leaf.p, covered[i].leaf.n),
                                        "path", path_json(covered[i].path, covered[i].n)));
    return rc;
}

enum rc absence_write(struct record_state *state, const struct absence_head *head,
                      struct str storefront, uint64_t work, const struct absence_key *keys,
                      size_t key_count, json_t **ret, struct fault *fault)
{
    JSON_AUTO *o = json_object();
    json_t *list = json_array(), *covered = json_array();
    char number[WORK_DIGITS];
    snprintf(number, sizeof number, "%llu", (unsigned long long)work);
    json_object_set_new(o, "type", json_string("absence"));
    json_object_set_new(o, "v", json_integer(1));
    json_object_set_new(o, "storefront", json_from_str(storefront));
    json_object_set_new(o, "work", json_integer((json_int_t)work));
    json_object_set_new(o, "checkpoint", json_from_str(head->checkpoint));
    json_object_set_new(o, "head",
                        json_pack("{s:I, s:o, s:o}", "index", (json_int_t)head->index, "entry",
                                  json_from_str(head->entry), "path",
                                  path_json(head->path.v, head->path.n)));
    json_object_set_new(o, "keys", list);
    json_object_set_new(o, "covered", covered);
    json_array_append_new(
        list, key_json(state, storefront,
                       (struct absence_key){str_of(target_name(TARGET_WORK)), str_of(number)}));
    json_array_append_new(
        list, key_json(state, storefront, (struct absence_key){STR(STATE_COVERED), STR_NONE}));
    for (size_t i = 0; i < key_count && i < ABSENCE_KEYS_MAX - 2; i++)
        json_array_append_new(list, key_json(state, storefront, keys[i]));
    enum rc rc = covered_json(state, storefront, work, covered, fault);
    if (rc == RC_OK)
        *ret = json_incref(o);
    return rc;
}

/* ---- reading: what is not as it should be is refused with its place ---- */

struct proving {
    struct arena *arena;
    const json_t *object;
    struct absence_result *result;
    struct hash root; /* of the state map */
    /* Under other keys: what a covered leaf may name. */
    struct absence_restriction *others;
    size_t other_n, other_room;
    bool has_work, has_covered;
    uint64_t covered_works;
    struct hash covered_root;
};

static enum rc wrong(struct fault *fault, const char *what)
{
    return fault_set(fault, RC_INVALID, "absence proof: %s", what);
}

static bool has_only(const json_t *object, size_t members)
{
    return json_is_object(object) && json_object_size(object) == members;
}

static bool read_hash(const json_t *json, struct hash *ret)
{
    return json_is_string(json) &&
           hex_decode((struct str){json_string_value(json), json_string_length(json)}, ret->b,
                      sizeof ret->b);
}

static bool read_path(const json_t *list, struct hash *ret, size_t room, size_t *ret_n)
{
    size_t n = json_array_size(list);
    if (!json_is_array(list) || n > room)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!read_hash(json_array_get(list, i), &ret[i]))
            return false;
    *ret_n = n;
    return true;
}

static bool read_index(const json_t *object, const char *name, uint64_t *ret)
{
    int64_t value;
    if (!json_member_int(object, name, &value) || value < 0)
        return false;
    *ret = (uint64_t)value;
    return true;
}

/* Checkpoint, head, and the map's root in it. */
static enum rc check_head(struct proving *p, const struct key_chain *log_keys, struct fault *fault)
{
    struct checkpoint checkpoint = {0};
    struct entry entry;
    struct hash path[64];
    size_t n;
    uint64_t index;
    const json_t *head = json_object_get(p->object, "head");
    struct str bytes = json_member_str(head, "entry");
    struct str note = json_member_str(p->object, "checkpoint");
    if (!has_only(head, 3) || !read_index(head, "index", &index) ||
        !read_path(json_object_get(head, "path"), path, 64, &n))
        return wrong(fault, "head: index, entry and path are needed");
    enum rc rc = RC_OK;
    if (log_keys != NULL)
        rc = key_chain_verify(&checkpoint, note, log_keys, fault);
    if (rc == RC_OK)
        rc = entry_read(p->arena, arena_str(p->arena, bytes), &entry, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "absence proof: head");
    if (entry.type != ENTRY_HEAD || !entry_has_map(&entry))
        return wrong(fault, "head: the entry is no head that carries the state map's root");
    struct hash leaf = merkle_leaf(bytes);
    if (log_keys != NULL &&
        merkle_check_inclusion(&leaf, index, checkpoint.size, path, n, &checkpoint.root) != RC_OK)
        return wrong(fault, "head: it does not stand in the log that was signed");
    p->root = entry.map;
    p->result->at = entry.at;
    p->result->size = checkpoint.size;
    return RC_OK;
}

static bool read_time(const json_t *object, const char *name, int64_t *ret)
{
    struct str s = json_member_str(object, name);
    return s.n == 0 ? json_object_get(object, name) == NULL : time_parse(s, ret);
}

static bool read_restriction(struct arena *arena, const json_t *o, struct absence_restriction *r)
{
    const json_t *features = json_object_get(o, "features");
    enum feature feature;
    if (!read_index(o, "id", &r->id) || !read_time(o, "from", &r->from) || r->from == 0 ||
        !read_time(o, "until", &r->until) || !read_time(o, "lapses", &r->review) ||
        json_array_size(features) == 0)
        return false;
    for (size_t i = 0; i < json_array_size(features); i++) {
        const char *name = json_string_value(json_array_get(features, i));
        if (name == NULL || !feature_parse(str_of(name), &feature))
            return false;
        r->features |= FEATURE_BIT(feature);
    }
    static const enum target_kind parts[] = {TARGET_EDITION, TARGET_REVIEW, TARGET_COMMENT};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct str key = json_member_str(o, target_name(parts[i]));
        if (key.n == 0)
            continue;
        r->part_kind = str_of(target_name(parts[i]));
        r->part = arena_str(arena, key);
    }
    return true;
}

static void add_restriction(struct proving *p, bool own, const struct absence_restriction *r)
{
    if (own) {
        p->result->restrictions.v[p->result->restrictions.n++] = *r;
        return;
    }
    ARENA_ROOM(p->arena, p->others, p->other_n, p->other_room);
    p->others[p->other_n++] = *r;
}

/* The value under a key, whose hash is proved already. */
static enum rc read_value(struct proving *p, struct str kind, struct str key, struct str value,
                          bool own, struct fault *fault)
{
    JSON_AUTO *o = NULL;
    enum rc rc = json_read(value, &o, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "absence proof: value");
    if (!str_eq(json_member_str(o, "kind"), kind) || !str_eq(json_member_str(o, "key"), key) ||
        !str_eq(json_member_str(o, "storefront"), p->result->storefront))
        return wrong(fault, "value: it is about something else");
    if (str_eq(kind, STR(STATE_COVERED))) {
        if (!read_index(o, "works", &p->covered_works) || p->covered_works == 0 ||
            !read_hash(json_object_get(o, "root"), &p->covered_root))
            return wrong(fault, "value: works and root of what sets cover are needed");
        return RC_OK;
    }
    const json_t *list = json_object_get(o, "restrictions");
    if (json_array_size(list) == 0)
        return wrong(fault, "value: it names no restriction");
    if (own)
        p->result->restrictions.v =
            ARENA_ARRAY(p->arena, struct absence_restriction, json_array_size(list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct absence_restriction r = {.kind = arena_str(p->arena, kind),
                                        .key = arena_str(p->arena, key)};
        if (!read_restriction(p->arena, json_array_get(list, i), &r))
            return wrong(fault, "value: a restriction without id, features or time");
        add_restriction(p, own, &r);
    }
    return RC_OK;
}

static enum rc check_key(struct proving *p, const json_t *o, struct fault *fault)
{
    struct state_proof proof = {0};
    char number[WORK_DIGITS];
    size_t n, members = 3;
    const json_t *value = json_object_get(o, "value"), *leaf = json_object_get(o, "leaf");
    struct str kind = json_member_str(o, "kind"), key = json_member_str(o, "key");
    struct str bytes = json_member_str(o, "value");
    members += (value != NULL) + (leaf != NULL);
    if (!has_only(o, members) || kind.n == 0 || (value != NULL) != (bytes.n > 0) ||
        (value != NULL && leaf != NULL) ||
        !read_path(json_object_get(o, "path"), proof.path, STATE_PROOF_MAX, &n))
        return wrong(fault, "keys: kind, key, path and at most one of value and leaf are needed");
    proof.n = (unsigned)n;
    struct hash at = state_key(p->result->storefront, kind, key);
    struct hash hash = sha256(bytes.p, bytes.n);
    proof.has_leaf = value != NULL || leaf != NULL;
    proof.leaf_key = at;
    proof.leaf_value = hash;
    if (leaf != NULL &&
        (!has_only(leaf, 2) || !read_hash(json_object_get(leaf, "key"), &proof.leaf_key) ||
         !read_hash(json_object_get(leaf, "value"), &proof.leaf_value)))
        return wrong(fault, "keys: leaf: key and value are needed");
    if (state_proof_check(&proof, &p->root, &at, value != NULL ? &hash : NULL) != RC_OK)
        return fault_set(fault, RC_INVALID,
                         "absence proof: keys: %.*s %.*s: this does not lead to the map's root",
                         STR_ARG(str_sub(kind, 0, 40)), STR_ARG(str_sub(key, 0, 80)));
    snprintf(number, sizeof number, "%llu", (unsigned long long)p->result->work);
    bool own = str_eq(kind, str_of(target_name(TARGET_WORK))) && str_eq(key, str_of(number));
    bool covered = str_eq(kind, STR(STATE_COVERED)) && key.n == 0;
    if ((own && p->has_work) || (covered && p->has_covered))
        return wrong(fault, "keys: the same one twice");
    p->has_work |= own;
    p->has_covered |= covered;
    return value == NULL ? RC_OK : read_value(p, kind, key, bytes, own, fault);
}

/* A leaf of the covered works: the work's id, and the restrictions'. */
static uint64_t be64(const uint8_t *b)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | b[i];
    return value;
}

static enum rc check_leaf(struct proving *p, const json_t *o, uint64_t *ret_index, struct str *ret,
                          struct fault *fault)
{
    struct hash path[64];
    size_t n;
    struct str hex = json_member_str(o, "leaf");
    if (!has_only(o, 3) || !read_index(o, "index", ret_index) || hex.n < 32 || hex.n % 16 != 0 ||
        hex.n > 2 * LEAF_MAX || !read_path(json_object_get(o, "path"), path, 64, &n))
        return wrong(fault, "covered: index, leaf and path are needed");
    char *bytes = arena_alloc(p->arena, hex.n / 2);
    if (!hex_decode(hex, bytes, hex.n / 2))
        return wrong(fault, "covered: a leaf that is no hexadecimal");
    *ret = (struct str){bytes, hex.n / 2};
    struct hash leaf = merkle_leaf(*ret);
    if (merkle_check_inclusion(&leaf, *ret_index, p->covered_works, path, n, &p->covered_root) !=
        RC_OK)
        return wrong(fault, "covered: a leaf does not stand in the list");
    return RC_OK;
}

static const struct absence_restriction *find_other(const struct proving *p, uint64_t id)
{
    for (size_t i = 0; i < p->other_n; i++)
        if (p->others[i].id == id)
            return &p->others[i];
    return NULL;
}

/* Every restriction that the leaf names must be among the proofs. */
static enum rc take_covering(struct proving *p, struct str leaf, struct fault *fault)
{
    const uint8_t *b = (const uint8_t *)leaf.p;
    size_t more = leaf.n / 8 - 1, had = p->result->restrictions.n;
    struct absence_restriction *v = ARENA_ARRAY(p->arena, struct absence_restriction, had + more);
    if (had > 0)
        memcpy(v, p->result->restrictions.v, had * sizeof *v);
    p->result->restrictions.v = v;
    for (size_t i = 1; i <= more; i++) {
        const struct absence_restriction *r = find_other(p, be64(b + 8 * i));
        if (r == NULL)
            return fault_set(fault, RC_INVALID,
                             "absence proof: restriction %llu covers this work, and no key says "
                             "what it withholds",
                             (unsigned long long)be64(b + 8 * i));
        v[p->result->restrictions.n++] = *r;
    }
    return RC_OK;
}

static enum rc check_covered(struct proving *p, struct fault *fault)
{
    const json_t *list = json_object_get(p->object, "covered");
    size_t n = json_array_size(list);
    uint64_t index[2], works[2], work = p->result->work;
    struct str leaves[2];
    if (!json_is_array(list) || n > 2 || (n == 0) != (p->covered_works == 0))
        return wrong(fault, "covered: the work's leaf or its neighbours are needed");
    for (size_t i = 0; i < n; i++) {
        enum rc rc = check_leaf(p, json_array_get(list, i), &index[i], &leaves[i], fault);
        if (rc != RC_OK)
            return rc;
        works[i] = be64((const uint8_t *)leaves[i].p);
    }
    if (n == 0)
        return RC_OK;
    if (n == 1 && works[0] == work)
        return take_covering(p, leaves[0], fault);
    bool between = n == 2 && works[0] < work && work < works[1] && index[1] == index[0] + 1;
    bool before = n == 1 && work < works[0] && index[0] == 0;
    bool behind = n == 1 && works[0] < work && index[0] == p->covered_works - 1;
    return between || before || behind
               ? RC_OK
               : wrong(fault, "covered: these are not the neighbours of this work");
}

enum rc absence_check(struct arena *arena, struct str text, const struct key_chain *log_keys,
                      struct absence_result *ret, struct fault *fault)
{
    JSON_AUTO *o = NULL;
    struct absence_result result = {0};
    if (text.n > ABSENCE_MAX)
        return wrong(fault, "too large");
    enum rc rc = json_read(text, &o, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "absence proof");
    struct proving p = {.arena = arena, .object = o, .result = &result};
    const json_t *keys = json_object_get(o, "keys");
    uint64_t version = 0;
    if (!has_only(o, 8) || !str_eq(json_member_str(o, "type"), STR("absence")) ||
        !read_index(o, "v", &version) || version != 1)
        return wrong(fault, "no proof of a form this program knows");
    result.storefront = arena_str(arena, json_member_str(o, "storefront"));
    if (!read_index(o, "work", &result.work) || result.work == 0 || result.storefront.n == 0 ||
        !json_is_array(keys) || json_array_size(keys) > ABSENCE_KEYS_MAX)
        return wrong(fault, "storefront, work and keys are needed");
    rc = check_head(&p, log_keys, fault);
    for (size_t i = 0; rc == RC_OK && i < json_array_size(keys); i++)
        rc = check_key(&p, json_array_get(keys, i), fault);
    if (rc == RC_OK && !(p.has_work && p.has_covered))
        rc = wrong(fault, "keys: the work itself and what sets cover are needed");
    if (rc == RC_OK)
        rc = check_covered(&p, fault);
    result.keys = json_array_size(keys);
    if (rc == RC_OK)
        *ret = result;
    return rc;
}
