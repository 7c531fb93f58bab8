#include "search/directory.h"

#include <pthread.h>
#include <stdlib.h>
#include <unicode/ucol.h>
#include <unicode/ulocdata.h>
#include <unicode/uset.h>
#include <unicode/ustring.h>

#include "base/buf.h"
#include "base/encode.h"
#include "base/utf8.h"
#include "search/exact.h"
#include "search/sounds.h"
#include "search/walk.h"

enum { FILED_MAX = 120, KEY_MAX = 400, LETTERS_MAX = 512, HASH_BYTES = 8, FILTER_WORDS = 64 };

/* ---- the order ---- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static UCollator *root_order;

static void open_order(void)
{
    UErrorCode status = U_ZERO_ERROR;
    root_order = ucol_open("", &status);
}

/* The collation key without its end; `lowest`: of nothing that sorts before what begins so. */
static size_t order_key(struct str text, bool lowest, uint8_t ret[KEY_MAX])
{
    UChar wide[FILED_MAX];
    uint8_t key[KEY_MAX], *out = lowest ? key : ret;
    int32_t n = 0;
    UErrorCode status = U_ZERO_ERROR;
    pthread_once(&once, open_order);
    u_strFromUTF8(wide, FILED_MAX, &n, text.p, (int32_t)text.n, &status);
    if (U_FAILURE(status) || root_order == NULL)
        return 0;
    int32_t length = ucol_getSortKey(root_order, wide, n, out, KEY_MAX);
    if (length > KEY_MAX)
        length = KEY_MAX;
    if (lowest)
        length = ucol_getBound(key, length, UCOL_BOUND_LOWER, 1, ret, KEY_MAX, &status);
    if (U_FAILURE(status) || length < 1)
        return 0;
    return (size_t)length - (ret[length - 1] == 0);
}

/* Chinese by its syllables, without the country that stands before it in brackets; titles
 * without their article. */
static struct str filed_as(struct arena *arena, const struct directory_name *n)
{
    struct str text = n->filed.n > 0 ? n->filed : n->name;
    if (utf8_has_cjk(text)) {
        struct str bare = exact_first_name(arena, text);
        struct str sounds = sounds_of(arena, bare, n->kind == DIRECTORY_CONTRIBUTORS);
        return sounds.n > 0 ? ARENA_JOIN(arena, sounds, STR(" "), bare) : bare;
    }
    struct str folded = search_fold(arena, text);
    return n->kind == DIRECTORY_CONTRIBUTORS ? folded : exact_without_article(folded);
}

/* ---- letters ---- */

static const char kind_letters[DIRECTORY_KINDS] = {'c', 's', 'l', 'p'};

enum { UNKNOWN = -2, SOME = -1 }; /* instead of how many names stand in a range */

struct range {
    char label[24];
    uint8_t from[KEY_MAX];
    size_t from_n;
    unsigned rank; /* in whose alphabet it stands: the page's first */
};

struct ranges {
    struct range *v;
    size_t n;
};

/* The letters of pages in one language. */
struct filing {
    struct filing *next;
    struct arena arena;
    struct str language;
    struct ranges ranges;
    int64_t *counts[DIRECTORY_KINDS]; /* of each range */
};

/* What the directory's pages need, found once and kept as long as the index is open: names are
 * only ever added to it. As many languages as pages speak. */
struct directory {
    pthread_mutex_t lock; /* over the counts, and over what adds a name to them */
    struct filing *first;
};

static void add_range(struct ranges *r, const char *label, unsigned rank)
{
    struct range *range = &r->v[r->n];
    snprintf(range->label, sizeof range->label, "%s", label);
    range->rank = rank;
    range->from_n = order_key(str_of(range->label), true, range->from);
    r->n += range->from_n > 0 && r->n + 1 < LETTERS_MAX;
}

