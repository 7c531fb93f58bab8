/* To the payment provider's page and back; which purchase, and where its page is, says who calls.
 */
#ifndef COLOPHON_WEB_CARD_H
#define COLOPHON_WEB_CARD_H

#include "app/payment_card.h"
#include "web/page.h"

/* On to the provider's page, or, where there is none to go to, to the purchase's, which says so. */
enum rc card_send(struct context *c, const struct page *p, const struct own_sale_wish *wish,
                  struct str place, struct response *ret, struct fault *fault) MUST_CHECK;
/* Somebody who comes back from there: the provider is asked how it stands. */
enum rc card_back(struct context *c, const struct own_sale_wish *wish,
                  struct fault *fault) MUST_CHECK;
/* The page has a form that leads there. */
void card_form(const struct context *c, struct response *ret);

#endif
