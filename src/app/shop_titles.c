#include "app/shop_titles.h"

#include <pthread.h>

#include "app/shown_parts.h"
#include "base/clock.h"
#include "base/wait.h"
#include "domain/isbn.h"
#include "domain/title_order.h"
#include "domain/work_key.h"
#include "store/shop_titles.h"
#include "store/store.h"

enum {
    AT_ONCE = 500,
    SURVEYS = 4, /* shops whose survey is kept */
    REST = 10,   /* it is made anew after that many times what making it took */
    NAMES_MAX = 3,
    MAKERS_MAX = 64, /* threads that walk through a whole shop, and more than there are */
    PATIENCE_MS = 10000,
};

/* ---- one title ---- */

static struct title_offer judge(struct arena *arena, const struct gate_view *view,
                                const struct partner_shop *shop, const struct shop_title_row *row,
                                const struct storefront *storefront)
{
    struct offer offer = {0};
    struct market market = shown_market(storefront, view->now, gate_licences(view, storefront));
    struct visibility_facts facts = {.work = row->work, .isbn13 = row->key, .shop = shop->slug};
    struct visibility v = gate_decide(view, storefront, &facts);
    offer_decide(&row->facts, &market, &offer);
    offer_want_file(&row->facts, row->file, &offer);
    return (struct title_offer){
        .storefront = storefront,
        .verdict = offer.verdict,
        .withheld = visibility_withholds(&v, FEATURE_SALE) ? v.by[FEATURE_SALE] : NULL,
        .minor = offer.price != NULL ? offer.price->minor : -1,
        .currency = offer.price != NULL ? offer.price->currency : STR_NONE,
        .tax_included = offer.price_includes_tax,
        .available = offer.available,
        .evidence = arena_str(arena, str_of(offer.evidence))};
}

static struct str names_of(struct arena *arena, const struct edition *e)
{
    struct str names = STR_NONE;
    size_t n = 0;
    for (size_t i = 0; i < e->contributors.n && n < NAMES_MAX; i++) {
        struct str name = e->contributors.v[i].name;
        if (name.n == 0)
            continue;
        names = n++ == 0 ? name : arena_printf(arena, "%.*s, %.*s", STR_ARG(names), STR_ARG(name));
    }
    return names;
}

static bool names_cover(const struct edition *e)
{
    for (size_t i = 0; i < e->resources.n; i++)
        if (str_eq(e->resources.v[i].type, STR("01")) && e->resources.v[i].link.n > 0)
            return true;
    return false;
}

static struct shop_title title_of(struct arena *arena, const struct gate_view *view,
                                  const struct partner_shop *shop, const struct shop_title_row *row)
{
    char text[1024];
    struct shop_title t = {
        .edition = row->edition,
        .work = row->work,
        .record = row->record,
        .key = row->key,
        .title = arena_str(arena, edition_display_title(&row->facts, text, sizeof text)),
        .subtitle = row->facts.title.subtitle,
        .names = names_of(arena, &row->facts),
        .language = edition_language(&row->facts),
        .cover = row->cover,
        .cover_named = names_cover(&row->facts),
        .facts = row->facts};
    t.offers.v = ARENA_ARRAY(arena, struct title_offer, view->storefronts.n);
    for (size_t i = 0; i < view->storefronts.n; i++)
        t.offers.v[t.offers.n++] = judge(arena, view, shop, row, &view->storefronts.v[i]);
    return t;
}

