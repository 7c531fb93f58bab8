/* What one member alone does not show: the rules of single kinds. */
#include "domain/isbn.h"
#include "record/entry_kinds.h"
#include "record/key_chain.h"
#include "record/refusal.h"

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

static enum rc check_target(enum target_kind kind, struct str key, const uint64_t *work,
                            feature_mask features, struct fault *fault)
{
    uint64_t number;
    struct hash commitment;
    bool good = true;
    switch (kind) {
    case TARGET_EDITION:
        good = isbn13_valid(key);
        break;
    case TARGET_WORK:
        good = number_key(key, &number) && (work == NULL || number == *work);
        break;
    case TARGET_CONTRIBUTOR:
        good = number_key(key, &number);
        break;
    case TARGET_COLLECTION:
    case TARGET_SHOP:
        break;
    case TARGET_REVIEW:
    case TARGET_COMMENT:
        good = index_key(key);
        break;
    case TARGET_ACCOUNT:
        good = hex_decode(key, commitment.b, sizeof commitment.b);
        break;
    }
    if (!good)
        return fault_set(fault, RC_INVALID, "target: %.*s is no %s", STR_ARG(key),
                         target_name(kind));
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (features & FEATURE_BIT(f) & ~target_features(kind))
            return fault_set(fault, RC_INVALID, "features: %s cannot be withheld of one %s",
                             feature_name((enum feature)f), target_name(kind));
    return RC_OK;
}

enum rc check_restriction(const struct entry *e, struct fault *fault)
{
    const struct restriction *r = &e->restriction;
    enum rc rc = check_target(r->target, r->target_key, &e->work, r->features, fault);
    if (rc != RC_OK)
        return rc;
    if (r->demanded_count > 0 && r->demand == 0)
        return fault_set(fault, RC_INVALID, "demanded: it follows no demand");
    if ((r->until != 0) == (r->review != 0))
        return fault_set(fault, RC_INVALID, "until, review: exactly one of the two is needed");
    if ((r->until != 0 && r->until <= r->from) || (r->review != 0 && r->review <= r->from))
        return fault_set(fault, RC_INVALID, "until, review: it would end before it begins");
    return RC_OK;
}

/* What a demand names in its own words: short, and nowhere to reach anybody. */
static enum rc check_named(const char *name, struct str s, struct fault *fault)
{
    enum { NAMED_MAX = 200 };
    if (s.n > NAMED_MAX)
        return fault_set(fault, RC_INVALID, "%s: longer than %d bytes", name, NAMED_MAX);
    if (str_find(s, '@') < s.n || str_find_str(s, STR("://")) < s.n)
        return fault_set(fault, RC_INVALID, "%s: it names nobody's address", name);
    return RC_OK;
}

enum rc entry_named_check(struct str authority, struct str legal_basis, struct str reference,
                          struct fault *fault)
{
    enum rc rc = check_named("authority", authority, fault);
    if (rc == RC_OK)
        rc = check_named("legal-basis", legal_basis, fault);
    return rc == RC_OK ? check_named("reference", reference, fault) : rc;
}

enum rc check_decision(const struct entry *e, struct fault *fault)
{
    const struct decision_entry *d = &e->decision;
    return entry_named_check(d->authority, d->legal_basis, d->reference, fault);
}

enum rc check_demand(const struct entry *e, struct fault *fault)
{
    const struct demand_entry *d = &e->demand;
    if (d->missing & ~demand_elements(d->sender))
        return fault_set(fault, RC_INVALID, "missing: something nobody asks of this sender");
    static const struct hash none;
    if (!hash_eq(&d->claims, &none) && d->authority.n + d->legal_basis.n + d->reference.n > 0)
        return fault_set(fault, RC_INVALID,
                         "claims: nobody checked them, so they do not stand here");
    enum rc rc = entry_named_check(d->authority, d->legal_basis, d->reference, fault);
    return rc != RC_OK ? rc : check_target(d->target, d->target_key, NULL, d->features, fault);
}

enum rc check_erased(const struct entry *e, struct fault *fault)
{
    if (e->law.n > 0 && str_eq(e->basis, STR("author")))
        return fault_set(fault, RC_INVALID, "law: nothing commands what an author wishes");
    return RC_OK;
}

enum rc check_licence(const struct entry *e, struct fault *fault)
{
    const struct licence *l = &e->licence;
    enum rc rc = check_named("authority", l->authority, fault);
    if (rc == RC_OK)
        rc = check_named("holder", l->holder, fault);
    if (rc == RC_OK)
        rc = check_named("number", l->number, fault);
    if (rc != RC_OK)
        return rc;
    if (l->until != 0 && l->until <= l->from)
        return fault_set(fault, RC_INVALID, "until: it would end before it begins");
    if (e->type == ENTRY_LICENCE && l->status == LICENCE_GRANTED && l->from == 0)
        return fault_set(fault, RC_INVALID, "from: what is granted has a first day");
    return RC_OK;
}

enum rc check_licence_need(const struct entry *e, struct fault *fault)
{
    return check_named("source", e->need.source, fault);
}

enum rc check_agreement(const struct entry *e, struct fault *fault)
{
    if (e->agreement.until != 0 && e->agreement.until <= e->agreement.from)
        return fault_set(fault, RC_INVALID, "until: it would end before it begins");
    return RC_OK;
}

static enum rc check_of(uint64_t restriction, uint64_t decision, struct fault *fault)
{
    if ((restriction != 0) == (decision != 0))
        return fault_set(fault, RC_INVALID, "of: exactly one restriction or decision is needed");
    return RC_OK;
}

enum rc check_complaint(const struct entry *e, struct fault *fault)
{
    return check_of(e->complaint.restriction, e->complaint.decision, fault);
}

enum rc check_dispute(const struct entry *e, struct fault *fault)
{
    return check_of(e->dispute.restriction, e->dispute.decision, fault);
}

enum rc check_key(const struct entry *e, struct fault *fault)
{
    return key_handover_check(&e->key, fault);
}

enum rc check_corrected(const struct entry *e, struct fault *fault)
{
    const struct dispute_corrected_entry *c = &e->corrected;
    if (c->state == DISPUTE_SETTLED && c->settled < c->submitted)
        return fault_set(fault, RC_INVALID, "settled: that is before it was brought");
    return RC_OK;
}

static enum rc check_refuser(struct note_key *ret, const char *name, struct str vkey,
                             struct fault *fault)
{
    enum rc rc = note_key_parse(ret, vkey, fault);
    if (rc == RC_OK && !str_ends(ret->name, STR(REFUSAL_KEY_SUFFIX)))
        rc = fault_set(fault, RC_INVALID, "it is no key of refusals");
    return rc == RC_OK ? rc : fault_prefix(fault, RC_INVALID, "%s", name);
}

enum rc check_refusal_key(const struct entry *e, struct fault *fault)
{
    struct note_key key, before;
    enum rc rc = check_refuser(&key, "key", e->refusal_key.vkey, fault);
    if (rc != RC_OK || e->refusal_key.replaces.n == 0)
        return rc;
    rc = check_refuser(&before, "replaces", e->refusal_key.replaces, fault);
    if (rc == RC_OK && !str_eq(before.name, key.name))
        rc = fault_set(fault, RC_INVALID, "replaces: it is another shop's key");
    if (rc == RC_OK && str_eq(e->refusal_key.vkey, e->refusal_key.replaces))
        rc = fault_set(fault, RC_INVALID, "replaces: it is the same key");
    return rc;
}
