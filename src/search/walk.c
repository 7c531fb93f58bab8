#include "search/walk.h"

#include "base/ids.h"
#include "base/list.h"

enum { MET_MAX = 1 << 30 };

/* ---- counting ---- */

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

bool walk_has_met(const struct met *m, uint64_t work)
{
    return work < m->room && (m->bits[work / 64] >> work % 64 & 1) != 0;
}

void walk_meet(struct met *m, uint64_t work)
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
    m->n += !walk_has_met(m, work);
    m->bits[work / 64] |= (uint64_t)1 << work % 64;
}

/* ---- each hit ---- */

uint64_t walk_fact(struct walk *w, unsigned column, grn_id id)
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

static bool is_coming(struct walk *w, grn_id id)
{
    return walk_fact(w, FACT_PUBLISHED, id) > (uint64_t)w->query->today;
}

/* What it costs here, and one; 0: it is not sold here, or its sale is withheld. */
static uint64_t price_here(struct walk *w, grn_id id)
{
    const struct search_filter *f = w->filter;
    if (f->unsold_count > 0 && ids_have(f->unsold, f->unsold_count, walk_fact(w, FACT_WORK, id)))
        return 0;
    if (f->unsold_edition_count > 0 &&
        ids_have(f->unsold_editions, f->unsold_edition_count, walk_fact(w, FACT_EDITION, id)))
        return 0;
    if (f->unsold_formats != 0 && (f->unsold_formats >> walk_fact(w, FACT_FORMAT, id) & 1))
        return 0;
    return walk_fact(w, w->price, id);
}

/* What is to come is in none of the spans, nor what has no day. */
static uint64_t traits_of_day(const struct search_query *q, int32_t published)
{
    enum { A_YEAR = 10000 };
    uint64_t traits = 0;
    if (published == 0 || published > q->today)
        return 0;
    if (published >= q->month_ago)
        traits |= TRAIT_BIT(TRAIT_MONTH);
    if (published / A_YEAR == q->today / A_YEAR)
        traits |= TRAIT_BIT(TRAIT_YEAR);
    return traits | (published > q->today - 5 * A_YEAR ? TRAIT_BIT(TRAIT_FIVE_YEARS)
                                                       : TRAIT_BIT(TRAIT_OLDER));
}

static uint64_t traits_of(struct walk *w, grn_id id)
{
    return walk_fact(w, FACT_TRAITS, id) |
           traits_of_day(w->query, (int32_t)walk_fact(w, FACT_PUBLISHED, id));
}

/* The facet's value as a number; false where the edition has none. */
static bool facet_value(struct walk *w, enum search_facet facet, grn_id id, uint64_t *ret)
{
    int64_t price;
    switch (facet) {
    case FACET_FORMAT:
        *ret = walk_fact(w, FACT_FORMAT, id);
        return true;
    case FACET_LANGUAGE:
        *ret = walk_fact(w, FACT_LANGUAGE, id);
        return *ret != 0;
    case FACET_SUBJECT:
        *ret = walk_fact(w, FACT_SUBJECT, id);
        return *ret != 0;
    case FACET_YEAR:
        *ret = walk_fact(w, FACT_YEAR, id);
        return *ret != 0;
    case FACET_PRICE:
        price = (int64_t)price_here(w, id) - 1;
        *ret = price_band(w->query, price);
        return price >= 0;
    case FACET_AVAILABILITY: /* as availability_codes has them */
        *ret = price_here(w, id) == 0 ? 2 : is_coming(w, id);
        return true;
    default: /* traits */
        break;
    }
    return false;
}

/* The number of a code; false where there is none. */
static bool code_of(const char *const *codes, unsigned n, struct str value, uint64_t *ret)
{
    for (unsigned i = 0; i < n; i++)
        if (str_is(value, codes[i])) {
            *ret = i;
            return true;
        }
    return false;
}

