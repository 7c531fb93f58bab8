#include "app/partner.h"

#include "store/catalogue.h"

enum rc partner_shops(struct store_conn *conn, struct arena *arena, const struct viewer *viewer,
                      partner_shop_list *ret, struct fault *fault)
{
    struct shop *shops;
    size_t n;
    enum rc rc = catalogue_shops(conn, arena, PARTNER_SHOPS_MAX, &shops, &n, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct partner_shop, n);
    ret->n = 0;
    for (size_t i = 0; i < n; i++)
        if (viewer->operator_role || viewer->shop == shops[i].id)
            ret->v[ret->n++] = (struct partner_shop){shops[i].id, shops[i].slug, shops[i].name};
    return RC_OK;
}

enum rc partner_enter(struct store_conn *conn, struct arena *arena, const struct viewer *viewer,
                      struct str slug, struct partner_shop *ret, struct fault *fault)
{
    struct shop shop;
    enum rc rc = catalogue_shop(conn, arena, slug, &shop, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !viewer->operator_role && viewer->shop != shop.id))
        return fault_set(fault, RC_NOT_FOUND, "there is no such thing");
    if (rc == RC_OK)
        *ret = (struct partner_shop){shop.id, shop.slug, shop.name};
    return rc;
}
