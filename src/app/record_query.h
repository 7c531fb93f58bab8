/* The Record searched and summed up: what its list, feeds, JSON and reports are
 * made from. Restrictions alone; nothing here is the gate's to withhold, for the
 * Record names what is withheld. */
#ifndef COLOPHON_APP_RECORD_QUERY_H
#define COLOPHON_APP_RECORD_QUERY_H

#include "app/restrict.h"

/* What can be asked; the same names in pages, feeds and JSON. */
enum record_field {
    RECORD_TEXT,      /* words: in titles, names, authorities, laws, references */
    RECORD_COUNTRY,   /* ISO 3166-1: of the storefront */
    RECORD_AUTHORITY, /* exactly */
    RECORD_GROUND,
    RECORD_FEATURE,
    RECORD_TARGET,
    RECORD_SHOP, /* slug: whatever touches one of its titles */
    RECORD_STATE,
    RECORD_FROM, /* a year or a date: decided or in effect since then … */
    RECORD_TO,   /* … and until its end */
    RECORD_FIELDS,
};
const char *record_field_name(enum record_field field); /* "q", "country" … */

struct record_query {
    struct str v[RECORD_FIELDS]; /* as asked; empty: any */
};
bool record_query_empty(const struct record_query *q);

/* A year or a date each, or nothing: since <= t < before, the end of `to` included. */
bool record_query_days(struct str from, struct str to, int64_t *ret_since, int64_t *ret_before);

struct record_found {
    LIST(struct restriction_view) restrictions; /* what fits, newest first */
    size_t counts[STATE_COUNT];                 /* what fits but for its state */
    size_t any_state;
    bool titles_left_out; /* there were too many to look through all titles for the words */
};
/* RC_INVALID names the field that says nothing known. */
enum rc record_query_run(struct site *site, struct store_conn *conn, struct arena *arena,
                         const struct gate_view *view, const struct record_query *q,
                         struct record_found *ret, struct fault *fault) MUST_CHECK;

/* ---- summed up ---- */

/* What restrictions at one wish, or in one country, amount to today. */
struct record_sum {
    struct str name; /* the authority's (empty: the ground says it), or the country's code */
    enum ground ground;
    size_t in_effect, all; /* restrictions; all: those ever published */
    feature_mask features; /* withheld today */
    uint64_t works;        /* touched today; of countries alone each is counted once */
};
typedef LIST(struct record_sum) record_sums;

/* Whether it is about a storefront of the country. */
bool restriction_in_country(const struct gate_view *view, const struct restriction *r,
                            struct str country);
/* The most in effect first; one for each country that has a storefront. */
record_sums record_by_country(const struct gate_view *view, struct arena *arena,
                              const struct restriction_view *v, size_t n);
/* One for each authority that was named; where none was, for each ground. */
record_sums record_by_wish(struct arena *arena, const struct restriction_view *v, size_t n);

#endif
