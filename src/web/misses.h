/* The desk's page of what was searched for and not found. */
#ifndef COLOPHON_WEB_MISSES_H
#define COLOPHON_WEB_MISSES_H

#include "app/misses.h"
#include "web/desk.h"

struct miss_line {
    struct str query, storefront; /* its slug; empty: it is gone */
    struct url search;
    uint64_t asked;
    int32_t first, last;
};

struct misses_view {
    LIST(struct miss_line) lines;
};

#endif
