#include "search/index.h"
#include "search/typed.h"
#include "search/walk.h"

const char *search_facet_name(enum search_facet facet)
{
    static const char *const names[FACET_COUNT] = {
        "format", "language", "subject",    "year",   "price",    "availability",
        "age",    "access",   "protection", "series", "published"};
    return names[facet];
}

static const char *const sort_names[] = {"relevance", "newest", "title", "price", "rating"};

const char *search_sort_name(enum search_sort sort)
{
    return sort_names[sort];
}

bool search_sort_parse(struct str s, enum search_sort *ret)
{
    for (int i = 0; i <= SORT_RATING; i++)
        if (str_eq(s, str_of(sort_names[i]))) {
            *ret = (enum search_sort)i;
            return true;
        }
    return false;
}

/* ---- the result ---- */

struct facet_row {
    uint64_t key, times;
};

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int often_first(const void *a, const void *b)
{
    const struct facet_row *x = a, *y = b;
    if (x->times != y->times)
        return x->times > y->times ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static int late_first(const void *a, const void *b)
{
    return compare_u64(&((const struct facet_row *)b)->key, &((const struct facet_row *)a)->key);
}

static int in_order(const void *a, const void *b)
{
    return compare_u64(&((const struct facet_row *)a)->key, &((const struct facet_row *)b)->key);
}

/* A subject of one letter is chosen with all that stand below it: so it counts. */
static void count_below(struct facet_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; (rows[i].key & UINT64_MAX >> 8) == 0 && k < n; k++)
            if (k != i && rows[k].key >> 56 == rows[i].key >> 56)
                rows[i].times += rows[k].times;
}

static struct str facet_text(struct arena *arena, int facet, uint64_t key)
{
    if (facet == FACET_FORMAT)
        return str_of(format_codes[key % FORMAT_CODES]);
    if (facet == FACET_AVAILABILITY)
        return str_of(availability_codes[key % AVAILABILITY_CODES]);
    if (facet == FACET_LANGUAGE || facet == FACET_SUBJECT)
        return unpack_letters(arena, key);
    return arena_printf(arena, "%llu", (unsigned long long)key);
}

/* What was counted of a facet, the most frequent first, at most as many as are told. */
static size_t frequent(const struct counter *counter, int facet,
                       struct facet_row rows[COUNTER_SLOTS])
{
    size_t n = 0, most = facet == FACET_SUBJECT ? FACET_SUBJECTS_MAX : FACET_VALUES_MAX;
    for (size_t s = 0; s < COUNTER_SLOTS; s++)
        if (counter->slots[s].count > 0)
            rows[n++] = (struct facet_row){counter->slots[s].key, counter->slots[s].count};
    if (facet == FACET_SUBJECT)
        count_below(rows, n);
    qsort(rows, n, sizeof *rows, often_first);
    return n < most ? n : most;
}

static void tell(struct arena *arena, int facet, const struct facet_row *rows, size_t n,
                 struct search_facet_value *ret)
{
    for (size_t i = 0; i < n; i++)
        ret[i] = (struct search_facet_value){facet_text(arena, facet, rows[i].key), rows[i].times};
}

/* Those of one facet, in the order of the table. */
static void tell_traits(const struct walk *w, struct arena *arena, int facet,
                        struct search_result *ret)
{
    size_t n = 0;
    ret->facets[facet] = ARENA_ARRAY(arena, struct search_facet_value, TRAIT_COUNT);
    for (unsigned i = 0; i < TRAIT_COUNT; i++)
        if ((int)trait_codes[i].facet == facet && w->trait_counts[i] > 0)
            ret->facets[facet][n++] =
                (struct search_facet_value){str_of(trait_codes[i].code), w->trait_counts[i]};
    ret->facet_counts[facet] = n;
}

/* Years, price bands and the like stand in their order. */
static void report_facets(struct walk *w, struct arena *arena, struct search_result *ret)
{
    struct facet_row rows[COUNTER_SLOTS];
    for (int f = 0; f < FACET_COUNTED; f++) {
        size_t n = ret->facet_counts[f] = frequent(&w->counters[f], f, rows);
        if (f == FACET_YEAR || f == FACET_PRICE || f == FACET_AVAILABILITY)
            qsort(rows, n, sizeof *rows, f == FACET_YEAR ? late_first : in_order);
        ret->facets[f] = ARENA_ARRAY(arena, struct search_facet_value, n);
        tell(arena, f, rows, n, ret->facets[f]);
    }
    for (int f = FACET_COUNTED; f < FACET_COUNT; f++)
        tell_traits(w, arena, f, ret);
    ret->withheld_subject_count = frequent(&w->withheld_subjects, FACET_SUBJECT, rows);
    tell(arena, FACET_SUBJECT, rows, ret->withheld_subject_count, ret->withheld_subjects);
}

static int by_rank(const void *a, const void *b)
{
    return walk_before(a, b) ? -1 : 1;
}

static void report_hits(struct walk *w, struct arena *arena, struct search_result *ret)
{
    size_t from = w->query->offset;
    if (w->heap_n > 1)
        qsort(w->heap, w->heap_n, sizeof *w->heap, by_rank);
    ret->hits = ARENA_ARRAY(arena, struct search_hit, w->query->limit);
    for (size_t i = from; i < w->heap_n && ret->hit_count < w->query->limit; i++)
        ret->hits[ret->hit_count++] = (struct search_hit){walk_fact(w, FACT_EDITION, w->heap[i].id),
                                                          walk_fact(w, FACT_WORK, w->heap[i].id)};
}

