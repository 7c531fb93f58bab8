/* Which of a work's reviews are shown, and in what order: by what may be known of each here.
 * A choice looks at all of a work's reviews, for it counts what every other one would leave. */
#include "app/shown_parts.h"
#include "base/knob.h"
#include "store/readers.h"

/* A work with more reviews than that is chosen from among the latest; where nothing is chosen yet,
 * fewer tell what there is. */
enum { MARKS_MAX = 200000, MARKS_UNASKED = 2000, LANGUAGES_MAX = 200 };

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
    const struct review_mark *mark;
    size_t at;         /* among the latest */
    bool hidden;       /* its text is withheld alone: nothing of it is known */
    bool stars_hidden; /* its stars are */
    bool undecided;
};

struct choosing {
    const struct review_choice *choice;
    struct place *places;
    size_t n;
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
    return c->choice->stars == 0 || c->counts.starless || (c->choice->stars >> p->mark->stars & 1);
}

static void count_language(const struct visit *visit, struct choosing *c, struct str tag)
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
    c->counts.languages.v[at].n++;
}

/* Takes it, leaves it, or cannot know; counts what the other values would leave. */
static void look_at(const struct visit *visit, struct choosing *c, struct place p)
{
    bool by_stars = c->choice->stars != 0 && !c->counts.starless;
    bool fits_stars = !p.hidden && !p.stars_hidden && has_stars(c, &p);
    bool speaks_it = !p.hidden && speaks(c->choice, p.mark->language);
    if (!p.hidden && !p.stars_hidden && speaks_it && !c->counts.starless)
        c->counts.stars[p.mark->stars]++;
    if (!p.hidden && (fits_stars || !by_stars))
        count_language(visit, c, p.mark->language);
    bool unknown_stars = by_stars && (p.hidden || p.stars_hidden);
    if (p.hidden)
        p.undecided = true;
    else if (!speaks_it || (by_stars && !unknown_stars && !fits_stars))
        return;
    else
        p.undecided = unknown_stars;
    if (p.undecided)
        c->counts.undecided++;
    else
        c->counts.fitting++;
    c->places[c->n++] = p;
}

static int newest_first(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

/* Behind those that are known to fit; those without stars behind the others. */
static int rank(const struct place *p)
{
    return p->undecided ? 3 : p->stars_hidden ? 2 : p->mark->stars == 0 ? 1 : 0;
}

static int by_stars(const void *a, const void *b, int sign)
{
    const struct place *x = a, *y = b;
    int rx = rank(x), ry = rank(y);
    if (rx != ry)
        return rx - ry;
    if (rx == 0 && x->mark->stars != y->mark->stars)
        return x->mark->stars > y->mark->stars ? -sign : sign;
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
    uint64_t nx = x->hidden ? 0 : x->mark->helpful, ny = y->hidden ? 0 : y->mark->helpful;
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
    bool chosen = c->choice->stars != 0 || c->choice->languages.n > 0;
    enum review_order order = c->choice->order;
    bool by_stars = order == REVIEWS_HIGHEST || order == REVIEWS_LOWEST;
    if (order == REVIEWS_HELPFUL)
        qsort(c->places, c->n, sizeof *c->places, helpful_first);
    else if (by_stars && !c->counts.starless)
        qsort(c->places, c->n, sizeof *c->places,
              order == REVIEWS_HIGHEST ? highest_first : lowest_first);
    else if (chosen) /* else they stand where they were written */
        qsort(c->places, c->n, sizeof *c->places, undecided_last);
}

static int frequent_first(const void *a, const void *b)
{
    const struct shown_language *x = a, *y = b;
    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : str_cmp(x->tag, y->tag);
}

enum rc shown_choose(const struct visit *visit, const struct visibility *around, uint64_t work,
                     const struct review_choice *choice, size_t offset, size_t limit,
                     uint64_t **ret, size_t *ret_n, struct shown_choice *ret_choice,
                     struct fault *fault)
{
    struct review_mark *marks;
    size_t n, alone, room = knob("COLOPHON_MARKS", MARKS_MAX);
    if (choice->unasked && room > MARKS_UNASKED)
        room = MARKS_UNASKED;
    enum rc rc = readers_review_marks(visit->conn, visit->arena, work, room, &marks, &n, fault);
    if (rc != RC_OK)
        return rc;
    struct choosing c = {.choice = choice,
                         .places = ARENA_ARRAY(visit->arena, struct place, n),
                         .counts = {.starless = visibility_withholds(around, FEATURE_RATINGS),
                                    .latest = n == room ? n : 0}};
    (void)gate_voices(visit->view, visit->arena, visit->storefront, work, &alone);
    for (size_t i = 0; i < n; i++) {
        struct place p = {.mark = &marks[i], .at = i};
        uint64_t index = (uint64_t)marks[i].index;
        struct visibility_facts facts = {.work = work, .review = &index};
        struct visibility seen;
        feature_mask withheld = alone == 0 ? 0 : shown_alone(visit, around, &facts, &seen);
        p.hidden = (withheld & FEATURE_BIT(FEATURE_REVIEWS)) != 0;
        p.stars_hidden = p.hidden || (withheld & FEATURE_BIT(FEATURE_RATINGS)) != 0;
        look_at(visit, &c, p);
    }
    put_in_order(&c);
    if (c.counts.languages.n > 1)
        qsort(c.counts.languages.v, c.counts.languages.n, sizeof *c.counts.languages.v,
              frequent_first);
    *ret_n = offset < c.n ? (c.n - offset < limit ? c.n - offset : limit) : 0;
    *ret = ARENA_ARRAY(visit->arena, uint64_t, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = c.places[offset + i].mark->id;
    *ret_choice = c.counts;
    return RC_OK;
}
