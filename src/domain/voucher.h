/* A voucher: something off the goods, for whoever knows its code. Pure. */
#ifndef COLOPHON_DOMAIN_VOUCHER_H
#define COLOPHON_DOMAIN_VOUCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/encode.h"
#include "base/list.h"

struct voucher {
    uint64_t id;
    struct hash hash; /* voucher_hash of its code, which nobody keeps */
    struct str name;
    uint64_t shop;        /* 0: the operator's, for whatever shop */
    struct str shop_slug; /* of a list alone */
    struct str currency;  /* of the amounts; empty where there are none */
    int64_t amount;       /* off the goods; 0 with a rate */
    int32_t rate;         /* thousandths of a per cent; 0 with an amount */
    int64_t least;        /* of goods */
    int64_t starts, ends; /* times */
    uint64_t uses, used;  /* so often at most; 0: as often as anybody likes */
};
typedef LIST(struct voucher) voucher_list;

/* Of a code as it is typed: case and spaces do not count. */
struct hash voucher_hash(struct str code);

/* What a voucher meets: a line of goods. */
struct voucher_line {
    uint64_t shop;
    int64_t goods; /* of all copies, as prices are shown */
    int64_t most;  /* so much may come off it: all, or what a law of fixed prices leaves */
    int64_t off;   /* said by voucher_spread */
};
/* What a law that fixes a price lets come off it; rounded down. */
int64_t voucher_most(int64_t goods, int32_t discount);

enum voucher_says {
    VOUCHER_COUNTS,
    VOUCHER_NOT_YET,
    VOUCHER_ENDED,
    VOUCHER_USED_UP,
    VOUCHER_OTHER_CURRENCY,
    VOUCHER_OTHER_SHOP, /* nothing there is of its shop */
    VOUCHER_FIXED,      /* a law fixes the price of all that it could be for */
    VOUCHER_TOO_LITTLE, /* less than it counts from, of what no law keeps it from */
};
/* Whether it is good at all, whatever it is used for. */
enum voucher_says voucher_good(const struct voucher *v, struct str currency, int64_t now);
/* A shop's is for that shop's goods. A rate comes off each line, half up; an amount is shared out
 * in proportion to what may come off, without losing a unit. Nothing comes off what it is not for.
 */
enum voucher_says voucher_spread(const struct voucher *v, struct voucher_line *lines, size_t n,
                                 struct str currency, int64_t now);

/* What the operator owes a shop for its own voucher: what came off, without the tax that a price
 * has in it. Of a line, for `more` copies after `gone` of `quantity`: parts make the whole. */
int64_t voucher_made_good(int64_t off, int32_t rate, bool tax_included);
int64_t voucher_part(int64_t whole, int64_t gone, int64_t more, int64_t quantity);

#endif
