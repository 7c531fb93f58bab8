#include "app/checkout.h"

#include "app/vouchers.h"
#include "store/baskets.h"

enum rc checkout_read(const struct visit *visit, const struct sale_where *where,
                      const struct basket_owner *owner, const delivery_wishes *wishes,
                      struct checkout *ret, struct fault *fault)
{
    struct sale_wish *wanted = NULL;
    sale_line_list all = {NULL, 0};
    size_t n = 0;
    struct basket_row basket;
    *ret = (struct checkout){.printed = false};
    enum rc rc = basket_wishes(visit->conn, visit->arena, owner, &wanted, &n, &basket, fault);
    if (rc == RC_OK)
        rc = sale_lines(visit, where, wanted, n, &all, fault);
    if (rc == RC_OK)
        rc = delivery_decide(visit, where, &all, wishes, &ret->delivery, fault);
    if (rc != RC_OK)
        return rc;
    ret->lines.v = ARENA_ARRAY(visit->arena, struct sale_line, n);
    ret->apart.v = ARENA_ARRAY(visit->arena, struct sale_line, n);
    for (size_t i = 0; i < all.n; i++) {
        const struct sale_line *l = &all.v[i];
        if (l->bar != SALE_OPEN) {
            ret->apart.v[ret->apart.n++] = *l;
            continue;
        }
        ret->lines.v[ret->lines.n++] = *l;
        ret->printed = ret->printed || !l->digital;
        ret->digital = ret->digital || l->digital;
        ret->by_region = ret->by_region || l->by_region || (!l->digital && ret->delivery.by_region);
        ret->tax_later = ret->tax_later || l->tax_later || (!l->digital && ret->delivery.tax_later);
    }
    sale_reckoning(visit->arena, &ret->lines, &ret->reckoning);
    delivery_reckon(&ret->delivery, &ret->reckoning);
    rc = voucher_reckon(visit, basket.voucher, &ret->lines, &ret->reckoning, &ret->voucher, fault);
    if (rc == RC_OK)
        rc = reckoning_make(&ret->reckoning, visit->arena, fault);
    if (rc == RC_OK)
        ret->hash = reckoning_hash(&ret->reckoning, visit->storefront->currency);
    return rc;
}
