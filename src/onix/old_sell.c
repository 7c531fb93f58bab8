/* ONIX 2.1 into blocks 4 to 6: publisher, rights, relations, supply. */
#include "base/buf.h"
#include "domain/money.h"
#include "onix/old.h"
#include "onix/reading.h"

enum { CODES_MAX = 8192, WIDE_MAX = 64, GROUPS_MAX = 64 };

/* ---- publisher, status, dates ---- */

static void turn_publisher(struct turning *t, struct node *block)
{
    EACH_OLD(n, t->old, TAG_Imprint)
    TURN_SAME(t, turn_add(t, block, TAG_Imprint, n), n, TAG_ImprintName);
    EACH_OLD(n, t->old, TAG_Publisher)
    {
        struct node *publisher = turn_add(t, block, TAG_Publisher, n);
        struct node *role = old_child(n, TAG_PublishingRole);
        if (role == NULL || role->text.n == 0)
            turn_value(t, publisher, TAG_PublishingRole, n, STR("01"));
        TURN_SAME(t, publisher, n, TAG_PublishingRole, TAG_PublisherName);
    }
    static const struct {
        enum tag old;
        const char *role;
    } plain[] = {{TAG_PublisherName, "01"}, {TAG_CopublisherName, "02"}};
    for (size_t i = 0; i < 2; i++)
        EACH_OLD(n, t->old, plain[i].old)
        {
            struct node *publisher = turn_add(t, block, TAG_Publisher, n);
            turn_value(t, publisher, TAG_PublishingRole, n, str_of(plain[i].role));
            turn_text(t, publisher, TAG_PublisherName, n);
        }
}

static void turn_dates(struct turning *t, struct node *block)
{
    static const struct {
        enum tag old;
        const char *role;
    } dates[] = {{TAG_PublicationDate, "01"},
                 {TAG_AnnouncementDate, "09"},
                 {TAG_TradeAnnouncementDate, "10"},
                 {TAG_YearFirstPublished, "11"},
                 {TAG_OutOfPrintDate, "13"}};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct node *n = old_child(t->old, dates[i].old);
        if (n == NULL || n->text.n == 0)
            continue;
        struct node *date = turn_add(t, block, TAG_PublishingDate, n);
        turn_value(t, date, TAG_PublishingDateRole, n, str_of(dates[i].role));
        turn_text(t, date, TAG_Date, n);
    }
}

static void turn_country(struct turning *t, struct node *block)
{
    struct node *country = old_child(t->old, TAG_CountryOfPublication);
    if (country == NULL || country->text.n == 2 || country->text.n == 0) {
        turn_text(t, block, TAG_CountryOfPublication, country);
        return;
    }
    turn_done(country);
    find_fault(&t->place, SEVERITY_WARNING, country, TAG_UNKNOWN, "country",
               "“%.*s” is no country code and is left out", STR_ARG(shown(country->text)));
}

/* ---- rights ---- */

static const struct places rights_places = {
    .country = TAG_RightsCountry, .territory = TAG_RightsTerritory, .region = TAG_RightsRegion};

/* List 46: what opens. Anything else shuts, as in 3.0. */
static bool opens(struct str type)
{
    static const char *const types[] = {"00", "01", "02", "07", "08"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_is(type, types[i]))
            return true;
    return false;
}

static bool names_world(const struct node *from)
{
    EACH(n, from, TAG_RightsTerritory)
    if (str_find_str(n->text, STR("WORLD")) < n->text.n)
        return true;
    EACH(n, from, TAG_RightsRegion)
    if (str_is(n->text, "000"))
        return true;
    return false;
}

/* In 2.1 a sender says "the world" and, beside it, where not: in 3.0 that is one statement with
 * an exception. */
struct rights {
    struct str denied; /* codes of all places that are shut */
    struct node *rest; /* the statement on all other places */
    struct str rest_type;
    unsigned wide;
};

static void deny(struct buf *denied, struct str codes)
{
    if (denied->n > 0 && codes.n > 0)
        buf_char(denied, ' ');
    buf_str_add(denied, codes);
}

