/* Regions of countries in which taxes are a region's: ISO 3166-2, by code and by the name that
 * stands there on letters. Pure. */
#ifndef COLOPHON_DOMAIN_REGIONS_H
#define COLOPHON_DOMAIN_REGIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct region {
    const char *code; /* without the country */
    const char *name;
};
/* In the order of their names; none of a country whose regions are not known here. Static. */
const struct region *regions_of(struct str country, size_t *ret_n);
/* By code ("CA", "US-CA") or name, in whatever case; NULL: there is none. */
const struct region *region_find(struct str country, struct str typed);
/* What a letter has: the code where it is written so, else the name. */
struct str region_written(struct str country, const struct region *region);

#endif
