/* Sales orders at the desk: of all shops for the operator's staff, of their own for a shop's. */
#ifndef COLOPHON_WEB_DESK_ORDERS_H
#define COLOPHON_WEB_DESK_ORDERS_H

#include "app/papers.h"
#include "app/payments.h"
#include "app/sales_returns.h"
#include "web/page.h"

struct context;

struct orders_view {
    struct str query;
    const char *tab;           /* "waiting", or a state, or "" for all */
    uint64_t waiting, returns; /* to be sent; to come back */
    LIST(struct sales_order_row) orders;
    struct url next; /* empty: there are no more */
};

struct picking_view {
    sales_picks picks;
    int64_t copies;
};

struct order_line_view {
    const struct sales_line_row *line;
    int64_t open;                /* to be sent */
    int64_t kept;                /* was sent and did not come back */
    int64_t owing;               /* of its money, what was not given back */
    struct str name, money_name; /* of its fields */
};
/* A line of what its buyer stated: so many of it, of which so many have yet to come. */
struct expected_line {
    const struct order_line_view *line;
    int64_t quantity, left;
};
struct expected_view {
    const struct sales_return *stated;
    bool waits;        /* something has yet to come */
    bool delivery;     /* there was one, and it cost something */
    bool delivery_too; /* what it cost goes back with it, unless staff say otherwise */
    LIST(struct expected_line) lines;
};
struct order_view {
    struct str error;
    struct sales_view view;
    struct postal delivery;
    LIST(struct str) address; /* lines of it */
    bool whole;             /* the operator's: with the address of letters and what else is known */
    bool ships;             /* something of it is printed */
    uint64_t seen;          /* of copies sent, and one: for the form that sends more */
    bool open;              /* something is to be sent */
    bool kept;              /* something could come back */
    bool paid;              /* money could go back */
    int64_t delivery_owing; /* of what delivery cost, what was not given back */
    LIST(struct order_line_view) lines;
    LIST(struct sales_event_row) events;
    shipped_lines shipped;
    sales_returns stated;
    LIST(struct expected_view) expected;
    paper_list papers;
    refund_rows unsent; /* money that could not be sent back */
    struct str key;     /* of its forms: each acts once */
};

/* One of a shop's (0: of whichever), with all that its desk shows; RC_NOT_FOUND. */
enum rc desk_order_look(struct context *c, struct str number, uint64_t shop, struct order_view *ret,
                        struct fault *fault) MUST_CHECK;

struct str word_sales_state(const struct page *p, struct str state);
const char *sales_state_class(struct str state);
struct str word_sales_event(const struct page *p, const struct order_view *v,
                            const struct sales_event_row *e);
struct str word_sales_actor(const struct page *p, struct str actor);
struct str word_shipped(const struct page *p, const struct order_view *v,
                        const struct shipped_line *s);
/* "Withdrawn from the contract", as the buyer stated it. */
struct str word_stated(const struct page *p, const struct sales_return *stated);
/* "line_17=2" of a form: so many of that line; nothing, or nought, is none of it. */
enum rc sales_parts_read(struct context *c, sales_parts *ret, struct fault *fault) MUST_CHECK;
struct url link_orders(const struct page *p, const char *tab);
struct url link_order(const struct page *p, struct str number, const char *part);

#endif
