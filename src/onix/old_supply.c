/* ONIX 2.1 into block 6: markets, suppliers, what is there. */
#include "base/buf.h"
#include "onix/old.h"
#include "onix/reading.h"

enum { GROUPS_MAX = 64 };

static void turn_availability(struct turning *t, struct node *detail, struct node *from)
{
    struct node *code = old_child(from, TAG_AvailabilityCode);
    struct node *now = old_child(from, TAG_ProductAvailability);
    turn_text(t, detail, TAG_ProductAvailability, now);
    if (code == NULL || code->text.n == 0)
        return;
    const char *known = old_availability(code->text);
    turn_done(code);
    if (now == NULL || now->text.n == 0)
        turn_value(t, detail, TAG_ProductAvailability, code,
                   known == NULL ? STR("99") : str_of(known));
    if (known == NULL)
        find_fault(&t->place, SEVERITY_WARNING, code, TAG_UNKNOWN, "availability",
                   "“%.*s” is no availability of ONIX 2.1", STR_ARG(shown(code->text)));
}

static void turn_supply_date(struct turning *t, struct node *detail, struct node *date,
                             const char *role)
{
    if (date == NULL || date->text.n == 0)
        return;
    struct node *day = turn_add(t, detail, TAG_SupplyDate, date);
    turn_value(t, day, TAG_SupplyDateRole, date, str_of(role));
    turn_text(t, day, TAG_Date, date);
}

static void turn_detail(struct turning *t, struct node *supply, struct node *from)
{
    struct node *detail = turn_add(t, supply, TAG_SupplyDetail, from);
    struct node *supplier = turn_add(t, detail, TAG_Supplier, from);
    TURN_SAME(t, supplier, from, TAG_SupplierRole, TAG_SupplierName);
    turn_availability(t, detail, from);
    TURN_SAME(t, detail, from, TAG_UnpricedItemType, TAG_OrderTime);
    turn_supply_date(t, detail, old_child(from, TAG_OnSaleDate), "02");
    turn_supply_date(t, detail, old_child(from, TAG_ExpectedShipDate), "08");
    turn_prices(t, detail, from);
}

static const struct places supply_places = {.country = TAG_SupplyToCountry,
                                            .territory = TAG_SupplyToTerritory,
                                            .region = TAG_SupplyToRegion,
                                            .not_country = TAG_SupplyToCountryExcluded};
static const struct places market_places = {.country = TAG_MarketCountry,
                                            .territory = TAG_MarketTerritory,
                                            .not_country = TAG_MarketCountryExcluded};

/* The suppliers of one market. */
struct group {
    struct str places; /* empty: wherever there are rights */
    struct node *supply, *first;
};

struct groups {
    struct group v[GROUPS_MAX];
    size_t n;
};

static struct group *group_of(struct turning *t, struct groups *groups, struct node *from)
{
    struct str places = old_codes(t, from, &supply_places);
    for (size_t i = 0; i < groups->n; i++)
        if (str_eq(groups->v[i].places, places))
            return &groups->v[i];
    if (groups->n == GROUPS_MAX) {
        find_fault(&t->place, SEVERITY_ERROR, from, TAG_UNKNOWN, "supply",
                   "it is supplied to more than %d markets", GROUPS_MAX);
        return NULL;
    }
    struct group *group = &groups->v[groups->n++];
    *group = (struct group){.places = places, .first = from};
    return group;
}

static bool has_priced_places(const struct groups *groups)
{
    for (size_t i = 0; i < groups->n; i++)
        EACH(price, groups->v[i].first, TAG_Price)
    for (const struct node *n = price->child; n != NULL; n = n->next)
        if (n->tag == TAG_CountryCode || n->tag == TAG_OldTerritory)
            return true;
    return false;
}

/* Prices in several currencies are for several markets, whatever places they leave unsaid. */
static bool has_one_currency(const struct groups *groups)
{
    struct str first = STR_NONE;
    for (size_t i = 0; i < groups->n; i++)
        EACH(price, groups->v[i].first, TAG_Price)
        {
            struct str currency = node_text(price, TAG_CurrencyCode);
            if (currency.n > 0 && first.n > 0 && !str_eq(first, currency))
                return false;
            if (currency.n > 0)
                first = currency;
        }
    return true;
}

/* What an agent says of the market that the group is supplied to: it says so of the same places,
 * or it is the only one, and the supply names none and has prices for no more than one. */
