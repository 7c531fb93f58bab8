#include "app/proposal.h"

#include "base/json.h"
#include "record/merkle.h"

enum { BODY_MAX = 64 << 10 };

/* ---- against the demand ---- */

static bool has_str(const struct str *v, size_t n, struct str s)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i], s))
            return true;
    return false;
}

static struct str or_else(struct str given, struct str otherwise)
{
    return given.n > 0 ? given : otherwise;
}

enum rc proposal_fit(struct arena *arena, struct decision_order *order, const struct entry *demand,
                     struct fault *fault)
{
    const struct demand_entry *d = &demand->demand;
    struct restriction_order *r = &order->restriction;
    if (r->target_key.n == 0) {
        r->target = d->target;
        r->target_key = d->target_key;
    }
    bool less = r->target != d->target || !str_eq(r->target_key, d->target_key);
    if (r->storefronts.n == 0) {
        r->storefronts.v = ARENA_ARRAY(arena, struct str, d->storefronts.n);
        for (; r->storefronts.n < d->storefronts.n; r->storefronts.n++)
            r->storefronts.v[r->storefronts.n] = d->storefronts.v[r->storefronts.n];
    }
    for (size_t i = 0; i < r->storefronts.n; i++)
        if (!has_str(d->storefronts.v, d->storefronts.n, r->storefronts.v[i]))
            return fault_set(fault, RC_INVALID, "storefront: nobody demanded %.*s",
                             STR_ARG(r->storefronts.v[i]));
    less = less || r->storefronts.n < d->storefronts.n;
    if (r->features == 0)
        r->features = d->features;
    if (r->features & ~d->features)
        return fault_set(fault, RC_INVALID, "withhold: more than was demanded");
    less = less || r->features != d->features;
    if (less && order->outcome == OUTCOME_GRANTED)
        return fault_set(fault, RC_INVALID, "outcome: this is less than was demanded: narrowed");
    if (!less && order->outcome == OUTCOME_NARROWED)
        return fault_set(fault, RC_INVALID, "outcome: this is all that was demanded: granted");
    r->ground = d->ground;
    r->authority = or_else(r->authority, d->authority);
    r->legal_basis = or_else(r->legal_basis, d->legal_basis);
    r->reference = or_else(r->reference, d->reference);
    r->state_involved = or_else(r->state_involved, d->state_involved);
    return RC_OK;
}

enum rc proposal_check(const struct restriction *r, struct fault *fault)
{
    BUF_AUTO out = BUF_INIT(ENTRY_MAX);
    struct entry e = {.type = ENTRY_RESTRICTION, .at = r->decided, .restriction = *r};
    e.restriction.id = 1;
    if (r->works.n > 0)
        e.work = r->works.v[0];
    return entry_write(&e, &out, fault);
}

/* ---- as JSON ---- */

static struct str hex_of(struct arena *arena, const struct hash *h)
{
    BUF_AUTO b = BUF_INIT(64);
    hex_add(&b, h->b, sizeof h->b);
    return arena_str(arena, buf_str(&b));
}

static void set_str(json_t *o, const char *name, struct str s)
{
    if (s.n > 0)
        json_object_set_new(o, name, json_from_str(s));
}

static json_t *write_restriction(struct arena *arena, const struct restriction_order *order,
                                 const struct restriction *r)
{
    json_t *o = json_object(), *storefronts = json_array(), *features = json_array();
    for (size_t i = 0; i < r->storefront_count; i++)
        json_array_append_new(storefronts, json_from_str(r->storefronts[i]));
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (r->features & FEATURE_BIT(f))
            json_array_append_new(features, json_string(feature_name((enum feature)f)));
    json_object_set_new(o, "storefronts", storefronts);
    json_object_set_new(o, "features", features);
    json_object_set_new(o, "kind", json_string(target_name(r->target)));
    set_str(o, "key", order->target_key);
    set_str(o, "name", r->target_name);
    json_object_set_new(o, "works", json_integer((json_int_t)r->works_count));
    set_str(o, "root", hex_of(arena, &r->works_root));
    json_object_set_new(o, "ground", json_string(ground_name(r->ground)));
    set_str(o, "authority", r->authority);
    set_str(o, "legal_basis", r->legal_basis);
    set_str(o, "reference", r->reference);
    set_str(o, "state_involved", r->state_involved);
    set_str(o, "terms_version", r->terms_version);
    set_str(o, "scope_reason", order->scope_reason);
    set_str(o, "from", order->from);
    set_str(o, "until", order->until);
    set_str(o, "review", order->review);
    set_str(o, "seal_until", order->seal_until);
    return o;
}

