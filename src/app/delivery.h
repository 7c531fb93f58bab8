/* How what is printed of a purchase is sent: one method of each shop, whose price and tax enter
 * the reckoning. A form says which method is wished, and nothing of prices. */
#ifndef COLOPHON_APP_DELIVERY_H
#define COLOPHON_APP_DELIVERY_H

#include "app/sale_lines.h"
#include "domain/shipping.h"

struct delivery_wish {
    uint64_t shop, method; /* shop 0: whosever the method is */
};
typedef LIST(struct delivery_wish) delivery_wishes;

struct delivery_choice {
    const struct shipping_method *method;
    int64_t price; /* as prices are shown here */
};
struct delivery_shop {
    uint64_t shop;
    struct str name;
    int64_t grams, goods;                 /* of what is printed */
    int64_t books;                        /* of it, with tax: what laws of fixed prices look at */
    LIST(struct delivery_choice) choices; /* in the order in which the shop stated them */
    const struct delivery_choice *chosen; /* the wished one, else the first; NULL: there is none */
    bool wished;
};
struct delivery {
    LIST(struct delivery_shop) shops; /* those that have something to send */
    const struct tax_rate *tax;       /* of delivery; NULL: nobody stated it, nothing is sent */
    bool by_region, tax_later;        /* as those of a sale_line */
    bool tax_included;
};

/* Lines that cannot be sent are barred (SALE_NOT_SENT). Wishes for what is not offered are as none.
 */
enum rc delivery_decide(const struct visit *visit, const struct sale_where *where,
                        sale_line_list *lines, const delivery_wishes *wishes, struct delivery *ret,
                        struct fault *fault) MUST_CHECK;
/* Into what sale_reckoning made, before reckoning_make. */
void delivery_reckon(const struct delivery *d, struct reckoning *r);
/* Of a shop: NULL where it sends nothing. */
const struct delivery_shop *delivery_of(const struct delivery *d, uint64_t shop);

/* ---- addresses ---- */

/* What an address has in a country. */
struct postal_shape {
    bool region;         /* it is part of it */
    bool postcode_first; /* before the city */
    bool large_first;    /* region, city, then the street */
    bool postcode_needed;
};
struct postal_shape postal_shape(struct str country);
struct postal;
/* Each fault on a line of its own, with its field's name; those of a bill's begin with "bill_". */
enum rc postal_check(struct arena *arena, const struct postal *postal, bool of_bill,
                     struct str *ret_faults, struct fault *fault) MUST_CHECK;

#endif
