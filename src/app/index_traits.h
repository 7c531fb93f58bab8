/* What of an edition lists are narrowed by, besides what it is called and where it is sold. */
#ifndef COLOPHON_APP_INDEX_TRAITS_H
#define COLOPHON_APP_INDEX_TRAITS_H

#include <stdint.h>

struct edition;

/* Bits of enum search_trait. What a record does not say has none. */
uint32_t edition_traits(const struct edition *e);

#endif
