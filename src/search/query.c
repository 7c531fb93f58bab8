#include "base/buf.h"
#include "base/ids.h"
#include "base/list.h"
#include "base/utf8.h"
#include "domain/isbn.h"
#include "search/index.h"

enum { TERMS_MAX = 12, TEXT_MAX = 1000, COUNTER_SLOTS = 512 };

/* Title ten times a keyword, names five times. */
static const char weights[] =
    "title * 10 || contributors * 5 || subtitle * 3 || original * 3 || collections * 3 || "
    "publisher || keywords || isbn * 20";

const char *search_weights(void)
{
    return weights;
}

const char *search_facet_name(enum search_facet facet)
{
    static const char *const names[FACET_COUNT] = {"format", "language", "subject", "year",
                                                   "price"};
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

/* ---- reading what was typed ---- */

/* The next word, or what stands between quotes. */
static bool next_term(struct str *rest, struct str *ret)
{
    *rest = str_trim(*rest);
    if (rest->n == 0)
        return false;
    bool quoted = rest->p[0] == '"';
    size_t from = quoted ? 1 : 0, end = from;
    while (end < rest->n && (quoted ? rest->p[end] != '"' : (unsigned char)rest->p[end] > ' '))
        end++;
    *ret = str_sub(*rest, from, end);
    *rest = str_sub(*rest, end + (quoted && end < rest->n ? 1 : 0), rest->n);
    return true;
}

static void put_quoted(struct buf *b, struct str term)
{
    if (b->n > 0)
        buf_char(b, ' ');
    buf_char(b, '"');
    buf_str_add(b, term); /* folded: letters, digits and spaces only */
    buf_char(b, '"');
}

/* Groonga's query language with nothing in it but quoted phrases. */
static void read_terms(struct arena *arena, struct str text, struct buf *ret)
{
    char isbn[14];
    struct str rest = str_sub(text, 0, TEXT_MAX), term;
    if (rest.n == TEXT_MAX) /* cut between characters */
        while (rest.n > 0 && ((unsigned char)rest.p[rest.n - 1] & 0xc0) == 0x80)
            rest.n--;
    if (isbn_parse(text, isbn)) {
        put_quoted(ret, arena_str(arena, str_of(isbn)));
        return;
    }
    for (int n = 0; n < TERMS_MAX && next_term(&rest, &term); n++) {
        struct str folded =
            isbn_parse(term, isbn) ? arena_str(arena, str_of(isbn)) : search_fold(arena, term);
        if (folded.n > 0)
            put_quoted(ret, folded);
        else
            n--;
    }
}

/* All records that match, with scores; NULL in *ret where nothing can. */
static enum rc select_text(struct search_reader *reader, struct str text, grn_obj **ret,
                           struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO terms = BUF_INIT(64 << 10);
    grn_ctx *ctx = reader->ctx;
    grn_obj *variable = NULL, *weighted = NULL, *query = NULL;
    grn_obj *table = reader->index->table;
    *ret = NULL;
    if (!utf8_valid(text, NULL))
        return RC_OK;
    read_terms(&arena, text, &terms);
    if (terms.n == 0 || terms.failed)
        return RC_OK;
    GRN_EXPR_CREATE_FOR_QUERY(ctx, table, weighted, variable);
    GRN_EXPR_CREATE_FOR_QUERY(ctx, table, query, variable);
    grn_rc parsed = GRN_INVALID_ARGUMENT;
    if (weighted != NULL && query != NULL)
        parsed = grn_expr_parse(ctx, weighted, weights, sizeof weights - 1, NULL, GRN_OP_MATCH,
                                GRN_OP_AND, GRN_EXPR_SYNTAX_SCRIPT);
    if (parsed == GRN_SUCCESS)
        parsed = grn_expr_parse(ctx, query, terms.p, (unsigned)terms.n, weighted, GRN_OP_MATCH,
                                GRN_OP_AND, GRN_EXPR_SYNTAX_QUERY);
    if (parsed == GRN_SUCCESS)
        *ret = grn_table_select(ctx, table, query, NULL, GRN_OP_OR);
    enum rc rc = *ret == NULL ? groonga_fault(ctx, fault, "searching") : RC_OK;
    if (query != NULL)
        grn_obj_unlink(ctx, query);
    if (weighted != NULL)
        grn_obj_unlink(ctx, weighted);
    ctx->rc = GRN_SUCCESS;
    return rc;
}

/* ---- counting ---- */

/* How often each number came: open addressing, what does not fit is not told. */
struct counter {
    struct {
        uint64_t key, count;
    } slots[COUNTER_SLOTS];
    size_t used;
};

static void count(struct counter *c, uint64_t key)
{
    size_t at = (size_t)(key * 0x9e3779b97f4a7c15u >> 55) % COUNTER_SLOTS;
    while (c->slots[at].count > 0 && c->slots[at].key != key)
        at = (at + 1) % COUNTER_SLOTS;
    if (c->slots[at].count == 0) {
        if (c->used == COUNTER_SLOTS - 1)
            return;
        c->used++;
        c->slots[at].key = key;
    }
    c->slots[at].count++;
}

/* Works that were met, a bit for each: their numbers are given in order. */
enum { MET_MAX = 1 << 30 };
struct met {
    uint64_t *bits;
    uint64_t room; /* works */
    uint64_t n;
};

static bool has_met(const struct met *m, uint64_t work)
{
    return work < m->room && (m->bits[work / 64] >> work % 64 & 1) != 0;
}

static void meet(struct met *m, uint64_t work)
{
    if (work >= MET_MAX) /* a damaged index */
        return;
    if (work >= m->room) {
        uint64_t room = m->room == 0 ? 1 << 16 : m->room;
        while (room <= work)
            room *= 2;
        m->bits = realloc(m->bits, room / 8);
        if (m->bits == NULL)
            abort();
        memset(m->bits + m->room / 64, 0, (room - m->room) / 8);
        m->room = room;
    }
    m->n += !has_met(m, work);
    m->bits[work / 64] |= (uint64_t)1 << work % 64;
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* ---- walking the hits ---- */

struct hit {
    grn_id id;
    uint64_t key[3]; /* descending; equal keys: the older edition first */
};

struct walk {
    struct search_reader *reader;
    const struct search_query *query;
    const struct search_filter *filter;
    grn_column_cache *columns[FACT_COLUMNS];
    unsigned price;
    struct {
        bool any;
        uint64_t low, high;
    } chosen[FACET_COUNT];
    struct hit *heap; /* the best so far, the worst of them on top */
    size_t heap_n, heap_room;
    uint64_t total;
    struct met met; /* works that are shown */
    struct search_withheld *withheld;
    size_t withheld_n, withheld_room;
    struct counter counters[FACET_COUNT];
};

static uint64_t fact(struct walk *w, unsigned column, grn_id id)
{
    size_t n = 0;
    const void *p = grn_column_cache_ref(w->reader->ctx, w->columns[column], id, &n);
    uint64_t value = 0;
    if (p != NULL && n <= sizeof value)
        memcpy(&value, p, n); /* little-endian, as everything Debian 12 runs this on */
    return value;
}

static unsigned price_band(const struct search_query *q, int64_t price)
{
    unsigned band = 0;
    while (band < PRICE_LIMITS && price >= q->price_limits[band])
        band++;
    return band;
}

/* The facet's value as a number; false where the edition has none. */
static bool facet_value(struct walk *w, enum search_facet facet, grn_id id, uint64_t *ret)
{
    int64_t price;
    switch (facet) {
    case FACET_FORMAT:
        *ret = fact(w, FACT_FORMAT, id);
        return true;
    case FACET_LANGUAGE:
        *ret = fact(w, FACT_LANGUAGE, id);
        return *ret != 0;
    case FACET_SUBJECT:
        *ret = fact(w, FACT_SUBJECT, id);
        return *ret != 0;
    case FACET_YEAR:
        *ret = fact(w, FACT_YEAR, id);
        return *ret != 0;
    case FACET_PRICE:
        price = (int64_t)fact(w, w->price, id) - 1;
        *ret = price_band(w->query, price);
        return price >= 0;
    }
    return false;
}

/* Chosen values as ranges of the numbers; a value nobody can have is an empty one. */
static void read_chosen(struct walk *w)
{
    for (int f = 0; f < FACET_COUNT; f++) {
        struct str value = w->query->chosen[f];
        uint64_t low = 1, high = 0, number;
        w->chosen[f].any = value.n == 0;
        if (f == FACET_FORMAT) {
            for (unsigned i = 0; i < FORMAT_CODES; i++)
                if (str_eq(value, str_of(format_codes[i])))
                    low = high = i;
        } else if (f == FACET_LANGUAGE) {
            low = high = pack_letters(value);
        } else if (f == FACET_SUBJECT && value.n > 0 && value.n <= 8) {
            low = pack_letters(value);
            high = low | (value.n == 8 ? 0 : UINT64_MAX >> 8 * value.n);
        } else if (str_to_u64(value, &number)) {
            low = high = number;
        }
        w->chosen[f].low = low;
        w->chosen[f].high = high;
    }
}

static bool is_chosen(struct walk *w, grn_id id)
{
    for (int f = 0; f < FACET_COUNT; f++) {
        uint64_t value;
        if (w->chosen[f].any)
            continue;
        if (!facet_value(w, (enum search_facet)f, id, &value) || value < w->chosen[f].low ||
            value > w->chosen[f].high)
            return false;
    }
    return true;
}

static bool is_withheld(struct walk *w, grn_id id, struct search_withheld *ret)
{
    const struct search_filter *f = w->filter;
    *ret = (struct search_withheld){.work = fact(w, FACT_WORK, id)};
    if (f->edition_count > 0) {
        uint64_t edition = fact(w, FACT_EDITION, id);
        if (ids_have(f->editions, f->edition_count, edition)) {
            ret->edition = edition;
            return true;
        }
    }
    return ids_have(f->works, f->work_count, ret->work);
}

static void note_withheld(struct walk *w, struct search_withheld withheld)
{
    HEAP_ROOM(w->withheld, w->withheld_n, w->withheld_room);
    w->withheld[w->withheld_n++] = withheld;
}

static bool is_unrated(struct walk *w, grn_id id)
{
    const struct search_filter *f = w->filter;
    return (f->unrated_count > 0 &&
            ids_have(f->unrated, f->unrated_count, fact(w, FACT_WORK, id))) ||
           (f->unrated_edition_count > 0 &&
            ids_have(f->unrated_editions, f->unrated_edition_count, fact(w, FACT_EDITION, id)));
}

static int by_rated_work(const void *a, const void *b)
{
    uint64_t x = ((const struct search_rating *)a)->work;
    uint64_t y = ((const struct search_rating *)b)->work;
    return (x > y) - (x < y);
}

static uint64_t rating_here(struct walk *w, grn_id id)
{
    const struct search_filter *f = w->filter;
    if (is_unrated(w, id))
        return 0;
    if (f->rerated_count > 0) {
        struct search_rating key = {.work = fact(w, FACT_WORK, id)};
        const struct search_rating *found =
            bsearch(&key, f->rerated, f->rerated_count, sizeof key, by_rated_work);
        if (found != NULL)
            return found->milli;
    }
    return fact(w, FACT_RATING, id);
}

static void make_key(struct walk *w, grn_id id, int32_t score, uint64_t key[3])
{
    uint64_t published = fact(w, FACT_PUBLISHED, id), price;
    key[1] = published;
    key[2] = 0;
    switch (w->query->sort) {
    case SORT_RELEVANCE:
        key[0] = (uint64_t)score;
        break;
    case SORT_NEWEST:
        key[0] = published;
        break;
    case SORT_TITLE:
        key[0] = ~fact(w, FACT_TITLE_1, id);
        key[1] = ~fact(w, FACT_TITLE_2, id);
        key[2] = published;
        break;
    case SORT_PRICE:
        price = fact(w, w->price, id); /* 0: not sold, last of all */
        key[0] = price == 0 ? 0 : UINT64_MAX - price;
        break;
    case SORT_RATING:
        key[0] = rating_here(w, id);
        break;
    }
}

/* Whether a stands before b. */
static bool before(const struct hit *a, const struct hit *b)
{
    for (int i = 0; i < 3; i++)
        if (a->key[i] != b->key[i])
            return a->key[i] > b->key[i];
    return a->id < b->id;
}

static void sink_down(struct hit *heap, size_t n, size_t at)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= n)
            return;
        if (child + 1 < n && before(&heap[child], &heap[child + 1]))
            child++;
        if (!before(&heap[at], &heap[child]))
            return;
        struct hit swapped = heap[at];
        heap[at] = heap[child];
        heap[child] = swapped;
        at = child;
    }
}