static uint64_t trait_of(int facet, struct str value)
{
    for (unsigned i = 0; i < TRAIT_COUNT; i++)
        if ((int)trait_codes[i].facet == facet && str_is(value, trait_codes[i].code))
            return TRAIT_BIT(i);
    return 0;
}

/* Chosen values as ranges of the numbers; a value nobody can have is an empty one. */
static void read_chosen(struct walk *w)
{
    for (int f = 0; f < FACET_COUNT; f++) {
        struct str value = w->query->chosen[f];
        uint64_t low = 1, high = 0, number;
        w->chosen[f].any = value.n == 0;
        if (f >= FACET_COUNTED) {
            low = trait_of(f, value);
        } else if (f == FACET_FORMAT) {
            if (code_of(format_codes, FORMAT_CODES, value, &number))
                low = high = number;
        } else if (f == FACET_AVAILABILITY) {
            if (code_of(availability_codes, AVAILABILITY_CODES, value, &number))
                low = high = number;
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
    uint64_t publisher = w->query->publisher;
    if (publisher != 0 && walk_fact(w, FACT_PUBLISHER, id) != publisher &&
        walk_fact(w, FACT_IMPRINT, id) != publisher)
        return false;
    if (w->query->since > 0 && walk_fact(w, FACT_PUBLISHED, id) < (uint64_t)w->query->since)
        return false;
    for (int f = 0; f < FACET_COUNT; f++) {
        uint64_t value;
        if (w->chosen[f].any)
            continue;
        if (f >= FACET_COUNTED && (traits_of(w, id) & w->chosen[f].low) == 0)
            return false;
        if (f >= FACET_COUNTED)
            continue;
        if (!facet_value(w, (enum search_facet)f, id, &value) || value < w->chosen[f].low ||
            value > w->chosen[f].high)
            return false;
    }
    return true;
}

bool walk_withholds(struct walk *w, grn_id id, struct search_withheld *ret)
{
    const struct search_filter *f = w->filter;
    *ret = (struct search_withheld){.work = walk_fact(w, FACT_WORK, id)};
    if (f->edition_count > 0) {
        uint64_t edition = walk_fact(w, FACT_EDITION, id);
        if (ids_have(f->editions, f->edition_count, edition)) {
            ret->edition = edition;
            return true;
        }
    }
    return ids_have(f->works, f->work_count, ret->work);
}

void walk_note_withheld(struct walk *w, struct search_withheld withheld)
{
    HEAP_ROOM(w->withheld, w->withheld_n, w->withheld_room);
    w->withheld[w->withheld_n++] = withheld;
}

static bool is_unrated(struct walk *w, grn_id id)
{
    const struct search_filter *f = w->filter;
    return (f->unrated_count > 0 &&
            ids_have(f->unrated, f->unrated_count, walk_fact(w, FACT_WORK, id))) ||
           (f->unrated_edition_count > 0 && ids_have(f->unrated_editions, f->unrated_edition_count,
                                                     walk_fact(w, FACT_EDITION, id)));
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
        struct search_rating key = {.work = walk_fact(w, FACT_WORK, id)};
        const struct search_rating *found =
            bsearch(&key, f->rerated, f->rerated_count, sizeof key, by_rated_work);
        if (found != NULL)
            return found->milli;
    }
    return walk_fact(w, FACT_RATING, id);
}

/* Words count by their weights, up to a limit however often they stand there, and what is
 * called as was typed counts more. */
static uint64_t relevance(struct walk *w, grn_id id, uint64_t short_form, uint64_t score)
{
    uint64_t most = SEARCH_WORD_MAX * w->typed.words;
    if (w->typed.n == 0)
        return score;
    if (score > most)
        score = most;
    if ((short_form & w->typed.bits) == 0)
        return score;
    return score + exact_bonus(&w->typed, walk_fact(w, FACT_EXACT_TITLES, id),
                               walk_fact(w, FACT_EXACT_NAMES, id),
                               walk_fact(w, FACT_EXACT_SOUNDS, id));
}

static void make_key(struct walk *w, grn_id id, int32_t score, uint64_t key[3])
{
    uint64_t published = walk_fact(w, FACT_PUBLISHED, id), price, short_form;
    key[1] = published;
    key[2] = 0;
    switch (w->query->sort) {
    case SORT_RELEVANCE:
        short_form = walk_fact(w, FACT_EXACT_SHORT, id);
        key[0] = relevance(w, id, short_form, (uint64_t)score);
        key[1] = exact_shortness(short_form);
        key[2] = published;
        break;
    case SORT_NEWEST:
        key[0] = w->query->next_first ? ~published : published;
        break;
    case SORT_TITLE:
        key[0] = ~walk_fact(w, FACT_TITLE_1, id);
        key[1] = ~walk_fact(w, FACT_TITLE_2, id);
        key[2] = published;
        break;
    case SORT_PRICE:
        price = price_here(w, id); /* 0: not sold, last of all */
        key[0] = price == 0 ? 0 : UINT64_MAX - price;
        break;
    case SORT_RATING:
        key[0] = rating_here(w, id);
        break;
    }
}

bool walk_before(const struct hit *a, const struct hit *b)
{
    for (int i = 0; i < 3; i++)
        if (a->key[i] != b->key[i])
            return a->key[i] > b->key[i];
    return a->id < b->id;
}

static void put_at(struct walk *w, size_t at, struct hit hit)
{
    w->heap[at] = hit;
    if (w->places != NULL)
        w->places[hit.work] = (uint32_t)at + 1;
}

static void sink_down(struct walk *w, size_t at)
{
    struct hit hit = w->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= w->heap_n)
            break;
        if (child + 1 < w->heap_n && walk_before(&w->heap[child], &w->heap[child + 1]))
            child++;
        if (!walk_before(&hit, &w->heap[child]))
            break;
        put_at(w, at, w->heap[child]);
        at = child;
    }
    put_at(w, at, hit);
}

