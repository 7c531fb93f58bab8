#include "domain/visibility.h"

static bool number_is(struct str key, uint64_t number)
{
    uint64_t value;
    return str_to_u64(key, &value) && value == number;
}

bool visibility_concerns(const struct restriction *r, const struct visibility_facts *facts,
                         enum feature feature)
{
    if (!(target_features(r->target) & FEATURE_BIT(feature)))
        return false;
    switch (r->target) {
    case TARGET_EDITION:
        return facts->isbn13.n > 0 && str_eq(r->target_key, facts->isbn13);
    case TARGET_WORK:
        return number_is(r->target_key, facts->work);
    case TARGET_SHOP:
        if (feature == FEATURE_SALE || feature == FEATURE_DELIVERY)
            return facts->shop.n > 0 && str_eq(r->target_key, facts->shop) &&
                   work_set_has(r->works, facts->work);
        return work_set_has(r->works, facts->work);
    case TARGET_COLLECTION:
    case TARGET_CONTRIBUTOR:
        return work_set_has(r->works, facts->work);
    case TARGET_REVIEW:
        return facts->review != NULL && number_is(r->target_key, *facts->review) &&
               work_set_has(r->works, facts->work);
    case TARGET_COMMENT:
        return facts->comment != NULL && number_is(r->target_key, *facts->comment) &&
               work_set_has(r->works, facts->work);
    case TARGET_ACCOUNT:
        return facts->account.n > 0 && str_eq(r->target_key, facts->account);
    }
    return false;
}

void visibility_add(struct visibility *v, const struct restriction *r, struct str storefront,
                    const struct visibility_facts *facts, int64_t now)
{
    if (restriction_state(r, now) != STATE_IN_EFFECT || !restriction_in_storefront(r, storefront))
        return;
    for (int f = 0; f < FEATURE_COUNT; f++) {
        if (!(r->features & FEATURE_BIT(f)) || !visibility_concerns(r, facts, (enum feature)f))
            continue;
        v->withheld |= FEATURE_BIT(f);
        if (v->by[f] == NULL || r->record_index < v->by[f]->record_index)
            v->by[f] = r;
    }
}

struct visibility visibility_decide(const struct restriction *const *restrictions, size_t n,
                                    struct str storefront, const struct visibility_facts *facts,
                                    int64_t now)
{
    struct visibility v = {0};
    for (size_t i = 0; i < n; i++)
        visibility_add(&v, restrictions[i], storefront, facts, now);
    return v;
}