static void keep_best(struct walk *w, const struct hit *hit)
{
    if (w->heap_room == 0)
        return;
    if (w->heap_n < w->heap_room) {
        size_t at = w->heap_n++;
        w->heap[at] = *hit;
        for (; at > 0 && before(&w->heap[(at - 1) / 2], &w->heap[at]); at = (at - 1) / 2) {
            struct hit swapped = w->heap[at];
            w->heap[at] = w->heap[(at - 1) / 2];
            w->heap[(at - 1) / 2] = swapped;
        }
        return;
    }
    if (before(hit, &w->heap[0])) {
        w->heap[0] = *hit;
        sink_down(w->heap, w->heap_n, 0);
    }
}

static void take(struct walk *w, grn_id id, int32_t score)
{
    bool filtered = w->filter->work_count + w->filter->edition_count > 0;
    if (!is_chosen(w, id))
        return;
    struct search_withheld withheld;
    if (filtered && is_withheld(w, id, &withheld)) {
        note_withheld(w, withheld);
        return;
    }
    w->total++;
    meet(&w->met, fact(w, FACT_WORK, id));
    for (int f = 0; w->query->facets && f < FACET_COUNT; f++) {
        uint64_t value;
        if (facet_value(w, (enum search_facet)f, id, &value))
            count(&w->counters[f], f == FACET_SUBJECT ? value >> 48 << 48 : value);
    }
    struct hit hit = {.id = id};
    make_key(w, id, score, hit.key);
    keep_best(w, &hit);
}

