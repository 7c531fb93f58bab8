/* How a shop sends what it sells, and for how much: by country and weight. Pure. */
#ifndef COLOPHON_DOMAIN_SHIPPING_H
#define COLOPHON_DOMAIN_SHIPPING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

struct shipping_band {
    int64_t grams; /* up to this weight */
    int64_t price;
};
struct shipping_method {
    uint64_t id, shop;
    struct str shop_slug; /* of a list alone */
    struct str name;
    struct str countries; /* ISO 3166-1, spaces between */
    struct str currency;
    int64_t days_least, days_most;
    int64_t free_from;                /* of goods; -1: never */
    int64_t ended;                    /* 0: it is offered */
    LIST(struct shipping_band) bands; /* the lightest first */
};
typedef LIST(struct shipping_method) shipping_methods;

enum { SHIPPING_BANDS_MAX = 20, SHIPPING_GRAMS_UNKNOWN = 500 }; /* of a book that says no weight */

/* False where it does not go there, not in that currency, or not with so much. */
bool shipping_price(const struct shipping_method *m, struct str country, struct str currency,
                    int64_t grams, int64_t goods, int64_t *ret);

#endif
