#include "app/shown_parts.h"
#include "store/catalogue.h"

enum { EDITIONS_LOOKED_AT = 60 };

/* ---- the next volume ---- */

enum rc shown_withholder_of(const struct visit *visit, uint64_t work,
                            const struct restriction **ret, struct fault *fault)
{
    struct catalogue_edition *editions;
    size_t n;
    enum rc rc = catalogue_work_editions(visit->conn, visit->arena, work, EDITIONS_LOOKED_AT,
                                         &editions, &n, fault);
    *ret = NULL;
    for (size_t i = 0; rc == RC_OK && i < n && *ret == NULL; i++)
        *ret = gate_withholder(visit->view, visit->storefront, FEATURE_LISTING, work,
                               editions[i].product_key);
    return rc;
}

static enum rc next_volume(const struct visit *visit, const struct shown_edition *e,
                           const struct shown_place *series, struct shown_volume *ret,
                           bool *ret_there, struct fault *fault)
{
    struct shown_volume volume = {.series = *series};
    uint64_t work;
    shown_cards cards;
    *ret_there = false;
    enum rc rc = catalogue_collection_next(visit->conn, visit->arena, series->id, e->work, &work,
                                           &volume.part, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_OK)
        rc = shown_cards_of_works(visit, &work, 1, &cards, fault);
    if (rc == RC_OK && cards.n > 0)
        volume.card = cards.v[0];
    else if (rc == RC_OK)
        rc = shown_withholder_of(visit, work, &volume.withheld, fault);
    if (rc != RC_OK)
        return rc;
    *ret_there = cards.n > 0 || volume.withheld != NULL;
    *ret = volume;
    return RC_OK;
}

static enum rc next_volumes(const struct visit *visit, const struct shown_edition *e,
                            struct shown_neighbours *ret, struct fault *fault)
{
    enum { SERIES_MAX = 3 };
    enum rc rc = RC_OK;
    ret->next.v = ARENA_ARRAY(visit->arena, struct shown_volume, SERIES_MAX);
    ret->next.n = 0;
    for (size_t i = 0; rc == RC_OK && i < e->collections.n && ret->next.n < SERIES_MAX; i++) {
        bool there = false;
        if (e->collections.v[i].part.n > 0)
            rc = next_volume(visit, e, &e->collections.v[i], &ret->next.v[ret->next.n], &there,
                             fault);
        ret->next.n += there;
    }
    return rc;
}

/* ---- shelves ---- */

static bool is_sold(const struct shown_card *card)
{
    return card->withheld == NULL && verdict_sells(card->verdict);
}

struct shelving {
    const struct visit *visit;
    bool rated; /* it rests on ratings: works whose ratings are withheld have no place in it */
    shown_cards *cards;
    size_t room;
    struct shown_withheld *withheld; /* NULL: nobody asks */
    uint64_t work;                   /* the one that is looked at */
    const struct restriction *by;    /* what withholds its listing or sale; NULL: nothing yet */
};

/* No edition of the work came onto the shelf: where a restriction is why, that is said. */
static void end_work(struct shelving *s)
{
    if (s->by != NULL && s->withheld != NULL)
        shown_withheld_add(s->visit, s->withheld, s->by);
    s->by = NULL;
}

/* Whether the work's ratings, or any of them, are withheld here. */
static enum rc has_withheld_stars(const struct visit *visit, uint64_t work, struct str key,
                                  bool *ret, struct fault *fault)
{
    struct visibility_facts facts = {.work = work, .isbn13 = key};
    struct visibility v = gate_decide(visit->view, visit->storefront, &facts);
    struct withheld_alone alone;
    *ret = visibility_withholds(&v, FEATURE_RATINGS);
    if (*ret)
        return RC_OK;
    enum rc rc = shown_withheld_alone(visit, work, &alone, fault);
    *ret = rc == RC_OK && alone.n[VOICE_RATING] > 0;
    return rc;
}