static struct node *market_of(struct turning *t, const struct groups *groups,
                              const struct group *group)
{
    struct node *only = NULL;
    size_t n = 0;
    EACH_OLD(market, t->old, TAG_MarketRepresentation)
    {
        if (group->places.n > 0 && n < GROUPS_MAX &&
            str_eq(group->places, old_codes(t, market, &market_places)))
            return market;
        only = market;
        n++;
    }
    return group->places.n == 0 && n == 1 && groups->n == 1 && !has_priced_places(groups) &&
                   has_one_currency(groups)
               ? only
               : NULL;
}

/* Where the other groups are, for one that is supplied to the rest of the world. */
static struct str other_places(struct turning *t, const struct groups *groups,
                               const struct group *group)
{
    BUF_AUTO all = BUF_INIT(OLD_CODES_MAX);
    struct str rest;
    if (!old_without_row(t, group->places, &rest))
        return STR_NONE;
    for (size_t i = 0; i < groups->n; i++)
        if (&groups->v[i] != group && !old_without_row(t, groups->v[i].places, &rest))
            old_codes_add(&all, groups->v[i].places);
    return old_codes_end(t, &all, group->first, TAG_UNKNOWN);
}

/* Without a market, the group supplies wherever there are rights. Restrictions stand here where
 * no right could carry them: what is restricted must not open for want of a place to say so. */
static void turn_market(struct turning *t, const struct groups *groups, struct group *group,
                        struct node *agent, bool restricted)
{
    bool agents = agent != NULL && old_codes(t, agent, &market_places).n > 0;
    if (group->places.n == 0 && !agents && !restricted)
        return;
    struct node *market = turn_add(t, group->supply, TAG_Market, group->first);
    if (group->places.n > 0)
        turn_territory(t, market, group->first, &supply_places, other_places(t, groups, group));
    else if (agents)
        turn_territory(t, market, agent, &market_places, STR_NONE);
    else
        turn_value(t, turn_add(t, market, TAG_Territory, group->first), TAG_RegionsIncluded,
                   group->first, STR("WORLD"));
    if (restricted)
        turn_restrictions(t, market);
}

static void turn_market_detail(struct turning *t, struct node *supply, struct node *agent)
{
    struct node *detail = turn_add(t, supply, TAG_MarketPublishingDetail, agent);
    for (struct node *n = agent->child; n != NULL; n = n->next)
        if (n->tag == TAG_MarketCountry || n->tag == TAG_MarketTerritory ||
            n->tag == TAG_MarketCountryExcluded)
            turn_done(n);
    TURN_SAME(t, detail, agent, TAG_MarketPublishingStatus);
    EACH_OLD(n, agent, TAG_MarketDate)
    TURN_SAME(t, turn_add(t, detail, TAG_MarketDate, n), n, TAG_MarketDateRole, TAG_DateFormat,
              TAG_Date);
}

/* The first market that has a country counts for it: those that name places come first. */
static void turn_groups(struct turning *t, struct groups *groups, bool restricted)
{
    for (int named = 1; named >= 0; named--)
        for (size_t i = 0; i < groups->n; i++) {
            struct group *group = &groups->v[i];
            if ((group->places.n > 0) != named)
                continue;
            struct node *agent = market_of(t, groups, group);
            group->supply = turn_add(t, t->product, TAG_ProductSupply, group->first);
            turn_market(t, groups, group, agent, restricted);
            if (agent != NULL)
                turn_market_detail(t, group->supply, agent);
        }
}

void turn_supply(struct turning *t)
{
    const struct node *publishing = node_child(t->product, TAG_PublishingDetail);
    bool restricted =
        (old_child(t->old, TAG_SalesRestriction) != NULL || old_minors_flag(t) != NULL) &&
        (node_child(publishing, TAG_SalesRights) == NULL ||
         node_child(publishing, TAG_ROWSalesRightsType) != NULL);
    struct groups groups = {.n = 0};
    if (node_count(t->old, TAG_SalesRestriction) > GROUPS_MAX)
        find_fault(&t->place, SEVERITY_ERROR, t->old, TAG_SalesRestriction, "sales-restriction",
                   "it has more than %d sales restrictions", GROUPS_MAX);
    EACH_OLD(n, t->old, TAG_SupplyDetail)
    if (group_of(t, &groups, n) == NULL)
        return;
    if (t->place.errors > 0)
        return;
    turn_groups(t, &groups, restricted);
    EACH_OLD(n, t->old, TAG_SupplyDetail)
    {
        turn_detail(t, group_of(t, &groups, n)->supply, n);
        for (struct node *place = n->child; place != NULL; place = place->next)
            if (place->tag == TAG_SupplyToCountry || place->tag == TAG_SupplyToTerritory ||
                place->tag == TAG_SupplyToRegion || place->tag == TAG_SupplyToCountryExcluded)
                turn_done(place);
    }
}
