/* What a shop sold: sums, without anything about persons. */
#ifndef COLOPHON_DOMAIN_SALES_SUM_H
#define COLOPHON_DOMAIN_SALES_SUM_H

#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

struct sales_sum {
    int32_t day; /* of the payment; of a month: yyyymm00; 0: not told apart */
    struct str country, kind, currency;
    int64_t copies, paid, tax,
        refunded; /* without what was cancelled, came back or was given back */
};
typedef LIST(struct sales_sum) sales_sums;

enum sold_by { SOLD_BY_DAY, SOLD_BY_MONTH, SOLD_BY_COUNTRY, SOLD_BY_KIND, SOLD_BYS };

#endif
