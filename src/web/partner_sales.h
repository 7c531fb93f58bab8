/* What a shop sold, at its desk. */
#ifndef COLOPHON_WEB_PARTNER_SALES_H
#define COLOPHON_WEB_PARTNER_SALES_H

#include "app/sales_report.h"
#include "web/partner.h"

struct sold_line {
    const struct sales_sum *sum;
    struct str name;
    unsigned percent; /* of the most that one line has of its currency */
};
struct sold_view {
    struct partner_shop shop;
    struct str error, from, until;
    enum sold_by by;
    bool charted; /* few enough lines for a chart */
    LIST(struct sold_line) lines;
    struct url csv;
};

/* What the query asks for, of the view's shop. RC_INVALID names what is wrong of it. */
enum rc sold_read(struct context *c, struct sold_view *v, sales_sums *ret,
                  struct fault *fault) MUST_CHECK;
const char *sold_by_name(enum sold_by by);
struct str word_sold_by(const struct page *p, enum sold_by by);
struct url link_sold(const struct page *p, const struct sold_view *v, enum sold_by by);
struct str word_sold(const struct page *p, const struct sold_line *l);

#endif
