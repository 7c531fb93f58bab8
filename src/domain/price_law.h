/* Laws that fix the price of books: what is allowed off the price that the publisher fixed, by
 * country, kind and day. Data (the table price_law). Pure. */
#ifndef COLOPHON_DOMAIN_PRICE_LAW_H
#define COLOPHON_DOMAIN_PRICE_LAW_H

#include "domain/tax.h"

struct price_law {
    uint64_t id;
    struct str country;
    enum product_kind kind;
    int32_t starts, ends;   /* days; ends 0: none is known */
    int32_t discount;       /* at most so much off it, thousandths of a per cent */
    int64_t shipping_least; /* what delivery of books costs at least, with tax … */
    int64_t shipping_from;  /* … below this much of books; above it, more than nothing */
    struct str currency;    /* of these two; empty: that of whoever sells there */
    struct str law;
};
typedef LIST(struct price_law) price_law_list;

/* The last that has begun and did not end; NULL: prices are free. */
const struct price_law *price_law_on(const price_law_list *laws, struct str country,
                                     enum product_kind kind, int32_t day);
/* What delivery of `books` (with their tax) costs at least, with its tax; 0: whatever one likes. */
int64_t price_law_shipping(const struct price_law *law, struct str currency, int64_t books);
/* By ONIX list 58: the publisher fixed it. */
bool price_type_fixed(struct str type);

#endif
