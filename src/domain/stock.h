/* What a shop counted of an edition, and what of it is promised. */
#ifndef COLOPHON_DOMAIN_STOCK_H
#define COLOPHON_DOMAIN_STOCK_H

#include "base/list.h"

enum { STOCK_MOST = 10000000 }; /* copies of one edition */
enum { STOCK_LOW = 3 };         /* so few are left: their shop is told */

struct stock_row {
    uint64_t edition;
    struct str key;    /* of a list alone */
    uint64_t on_hand;  /* counted */
    uint64_t promised; /* of these; more than on_hand where fewer were found than were promised */
    int64_t counted;   /* when; of a list alone */
};
typedef LIST(struct stock_row) stock_rows;

struct stock_sums {
    uint64_t counted, none, missing; /* editions; of which none is left; fewer than promised */
};

#endif