static void find_denied(struct turning *t, struct rights *rights)
{
    BUF_AUTO denied = BUF_INIT(CODES_MAX);
    for (struct node *n = t->old->child; n != NULL; n = n->next)
        if (n->tag == TAG_NotForSale ||
            (n->tag == TAG_SalesRights && !opens(node_text(n, TAG_SalesRightsType))))
            deny(&denied, old_codes(t, n, &rights_places));
    if (denied.failed)
        find_fault(&t->place, SEVERITY_ERROR, t->old, TAG_NotForSale, "territory",
                   "too many codes");
    old_without_row(t, arena_str(t->arena, buf_str(&denied)), &rights->denied);
}

static bool names_places(const struct node *n)
{
    return n->tag == TAG_RightsCountry || n->tag == TAG_RightsTerritory ||
           n->tag == TAG_RightsRegion;
}

/* Whether the places are none but "all others", which is said once for the record. */
static bool take_rest(struct turning *t, struct rights *rights, struct node *from, struct str type)
{
    bool rest = false, other = false;
    for (struct node *n = from->child; n != NULL; n = n->next) {
        struct str left = n->text;
        if (!names_places(n))
            continue;
        turn_done(n);
        if (n->tag == TAG_RightsRegion && str_is(n->text, "001"))
            left = STR("ROW");
        if (n->tag != TAG_RightsCountry && old_without_row(t, left, &left))
            rest = true;
        n->text = left;
        other |= left.n > 0;
    }
    if (rest && (rights->rest == NULL || !opens(type))) {
        rights->rest = from;
        rights->rest_type = type;
    }
    return rest && !other;
}

static void turn_right(struct turning *t, struct node *block, struct rights *rights,
                       struct node *from, struct str type)
{
    turn_done(from);
    turn_done(old_child(from, TAG_SalesRightsType));
    if (take_rest(t, rights, from, type))
        return;
    struct node *right = turn_add(t, block, TAG_SalesRights, from);
    turn_value(t, right, TAG_SalesRightsType, from, type);
    struct node *territory = turn_territory(t, right, from, &rights_places, STR_NONE);
    if (territory == NULL || !opens(type) || !names_world(from) || rights->denied.n == 0)
        return;
    turn_value(t, territory, TAG_CountriesExcluded, from, rights->denied);
    if (++rights->wide > WIDE_MAX)
        find_fault(&t->place, SEVERITY_ERROR, from, TAG_UNKNOWN, "sales-rights",
                   "too many statements on the whole world");
}

/* "Indiziert": what Germany keeps from minors, said once. */
static struct node *flag_of(struct turning *t)
{
    EACH_OLD(supply, t->old, TAG_SupplyDetail)
    EACH_OLD(n, supply, TAG_AudienceRestrictionFlag)
    if (str_is(n->text, "X"))
        return n;
    return NULL;
}

/* List 71. */
static void turn_restrictions(struct turning *t, struct node *parent)
{
    struct node *flag = flag_of(t);
    EACH_OLD(n, t->old, TAG_SalesRestriction)
    TURN_SAME(t, turn_add(t, parent, TAG_SalesRestriction, n), n, TAG_SalesRestrictionType);
    if (flag != NULL)
        turn_value(t, turn_add(t, parent, TAG_SalesRestriction, flag), TAG_SalesRestrictionType,
                   flag, STR("08"));
}

static void turn_rights(struct turning *t, struct node *block)
{
    struct rights rights = {.wide = 0};
    find_denied(t, &rights);
    EACH_OLD(n, t->old, TAG_SalesRights)
    turn_right(t, block, &rights, n, node_text(n, TAG_SalesRightsType));
    EACH_OLD(n, t->old, TAG_NotForSale) turn_right(t, block, &rights, n, STR("03"));
    if (rights.rest != NULL)
        turn_value(t, block, TAG_ROWSalesRightsType, rights.rest, rights.rest_type);
    bool any = old_child(block, TAG_SalesRights) != NULL;
    if (any)
        turn_restrictions(t, block);
    if (!any && rights.rest == NULL && !t->partial)
        find_fault(&t->place, SEVERITY_INFORMATION, t->old, TAG_SalesRights, "rights-missing",
                   "where it may be sold is not said: an e-book is sold nowhere, a printed book "
                   "where the shop takes that for yes");
}

/* ---- relations ---- */

static void add_relation(struct turning *t, struct node *from, const char *relation,
                         const char *type)
{
    if (from->text.n == 0)
        return;
    struct node *related =
        turn_add(t, turn_block(t, TAG_RelatedMaterial), TAG_RelatedProduct, from);
    turn_value(t, related, TAG_ProductRelationCode, from, str_of(relation));
    turn_number(t, related, TAG_ProductIdentifier, TAG_ProductIDType, from, type);
}

