/* What a program of a shop may do by its key: plain facts. */
#ifndef COLOPHON_DOMAIN_SHOP_KEY_H
#define COLOPHON_DOMAIN_SHOP_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

enum shop_duty {
    SHOP_DUTY_NONE,
    SHOP_DUTY_STOCK,
    SHOP_DUTY_ORDERS,
    SHOP_DUTY_SALES,
    SHOP_DUTY_FEEDS
};
#define SHOP_DUTY_COUNT 5
#define SHOP_DUTY_BIT(duty) (1u << (duty))
const char *shop_duty_name(enum shop_duty duty); /* "stock". Static. */

struct shop_key_row {
    uint64_t id, shop, account; /* account: who made it */
    struct str name, account_name;
    unsigned duties;    /* SHOP_DUTY_BIT */
    bool good;          /* who made it is still of the shop, or an operator */
    int64_t made, used; /* used: the day it was last; 0: never */
};
typedef LIST(struct shop_key_row) shop_key_rows;

#endif