static int by_work_and_edition(const void *a, const void *b)
{
    const struct search_withheld *x = a, *y = b;
    if (x->work != y->work)
        return (x->work > y->work) - (x->work < y->work);
    return (x->edition > y->edition) - (x->edition < y->edition);
}

static void report_withheld(struct walk *w, struct arena *arena, struct search_result *ret)
{
    if (w->withheld_n > 1)
        qsort(w->withheld, w->withheld_n, sizeof *w->withheld, by_work_and_edition);
    struct search_withheld *v = ARENA_ARRAY(arena, struct search_withheld, w->withheld_n);
    size_t n = 0;
    for (size_t i = 0; i < w->withheld_n; i++) {
        const struct search_withheld *hit = &w->withheld[i];
        if (n > 0 && by_work_and_edition(hit, &v[n - 1]) == 0)
            continue;
        v[n] = *hit;
        v[n++].partly = walk_has_met(&w->met, hit->work);
    }
    ret->withheld_hits = v;
    ret->withheld_hit_count = n;
}

static enum typed_way way_of(const struct search_query *query)
{
    if (query->any_word)
        return TYPED_ANY_WORD;
    return query->unfinished ? TYPED_UNFINISHED : TYPED_WORDS;
}

/* Deeper than this nobody pages; the pages before it are all there. */
enum { DEPTH_MAX = 20000 };

enum rc search_run(struct search_reader *reader, struct arena *arena,
                   const struct search_query *query, const struct search_filter *filter,
                   struct search_result *ret, struct fault *fault)
{
    if (query->limit > SEARCH_LIMIT_MAX || query->offset > DEPTH_MAX)
        return fault_set(fault, RC_INVALID, "results are paged to the %dth", DEPTH_MAX);
    if (query->storefront >= SEARCH_STOREFRONTS_MAX)
        return fault_set(fault, RC_LIMIT, "the index serves %d storefronts",
                         SEARCH_STOREFRONTS_MAX);
    struct walk *w = walk_new(reader, query, filter);
    grn_obj *selected = NULL;
    bool all = str_trim(query->text).n == 0;
    enum rc rc = walk_open(w, fault);
    if (rc == RC_OK && !all)
        rc = typed_select(reader, query->text, way_of(query), &selected, fault);
    if (rc == RC_OK) {
        if (all)
            walk_all(w);
        else if (selected != NULL)
            walk_selected(w, selected);
        memset(ret, 0, sizeof *ret);
        ret->total = w->total;
        ret->works = w->met.n;
        report_hits(w, arena, ret);
        report_withheld(w, arena, ret);
        if (query->facets)
            report_facets(w, arena, ret);
    }
    if (selected != NULL)
        grn_obj_unlink(reader->ctx, selected);
    walk_free(w);
    return rc;
}

enum rc search_works(struct search_reader *reader, struct arena *arena, struct str text,
                     uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    static const struct search_filter nothing;
    struct search_query query = {.text = text};
    struct walk *w = walk_new(reader, &query, &nothing);
    grn_obj *selected = NULL;
    size_t n = 0;
    enum rc rc = walk_open(w, fault);
    if (rc == RC_OK)
        rc = typed_select(reader, text, TYPED_LITERAL, &selected, fault);
    if (rc == RC_OK && selected != NULL) {
        grn_hash_cursor *cursor =
            grn_hash_cursor_open(reader->ctx, (grn_hash *)selected, NULL, 0, NULL, 0, 0, -1, 0);
        while (cursor != NULL && grn_hash_cursor_next(reader->ctx, cursor) != GRN_ID_NIL) {
            void *key;
            grn_hash_cursor_get_key(reader->ctx, cursor, &key);
            walk_note_withheld(
                w, (struct search_withheld){.work = walk_fact(w, FACT_WORK, *(grn_id *)key)});
        }
        if (cursor != NULL)
            grn_hash_cursor_close(reader->ctx, cursor);
    }
    if (rc == RC_OK) {
        uint64_t *works = ARENA_ARRAY(arena, uint64_t, w->withheld_n);
        if (w->withheld_n > 1)
            qsort(w->withheld, w->withheld_n, sizeof *w->withheld, by_work_and_edition);
        for (size_t i = 0; i < w->withheld_n; i++)
            if (n == 0 || works[n - 1] != w->withheld[i].work)
                works[n++] = w->withheld[i].work;
        *ret = works;
        *ret_n = n;
    }
    if (selected != NULL)
        grn_obj_unlink(reader->ctx, selected);
    walk_free(w);
    return rc;
}

/* ---- readers ---- */

enum rc search_reader_open(struct search_index *index, struct search_reader **ret,
                           struct fault *fault)
{
    struct search_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        abort();
    reader->index = index;
    reader->ctx = grn_ctx_open(0);
    if (reader->ctx == NULL || grn_ctx_use(reader->ctx, index->db) != GRN_SUCCESS) {
        free(reader);
        return fault_set(fault, RC_IO, "the search index cannot be read");
    }
    *ret = reader;
    return RC_OK;
}

void search_reader_close(struct search_reader *reader)
{
    if (reader == NULL)
        return;
    grn_ctx_close(reader->ctx);
    free(reader);
}
