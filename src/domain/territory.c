#include "domain/offer.h"

/* Countries of the euro, for the region code ECZ (2026: Bulgaria joined). */
static const char euro_zone[] = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK";

static bool list_has(struct str list, struct str code)
{
    struct str item;
    while (str_next(&list, ' ', &item))
        if (str_eq(item, code))
            return true;
    return false;
}

/* Regions that are countries of their own in ISO 3166-1, and are read as such. */
static const char region_aliases[][2][8] = {
    {"CN-TW", "TW"}, {"CN-71", "TW"}, {"GB-CHA", "GG"}, {"GB-CHA", "JE"}};
#define ALIAS_COUNT (sizeof region_aliases / sizeof *region_aliases)

static bool is_alias(struct str region)
{
    for (size_t i = 0; i < ALIAS_COUNT; i++)
        if (str_is(region, region_aliases[i][0]))
            return true;
    return false;
}

/* A region of the country: "GB-SCT" of GB. */
static bool list_has_part_of(struct str list, struct str country)
{
    struct str item;
    while (str_next(&list, ' ', &item))
        if (item.n > 3 && item.p[2] == '-' && str_eq(str_sub(item, 0, 2), country) &&
            !is_alias(item))
            return true;
    return false;
}

static bool regions_have(struct str regions, struct str country)
{
    if (regions.n == 0)
        return false;
    if (list_has(regions, STR("WORLD")))
        return true;
    if (list_has(regions, STR("ECZ")) && list_has(str_of(euro_zone), country))
        return true;
    for (size_t i = 0; i < ALIAS_COUNT; i++)
        if (str_is(country, region_aliases[i][1]) &&
            list_has(regions, str_of(region_aliases[i][0])))
            return true;
    return false;
}

enum membership territory_has(const struct territory *t, struct str country)
{
    if (list_has(t->countries_excluded, country) || regions_have(t->regions_excluded, country))
        return TERRITORY_OUT;
    bool whole =
        list_has(t->countries_included, country) || regions_have(t->regions_included, country);
    bool part_out = list_has_part_of(t->regions_excluded, country);
    if (whole)
        return part_out ? TERRITORY_PARTIAL : TERRITORY_IN;
    return list_has_part_of(t->regions_included, country) ? TERRITORY_PARTIAL : TERRITORY_OUT;
}
