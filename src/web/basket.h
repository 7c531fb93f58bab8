/* The basket's page, the button that puts a book into it, and the cookie of a guest's. */
#ifndef COLOPHON_WEB_BASKET_H
#define COLOPHON_WEB_BASKET_H

#include "app/basket.h"
#include "web/page.h"

/* Whose basket the request means. */
struct basket_owner basket_owner_of(const struct context *c);
/* What a guest put into theirs goes into the account of whoever signed in just now; where that
 * fails it stays where it is. */
void basket_bring(struct context *c, struct str session, struct response *ret);

struct url link_basket(const struct page *p);
struct url link_basket_act(const struct page *p, const char *act);
struct url link_checkout(const struct page *p);

struct basket_view {
    struct str error;
    struct basket basket;
    struct str code;    /* of a voucher, as it was typed */
    uint64_t aside;     /* titles of before the sign-in that did not fit */
    struct str removed; /* by its key: it can be put back */
    int64_t removed_quantity;
    struct url sign_in; /* and back here */
};
/* Why a voucher takes nothing off, or nothing for a while; empty where it counts. */
struct str word_voucher_says(const struct page *p, const struct voucher_use *use);
/* That a law fixes the price of a line. */
struct str word_fixed_price(const struct page *p, const struct price_law *law);
/* Why a line stands apart. */
struct str word_sale_bar(const struct page *p, const struct sale_line *line);
struct str word_contributor(const struct shown_edition *e); /* the first one, or nobody */

#endif