enum rc proposal_write(struct arena *arena, const struct decision_order *order,
                       const struct restriction *r, struct str *ret_body, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(BODY_MAX);
    JSON_AUTO *o = json_object();
    if (order->demand != 0) {
        json_object_set_new(o, "demand", json_integer((json_int_t)order->demand));
        json_object_set_new(o, "outcome", json_string(outcome_name(order->outcome)));
    }
    if (order->demand == 0 || order->outcome != OUTCOME_REFUSED)
        json_object_set_new(o, "restriction", write_restriction(arena, &order->restriction, r));
    else {
        set_str(o, "authority", order->restriction.authority);
        set_str(o, "legal_basis", order->restriction.legal_basis);
        set_str(o, "reference", order->restriction.reference);
    }
    set_str(o, "reason", order->restriction.reason);
    enum rc rc = json_write_canonical(o, &text, fault);
    if (rc == RC_OK)
        *ret_body = arena_str(arena, buf_str(&text));
    return rc;
}

static struct str get_str(struct arena *arena, const json_t *o, const char *name)
{
    return arena_str(arena, json_member_str(o, name));
}

static void read_named(struct arena *arena, const json_t *o, struct restriction_order *r)
{
    r->authority = get_str(arena, o, "authority");
    r->legal_basis = get_str(arena, o, "legal_basis");
    r->reference = get_str(arena, o, "reference");
}

static enum rc read_restriction(struct arena *arena, const json_t *o, struct restriction_order *r,
                                uint64_t *ret_works, struct fault *fault)
{
    const json_t *storefronts = json_object_get(o, "storefronts");
    const json_t *features = json_object_get(o, "features");
    size_t n = json_array_size(storefronts);
    enum feature feature;
    int64_t works;
    r->storefronts.v = ARENA_ARRAY(arena, struct str, n);
    for (; r->storefronts.n < n; r->storefronts.n++)
        r->storefronts.v[r->storefronts.n] = arena_str(
            arena, str_of(json_string_value(json_array_get(storefronts, r->storefronts.n))));
    for (size_t i = 0; i < json_array_size(features); i++)
        if (feature_parse(str_of(json_string_value(json_array_get(features, i))), &feature))
            r->features |= FEATURE_BIT(feature);
    if (!target_parse(json_member_str(o, "kind"), &r->target) ||
        !ground_parse(json_member_str(o, "ground"), &r->ground) ||
        !json_member_int(o, "works", &works))
        return fault_set(fault, RC_CORRUPT, "a proposal is not what was written");
    *ret_works = (uint64_t)works;
    r->target_key = get_str(arena, o, "key");
    read_named(arena, o, r);
    r->state_involved = get_str(arena, o, "state_involved");
    r->terms_version = get_str(arena, o, "terms_version");
    r->scope_reason = get_str(arena, o, "scope_reason");
    r->from = get_str(arena, o, "from");
    r->until = get_str(arena, o, "until");
    r->review = get_str(arena, o, "review");
    r->seal_until = get_str(arena, o, "seal_until");
    return RC_OK;
}

enum rc proposal_read(struct arena *arena, const struct proposal_row *row,
                      struct proposal_view *ret, struct fault *fault)
{
    JSON_AUTO *o = NULL;
    struct proposal_view v = {.id = row->id,
                              .demand = row->demand,
                              .account = row->account,
                              .name = row->name,
                              .created = row->created,
                              .shown = sha256(row->body.p, row->body.n),
                              .decides = row->demand != 0,
                              .body = row->body};
    enum rc rc = json_read(row->body, &o, fault);
    if (rc != RC_OK)
        return rc;
    const json_t *restriction = json_object_get(o, "restriction");
    v.restricts = restriction != NULL;
    v.restriction.reason = get_str(arena, o, "reason");
    v.restriction.demand = row->demand;
    if (v.decides && !outcome_parse(json_member_str(o, "outcome"), &v.outcome))
        return fault_set(fault, RC_CORRUPT, "a proposal is not what was written");
    if (v.restricts)
        rc = read_restriction(arena, restriction, &v.restriction, &v.works, fault);
    else
        read_named(arena, o, &v.restriction);
    if (rc == RC_OK)
        *ret = v;
    return rc;
}

enum rc proposal_same(const struct proposal_row *row, const struct restriction *r,
                      struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    JSON_AUTO *o = NULL;
    enum rc rc = json_read(row->body, &o, fault);
    if (rc != RC_OK)
        return rc;
    struct str root = json_member_str(json_object_get(o, "restriction"), "root");
    if (!str_eq(root, hex_of(&arena, &r->works_root)))
        return fault_set(fault, RC_CONFLICT,
                         "%s %.*s holds other works than when it was proposed: propose it again",
                         target_name(r->target), STR_ARG(r->target_key));
    return RC_OK;
}
