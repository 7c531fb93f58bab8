/* The demands of the Record searched and summed up: what their list, feed and JSON are
 * made from, and what the pages of countries and authorities say was asked and refused.
 * Published demands alone; a decision counts once it is published. */
#ifndef COLOPHON_APP_DEMAND_QUERY_H
#define COLOPHON_APP_DEMAND_QUERY_H

#include "app/demand.h"
#include "app/record_query.h"

/* What can be asked; the same names in pages, feeds and JSON. */
enum demand_field {
    DEMAND_COUNTRY,   /* ISO 3166-1: of a storefront it is about, or of the authority */
    DEMAND_AUTHORITY, /* exactly */
    DEMAND_SENDER,
    DEMAND_GROUND,
    DEMAND_OUTCOME, /* "open", "granted", "narrowed", "refused" */
    DEMAND_FROM,    /* a year or a date: received or decided since then … */
    DEMAND_TO,      /* … and until its end */
    DEMAND_FIELDS,
};
const char *demand_field_name(enum demand_field field);

struct demand_query {
    struct str v[DEMAND_FIELDS]; /* as asked; empty: any */
};
bool demand_query_empty(const struct demand_query *q);
/* The same question put to the demands; false where it asks for what only
 * restrictions have, a state or a shop. */
bool demand_query_of(const struct record_query *q, struct demand_query *ret);

enum demand_standing { STANDING_OPEN, STANDING_GRANTED, STANDING_NARROWED, STANDING_REFUSED };
#define STANDING_COUNT 4
const char *standing_name(enum demand_standing standing); /* static */
enum demand_standing demand_standing(const struct demand_view *d);

/* What came from one, or was asked of one country. */
struct demand_sum {
    struct str name;           /* the authority's, or the country's code */
    enum demand_sender sender; /* says it where the name is empty */
    size_t counts[STANDING_COUNT], all;
};
typedef LIST(struct demand_sum) demand_sums;

struct demand_hit {
    uint64_t id;
    int64_t news; /* when it was filed, or decided */
};
struct demand_found {
    LIST(struct demand_hit) hits; /* what fits, newest first */
    struct demand_sum sum;        /* of what fits but for its outcome */
    demand_sums countries;        /* the same by country that has a storefront … */
    demand_sums wishes;           /* … and by who asked; most first */
};
/* From the gate's index; the database is not asked. RC_INVALID names the field that says
 * nothing known. */
enum rc demand_query_run(struct arena *arena, const struct gate_view *view,
                         const struct demand_query *q, struct demand_found *ret,
                         struct fault *fault) MUST_CHECK;
/* What there is to show of some of them. */
enum rc demand_query_show(struct store_conn *conn, struct arena *arena,
                          const struct demand_hit *hits, size_t n, struct demand_view **ret,
                          struct fault *fault) MUST_CHECK;
/* NULL: nobody there asked for anything. */
const struct demand_sum *demand_sum_of(const demand_sums *sums, struct str name);

#endif
