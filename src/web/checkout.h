/* The checkout: one page of numbered parts, then what it comes to, and the button that orders. */
#ifndef COLOPHON_WEB_CHECKOUT_H
#define COLOPHON_WEB_CHECKOUT_H

#include "app/checkout.h"
#include "app/sales.h"
#include "web/basket.h"
#include "web/page.h"

struct checkout_view {
    struct str error;
    bool review; /* what was filled in is shown, and can be ordered */
    struct checkout checkout;
    struct str once; /* the form's own: what makes it one purchase */
    struct str hash; /* of what is shown */
    struct str email;
    struct postal postal, billing; /* of the latter, the country alone where it is the same */
    bool bills;                    /* somewhere else */
    struct postal_shape shape;
    bool takes_card, by_card; /* it can be paid so; it is chosen */
    bool consents;
    struct str consent_text;
    struct url sign_in; /* and back here */
};
/* "delivery-12": which of a shop's ways to send is meant. */
struct str checkout_delivery_name(const struct page *p, const struct delivery_shop *shop);
struct str word_shipping_days(const struct page *p, const struct shipping_method *m);
/* What a reader agrees to before an e-book is theirs at once; kept with the purchase. */
struct str word_consent(const struct page *p);
/* Who buys, where, in which language, and where it goes to. */
void purchase_form_fill(struct context *c, struct purchase_form *form, const struct postal *postal);
/* In the order of the country. */
struct str word_postal(const struct page *p, const struct postal *postal);

#endif
