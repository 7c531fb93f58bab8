/* What was searched for and not found: folded words, where, how often, and when. */
#ifndef COLOPHON_DOMAIN_MISS_H
#define COLOPHON_DOMAIN_MISS_H

#include "base/str.h"

struct miss {
    struct str query;
    unsigned storefront; /* its id */
    uint64_t asked;
    int32_t first, last; /* days, yyyymmdd */
};

#endif
