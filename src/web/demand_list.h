/* Demands as lists: the Record's page of them, and what the pages of countries and
 * authorities, feeds and JSON show of them. One address but for the path, as with
 * restrictions (record_filter.h). */
#ifndef COLOPHON_WEB_DEMAND_LIST_H
#define COLOPHON_WEB_DEMAND_LIST_H

#include "app/demand_query.h"
#include "web/demands.h"

struct demand_query demand_filter_read(const struct context *c);
struct url demand_filter_url(struct arena *arena, struct url path, const struct demand_query *q);
/* "China · an authority’s order · refused": for titles of pages and feeds. */
struct str demand_filter_words(const struct page *p, const struct demand_query *q);

/* ---- lines ---- */

struct demand_line {
    const struct demand_view *d;
    struct restriction_view wish; /* what it asks for, with its title */
    enum demand_standing state;
    struct str asker, standing;
    struct url url;
};
typedef LIST(struct demand_line) demand_lines;
enum rc demand_lines_make(struct context *c, const struct page *p, const struct demand_hit *hits,
                          size_t n, demand_lines *ret, struct fault *fault) MUST_CHECK;

/* ---- sums ---- */

/* One who asked, or one country that was asked about. */
struct demand_row {
    struct str name;
    struct url url;
    const struct demand_sum *sum;
};
typedef LIST(struct demand_row) demand_rows;

/* What of them other pages of the Record show. */
struct demand_part {
    const struct demand_sum *sum; /* all 0: nobody asked for anything */
    struct str summary;           /* "3 demands: 1 granted, 2 refused" */
    struct url url;               /* all of them */
    demand_rows wishes;
    demand_lines lines; /* the latest */
};
/* `lines`: how many of the latest; `wishes`: whether to say who asked. */
enum rc demand_part_make(struct context *c, const struct page *p, const struct demand_query *q,
                         const struct demand_found *found, size_t lines, bool wishes,
                         struct demand_part *ret, struct fault *fault) MUST_CHECK;

/* "3 demands: 1 granted, 2 refused". */
struct str word_demand_sum(const struct page *p, const struct demand_sum *sum);
struct str word_standing(const struct page *p, enum demand_standing standing);
/* The authority’s name, or "a reader". */
struct str word_asker(const struct page *p, struct str authority, enum demand_sender sender);
const char *standing_class(enum demand_standing standing);

/* ---- the page ---- */

struct demand_form {
    struct str any, from, to;
    choice_list countries, authorities, senders, grounds, outcomes; /* .tag: the value */
    bool open;
};

struct demand_list_view {
    struct str kind, heading; /* of what is asked for; all of them have their own */
    bool whole;               /* nothing is asked for: the page begins with a summary */
    struct str summary;
    size_t all; /* demands ever published */
    demand_rows wishes;
    struct demand_form form;
    choice_list filters; /* by outcome */
    struct url feed, json, everything;
    demand_lines lines;
    struct pager pager;
};

#endif
