#include "domain/shop_key.h"

const char *shop_duty_name(enum shop_duty duty)
{
    static const char *const names[SHOP_DUTY_COUNT] = {"none", "stock", "orders", "sales", "feeds"};
    return names[duty];
}
