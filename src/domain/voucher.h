/* A voucher: something off the goods, for whoever knows its code. Pure. */
#ifndef COLOPHON_DOMAIN_VOUCHER_H
#define COLOPHON_DOMAIN_VOUCHER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/encode.h"
#include "base/list.h"

struct voucher {
    uint64_t id;
    struct hash hash; /* voucher_hash of its code, which nobody keeps */
    struct str name;
    uint64_t shop;        /* 0: the operator's, for whatever shop */
    struct str shop_slug; /* of a list alone */
    struct str currency;  /* empty with a rate */
    int64_t amount;       /* off the goods; 0 with a rate */
    int32_t rate;         /* thousandths of a per cent; 0 with an amount */
    int64_t least;        /* of goods */
    int64_t starts, ends; /* times */
    uint64_t uses, used;  /* so often at most; 0: as often as anybody likes */
};
typedef LIST(struct voucher) voucher_list;

/* Of a code as it is typed: case and spaces do not count. */
struct hash voucher_hash(struct str code);
/* What comes off goods that no law keeps it from; 0 where it does not count. */
int64_t voucher_off(const struct voucher *v, int64_t goods, struct str currency, int64_t now);

#endif
