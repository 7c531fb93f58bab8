/* What a checkout shows before anything is placed: what of a basket can be bought and sent, and
 * what it comes to. sales_place decides all of it again. */
#ifndef COLOPHON_APP_CHECKOUT_H
#define COLOPHON_APP_CHECKOUT_H

#include "app/basket.h"
#include "app/delivery.h"

struct checkout {
    sale_line_list lines, apart; /* to be bought; not here and now */
    struct delivery delivery;
    struct reckoning reckoning; /* its lines are those of `lines` */
    struct hash hash;
    struct voucher_use voucher;
    bool printed, digital; /* among `lines` */
    bool by_region;        /* what is charged depends on the region … */
    bool tax_later;        /* … which is not said yet */
};
enum rc checkout_read(const struct visit *visit, const struct sale_where *where,
                      const struct basket_owner *owner, const delivery_wishes *wishes,
                      struct checkout *ret, struct fault *fault) MUST_CHECK;

#endif
