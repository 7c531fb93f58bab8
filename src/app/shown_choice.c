/* Which of a work's reviews are shown, and in what order: by what may be known of each here.
 * A page of them is read by an index; what each choice would leave is counted by another. Those
 * that something is withheld of by itself, which are few, are looked at one by one. */
#include "app/shown_parts.h"
#include "base/knob.h"
#include "store/readers.h"

/* Where nothing is chosen yet, the latest tell what there is. */
enum { MARKS_UNASKED = 2000, LANGUAGES_MAX = 200, ANY_STARS = 63 };

static const char *const order_names[REVIEW_ORDER_COUNT] = {
    [REVIEWS_NEWEST] = "newest",
    [REVIEWS_HELPFUL] = "helpful",
    [REVIEWS_HIGHEST] = "highest",
    [REVIEWS_LOWEST] = "lowest",
};

const char *review_order_name(enum review_order order)
{
    return order_names[order];
}

bool review_order_parse(struct str name, enum review_order *ret)
{
    for (int i = 0; i < REVIEW_ORDER_COUNT; i++)
        if (str_is(name, order_names[i])) {
            *ret = (enum review_order)i;
            return true;
        }
    return false;
}

/* One review as it may be chosen here. */
struct place {
    struct review_mark mark;
    uint64_t n;        /* so many, which have no place of their own; 0: it is one */
    bool hidden;       /* its text is withheld alone: nothing of it is known */
    bool stars_hidden; /* its stars are */
    bool undecided;
};

struct choosing {
    const struct review_choice *choice;
    struct place *places;
    size_t n, room;
    struct shown_choice counts;
};

static bool speaks(const struct review_choice *choice, struct str language)
{
    for (size_t i = 0; i < choice->languages.n; i++)
        if (str_eq_nocase(choice->languages.v[i], language))
            return true;
    return choice->languages.n == 0;
}

static bool has_stars(const struct choosing *c, const struct place *p)
{
    return c->choice->stars == 0 || c->counts.starless || (c->choice->stars >> p->mark.stars & 1);
}

static void count_language(const struct visit *visit, struct choosing *c, struct str tag,
                           uint64_t n)
{
    size_t at = 0;
    while (at < c->counts.languages.n && !str_eq_nocase(c->counts.languages.v[at].tag, tag))
        at++;
    if (at == LANGUAGES_MAX)
        return;
    if (c->counts.languages.v == NULL)
        c->counts.languages.v = ARENA_ARRAY(visit->arena, struct shown_language, LANGUAGES_MAX);
    if (at == c->counts.languages.n)
        c->counts.languages.v[c->counts.languages.n++] = (struct shown_language){tag, 0};
    c->counts.languages.v[at].n += n;
}

static void put(const struct visit *visit, struct choosing *c, struct place p)
{
    ARENA_ROOM(visit->arena, c->places, c->n, c->room);
    c->places[c->n++] = p;
}

/* Takes it, leaves it, or cannot know; counts what the other values would leave. */
static void look_at(const struct visit *visit, struct choosing *c, struct place p)
{
    uint64_t n = p.n == 0 ? 1 : p.n;
    bool by_stars = c->choice->stars != 0 && !c->counts.starless;
    bool fits_stars = !p.hidden && !p.stars_hidden && has_stars(c, &p);
    bool speaks_it = !p.hidden && speaks(c->choice, p.mark.language);
    if (!p.hidden && !p.stars_hidden && speaks_it && !c->counts.starless)
        c->counts.stars[p.mark.stars] += n;
    if (!p.hidden && (fits_stars || !by_stars))
        count_language(visit, c, p.mark.language, n);
    bool unknown_stars = by_stars && (p.hidden || p.stars_hidden);
    if (p.hidden)
        p.undecided = true;
    else if (!speaks_it || (by_stars && !unknown_stars && !fits_stars))
        return;
    else
        p.undecided = unknown_stars;
    if (p.undecided)
        c->counts.undecided += n;
    else
        c->counts.fitting += n;
    if (p.n == 0)
        put(visit, c, p);
}

static int newest_first(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->mark.created != y->mark.created)
        return x->mark.created < y->mark.created ? 1 : -1;
    return (x->mark.id < y->mark.id) - (x->mark.id > y->mark.id);
}

/* Behind those that are known to fit; those without stars behind the others. */
static int rank(const struct place *p)
{
    return p->undecided ? 3 : p->stars_hidden ? 2 : p->mark.stars == 0 ? 1 : 0;
}

static int by_stars(const void *a, const void *b, int sign)
{
    const struct place *x = a, *y = b;
    int rx = rank(x), ry = rank(y);
    if (rx != ry)
        return rx - ry;
    if (rx == 0 && x->mark.stars != y->mark.stars)
        return x->mark.stars > y->mark.stars ? -sign : sign;
    return newest_first(a, b);
}

static int highest_first(const void *a, const void *b)
{
    return by_stars(a, b, 1);
}

