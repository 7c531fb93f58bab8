/* The desk of partners: whose shop it is. A partner works at the desk of one shop, operators
 * at all of them. */
#ifndef COLOPHON_APP_PARTNER_H
#define COLOPHON_APP_PARTNER_H

#include "app/site.h"
#include "app/viewer.h"
#include "domain/edition.h"

struct partner_shop {
    uint64_t id;
    struct str slug, name;
    uint64_t hints; /* what readers pointed out and nobody has done yet (hints.h) */
};
typedef LIST(struct partner_shop) partner_shop_list;

enum { PARTNER_SHOPS_MAX = 1000 };

/* Those at whose desks the viewer may work, by slug; at most PARTNER_SHOPS_MAX. */
enum rc partner_shops(struct store_conn *conn, struct arena *arena, const struct viewer *viewer,
                      partner_shop_list *ret, struct fault *fault) MUST_CHECK;
/* One of them: RC_NOT_FOUND alike for what is not there and for what is somebody else's. */
enum rc partner_enter(struct store_conn *conn, struct arena *arena, const struct viewer *viewer,
                      struct str slug, struct partner_shop *ret, struct fault *fault) MUST_CHECK;

#endif