/* The letters under which a language's indexes have names (CLDR). */
static void add_letters(struct ranges *r, const char *locale, unsigned rank)
{
    UErrorCode status = U_ZERO_ERROR;
    ULocaleData *data = ulocdata_open(locale, &status);
    USet *set = uset_openEmpty();
    if (U_SUCCESS(status))
        ulocdata_getExemplarSet(data, set, 0, ULOCDATA_ES_INDEX, &status);
    int32_t items = U_SUCCESS(status) ? uset_getItemCount(set) : 0;
    for (int32_t i = 0; i < items; i++) {
        UChar32 from = 0, to = 0;
        UChar text[8];
        char label[24];
        int32_t written = 0;
        UErrorCode one = U_ZERO_ERROR;
        int32_t n = uset_getItem(set, i, &from, &to, text, 8, &one);
        for (UChar32 c = from; n == 0 && c <= to; c++) {
            int32_t at = 0;
            U16_APPEND_UNSAFE(text, at, c);
            u_strToUTF8(label, sizeof label, &written, text, at, &one);
            if (U_SUCCESS(one) && (size_t)written < sizeof label)
                add_range(r, label, rank);
        }
        if (n > 1 && U_SUCCESS(one)) {
            u_strToUTF8(label, sizeof label, &written, text, n, &one);
            if (U_SUCCESS(one) && (size_t)written < sizeof label)
                add_range(r, label, rank);
        }
    }
    uset_close(set);
    ulocdata_close(data);
}

static int compare_keys(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n)
{
    int order = memcmp(a, b, a_n < b_n ? a_n : b_n);
    return order != 0 ? order : (a_n > b_n) - (a_n < b_n);
}

