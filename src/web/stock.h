/* Stock at the desk of a shop: what is counted, what is promised, and a file of counts. */
#ifndef COLOPHON_WEB_STOCK_H
#define COLOPHON_WEB_STOCK_H

#include "app/stock.h"
#include "web/partner.h"

struct stock_view {
    struct partner_shop shop;
    struct str error; /* of what was sent */
    struct str query;
    bool low; /* those of which few are left alone */
    struct stock_sums sums;
    stock_lines lines;
    struct url next;       /* empty: there are no more */
    LIST(struct str) told; /* of the file, by line */
    uint64_t untold;       /* more than these */
    struct str changed, same,
        passed; /* what became of the file, as numbers; empty: none was sent */
};

/* So many can be sold: on_hand without what is promised. */
struct str word_stock_left(const struct page *p, const struct stock_line *l);

#endif