/* An edition that is sold here stands for its work: a shelf leads to no dead end. */
static enum rc shelve(void *context, const struct catalogue_edition *edition,
                      enum enough *ret_enough, struct fault *fault)
{
    struct shelving *s = context;
    struct shown_card card;
    bool shown;
    if (edition->work != s->work)
        end_work(s);
    s->work = edition->work;
    bool withheld = false;
    enum rc rc = s->rated ? has_withheld_stars(s->visit, edition->work, edition->product_key,
                                               &withheld, fault)
                          : RC_OK;
    if (rc != RC_OK || withheld)
        return rc;
    rc = shown_card_bare(s->visit, FEATURE_LISTING, edition, &shown, &card, fault);
    if (rc == RC_OK && shown && is_sold(&card)) {
        s->cards->v[s->cards->n++] = card;
        s->by = NULL;
        *ret_enough = s->cards->n == s->room ? ENOUGH_OF_ALL : ENOUGH_OF_WORK;
    } else if (rc == RC_OK && s->by == NULL) {
        s->by = shown ? card.withheld
                      : gate_withholder(s->visit->view, s->visit->storefront, FEATURE_LISTING,
                                        edition->work, edition->product_key);
    }
    return rc;
}

/* Who wrote it first of all, where they have a page. */
static const struct shown_contributor *author_of(const struct shown_edition *e)
{
    for (size_t i = 0; i < e->contributors.n; i++) {
        const struct shown_contributor *c = &e->contributors.v[i];
        if (c->id != 0 && shown_is_author(c))
            return c;
    }
    return NULL;
}

static enum rc authors_shelf(const struct visit *visit, const struct shown_edition *e,
                             struct shown_neighbours *ret, struct fault *fault)
{
    const struct shown_contributor *author = author_of(e);
    if (author == NULL)
        return RC_OK;
    ret->by_author.v = ARENA_ARRAY(visit->arena, struct shown_card, SHELF_PLACES);
    ret->author = *author;
    struct shelving s = {
        .visit = visit, .cards = &ret->by_author, .room = SHELF_PLACES, .withheld = &ret->withheld};
    bool all; /* a shelf has room for a few */
    enum rc rc = catalogue_author_editions(visit->conn, visit->arena, author->key, e->work,
                                           SHELF_WORKS, shelve, &s, &all, fault);
    end_work(&s);
    return rc;
}

static enum rc liked_shelf(const struct visit *visit, const struct shown_edition *e,
                           struct shown_neighbours *ret, struct fault *fault)
{
    bool withheld;
    struct shelving s = {.visit = visit,
                         .rated = true,
                         .cards = &ret->liked,
                         .room = SHELF_PLACES,
                         .withheld = &ret->liked_withheld};
    enum rc rc = has_withheld_stars(visit, e->work, e->key, &withheld, fault);
    if (rc != RC_OK || withheld)
        return rc;
    ret->liked.v = ARENA_ARRAY(visit->arena, struct shown_card, SHELF_PLACES);
    rc = catalogue_liked_editions(visit->conn, visit->arena, e->work, EDITIONS_LOOKED_AT, shelve,
                                  &s, fault);
    end_work(&s);
    return rc;
}

enum rc shown_neighbours(const struct visit *visit, const struct shown_edition *e,
                         struct shown_neighbours *ret, struct fault *fault)
{
    struct shown_neighbours neighbours = {.by_author = {NULL, 0}};
    enum rc rc = next_volumes(visit, e, &neighbours, fault);
    if (rc == RC_OK)
        rc = authors_shelf(visit, e, &neighbours, fault);
    if (rc == RC_OK)
        rc = liked_shelf(visit, e, &neighbours, fault);
    if (rc == RC_OK)
        *ret = neighbours;
    return rc;
}

/* ---- editions side by side ---- */

static unsigned rank_of(struct str form)
{
    static const char *const forms[] = {"paperback", "hardback", "ebook", "audio"};
    unsigned rank = 0;
    while (rank < sizeof forms / sizeof *forms && !str_eq(form, str_of(forms[rank])))
        rank++;
    return rank;
}

/* By form, cheap before dear. */
static bool stands_before(const struct shown_card *a, const struct shown_card *b)
{
    unsigned one = rank_of(a->form), other = rank_of(b->form);
    return one != other ? one < other : a->minor < b->minor;
}

static void insert(shown_cards *cards, const struct shown_card *card)
{
    size_t at = cards->n++;
    for (; at > 0 && stands_before(card, &cards->v[at - 1]); at--)
        cards->v[at] = cards->v[at - 1];
    cards->v[at] = *card;
}

