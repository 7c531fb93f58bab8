/* What readers bought, on pages of their own: behind a secret, or in the account. */
#ifndef COLOPHON_WEB_ORDERS_H
#define COLOPHON_WEB_ORDERS_H

#include "app/own_sales.h"
#include "app/sales_returns.h"
#include "web/page.h"

struct context;

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
    LIST(struct sales_event_row) events;  /* without what staff noted for themselves */
    bool withdraws, calls_off, complains; /* what may be stated of it */
    struct url withdraw, wrong;           /* where */
    LIST(struct str) why_not;             /* sentences: whose right is none, or over */
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

/* ---- withdrawing, calling off, sending back (own_return.c) ---- */

struct return_line {
    const struct sales_line_row *line;
    struct str name; /* of its field */
    int64_t most, stated;
};
struct return_view {
    struct str error;
    bool wrong;     /* something is wrong with it */
    bool withdraws; /* a law gives the right; else what was not sent is called off */
    bool review;    /* the second step: what was filled in, to be confirmed */
    const struct own_sales_order *order;
    const struct purchase_row *purchase;
    struct str buyer; /* their name, where it is known */
    LIST(struct return_line) lines;
    struct url here, back;
    struct str words, once;
};
void purchase_part_returns(const struct page *p, struct str base, const struct purchase_row *bought,
                           struct purchase_part *part);
/* How it stands with what was stated. */
struct str word_stated_state(const struct page *p, const struct sales_return *stated);
struct str word_stated_lines(const struct page *p, const struct own_sales_order *order,
                             const struct sales_return *stated, bool expected);
struct own_sale_wish own_sale_wish(const struct context *c, bool secret);
/* Below a purchase's own address, where its papers and its forms are. */
struct str own_sale_place(const struct page *p, const struct context *c, bool secret);

struct str word_purchase(const struct page *p, const struct purchase_row *purchase);
/* "Sent on 3 March", "appears on …", where there is something to say. */
struct str word_line_state(const struct page *p, const struct own_sales_order *order,
                           const struct sales_line_row *line);
struct str word_own_event(const struct page *p, const struct own_sales_order *order,
                          const struct sales_event_row *e);

#endif
