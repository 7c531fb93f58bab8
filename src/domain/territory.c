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

/* A region of the country: "GB-SCT" of GB. CN-TW and CN-71 are read as TW. */
static bool list_has_part_of(struct str list, struct str country)
{
    struct str item;
    while (str_next(&list, ' ', &item))
        if (item.n > 3 && item.p[2] == '-' && str_eq(str_sub(item, 0, 2), country) &&
            !str_eq(item, STR("CN-TW")) && !str_eq(item, STR("CN-71")))
            return true;
    return false;
}

static bool regions_have(struct str regions, struct str country)
{
    if (list_has(regions, STR("WORLD")))
        return true;
    if (list_has(regions, STR("ECZ")) && list_has(str_of(euro_zone), country))
        return true;
    return str_eq(country, STR("TW")) &&
           (list_has(regions, STR("CN-TW")) || list_has(regions, STR("CN-71")));
}

enum membership territory_has(const struct territory *t, struct str country)
{
    if (list_has(t->countries_excluded, country) || regions_have(t->regions_excluded, country))
        return TERRITORY_OUT;
    bool whole = list_has(t->countries_included, country) ||
                 regions_have(t->regions_included, country);
    bool part_out = list_has_part_of(t->regions_excluded, country);
    if (whole)
        return part_out ? TERRITORY_PARTIAL : TERRITORY_IN;
    return list_has_part_of(t->regions_included, country) ? TERRITORY_PARTIAL : TERRITORY_OUT;
}