/* The lower, the earlier beside the card: sold in its language, sold in another, not sold. */
static unsigned apart(const struct shown_card *of, const struct shown_card *card)
{
    return is_sold(card) ? !str_eq(card->language, of->language) : 2;
}

static void note_withholder(shown_slips *slips, const struct restriction *r, enum feature feature)
{
    for (size_t i = 0; i < slips->n; i++)
        if (slips->v[i].restriction == r)
            return;
    if (r != NULL)
        slips->v[slips->n++] = (struct shown_slip){r, FEATURE_BIT(feature)};
}

/* `stored`: the editions of the card's work, itself among them. */
static enum rc beside_one(const struct visit *visit, enum feature feature,
                          const struct shown_card *card, const struct catalogue_edition *stored,
                          size_t n, struct shown_beside *ret, struct fault *fault)
{
    struct shown_beside beside = {.withheld = {NULL, 0}};
    enum rc rc = RC_OK;
    shown_cards all = {ARENA_ARRAY(visit->arena, struct shown_card, n), 0};
    beside.cards.v = ARENA_ARRAY(visit->arena, struct shown_card, n);
    beside.withheld.v = ARENA_ARRAY(visit->arena, struct shown_slip, n);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct shown_card other;
        bool shown = false;
        if (stored[i].id == card->id)
            continue;
        rc = shown_card_bare(visit, feature, &stored[i], &shown, &other, fault);
        if (shown)
            insert(&all, &other);
        else if (rc == RC_OK)
            note_withholder(&beside.withheld,
                            gate_withholder(visit->view, visit->storefront, feature, card->work,
                                            stored[i].product_key),
                            feature);
    }
    for (unsigned step = 0; step <= 2; step++)
        for (size_t i = 0; i < all.n; i++)
            if (apart(card, &all.v[i]) == step)
                beside.cards.v[beside.cards.n++] = all.v[i];
    if (rc == RC_OK)
        *ret = beside;
    return rc;
}

/* The rows of one work stand together. */
static const struct catalogue_edition *rows_of(const struct catalogue_edition *rows, size_t n,
                                               uint64_t work, size_t *ret_n)
{
    size_t from = 0, to;
    while (from < n && rows[from].work != work)
        from++;
    for (to = from; to < n && rows[to].work == work && to - from < EDITIONS_LOOKED_AT;)
        to++;
    *ret_n = to - from;
    return n == 0 ? rows : rows + from;
}

enum rc shown_beside(const struct visit *visit, enum feature feature, const shown_cards *cards,
                     struct shown_beside **ret, struct fault *fault)
{
    struct shown_beside *beside = ARENA_ARRAY(visit->arena, struct shown_beside, cards->n);
    enum rc rc = RC_OK;
    for (size_t from = 0; rc == RC_OK && from < cards->n; from += CATALOGUE_WORKS_AT_ONCE) {
        struct catalogue_edition *rows = NULL;
        uint64_t works[CATALOGUE_WORKS_AT_ONCE];
        size_t n = 0, rows_n = 0, of_work;
        for (; n < CATALOGUE_WORKS_AT_ONCE && from + n < cards->n; n++)
            works[n] = cards->v[from + n].work;
        rc = catalogue_editions_of_works(visit->conn, visit->arena, works, n, EDITIONS_LOOKED_AT,
                                         &rows, &rows_n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            const struct catalogue_edition *stored = rows_of(rows, rows_n, works[i], &of_work);
            rc = beside_one(visit, feature, &cards->v[from + i], stored, of_work, &beside[from + i],
                            fault);
        }
    }
    if (rc == RC_OK)
        *ret = beside;
    return rc;
}

void shown_formats(const struct visit *visit, const struct shown_edition *e,
                   const shown_cards *others, struct shown_formats *ret)
{
    struct shown_card own = shown_card_of(e);
    struct shown_formats formats = {
        .same = {ARENA_ARRAY(visit->arena, struct shown_card, others->n + 1), 0},
        .other = {ARENA_ARRAY(visit->arena, struct shown_card, others->n), 0}};
    insert(&formats.same, &own);
    for (size_t i = 0; i < others->n; i++) {
        const struct shown_card *card = &others->v[i];
        if (is_sold(card) && str_eq(card->language, own.language))
            insert(&formats.same, card);
        else
            formats.other.v[formats.other.n++] = *card;
    }
    *ret = formats;
}
