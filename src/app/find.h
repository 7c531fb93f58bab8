/* Searching and browsing: the index asked under the gate's filter, and what it
 * finds loaded through the gate once more. */
#ifndef COLOPHON_APP_FIND_H
#define COLOPHON_APP_FIND_H

#include "app/indexer.h"
#include "app/shown.h"
#include "search/search.h"

struct find_order {
    enum feature feature; /* FEATURE_SEARCH for results, FEATURE_LISTING for browsing */
    struct str text;
    struct str chosen[FACET_COUNT];
    struct str publisher; /* or imprint, by name; empty: any */
    enum search_sort sort;
    bool facets;
    bool any_word;   /* of the text is enough */
    bool exact;      /* forgive nothing */
    bool unfinished; /* the last word may go on */
    bool by_work;    /* of each work its first edition; offset and limit count works */
    bool next_first; /* of SORT_NEWEST the other way round: for what is to come */
    bool of_sold;    /* of what is sold here: what is not, by a restriction, is withheld too */
    int32_t since;   /* published then or later; 0: whenever */
    uint32_t offset, limit;
};

struct found {
    /* What was looked for instead, where the text found nothing; empty: the text itself. */
    struct search_instead instead;
    struct str better; /* a near text that finds many times as much; empty: none */
    uint64_t total;    /* editions shown, on all pages */
    uint64_t works;    /* of so many works; with those withheld: all that fit */
    struct shown_withheld withheld;
    shown_cards cards;
    struct shown_beside *beside; /* of each card, where the order is by work */
    struct search_facet_value *facets[FACET_COUNT];
    size_t facet_counts[FACET_COUNT];
    /* Editions of each subject that are withheld, and not among `facets`. */
    struct search_facet_value withheld_subjects[FACET_SUBJECTS_MAX];
    size_t withheld_subject_count;
};

enum rc find_run(const struct visit *visit, struct indexer *indexer, const struct find_order *order,
                 struct found *ret, struct fault *fault) MUST_CHECK;

/* The same, but where nothing fits, nor is withheld, and the text is no ISBN, nor one mistyped:
 * what else may have been meant. */
enum rc find_forgiving(const struct visit *visit, struct indexer *indexer,
                       const struct find_order *order, struct found *ret,
                       struct fault *fault) MUST_CHECK;

/* A publisher's or imprint's name as it stands in an address, and a name that is spelled so. */
struct str find_publisher_slug(struct arena *arena, struct str name);
struct str find_publisher_name(struct arena *arena, struct str slug);

/* Upper limits of the price bands in the storefront's minor units. */
void find_price_limits(const struct storefront *storefront, int64_t ret[PRICE_LIMITS]);

#endif
