/* Inside search/: one walk over all that matches: what is withheld is noted, of the rest
 * the best are kept, works and values are counted. */
#ifndef COLOPHON_SEARCH_WALK_H
#define COLOPHON_SEARCH_WALK_H

#include "search/exact.h"

enum { COUNTER_SLOTS = 512 };

/* How often each number came: open addressing, what does not fit is not told. */
struct counter {
    struct {
        uint64_t key, count;
    } slots[COUNTER_SLOTS];
    size_t used;
};

/* Works that were met, a bit for each: their numbers are given in order. */
struct met {
    uint64_t *bits;
    uint64_t room; /* works */
    uint64_t n;
};

struct hit {
    grn_id id;
    uint32_t work;   /* where hits are kept by work */
    uint64_t key[3]; /* descending; equal keys: the older edition first */
};

struct walk {
    struct search_reader *reader;
    const struct search_query *query;
    const struct search_filter *filter;
    grn_column_cache *columns[FACT_COLUMNS];
    struct exact_typed typed; /* for the order by relevance */
    unsigned price;
    struct {
        bool any;
        uint64_t low, high; /* of traits: one of the bits of `low` */
    } chosen[FACET_COUNT];
    struct hit *heap; /* the best so far, the worst of them on top */
    size_t heap_n, heap_room;
    uint32_t *places; /* of works in the heap, counted from one; NULL: they do not matter */
    uint64_t places_room;
    uint64_t total;
    struct met met; /* works that are shown */
    struct search_withheld *withheld;
    size_t withheld_n, withheld_room;
    struct counter counters[FACET_COUNTED];
    uint64_t trait_counts[TRAIT_COUNT];
    struct counter withheld_subjects;
};

/* `query` and `filter` are the caller's. */
struct walk *walk_new(struct search_reader *reader, const struct search_query *query,
                      const struct search_filter *filter);
/* Opens the columns. */
enum rc walk_open(struct walk *w, struct fault *fault) MUST_CHECK;
void walk_free(struct walk *w);

void walk_selected(struct walk *w, grn_obj *selected);
void walk_all(struct walk *w);

uint64_t walk_fact(struct walk *w, unsigned column, grn_id id);
void walk_meet(struct met *m, uint64_t work);
/* Whether the filter keeps the edition back, and as what. */
bool walk_withholds(struct walk *w, grn_id id, struct search_withheld *ret);
bool walk_has_met(const struct met *m, uint64_t work);
void walk_note_withheld(struct walk *w, struct search_withheld withheld);
/* Whether a stands before b. */
bool walk_before(const struct hit *a, const struct hit *b);

#endif