static void walk_selected(struct walk *w, grn_obj *selected)
{
    grn_ctx *ctx = w->reader->ctx;
    grn_obj *accessor = grn_obj_column(ctx, selected, "_score", 6), score;
    grn_hash_cursor *cursor =
        grn_hash_cursor_open(ctx, (grn_hash *)selected, NULL, 0, NULL, 0, 0, -1, 0);
    grn_id at;
    bool ranked = w->query->sort == SORT_RELEVANCE;
    GRN_INT32_INIT(&score, 0);
    while (cursor != NULL && (at = grn_hash_cursor_next(ctx, cursor)) != GRN_ID_NIL) {
        void *key;
        grn_hash_cursor_get_key(ctx, cursor, &key);
        GRN_BULK_REWIND(&score);
        if (ranked)
            grn_obj_get_value(ctx, accessor, at, &score);
        take(w, *(grn_id *)key, ranked ? GRN_INT32_VALUE(&score) : 0);
    }
    if (cursor != NULL)
        grn_hash_cursor_close(ctx, cursor);
    GRN_OBJ_FIN(ctx, &score);
    grn_obj_unlink(ctx, accessor);
}

static void walk_all(struct walk *w)
{
    grn_ctx *ctx = w->reader->ctx;
    grn_table_cursor *cursor = grn_table_cursor_open(ctx, w->reader->index->table, NULL, 0, NULL, 0,
                                                     0, -1, GRN_CURSOR_BY_ID);
    grn_id id;
    while (cursor != NULL && (id = grn_table_cursor_next(ctx, cursor)) != GRN_ID_NIL)
        take(w, id, 0);
    if (cursor != NULL)
        grn_table_cursor_close(ctx, cursor);
}