static int lowest_first(const void *a, const void *b)
{
    return by_stars(a, b, -1);
}

/* What is withheld has no number here: it stands behind. */
static int helpful_first(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    uint64_t nx = x->hidden ? 0 : x->mark.helpful, ny = y->hidden ? 0 : y->mark.helpful;
    bool lx = x->undecided || x->hidden, ly = y->undecided || y->hidden;
    if (lx != ly)
        return lx - ly;
    return nx != ny ? (nx < ny) - (nx > ny) : newest_first(a, b);
}

static int undecided_last(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return x->undecided != y->undecided ? x->undecided - y->undecided : newest_first(a, b);
}

static void put_in_order(struct choosing *c)
{
    bool chosen = c->choice->stars != 0 || c->choice->languages.n > 0 || c->choice->bought;
    enum review_order order = c->choice->order;
    bool by_stars = order == REVIEWS_HIGHEST || order == REVIEWS_LOWEST;
    if (c->n < 2)
        return;
    if (order == REVIEWS_HELPFUL)
        qsort(c->places, c->n, sizeof *c->places, helpful_first);
    else if (by_stars && !c->counts.starless)
        qsort(c->places, c->n, sizeof *c->places,
              order == REVIEWS_HIGHEST ? highest_first : lowest_first);
    else /* where nothing is chosen they stand where they were written */
        qsort(c->places, c->n, sizeof *c->places, chosen ? undecided_last : newest_first);
}

static int frequent_first(const void *a, const void *b)
{
    const struct shown_language *x = a, *y = b;
    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : str_cmp(x->tag, y->tag);
}

static void end_counts(struct choosing *c, struct shown_choice *ret)
{
    if (c->counts.languages.n > 1)
        qsort(c->counts.languages.v, c->counts.languages.n, sizeof *c->counts.languages.v,
              frequent_first);
    *ret = c->counts;
}

/* What is withheld of it by itself. */
static struct place place_of(const struct visit *visit, const struct visibility *around,
                             uint64_t work, const struct review_mark *mark)
{
    struct place p = {.mark = *mark};
    uint64_t index = (uint64_t)mark->index;
    struct visibility_facts facts = {.work = work, .review = &index};
    struct visibility seen;
    feature_mask withheld = shown_alone(visit, around, &facts, &seen);
    p.hidden = (withheld & FEATURE_BIT(FEATURE_REVIEWS)) != 0;
    p.stars_hidden = p.hidden || (withheld & FEATURE_BIT(FEATURE_RATINGS)) != 0;
    return p;
}

enum rc shown_choices(const struct visit *visit, const struct visibility *around, uint64_t work,
                      const struct review_choice *choice, struct shown_choice *ret,
                      struct fault *fault)
{
    struct review_mark *marks;
    size_t n, alone, room = knob("COLOPHON_MARKS", MARKS_UNASKED);
    struct choosing c = {.choice = choice};
    enum rc rc = readers_review_marks(visit->conn, visit->arena, work, room, &marks, &n, fault);
    if (rc != RC_OK)
        return rc;
    c.counts.starless = visibility_withholds(around, FEATURE_RATINGS);
    c.counts.latest = n == room ? n : 0;
    (void)gate_voices(visit->view, visit->arena, visit->storefront, work, &alone);
    for (size_t i = 0; i < n; i++)
        look_at(visit, &c,
                alone == 0 ? (struct place){.mark = marks[i]}
                           : place_of(visit, around, work, &marks[i]));
    end_counts(&c, ret);
    return RC_OK;
}

/* ---- a page of what is chosen ---- */

struct alone_marks {
    struct review_mark *v;
    size_t n;
};

static bool is_alone(const struct alone_marks *alone, uint64_t id)
{
    for (size_t i = 0; i < alone->n; i++)
        if (alone->v[i].id == id)
            return true;
    return false;
}

/* The reviews that something may be withheld of by itself. */
static enum rc load_alone(const struct visit *visit, uint64_t work, struct alone_marks *ret,
                          struct fault *fault)
{
    size_t n;
    const struct restriction **r =
        gate_voices(visit->view, visit->arena, visit->storefront, work, &n);
    struct alone_marks alone = {ARENA_ARRAY(visit->arena, struct review_mark, n), 0};
    for (size_t i = 0; i < n; i++) {
        struct review_mark mark;
        uint64_t index;
        if (r[i]->target != TARGET_REVIEW || !str_to_u64(r[i]->target_key, &index))
            continue;
        enum rc rc = readers_review_mark(visit->conn, visit->arena, work, index, &mark, fault);
        if (rc == RC_NOT_FOUND) /* withdrawn since */
            continue;
        if (rc != RC_OK)
            return rc;
        if (!is_alone(&alone, mark.id))
            alone.v[alone.n++] = mark;
    }
    *ret = alone;
    return RC_OK;
}