static void turn_related(struct turning *t)
{
    static const struct {
        enum tag old;
        const char *relation, *type;
    } plain[] = {
        {TAG_ReplacesISBN, "03", "02"},           {TAG_ReplacesEAN13, "03", "03"},
        {TAG_ReplacedByISBN, "05", "02"},         {TAG_ReplacedByEAN13, "05", "03"},
        {TAG_AlternativeFormatISBN, "06", "02"},  {TAG_AlternativeFormatEAN13, "06", "03"},
        {TAG_AlternativeProductISBN, "23", "02"}, {TAG_AlternativeProductEAN13, "23", "03"}};
    EACH_OLD(n, t->old, TAG_WorkIdentifier)
    {
        struct node *work = turn_add(t, turn_block(t, TAG_RelatedMaterial), TAG_RelatedWork, n);
        turn_value(t, work, TAG_WorkRelationCode, n, STR("01"));
        turn_identifier(t, work, TAG_WorkIdentifier, TAG_WorkIDType, n, TAG_WorkIDType);
    }
    EACH_OLD(n, t->old, TAG_RelatedProduct)
    {
        struct node *related =
            turn_add(t, turn_block(t, TAG_RelatedMaterial), TAG_RelatedProduct, n);
        turn_text(t, related, TAG_ProductRelationCode, old_child(n, TAG_RelationCode));
        EACH_OLD(id, n, TAG_ProductIdentifier)
        turn_identifier(t, related, TAG_ProductIdentifier, TAG_ProductIDType, id,
                        TAG_ProductIDType);
        EACH_OLD(id, n, TAG_ISBN)
        turn_number(t, related, TAG_ProductIdentifier, TAG_ProductIDType, id, "02");
        EACH_OLD(id, n, TAG_EAN13)
        turn_number(t, related, TAG_ProductIdentifier, TAG_ProductIDType, id, "03");
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        EACH_OLD(n, t->old, plain[i].old) add_relation(t, n, plain[i].relation, plain[i].type);
}

void turn_publishing(struct turning *t)
{
    struct node *block = turn_block(t, TAG_PublishingDetail);
    turn_publisher(t, block);
    turn_country(t, block);
    TURN_SAME(t, block, t->old, TAG_PublishingStatus);
    turn_dates(t, block);
    turn_rights(t, block);
    turn_related(t);
}

/* ---- prices ---- */

static const struct places price_places = {.country = TAG_CountryCode,
                                           .territory = TAG_OldTerritory,
                                           .not_country = TAG_CountryExcluded,
                                           .not_territory = TAG_TerritoryExcluded};

static bool is_general(struct str class)
{
    static const char *const words[] = {"gen", "general", "general trade", "retail", "all"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(class, str_of(words[i])))
            return true;
    return class.n == 0;
}

/* For some buyers, some amounts or a part: a price that a reader does not pay. */
static void turn_conditions(struct turning *t, struct node *price, struct node *from)
{
    struct node *class = old_child(from, TAG_ClassOfTrade), *per = old_child(from, TAG_PricePer);
    struct node *least = old_child(from, TAG_MinimumOrderQuantity);
    uint64_t quantity = 0;
    bool many = least != NULL && (!str_to_u64(least->text, &quantity) || quantity > 1);
    bool part = per != NULL && per->text.n > 0 && !str_is(per->text, "00");
    turn_done(class);
    turn_done(per);
    turn_done(least);
    if (many || part || (class != NULL && !is_general(class->text)))
        turn_add(t, price, TAG_PriceCondition, from);
}

static void turn_tax(struct turning *t, struct node *price, struct node *from, enum tag code,
                     enum tag percent)
{
    if (node_text(from, code).n == 0 && node_text(from, percent).n == 0)
        return;
    struct node *tax = turn_add(t, price, TAG_Tax, from);
    turn_text(t, tax, TAG_TaxRateCode, old_child(from, code));
    turn_text(t, tax, TAG_TaxRatePercent, old_child(from, percent));
}

static void turn_price_date(struct turning *t, struct node *price, struct node *date,
                            const char *role)
{
    if (date == NULL || date->text.n == 0)
        return;
    struct node *day = turn_add(t, price, TAG_PriceDate, date);
    turn_value(t, day, TAG_PriceDateRole, date, str_of(role));
    turn_text(t, day, TAG_Date, date);
}

/* False where too many prices have been for the rest of the world: each has all the others'
 * countries as its exception. */
static bool turn_price(struct turning *t, struct node *supply, struct node *from, struct str row,
                       unsigned *wide)
{
    struct node *amount = old_child(from, TAG_PriceAmount);
    struct str currency = node_text(from, TAG_CurrencyCode);
    if (amount != NULL && amount->text.n > 0 && currency.n == 0 && t->defaults->currency.n == 0) {
        turn_done(from);
        for (struct node *n = from->child; n != NULL; n = n->next)
            turn_done(n);
        find_fault(&t->place, SEVERITY_WARNING, from, TAG_CurrencyCode, "currency",
                   "“%.*s” has no currency, and the header names none: the price is left out",
                   STR_ARG(shown(amount->text)));
        return true;
    }
    struct node *price = turn_add(t, supply, TAG_Price, from);
    turn_text(t, price, TAG_PriceType, old_child(from, TAG_PriceTypeCode));
    TURN_SAME(t, price, from, TAG_PriceQualifier, TAG_PriceStatus, TAG_PriceAmount,
              TAG_CurrencyCode);
    turn_conditions(t, price, from);
    struct node *territory = turn_territory(t, price, from, &price_places, row);
    turn_price_date(t, price, old_child(from, TAG_PriceEffectiveFrom), "14");
    turn_price_date(t, price, old_child(from, TAG_PriceEffectiveUntil), "15");
    turn_tax(t, price, from, TAG_TaxRateCode1, TAG_TaxRatePercent1);
    turn_tax(t, price, from, TAG_TaxRateCode2, TAG_TaxRatePercent2);
    bool rest =
        row.n > 0 && territory != NULL && node_child(territory, TAG_CountriesExcluded) != NULL;
    if (!rest || ++*wide <= WIDE_MAX)
        return true;
    find_fault(&t->place, SEVERITY_ERROR, from, TAG_UNKNOWN, "price",
               "too many prices for the rest of the world");
    return false;
}

static bool has_code(struct str codes, struct str code)
{
    struct str one;
    while (str_next(&codes, ' ', &one))
        if (str_eq(one, code))
            return true;
    return false;
}

/* The countries that other prices name: ROW is the rest. */
static struct str priced_countries(struct turning *t, struct node *from)
{
    static const struct places countries = {.country = TAG_CountryCode};
    BUF_AUTO all = BUF_INIT(CODES_MAX);
    EACH_OLD(price, from, TAG_Price)
    {
        struct str codes = STR_NONE, code;
        if (old_child(price, TAG_CountryCode) != NULL)
            codes = old_codes(t, price, &countries);
        while (!all.failed && str_next(&codes, ' ', &code))
            if (!has_code(buf_str(&all), code))
                deny(&all, code);
    }
    if (all.failed)
        find_fault(&t->place, SEVERITY_ERROR, from, TAG_Price, "territory", "too many codes");
    return arena_str(t->arena, buf_str(&all));
}

/* ---- supply ---- */

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
    TURN_SAME(t, detail, from, TAG_UnpricedItemType);
    turn_supply_date(t, detail, old_child(from, TAG_OnSaleDate), "02");
    turn_supply_date(t, detail, old_child(from, TAG_ExpectedShipDate), "08");
    struct str row = priced_countries(t, from);
    unsigned wide = 0;
    EACH_OLD(price, from, TAG_Price)
    if (!turn_price(t, detail, price, row, &wide))
        return;
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
    BUF_AUTO all = BUF_INIT(CODES_MAX);
    struct str rest;
    if (!old_without_row(t, group->places, &rest))
        return STR_NONE;
    for (size_t i = 0; i < groups->n; i++)
        if (&groups->v[i] != group && !old_without_row(t, groups->v[i].places, &rest))
            deny(&all, groups->v[i].places);
    if (all.failed)
        find_fault(&t->place, SEVERITY_ERROR, group->first, TAG_UNKNOWN, "territory",
                   "too many codes");
    return arena_str(t->arena, buf_str(&all));
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
    bool restricted = (old_child(t->old, TAG_SalesRestriction) != NULL || flag_of(t) != NULL) &&
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