static void keep_best(struct walk *w, const struct hit *hit)
{
    if (w->heap_n < w->heap_room) {
        size_t at = w->heap_n++;
        for (; at > 0 && walk_before(&w->heap[(at - 1) / 2], hit); at = (at - 1) / 2)
            put_at(w, at, w->heap[(at - 1) / 2]);
        put_at(w, at, *hit);
        return;
    }
    if (walk_before(hit, &w->heap[0])) {
        if (w->places != NULL)
            w->places[w->heap[0].work] = 0;
        w->heap[0] = *hit;
        sink_down(w, 0);
    }
}

/* Of each work the first in the order. One that was pushed out was behind all that are there,
 * and so is whatever of its work stands behind it. */
static void keep_best_of_work(struct walk *w, struct hit *hit, uint64_t work)
{
    if (work >= MET_MAX)
        return;
    uint64_t room = w->places_room;
    while (room <= work)
        room *= 2;
    if (room > w->places_room) {
        w->places = realloc(w->places, room * sizeof *w->places);
        if (w->places == NULL)
            abort();
        memset(w->places + w->places_room, 0, (room - w->places_room) * sizeof *w->places);
        w->places_room = room;
    }
    hit->work = (uint32_t)work;
    size_t place = w->places[work];
    if (place == 0) {
        keep_best(w, hit);
    } else if (walk_before(hit, &w->heap[place - 1])) {
        w->heap[place - 1] = *hit;
        sink_down(w, place - 1);
    }
}

static void count_facets(struct walk *w, grn_id id)
{
    uint64_t value, traits = traits_of(w, id);
    for (int f = 0; f < FACET_COUNTED; f++)
        if (facet_value(w, (enum search_facet)f, id, &value))
            count(&w->counters[f], f == FACET_SUBJECT ? value >> 48 << 48 : value);
    for (; traits != 0; traits &= traits - 1)
        w->trait_counts[__builtin_ctzll(traits) % TRAIT_COUNT]++;
}

