/* The partners' desk: one shop's feeds and titles. */
#ifndef COLOPHON_WEB_PARTNER_H
#define COLOPHON_WEB_PARTNER_H

#include "app/partner.h"
#include "web/page.h"

struct partner_desk_view {
    partner_shop_list shops;
};

/* What every page of one shop's desk begins with: its shop, which is the first capture, and
 * RC_NOT_FOUND where it is not the viewer's. `title` is a msgid. */
enum rc partner_begin(struct context *c, const char *title, struct partner_shop *ret_shop,
                      struct page *ret_page, struct response *ret, struct fault *fault) MUST_CHECK;

/* "/desk/partner/SHOP/PLACE". */
struct url link_partner(const struct page *p, const struct partner_shop *shop, const char *place);

#endif
