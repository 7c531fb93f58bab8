#include "app/partner.h"

#include "store/catalogue.h"
#include "store/hints.h"

static enum rc fill(struct store_conn *conn, const struct shop *shop, struct partner_shop *ret,
                    struct fault *fault)
{
    *ret = (struct partner_shop){.id = shop->id, .slug = shop->slug, .name = shop->name};
    return hint_rows_open(conn, shop->id, &ret->hints, fault);
}

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
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (viewer->operator_role || viewer->shop == shops[i].id)
            rc = fill(conn, &shops[i], &ret->v[ret->n++], fault);
    return rc;
}

enum rc partner_enter(struct store_conn *conn, struct arena *arena, const struct viewer *viewer,
                      struct str slug, struct partner_shop *ret, struct fault *fault)
{
    struct shop shop;
    enum rc rc = catalogue_shop(conn, arena, slug, &shop, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !viewer->operator_role && viewer->shop != shop.id))
        return fault_set(fault, RC_NOT_FOUND, "there is no such thing");
    return rc == RC_OK ? fill(conn, &shop, ret, fault) : rc;
}