/* ---- the result ---- */

struct facet_row {
    uint64_t key, times;
};

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

static int cheap_first(const void *a, const void *b)
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
    if (facet == FACET_LANGUAGE || facet == FACET_SUBJECT)
        return unpack_letters(arena, key);
    return arena_printf(arena, "%llu", (unsigned long long)key);
}

/* The most frequent values; years and price bands among them in their order. */
static void report_facets(struct walk *w, struct arena *arena, struct search_result *ret)
{
    for (int f = 0; f < FACET_COUNT; f++) {
        struct facet_row rows[COUNTER_SLOTS];
        size_t n = 0;
        for (size_t s = 0; s < COUNTER_SLOTS; s++)
            if (w->counters[f].slots[s].count > 0)
                rows[n++] =
                    (struct facet_row){w->counters[f].slots[s].key, w->counters[f].slots[s].count};
        if (f == FACET_SUBJECT)
            count_below(rows, n);
        qsort(rows, n, sizeof *rows, often_first);
        n = n < FACET_VALUES_MAX ? n : FACET_VALUES_MAX;
        if (f == FACET_YEAR || f == FACET_PRICE)
            qsort(rows, n, sizeof *rows, f == FACET_YEAR ? late_first : cheap_first);
        for (size_t i = 0; i < n; i++)
            ret->facets[f][i] =
                (struct search_facet_value){facet_text(arena, f, rows[i].key), rows[i].times};
        ret->facet_counts[f] = n;
    }
}