static int by_place(const void *a, const void *b)
{
    const struct range *x = a, *y = b;
    int order = compare_keys(x->from, x->from_n, y->from, y->from_n);
    return order != 0 ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

/* All ranges in the order of the directory; "#" is before the first. */
static struct ranges ranges_of(struct arena *arena, struct str language)
{
    static const char *const others[] = {"en", "el", "ru", "ka", "hy", "he", "ar",
                                         "hi", "bn", "ta", "te", "th", "ko", "ja"};
    struct ranges r = {ARENA_ARRAY(arena, struct range, LETTERS_MAX), 0};
    size_t kept = 0;
    add_range(&r, "0", 0);
    snprintf(r.v[0].label, sizeof r.v[0].label, "#");
    r.v[0].from_n = 0;
    if (!str_starts(language, STR("zh"))) /* whose names are filed by pinyin */
        add_letters(&r, arena_z(arena, language), 1);
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        add_letters(&r, others[i], 2 + i);
    qsort(r.v, r.n, sizeof *r.v, by_place);
    for (size_t i = 0; i < r.n; i++)
        if (kept == 0 ||
            compare_keys(r.v[kept - 1].from, r.v[kept - 1].from_n, r.v[i].from, r.v[i].from_n) != 0)
            r.v[kept++] = r.v[i];
    r.n = kept;
    return r;
}

struct directory *directory_new(void)
{
    struct directory *d = calloc(1, sizeof *d);
    if (d == NULL)
        abort();
    pthread_mutex_init(&d->lock, NULL);
    return d;
}

void directory_free(struct directory *d)
{
    for (struct filing *f = d->first, *next; f != NULL; f = next) {
        struct arena arena = f->arena; /* it lies in it itself */
        next = f->next;
        arena_free(&arena);
    }
    pthread_mutex_destroy(&d->lock);
    free(d);
}

/* With the lock held. */
static struct filing *filing_of(struct directory *d, struct str language)
{
    struct filing *f = d->first;
    while (f != NULL && !str_eq(f->language, language))
        f = f->next;
    if (f != NULL)
        return f;
    struct arena arena = ARENA_INIT;
    f = ARENA_ARRAY(&arena, struct filing, 1);
    f->language = arena_str(&arena, language);
    f->ranges = ranges_of(&arena, language);
    for (int kind = 0; kind < DIRECTORY_KINDS; kind++) {
        f->counts[kind] = ARENA_ARRAY(&arena, int64_t, f->ranges.n);
        for (size_t i = 0; i < f->ranges.n; i++)
            f->counts[kind][i] = UNKNOWN;
    }
    f->arena = arena;
    f->next = d->first;
    return d->first = f;
}

/* ---- writing ---- */

/* Where it is known how many stand under the name's letter, it is one more. */
static void count_put(struct directory *d, enum directory_kind kind, const uint8_t *key, size_t n)
{
    for (struct filing *f = d->first; f != NULL; f = f->next) {
        size_t low = 0, high = f->ranges.n; /* the last range that begins no later */
        while (low + 1 < high) {
            size_t middle = low + (high - low) / 2;
            const struct range *r = &f->ranges.v[middle];
            if (compare_keys(r->from, r->from_n, key, n) <= 0)
                low = middle;
            else
                high = middle;
        }
        f->counts[kind][low] += f->counts[kind][low] >= 0;
    }
}

static void put_value(grn_ctx *ctx, grn_obj *column, grn_id id, struct str text)
{
    grn_obj value;
    GRN_TEXT_INIT(&value, GRN_OBJ_DO_SHALLOW_COPY);
    GRN_TEXT_SET_REF(&value, text.n > 0 ? text.p : "", text.n);
    grn_obj_set_value(ctx, column, id, &value, GRN_OBJ_SET);
    GRN_OBJ_FIN(ctx, &value);
}

enum rc directory_put(struct search_index *index, struct arena *arena,
                      const struct directory_name *name, struct fault *fault)
{
    grn_ctx *ctx = index->ctx;
    uint8_t known[1 + HASH_BYTES] = {(uint8_t)kind_letters[name->kind]}, key[1 + KEY_MAX + 16];
    int added = 0;
    if (name->name.n == 0 || name->key.n == 0)
        return RC_OK;
    struct hash hash = sha256(name->key.p, name->key.n);
    memcpy(known + 1, hash.b, HASH_BYTES);
    if (grn_table_add(ctx, index->names_known, known, sizeof known, &added) == GRN_ID_NIL)
        return groonga_fault(ctx, fault, "filing a name");
    if (!added)
        return RC_OK;
    key[0] = known[0];
    size_t n = 1 + order_key(utf8_cut(filed_as(arena, name), FILED_MAX / 2), false, key + 1);
    key[n++] = 0;
    memcpy(key + n, hash.b, HASH_BYTES);
    pthread_mutex_lock(&index->directory->lock);
    grn_id id = grn_table_add(ctx, index->names, key, (unsigned)n + HASH_BYTES, NULL);
    if (id != GRN_ID_NIL)
        count_put(index->directory, name->kind, key + 1, n + HASH_BYTES - 1);
    pthread_mutex_unlock(&index->directory->lock);
    if (id == GRN_ID_NIL)
        return groonga_fault(ctx, fault, "filing a name");
    put_value(ctx, index->names_name, id, name->name);
    put_value(ctx, index->names_key, id, name->key);
    return RC_OK;
}

/* ---- reading ---- */

/* A cursor over a letter's names, from `offset` on. */
static grn_table_cursor *open_range(struct search_reader *reader, enum directory_kind kind,
                                    const struct ranges *r, size_t at, size_t offset, int limit)
{
    uint8_t from[1 + KEY_MAX] = {(uint8_t)kind_letters[kind]}, to[1 + KEY_MAX];
    size_t from_n = 1 + r->v[at].from_n, to_n = 1;
    memcpy(from + 1, r->v[at].from, r->v[at].from_n);
    to[0] = from[0];
    if (at + 1 < r->n) {
        memcpy(to + 1, r->v[at + 1].from, r->v[at + 1].from_n);
        to_n += r->v[at + 1].from_n;
    } else {
        to[0]++;
    }
    return grn_table_cursor_open(
        reader->ctx, reader->index->names, from, (unsigned)from_n, to, (unsigned)to_n, (int)offset,
        limit, GRN_CURSOR_BY_KEY | GRN_CURSOR_ASCENDING | GRN_CURSOR_GE | GRN_CURSOR_LT);
}

static int64_t count_range(struct search_reader *reader, enum directory_kind kind,
                           const struct ranges *r, size_t at, int limit)
{
    grn_table_cursor *cursor = open_range(reader, kind, r, at, 0, limit);
    int64_t n = 0;
    while (cursor != NULL && grn_table_cursor_next(reader->ctx, cursor) != GRN_ID_NIL)
        n++;
    if (cursor != NULL)
        grn_table_cursor_close(reader->ctx, cursor);
    return n;
}

static bool has_any(struct search_reader *reader, enum directory_kind kind, struct filing *f,
                    size_t at)
{
    int64_t *count = &f->counts[kind][at];
    if (*count == UNKNOWN)
        *count = count_range(reader, kind, &f->ranges, at, 1) == 0 ? 0 : SOME;
    return *count != 0;
}

static struct str value_of(grn_ctx *ctx, struct arena *arena, grn_obj *column, grn_id id)
{
    grn_obj value;
    GRN_TEXT_INIT(&value, 0);
    grn_obj_get_value(ctx, column, id, &value);
    struct str text =
        arena_str(arena, (struct str){GRN_TEXT_VALUE(&value), (size_t)GRN_TEXT_LEN(&value)});
    GRN_OBJ_FIN(ctx, &value);
    return text;
}

/* The page's own alphabet first, then the others as they are filed. */
static void list_letters(struct search_reader *reader, struct arena *arena,
                         enum directory_kind kind, struct filing *f, struct directory_page *ret,
                         size_t *places)
{
    const struct ranges *r = &f->ranges;
    ret->letters.v = ARENA_ARRAY(arena, struct directory_letter, r->n);
    for (int own = 1; own >= 0; own--)
        for (size_t i = 0; i < r->n; i++)
            if ((r->v[i].rank <= 1) == (own == 1) && has_any(reader, kind, f, i)) {
                places[ret->letters.n] = i;
                ret->letters.v[ret->letters.n++].label = arena_str(arena, str_of(r->v[i].label));
            }
}

/* The letters, which of them is chosen, and how many stand under it; *ret_place is its range. */
static enum rc choose_letter(struct search_reader *reader, struct arena *arena,
                             enum directory_kind kind, struct filing *f, struct str letter,
                             struct directory_page *page, size_t *ret_place, struct fault *fault)
{
    size_t *places = ARENA_ARRAY(arena, size_t, f->ranges.n), at = 0;
    list_letters(reader, arena, kind, f, page, places);
    while (letter.n > 0 && at < page->letters.n && !str_eq(page->letters.v[at].label, letter))
        at++;
    if (at == page->letters.n)
        return letter.n == 0
                   ? RC_OK
                   : fault_set(fault, RC_NOT_FOUND, "nothing stands under %.*s", STR_ARG(letter));
    int64_t *count = &f->counts[kind][places[at]];
    if (*count < 0)
        *count = count_range(reader, kind, &f->ranges, places[at], -1);
    page->letters.v[at].chosen = true;
    page->total = (uint64_t)*count;
    *ret_place = places[at];
    return RC_OK;
}

/* What the cursor leads to, `limit` at most; closes it. */
static void read_entries(struct search_reader *reader, struct arena *arena,
                         grn_table_cursor *cursor, size_t limit, struct directory_page *page)
{
    const struct search_index *index = reader->index;
    grn_id id;
    while (cursor != NULL && page->entries.n < limit &&
           (id = grn_table_cursor_next(reader->ctx, cursor)) != GRN_ID_NIL)
        page->entries.v[page->entries.n++] =
            (struct directory_entry){value_of(reader->ctx, arena, index->names_name, id),
                                     value_of(reader->ctx, arena, index->names_key, id)};
    if (cursor != NULL)
        grn_table_cursor_close(reader->ctx, cursor);
}

enum rc directory_read(struct search_reader *reader, struct arena *arena, enum directory_kind kind,
                       struct str language, struct str letter, size_t offset, size_t limit,
                       struct directory_page *ret, struct fault *fault)
{
    struct directory *directory = reader->index->directory;
    struct directory_page page = {.total = 0};
    size_t at = 0;
    pthread_mutex_lock(&directory->lock);
    struct filing *f = filing_of(directory, language);
    enum rc rc = choose_letter(reader, arena, kind, f, letter, &page, &at, fault);
    pthread_mutex_unlock(&directory->lock);
    if (rc != RC_OK)
        return rc;
    page.entries.v = ARENA_ARRAY(arena, struct directory_entry, limit);
    if (offset < page.total)
        read_entries(reader, arena, open_range(reader, kind, &f->ranges, at, offset, (int)limit),
                     limit, &page);
    *ret = page;
    return RC_OK;
}

static grn_table_cursor *open_kind(struct search_reader *reader, enum directory_kind kind,
                                   size_t offset, int limit)
{
    return grn_table_cursor_open(reader->ctx, reader->index->names, &kind_letters[kind], 1, NULL, 0,
                                 (int)offset, limit, GRN_CURSOR_PREFIX);
}

enum rc directory_all(struct search_reader *reader, struct arena *arena, enum directory_kind kind,
                      size_t offset, size_t limit, struct directory_page *ret, struct fault *fault)
{
    struct directory_page page = {.total = 0};
    grn_table_cursor *cursor = open_kind(reader, kind, 0, -1);
    if (cursor == NULL)
        return groonga_fault(reader->ctx, fault, "counting names");
    while (grn_table_cursor_next(reader->ctx, cursor) != GRN_ID_NIL)
        page.total++;
    grn_table_cursor_close(reader->ctx, cursor);
    page.entries.v = ARENA_ARRAY(arena, struct directory_entry, limit);
    if (limit > 0 && offset < page.total)
        read_entries(reader, arena, open_kind(reader, kind, offset, (int)limit), limit, &page);
    *ret = page;
    return RC_OK;
}

enum rc directory_same(struct search_reader *reader, struct arena *arena,
                       const struct directory_name *name, size_t most, struct directory_page *ret,
                       struct fault *fault)
{
    uint8_t key[1 + KEY_MAX] = {(uint8_t)kind_letters[name->kind]};
    *ret = (struct directory_page){.total = 0};
    size_t n = 1 + order_key(utf8_cut(filed_as(arena, name), FILED_MAX / 2), false, key + 1);
    if (n + 1 > sizeof key)
        return RC_OK;
    key[n++] = 0;
    ret->entries.v = ARENA_ARRAY(arena, struct directory_entry, most);
    grn_table_cursor *cursor =
        grn_table_cursor_open(reader->ctx, reader->index->names, key, (unsigned)n, NULL, 0, 0,
                              (int)most, GRN_CURSOR_PREFIX);
    if (cursor == NULL)
        return groonga_fault(reader->ctx, fault, "looking for a name");
    read_entries(reader, arena, cursor, most, ret);
    return RC_OK;
}

/* ---- publishers' works ---- */

static int by_publisher(const void *a, const void *b)
{
    uint64_t x = ((const struct directory_count *)a)->publisher;
    uint64_t y = ((const struct directory_count *)b)->publisher;
    return (x > y) - (x < y);
}

enum rc directory_count(struct search_reader *reader, const struct search_filter *filter,
                        struct directory_count *counts, size_t n, struct fault *fault)
{
    struct search_query query = {.publisher = 1}; /* any but 0, so that the columns are opened */
    struct walk *w = walk_new(reader, &query, filter);
    struct met *met = calloc(2 * n + 1, sizeof *met);
    if (met == NULL)
        abort();
    if (n > 1)
        qsort(counts, n, sizeof *counts, by_publisher);
    uint64_t maybe[FILTER_WORDS] = {0}; /* nearly all editions are of others */
    for (size_t i = 0; i < n; i++)
        maybe[counts[i].publisher / 64 % FILTER_WORDS] |= (uint64_t)1 << counts[i].publisher % 64;
    enum rc rc = walk_open(w, fault);
    grn_table_cursor *cursor = rc == RC_OK
                                   ? grn_table_cursor_open(reader->ctx, reader->index->table, NULL,
                                                           0, NULL, 0, 0, -1, GRN_CURSOR_BY_ID)
                                   : NULL;
    grn_id id;
    while (cursor != NULL && (id = grn_table_cursor_next(reader->ctx, cursor)) != GRN_ID_NIL)
        for (unsigned column = FACT_PUBLISHER; column <= FACT_IMPRINT; column++) {
            struct directory_count key = {.publisher = walk_fact(w, column, id)}, *found = NULL;
            struct search_withheld withheld;
            if ((maybe[key.publisher / 64 % FILTER_WORDS] >> key.publisher % 64 & 1) != 0)
                found = bsearch(&key, counts, n, sizeof key, by_publisher);
            if (found != NULL)
                walk_meet(&met[2 * (size_t)(found - counts) + walk_withholds(w, id, &withheld)],
                          walk_fact(w, FACT_WORK, id));
        }
    if (cursor != NULL)
        grn_table_cursor_close(reader->ctx, cursor);
    for (size_t i = 0; i < n; i++) {
        const struct met *shown = &met[2 * i], *withheld = &met[2 * i + 1];
        counts[i].shown = shown->n;
        for (uint64_t work = 0; work < withheld->room; work++)
            counts[i].withheld += walk_has_met(withheld, work) && !walk_has_met(shown, work);
        free(shown->bits);
        free(withheld->bits);
    }
    free(met);
    walk_free(w);
    return rc;
}