static void take(struct walk *w, grn_id id, int32_t score)
{
    bool filtered = w->filter->work_count + w->filter->edition_count > 0;
    if (!is_chosen(w, id))
        return;
    struct search_withheld withheld;
    if (filtered && walk_withholds(w, id, &withheld)) {
        uint64_t subject;
        walk_note_withheld(w, withheld);
        if (w->query->facets && facet_value(w, FACET_SUBJECT, id, &subject))
            count(&w->withheld_subjects, subject >> 48 << 48);
        return;
    }
    uint64_t work = walk_fact(w, FACT_WORK, id);
    w->total++;
    walk_meet(&w->met, work);
    if (w->query->facets)
        count_facets(w, id);
    if (w->heap_room == 0) /* only counted */
        return;
    struct hit hit = {.id = id};
    make_key(w, id, score, hit.key);
    if (w->query->by_work)
        keep_best_of_work(w, &hit, work);
    else
        keep_best(w, &hit);
}

/* Groonga's scores are whole numbers or not, as it was built and asked: the value says. */
static int32_t score_value(grn_obj *score)
{
    return score->header.domain == GRN_DB_FLOAT ? (int32_t)GRN_FLOAT_VALUE(score)
                                                : GRN_INT32_VALUE(score);
}

void walk_selected(struct walk *w, grn_obj *selected)
{
    grn_ctx *ctx = w->reader->ctx;
    grn_obj *accessor = grn_obj_column(ctx, selected, "_score", 6), score;
    grn_hash_cursor *cursor =
        grn_hash_cursor_open(ctx, (grn_hash *)selected, NULL, 0, NULL, 0, 0, -1, 0);
    grn_id at;
    bool ranked = w->query->sort == SORT_RELEVANCE;
    GRN_FLOAT_INIT(&score, 0);
    while (cursor != NULL && (at = grn_hash_cursor_next(ctx, cursor)) != GRN_ID_NIL) {
        void *key;
        grn_hash_cursor_get_key(ctx, cursor, &key);
        GRN_BULK_REWIND(&score);
        if (ranked)
            grn_obj_get_value(ctx, accessor, at, &score);
        take(w, *(grn_id *)key, ranked ? score_value(&score) : 0);
    }
    if (cursor != NULL)
        grn_hash_cursor_close(ctx, cursor);
    GRN_OBJ_FIN(ctx, &score);
    grn_obj_unlink(ctx, accessor);
}

void walk_all(struct walk *w)
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

/* ---- beginning and end ---- */

struct walk *walk_new(struct search_reader *reader, const struct search_query *query,
                      const struct search_filter *filter)
{
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
    if (query->by_work) {
        enum { WORKS_AT_FIRST = 1 << 14 };
        w->places_room = WORKS_AT_FIRST;
        w->places = calloc(w->places_room, sizeof *w->places);
        if (w->places == NULL)
            abort();
    }
    read_chosen(w);
    if (query->sort == SORT_RELEVANCE && query->limit > 0 && !query->any_word) {
        ARENA_AUTO arena = ARENA_INIT;
        exact_typed_of(&arena, query->text, &w->typed);
    }
    return w;
}

enum rc walk_open(struct walk *w, struct fault *fault)
{
    for (unsigned i = 0; i < FACT_COLUMNS; i++) {
        if ((i >= FACT_PRICE && i != w->price) ||
            ((i == FACT_PUBLISHER || i == FACT_IMPRINT) && w->query->publisher == 0))
            continue;
        w->columns[i] = grn_column_cache_open(w->reader->ctx, w->reader->index->facts[i]);
        if (w->columns[i] == NULL)
            return groonga_fault(w->reader->ctx, fault, "opening a column");
    }
    return RC_OK;
}

void walk_free(struct walk *w)
{
    for (unsigned i = 0; i < FACT_COLUMNS; i++)
        if (w->columns[i] != NULL)
            grn_column_cache_close(w->reader->ctx, w->columns[i]);
    free(w->met.bits);
    free(w->withheld);
    free(w->heap);
    free(w->places);
    free(w);
}
