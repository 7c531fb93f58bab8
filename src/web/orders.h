/* What readers bought, on pages of their own: behind a secret, or in the account. */
#ifndef COLOPHON_WEB_ORDERS_H
#define COLOPHON_WEB_ORDERS_H

#include "app/sales_own.h"
#include "web/page.h"

/* Where a purchase is shown that this secret opens. */
struct url link_purchase(const struct page *p, struct str secret);
struct url link_own_orders(const struct page *p);
struct url link_own_order(const struct page *p, struct str number);

struct purchase_paper {
    struct str name;
    struct url url;
};
struct purchase_part {
    const struct own_sales_order *order;
    LIST(struct sales_line_row) lines;
    LIST(struct purchase_paper) papers;
    LIST(struct sales_event_row) events; /* without what staff noted for themselves */
};
struct purchase_view {
    struct str error;
    struct own_purchase bought;
    bool in_account;
    LIST(struct purchase_part) parts;
    struct postal delivery;
    struct url pay;    /* by card; empty: it cannot be paid so */
    struct url cancel; /* empty: it cannot be cancelled here */
    struct url library;
};
struct own_orders_view {
    own_sales_list all;
    struct url next; /* empty: there are no more */
};

struct str word_purchase(const struct page *p, const struct purchase_row *purchase);
/* "Sent on 3 March", "appears on …", where there is something to say. */
struct str word_line_state(const struct page *p, const struct own_sales_order *order,
                           const struct sales_line_row *line);
struct str word_own_event(const struct page *p, const struct own_sales_order *order,
                          const struct sales_event_row *e);

#endif
