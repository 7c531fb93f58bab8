/* The order of titles: ICU's root collation, the same for everybody. */
#ifndef COLOPHON_DOMAIN_TITLE_ORDER_H
#define COLOPHON_DOMAIN_TITLE_ORDER_H

#include <stdint.h>

#include "base/str.h"

/* The first 16 bytes of the title's collation key: what is equal in them is equal. */
void title_order_key(struct str title, uint64_t *ret_1, uint64_t *ret_2);

#endif