/* All that stand: those of `alone` one by one, the others by their sums. */
static enum rc count_all(const struct visit *visit, const struct visibility *around, uint64_t work,
                         const struct alone_marks *alone, struct choosing *c, struct fault *fault)
{
    struct review_sum *sums;
    size_t n;
    enum rc rc = readers_review_sums(visit->conn, visit->arena, work, &sums, &n, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t k = 0; k < alone->n; k++) {
        for (size_t i = 0; i < n; i++)
            if (sums[i].stars == alone->v[k].stars &&
                str_eq(sums[i].language, alone->v[k].language) && sums[i].n > 0) {
                sums[i].n--;
                break;
            }
        look_at(visit, c, place_of(visit, around, work, &alone->v[k]));
    }
    for (size_t i = 0; i < n; i++)
        if (sums[i].n > 0)
            look_at(visit, c,
                    (struct place){.mark = {.language = sums[i].language, .stars = sums[i].stars},
                                   .n = sums[i].n});
    return RC_OK;
}

static enum rc put_wished(const struct visit *visit, const struct alone_marks *alone,
                          const struct review_wish *wish, size_t room, struct choosing *c,
                          struct fault *fault)
{
    struct review_mark *rows;
    size_t n = 0;
    enum rc rc =
        room == 0 || wish->stars == 0
            ? RC_NOT_FOUND
            : readers_reviews_wished(visit->conn, visit->arena, wish, room, &rows, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (!is_alone(alone, rows[i].id))
            put(visit, c, (struct place){.mark = rows[i]});
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* The first `room` of those that fit and that nothing is withheld of. */
static enum rc put_first(const struct visit *visit, uint64_t work, const struct alone_marks *alone,
                         size_t room, struct choosing *c, struct fault *fault)
{
    static const unsigned highest[] = {5, 4, 3, 2, 1, 0}, lowest[] = {1, 2, 3, 4, 5, 0};
    const struct review_choice *choice = c->choice;
    struct review_wish wish = {.work = work,
                               .languages = choice->languages.v,
                               .language_n = choice->languages.n,
                               .helpful = choice->order == REVIEWS_HELPFUL};
    unsigned stars = choice->stars == 0 || c->counts.starless ? ANY_STARS : choice->stars;
    bool by_stars = choice->order == REVIEWS_HIGHEST || choice->order == REVIEWS_LOWEST;
    size_t before = c->n;
    enum rc rc = RC_OK;
    if (!by_stars || c->counts.starless) {
        wish.stars = stars;
        return put_wished(visit, alone, &wish, room, c, fault);
    }
    for (int i = 0; rc == RC_OK && i <= 5 && c->n - before < room; i++) {
        wish.stars = stars & 1U << (choice->order == REVIEWS_HIGHEST ? highest : lowest)[i];
        rc = put_wished(visit, alone, &wish, room, c, fault);
    }
    return rc;
}

/* Those whose author had bought the work, one by one. What is withheld by itself stands behind,
 * whoever wrote it. */
static enum rc choose_bought(const struct visit *visit, const struct visibility *around,
                             uint64_t work, const struct alone_marks *alone, struct choosing *c,
                             struct fault *fault)
{
    struct alone_marks bought = {NULL, 0};
    enum rc rc = readers_review_marks_bought(visit->conn, visit->arena, work,
                                             knob("COLOPHON_MARKS", MARKS_UNASKED), &bought.v,
                                             &bought.n, fault);
    for (size_t i = 0; rc == RC_OK && i < alone->n; i++) {
        struct place p = place_of(visit, around, work, &alone->v[i]);
        if (p.hidden || is_alone(&bought, p.mark.id))
            look_at(visit, c, p);
    }
    for (size_t i = 0; rc == RC_OK && i < bought.n; i++)
        if (!is_alone(alone, bought.v[i].id))
            look_at(visit, c, (struct place){.mark = bought.v[i]});
    return rc;
}

enum rc shown_choose(const struct visit *visit, const struct visibility *around, uint64_t work,
                     const struct review_choice *choice, size_t offset, size_t limit,
                     uint64_t **ret, size_t *ret_n, struct shown_choice *ret_choice,
                     struct fault *fault)
{
    struct alone_marks alone;
    struct choosing c = {.choice = choice};
    enum rc rc = load_alone(visit, work, &alone, fault);
    c.counts.starless = visibility_withholds(around, FEATURE_RATINGS);
    if (rc == RC_OK && choice->bought)
        rc = choose_bought(visit, around, work, &alone, &c, fault);
    else if (rc == RC_OK)
        rc = count_all(visit, around, work, &alone, &c, fault);
    if (rc == RC_OK && !choice->bought && offset < c.counts.fitting + c.counts.undecided)
        rc = put_first(visit, work, &alone, offset + limit + alone.n, &c, fault);
    if (rc != RC_OK)
        return rc;
    put_in_order(&c);
    *ret_n = offset < c.n ? (c.n - offset < limit ? c.n - offset : limit) : 0;
    *ret = ARENA_ARRAY(visit->arena, uint64_t, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = c.places[offset + i].mark.id;
    end_counts(&c, ret_choice);
    return RC_OK;
}