static int by_rank(const void *a, const void *b)
{
    return before(a, b) ? -1 : 1;
}

static void report_hits(struct walk *w, struct arena *arena, struct search_result *ret)
{
    size_t from = w->query->offset;
    if (w->heap_n > 1)
        qsort(w->heap, w->heap_n, sizeof *w->heap, by_rank);
    ret->hits = ARENA_ARRAY(arena, struct search_hit, w->query->limit);
    for (size_t i = from; i < w->heap_n && ret->hit_count < w->query->limit; i++)
        ret->hits[ret->hit_count++] = (struct search_hit){fact(w, FACT_EDITION, w->heap[i].id),
                                                          fact(w, FACT_WORK, w->heap[i].id)};
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
        v[n++].partly = has_met(&w->met, hit->work);
    }
    ret->withheld_hits = v;
    ret->withheld_hit_count = n;
}

static enum rc open_columns(struct walk *w, struct fault *fault)
{
    for (unsigned i = 0; i < FACT_COLUMNS; i++) {
        if (i >= FACT_PRICE && i != w->price)
            continue;
        w->columns[i] = grn_column_cache_open(w->reader->ctx, w->reader->index->facts[i]);
        if (w->columns[i] == NULL)
            return groonga_fault(w->reader->ctx, fault, "opening a column");
    }
    return RC_OK;
}

static void walk_free(struct walk *w)
{
    for (unsigned i = 0; i < FACT_COLUMNS; i++)
        if (w->columns[i] != NULL)
            grn_column_cache_close(w->reader->ctx, w->columns[i]);
    free(w->met.bits);
    free(w->withheld);
    free(w->heap);
    free(w);
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
    struct walk *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    *w = (struct walk){.reader = reader,
                       .query = query,
                       .filter = filter,
                       .price = FACT_PRICE + query->storefront};
    w->heap_room = query->limit == 0 ? 0 : query->offset + query->limit;
    w->heap = calloc(w->heap_room + 1, sizeof *w->heap);
    if (w->heap == NULL)
        abort();
    read_chosen(w);
    grn_obj *selected = NULL;
    bool all = str_trim(query->text).n == 0;
    enum rc rc = open_columns(w, fault);
    if (rc == RC_OK && !all)
        rc = select_text(reader, query->text, &selected, fault);
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
    struct walk *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    *w = (struct walk){.reader = reader, .query = &query, .filter = &nothing, .price = FACT_PRICE};
    grn_obj *selected = NULL;
    size_t n = 0;
    enum rc rc = open_columns(w, fault);
    if (rc == RC_OK)
        rc = select_text(reader, text, &selected, fault);
    if (rc == RC_OK && selected != NULL) {
        grn_hash_cursor *cursor =
            grn_hash_cursor_open(reader->ctx, (grn_hash *)selected, NULL, 0, NULL, 0, 0, -1, 0);
        while (cursor != NULL && grn_hash_cursor_next(reader->ctx, cursor) != GRN_ID_NIL) {
            void *key;
            grn_hash_cursor_get_key(reader->ctx, cursor, &key);
            note_withheld(w, (struct search_withheld){.work = fact(w, FACT_WORK, *(grn_id *)key)});
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
