/* An invoice or a credit note: all that the paper says, as plain facts. What Article 226 of
 * Directive 2006/112/EC asks of an invoice is here by name. Pure. */
#ifndef COLOPHON_DOMAIN_PAPER_H
#define COLOPHON_DOMAIN_PAPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"

#define PAPER_INVOICE "invoice"
#define PAPER_CREDIT_NOTE "credit-note"
#define PAPER_SHIPPING "shipping" /* the kind of a line that is no product */

enum { PAPER_LINES_MAX = 500 };

/* What was sold, or what is given back of it: amounts are never below nought. */
struct paper_line {
    uint64_t id; /* of the sales line; 0: its delivery */
    struct str isbn, title, by, kind;
    int64_t quantity; /* 0: part of a price alone */
    int64_t unit;     /* of one, without tax and before the discount */
    int64_t discount; /* off all of them, without tax */
    int64_t net, tax, total;
    int32_t rate;       /* thousandths of a per cent */
    struct str code;    /* ONIX list 62 */
    struct str country; /* whose tax it is */
};

struct paper_tax {
    struct str country, code;
    int32_t rate;
    int64_t net, tax;
};

struct paper_party {
    struct str name, address; /* lines */
    struct str country, email, tax_number;
};

struct sale_paper {
    bool credit;
    struct str series; /* "2026"; of credit notes "C2026" */
    uint64_t number;
    int32_t day;      /* it is issued */
    int32_t supplied; /* what it is about was paid for, or given back */
    struct str order; /* the sales order's number */
    int32_t ordered;
    struct str currency;
    struct str language; /* in which it is shown */
    struct str method;   /* how it was paid */
    struct str of;       /* of a credit note: the invoice's number … */
    int32_t of_day;      /* … and day */
    struct str reason;   /* of a credit note: the refund's */
    struct paper_party seller, buyer;
    LIST(struct paper_line) lines;
    LIST(struct paper_tax) taxes; /* by country, code and rate, as the lines have them */
    int64_t net, tax, total;
};

/* "2026-17". */
struct str paper_number(struct arena *arena, const struct sale_paper *p);
/* Fills in taxes and sums from the lines. */
void paper_sum(struct sale_paper *p, struct arena *arena);

/* A line of a sale: `price` of one as it was shown, `discount` off all of them likewise, `total`
 * that was paid with `tax` in it. Says unit, discount and net without tax. */
void paper_line_reckon(struct paper_line *line, int64_t price, int64_t discount);

/* Of a sold line, what a refund gives back after `before` of its total was: the tax goes with it
 * so that parts given back one by one make the whole. */
int64_t paper_tax_back(int64_t total, int64_t tax, int64_t before, int64_t amount);

#endif