enum rc shop_title_get(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                       const struct partner_shop *shop, struct str key, struct shop_title *ret,
                       struct fault *fault)
{
    struct shop_title_row row;
    enum rc rc = shop_title_by_key(conn, arena, shop->id, key, &row, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no such thing");
    if (rc == RC_OK)
        *ret = title_of(arena, view, shop, &row);
    return rc;
}

enum rc shop_titles_each(struct store_conn *conn, const struct gate_view *view,
                         const struct partner_shop *shop, title_each each, void *context,
                         struct fault *fault)
{
    uint64_t after = 0;
    enum rc rc = RC_OK;
    do {
        ARENA_AUTO arena = ARENA_INIT;
        struct shop_title_row *rows;
        size_t n = 0;
        rc = shop_titles_after(conn, &arena, shop->id, after, AT_ONCE, &rows, &n, &after, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            struct shop_title title = title_of(&arena, view, shop, &rows[i]);
            rc = each(context, &title, fault);
        }
    } while (rc == RC_OK && after != 0);
    return rc;
}

/* ---- choosing ---- */

static int standing_of(const struct title_offer *o)
{
    return o->withheld != NULL ? OFFERING_WITHHELD : (int)o->verdict;
}

static bool stands(const struct title_choice *choice, int standing)
{
    bool sold = standing != OFFERING_WITHHELD && verdict_sells((enum verdict)standing);
    switch (choice->wish) {
    case WISH_SOLD:
        return sold;
    case WISH_NOT_SOLD:
        return !sold;
    case WISH_OFFERING:
        return standing == choice->standing;
    default:
        return true;
    }
}

/* What is looked for within; an ISBN is its thirteen digits. */
static struct str fold_query(struct arena *arena, struct str query)
{
    char isbn[14];
    if (isbn_parse(query, isbn))
        return arena_str(arena, str_of(isbn));
    return work_key_fold(arena, query);
}

static struct str fold_title(struct arena *arena, const struct shop_title *t)
{
    return arena_printf(arena, "%.*s %.*s", STR_ARG(t->key),
                        STR_ARG(work_key_fold(
                            arena, ARENA_JOIN(arena, t->title, STR(" "), t->subtitle, t->names))));
}

static bool holds(struct str text, struct str needle)
{
    return needle.n == 0 || str_find_str(text, needle) < text.n;
}

bool title_chosen(const struct title_choice *choice, const struct shop_title *title)
{
    ARENA_AUTO arena = ARENA_INIT;
    bool any = false;
    if (choice->coverless && title->cover)
        return false;
    if (choice->query.n > 0 && !holds(fold_title(&arena, title), fold_query(&arena, choice->query)))
        return false;
    for (size_t i = 0; i < title->offers.n; i++) {
        const struct title_offer *o = &title->offers.v[i];
        if (choice->storefront == NULL || str_eq(choice->storefront->slug, o->storefront->slug))
            any = any || stands(choice, standing_of(o));
    }
    return any || choice->wish == WISH_ANY;
}

/* ---- the survey ---- */

struct line {
    struct str key, folded;
    bool cover;
    const uint8_t *standing; /* by storefronts */
    uint64_t order[2];       /* the title's, by ICU */
};

/* What it was made of: another of these, and it is out of date. */
struct basis {
    uint64_t change, epoch;
    int32_t day;
    size_t storefronts;
};

struct survey {
    uint64_t shop;
    struct arena arena;
    struct line *v;
    size_t n;
    struct basis basis;
    int64_t made, took; /* ms */
    size_t holders;
};

struct title_surveys {
    pthread_mutex_t lock;
    pthread_cond_t made;          /* a survey was, or could not be */
    struct survey *v[SURVEYS];    /* the one last asked for first */
    uint64_t making[MAKERS_MAX];  /* shops; 0 in places that are free */
    uint64_t walking[MAKERS_MAX]; /* accounts */
};

/* With the lock held. False where it is there, or there is no place. */
static bool set_add(uint64_t set[MAKERS_MAX], uint64_t id)
{
    size_t place = MAKERS_MAX;
    for (size_t i = 0; i < MAKERS_MAX; i++) {
        if (set[i] == id)
            return false;
        if (set[i] == 0)
            place = i;
    }
    if (place < MAKERS_MAX)
        set[place] = id;
    return place < MAKERS_MAX;
}

static void set_remove(uint64_t set[MAKERS_MAX], uint64_t id)
{
    for (size_t i = 0; i < MAKERS_MAX; i++)
        if (set[i] == id)
            set[i] = 0;
}

enum rc title_walk_begin(struct title_surveys *surveys, uint64_t account, struct fault *fault)
{
    pthread_mutex_lock(&surveys->lock);
    bool added = set_add(surveys->walking, account);
    pthread_mutex_unlock(&surveys->lock);
    return added
               ? RC_OK
               : fault_set(fault, RC_LIMIT, "a file of these titles is being made for you already");
}

void title_walk_end(struct title_surveys *surveys, uint64_t account)
{
    pthread_mutex_lock(&surveys->lock);
    set_remove(surveys->walking, account);
    pthread_mutex_unlock(&surveys->lock);
}

struct title_surveys *title_surveys_new(void)
{
    struct title_surveys *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    pthread_mutex_init(&s->lock, NULL);
    wait_init(&s->made);
    return s;
}

/* With the lock held. */
static void drop(struct survey *s)
{
    if (s == NULL || --s->holders > 0)
        return;
    arena_free(&s->arena);
    free(s);
}

void title_surveys_free(struct title_surveys *surveys)
{
    if (surveys == NULL)
        return;
    for (size_t i = 0; i < SURVEYS; i++)
        drop(surveys->v[i]);
    pthread_cond_destroy(&surveys->made);
    pthread_mutex_destroy(&surveys->lock);
    free(surveys);
}

struct making {
    struct survey *survey;
    size_t room;
};

static enum rc add_line(void *context, const struct shop_title *t, struct fault *fault)
{
    (void)fault;
    struct making *m = context;
    struct survey *s = m->survey;
    ARENA_AUTO scratch = ARENA_INIT;
    uint8_t *standing = arena_alloc(&s->arena, t->offers.n);
    for (size_t i = 0; i < t->offers.n; i++)
        standing[i] = (uint8_t)standing_of(&t->offers.v[i]);
    HEAP_ROOM(s->v, s->n, m->room);
    struct line line = {.key = arena_str(&s->arena, t->key),
                        .folded = arena_str(&s->arena, fold_title(&scratch, t)),
                        .cover = t->cover,
                        .standing = standing};
    struct str filed = t->facts.title.text; /* without its article */
    title_order_key(filed.n > 0 ? filed : t->title, &line.order[0], &line.order[1]);
    s->v[s->n++] = line;
    return RC_OK;
}

static int by_title(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    for (size_t i = 0; i < 2; i++)
        if (x->order[i] != y->order[i])
            return x->order[i] < y->order[i] ? -1 : 1;
    return str_cmp(x->key, y->key);
}

static enum rc make_survey(struct store_conn *conn, const struct gate_view *view,
                           const struct partner_shop *shop, const struct basis *basis,
                           struct survey **ret, struct fault *fault)
{
    struct survey *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    s->shop = shop->id;
    s->arena = ARENA_INIT;
    s->basis = *basis;
    s->holders = 1;
    int64_t begun = clock_monotonic_ms();
    struct making m = {.survey = s};
    enum rc rc = shop_titles_each(conn, view, shop, add_line, &m, fault);
    /* The lines lie in the arena with all else. */
    struct line *lines = ARENA_ARRAY(&s->arena, struct line, s->n);
    if (s->n > 0)
        memcpy(lines, s->v, s->n * sizeof *lines);
    if (s->n > 1)
        qsort(lines, s->n, sizeof *lines, by_title);
    free(s->v);
    s->v = lines;
    s->made = clock_monotonic_ms();
    s->took = s->made - begun;
    if (rc != RC_OK) {
        drop(s);
        return rc;
    }
    *ret = s;
    return RC_OK;
}

static bool good(const struct survey *s, const struct basis *now)
{
    bool same =
        s->basis.change == now->change && s->basis.epoch == now->epoch && s->basis.day == now->day;
    return s->basis.storefronts == now->storefronts &&
           (same || clock_monotonic_ms() < s->made + REST * s->took);
}

/* With the lock held: the shop's, whatever it was made of. */
static struct survey *kept_survey(struct title_surveys *surveys, uint64_t shop)
{
    for (size_t i = 0; i < SURVEYS; i++)
        if (surveys->v[i] != NULL && surveys->v[i]->shop == shop)
            return surveys->v[i];
    return NULL;
}

/* With the lock held: one that is good, or that is as good as any while another thread makes
 * the next. NULL: it is for the caller to make, or (RC_BUSY) did not come in time. */
static enum rc find_survey(struct title_surveys *surveys, uint64_t shop, const struct basis *now,
                           struct survey **ret, struct fault *fault)
{
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    int waited = 0;
    for (;;) {
        struct survey *kept = kept_survey(surveys, shop);
        bool mine = (kept == NULL || !good(kept, now)) && set_add(surveys->making, shop);
        *ret = mine ? NULL : kept;
        if (mine || kept != NULL)
            return RC_OK;
        if (waited != 0)
            return fault_set(fault, RC_BUSY, "the shop's titles are being surveyed");
        waited = wait_until(&surveys->made, &surveys->lock, end);
    }
}

/* With the lock held. */
static void keep_survey(struct title_surveys *surveys, struct survey *s)
{
    size_t at = 0;
    while (at + 1 < SURVEYS && surveys->v[at] != NULL && surveys->v[at]->shop != s->shop)
        at++;
    drop(surveys->v[at]);
    memmove(&surveys->v[1], &surveys->v[0], at * sizeof surveys->v[0]);
    surveys->v[0] = s;
}

/* Held until drop. */
static enum rc hold(struct title_surveys *surveys, struct store_conn *conn,
                    const struct gate_view *view, const struct partner_shop *shop,
                    struct survey **ret, struct fault *fault)
{
    struct basis now = {
        .epoch = view->epoch, .day = date_of(view->now), .storefronts = view->storefronts.n};
    struct survey *found = NULL;
    enum rc rc = store_change_latest(conn, &now.change, fault);
    if (rc != RC_OK)
        return rc;
    pthread_mutex_lock(&surveys->lock);
    rc = find_survey(surveys, shop->id, &now, &found, fault);
    if (rc == RC_OK && found == NULL) {
        pthread_mutex_unlock(&surveys->lock);
        rc = make_survey(conn, view, shop, &now, &found, fault);
        pthread_mutex_lock(&surveys->lock);
        if (rc == RC_OK)
            keep_survey(surveys, found);
        set_remove(surveys->making, shop->id);
        pthread_cond_broadcast(&surveys->made);
    }
    if (rc == RC_OK)
        found->holders++;
    pthread_mutex_unlock(&surveys->lock);
    *ret = found;
    return rc;
}

static void count_line(const struct line *line, size_t storefronts, struct title_counts *counts)
{
    counts->titles++;
    counts->coverless += !line->cover;
    bool rightless = storefronts > 0;
    for (size_t i = 0; i < storefronts; i++) {
        counts->standing[i][line->standing[i]]++;
        rightless = rightless && line->standing[i] == VERDICT_RIGHTS_UNKNOWN;
    }
    counts->rightless += rightless;
}

static bool line_chosen(const struct line *line, const struct gate_view *view,
                        const struct title_choice *choice, struct str query)
{
    bool any = choice->wish == WISH_ANY;
    if ((choice->coverless && line->cover) || !holds(line->folded, query))
        return false;
    for (size_t i = 0; i < view->storefronts.n && !any; i++)
        if (choice->storefront == NULL || choice->storefront == &view->storefronts.v[i])
            any = stands(choice, line->standing[i]);
    return any;
}

enum rc title_survey_find(struct title_surveys *surveys, struct store_conn *conn,
                          struct arena *arena, const struct gate_view *view,
                          const struct partner_shop *shop, const struct title_choice *choice,
                          size_t offset, size_t room, shop_title_list *ret, uint64_t *ret_total,
                          struct title_counts *ret_counts, struct fault *fault)
{
    struct survey *s;
    struct str query = fold_query(arena, choice->query);
    enum rc rc = hold(surveys, conn, view, shop, &s, fault);
    if (rc != RC_OK)
        return rc;
    *ret_counts = (struct title_counts){0};
    ret_counts->standing =
        arena_alloc_array(arena, view->storefronts.n, sizeof *ret_counts->standing);
    memset(ret_counts->standing, 0, view->storefronts.n * sizeof *ret_counts->standing);
    *ret_total = 0;
    ret->v = ARENA_ARRAY(arena, struct shop_title, room);
    ret->n = 0;
    for (size_t i = 0; rc == RC_OK && i < s->n; i++) {
        count_line(&s->v[i], view->storefronts.n, ret_counts);
        if (!line_chosen(&s->v[i], view, choice, query))
            continue;
        uint64_t at = (*ret_total)++;
        if (at < offset || ret->n == room)
            continue;
        rc = shop_title_get(conn, arena, view, shop, s->v[i].key, &ret->v[ret->n], NULL);
        ret->n += rc == RC_OK;
        if (rc == RC_NOT_FOUND) /* withdrawn since */
            rc = RC_OK;
    }
    pthread_mutex_lock(&surveys->lock);
    drop(s);
    pthread_mutex_unlock(&surveys->lock);
    return rc;
}
