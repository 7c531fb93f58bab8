#include "domain/restriction.h"

#include "base/ids.h"

enum restriction_state restriction_state(const struct restriction *r, int64_t now)
{
    if (!r->published)
        return STATE_PENDING;
    if (r->lifted != 0)
        return STATE_LIFTED;
    if ((r->until != 0 && now >= r->until) || (r->review != 0 && now >= r->review))
        return STATE_EXPIRED;
    return now < r->from ? STATE_SCHEDULED : STATE_IN_EFFECT;
}

int64_t restriction_boundary(const struct restriction *r, int64_t now)
{
    if (!r->published || r->lifted != 0)
        return INT64_MAX;
    int64_t const times[] = {r->from, r->until, r->review};
    int64_t next = INT64_MAX;
    for (int i = 0; i < 3; i++)
        if (times[i] != 0 && times[i] > now && times[i] < next)
            next = times[i];
    return next;
}

bool restriction_in_storefront(const struct restriction *r, struct str storefront)
{
    for (size_t i = 0; i < r->storefront_count; i++)
        if (str_eq(r->storefronts[i], storefront))
            return true;
    return false;
}

bool ground_orders(enum ground ground)
{
    return ground == GROUND_AUTHORITY_ORDER || ground == GROUND_COURT_ORDER;
}

bool ground_is_legal_demand(enum ground ground)
{
    return ground_orders(ground) || ground == GROUND_RIGHTSHOLDER;
}

bool target_is_set(enum target_kind kind)
{
    return kind == TARGET_COLLECTION || kind == TARGET_CONTRIBUTOR || kind == TARGET_SHOP;
}

bool target_is_voice(enum target_kind kind)
{
    return kind == TARGET_REVIEW || kind == TARGET_COMMENT;
}

feature_mask target_features(enum target_kind kind)
{
    switch (kind) {
    case TARGET_REVIEW:
        return FEATURE_BIT(FEATURE_RATINGS) | FEATURE_BIT(FEATURE_REVIEWS);
    case TARGET_COMMENT:
        return FEATURE_BIT(FEATURE_COMMENTS);
    case TARGET_ACCOUNT:
        return FEATURE_BIT(FEATURE_SUBMISSIONS);
    default:
        return (feature_mask)((1u << FEATURE_COUNT) - 1);
    }
}

bool work_set_has(struct work_set set, uint64_t work)
{
    return ids_have(set.v, set.n, work);
}

static const char *const features[FEATURE_COUNT] = {
    [FEATURE_LISTING] = "listing",   [FEATURE_SEARCH] = "search",
    [FEATURE_SALE] = "sale",         [FEATURE_DELIVERY] = "delivery",
    [FEATURE_RATINGS] = "ratings",   [FEATURE_REVIEWS] = "reviews",
    [FEATURE_COMMENTS] = "comments", [FEATURE_SUBMISSIONS] = "submissions",
};
static const char *const targets[TARGET_COUNT] = {
    [TARGET_EDITION] = "edition",
    [TARGET_WORK] = "work",
    [TARGET_COLLECTION] = "collection",
    [TARGET_CONTRIBUTOR] = "contributor",
    [TARGET_SHOP] = "shop",
    [TARGET_REVIEW] = "review",
    [TARGET_COMMENT] = "comment",
    [TARGET_ACCOUNT] = "account",
};
static const char *const grounds[GROUND_COUNT] = {
    [GROUND_AUTHORITY_ORDER] = "authority-order",
    [GROUND_COURT_ORDER] = "court-order",
    [GROUND_LAW] = "law",
    [GROUND_RIGHTSHOLDER] = "rightsholder",
    [GROUND_LICENCE] = "licence",
    [GROUND_TERMS] = "terms",
    [GROUND_OPERATOR] = "operator",
};
static const char *const states[STATE_COUNT] = {
    [STATE_PENDING] = "pending", [STATE_SCHEDULED] = "scheduled", [STATE_IN_EFFECT] = "in effect",
    [STATE_LIFTED] = "lifted",   [STATE_EXPIRED] = "expired",
};

static bool find_name(const char *const *names, int n, struct str s, int *ret)
{
    for (int i = 0; i < n; i++)
        if (str_eq(s, str_of(names[i]))) {
            *ret = i;
            return true;
        }
    return false;
}

const char *feature_name(enum feature feature)
{
    return features[feature];
}

bool feature_parse(struct str s, enum feature *ret)
{
    int i;
    bool found = find_name(features, FEATURE_COUNT, s, &i);
    if (found)
        *ret = (enum feature)i;
    return found;
}

bool feature_mask_parse(struct str s, feature_mask *ret)
{
    feature_mask mask = 0;
    struct str name;
    enum feature feature;
    if (s.n == 0 || s.p[s.n - 1] == ',')
        return false;
    while (str_next(&s, ',', &name)) {
        if (!feature_parse(name, &feature) || (mask & FEATURE_BIT(feature)) != 0)
            return false;
        mask |= FEATURE_BIT(feature);
    }
    *ret = mask;
    return true;
}

const char *target_name(enum target_kind kind)
{
    return targets[kind];
}

bool target_parse(struct str s, enum target_kind *ret)
{
    int i;
    bool found = find_name(targets, TARGET_COUNT, s, &i);
    if (found)
        *ret = (enum target_kind)i;
    return found;
}

const char *ground_name(enum ground ground)
{
    return grounds[ground];
}

bool ground_parse(struct str s, enum ground *ret)
{
    int i;
    bool found = find_name(grounds, GROUND_COUNT, s, &i);
    if (found)
        *ret = (enum ground)i;
    return found;
}

const char *state_name(enum restriction_state state)
{
    return states[state];
}
