/* What a purchase comes to: lines, a sales order for each shop, the whole. Integers alone, each
 * line rounded once, half up; every total is the sum of what it is made of. Pure. */
#ifndef COLOPHON_DOMAIN_RECKONING_H
#define COLOPHON_DOMAIN_RECKONING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/encode.h"
#include "base/fault.h"
#include "base/list.h"
#include "base/str.h"

struct reckoned_line {
    /* Said by who reckons: */
    uint64_t shop, edition;
    int64_t quantity; /* from 1 */
    int64_t unit;     /* of one, as shown */
    bool tax_included;
    int32_t rate;
    int64_t discount; /* off all of them, as prices are shown */
    /* Reckoned: */
    int64_t goods; /* of all of them, before the discount */
    int64_t tax;
    int64_t total; /* that is paid, with tax */
};

struct reckoned_shop {
    uint64_t shop;
    /* Said, where anything of it is shipped: */
    int64_t shipping_price;
    bool shipping_tax_included;
    int32_t shipping_rate;
    /* Reckoned: */
    int64_t goods, discount;        /* as prices are shown */
    int64_t shipping, shipping_tax; /* with its tax; that tax */
    int64_t tax;                    /* of all of it */
    int64_t total;                  /* that is paid, with tax */
};

/* So much of what is paid is taxed at this rate. */
struct reckoned_tax {
    int32_t rate;
    int64_t net, tax;
};

struct reckoning {
    LIST(struct reckoned_line) lines;
    LIST(struct reckoned_shop) shops; /* in the order of their first lines */
    LIST(struct reckoned_tax) taxes;  /* by rate, the lowest first */
    int64_t goods, discount, shipping, tax, total;
};

/* A shop for each that a line names, with nothing said of its shipping. */
void reckoning_shops(struct reckoning *r, struct arena *arena);
/* Fills in what is reckoned. RC_LIMIT where it comes to more than AMOUNT_MAX (tax.h), RC_INVALID
 * for a quantity of none, and for a discount that is more than the line. */
enum rc reckoning_make(struct reckoning *r, struct arena *arena, struct fault *fault) MUST_CHECK;
/* What was agreed to: the same only where every number in it is. */
struct hash reckoning_hash(const struct reckoning *r, struct str currency);

#endif
