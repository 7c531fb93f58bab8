/* Home: shelves that say what they rest on, all of what is sold here, chosen by what there is. */
#include "app/find.h"
#include "app/shown_parts.h"
#include "base/clock.h"
#include "domain/rating.h"
#include "store/catalogue.h"
#include "store/readers.h"

enum {
    LATEST_LOOKED_AT = 192,
    FOUND_LOOKED_AT = 60,
    SHELF_LEAST = 3, /* fewer make no shelf, but of what came last */
    MONTH_DAYS = 30,
    REVIEWS_LOOKED_AT = 24,
};

/* The first `each` cards that are sold here, one of each work. */
static void keep_sold(shown_cards *cards, size_t each)
{
    size_t kept = 0;
    for (size_t i = 0; i < cards->n && kept < each; i++) {
        const struct shown_card *card = &cards->v[i];
        bool keep = card->withheld == NULL && verdict_sells(card->verdict);
        for (size_t k = 0; keep && k < kept; k++)
            keep = cards->v[k].work != card->work;
        if (keep)
            cards->v[kept++] = *card;
    }
    cards->n = kept;
}

/* Stars that are withheld here must not order a shelf here: none at all, or those that
 * are left, best first. */
static void keep_starred(shown_cards *cards, uint32_t mean_milli)
{
    size_t kept = 0;
    for (size_t i = 0; i < cards->n; i++) {
        struct shown_card card = cards->v[i];
        if (card.stars.withheld != NULL || card.stars.count < SHOWN_LIKED_VOTES)
            continue;
        uint32_t rating = rating_bayes_milli(&card.stars.sum, mean_milli);
        size_t at = kept++;
        for (; at > 0 && rating_bayes_milli(&cards->v[at - 1].stars.sum, mean_milli) < rating; at--)
            cards->v[at] = cards->v[at - 1];
        cards->v[at] = card;
    }
    cards->n = kept;
}

/* Whether both tags name one language: "zh" of "zh-Hans". */
static bool same_language(struct str a, struct str b)
{
    return str_eq(str_sub(a, 0, str_find(a, '-')), str_sub(b, 0, str_find(b, '-')));
}

static void keep_in_front(struct arena *arena, struct str language, shown_cards *cards)
{
    struct shown_card *sorted = ARENA_ARRAY(arena, struct shown_card, cards->n);
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < cards->n; i++)
            if (same_language(cards->v[i].language, language) == (pass == 0))
                sorted[n++] = cards->v[i];
    cards->v = sorted;
}

/* The newest of all that is sold here, where the latest of the catalogue are sold elsewhere:
 * the index knows them. While it is being made nothing is claimed of the rest. */
static enum rc newest_sold(const struct visit *visit, struct indexer *indexer, struct str language,
                           size_t each, struct shown_home *ret, struct fault *fault)
{
    static const char *const sold[] = {"here", "soon"};
    struct found *found = ARENA_NEW(visit->arena, struct found);
    enum rc rc = RC_OK;
    ret->all_looked_at = false;
    for (size_t i = 0; i < sizeof sold / sizeof *sold; i++) {
        struct find_order order = {
            .feature = FEATURE_LISTING, .sort = SORT_NEWEST, .limit = SEARCH_LIMIT_MAX};
        struct fault unready = {0};
        order.chosen[FACET_AVAILABILITY] = str_of(sold[i]);
        rc = find_run(visit, indexer, &order, found, &unready);
        if (rc == RC_BUSY)
            return RC_OK;
        if (rc != RC_OK) {
            *fault = unready;
            return rc;
        }
        keep_in_front(visit->arena, language, &found->cards);
        keep_sold(&found->cards, each);
        if (found->cards.n > ret->latest.n)
            ret->latest = found->cards;
        if (ret->latest.n > 0)
            break;
    }
    ret->all_looked_at = true;
    return RC_OK;
}

static enum rc latest(const struct visit *visit, struct indexer *indexer, struct str language,
                      size_t each, struct shown_home *ret, struct fault *fault)
{
    struct catalogue_edition *stored;
    shown_cards *cards = &ret->latest;
    size_t n;
    enum rc rc = catalogue_latest(visit->conn, visit->arena, LATEST_LOOKED_AT, &stored, &n, fault);
    if (rc != RC_OK)
        return rc;
    uint64_t *ids = ARENA_ARRAY(visit->arena, uint64_t, n);
    for (size_t i = 0; i < n; i++)
        ids[i] = stored[i].id;
    rc = shown_cards_of(visit, FEATURE_LISTING, ids, n, cards, fault);
    if (rc != RC_OK)
        return rc;
    keep_in_front(visit->arena, language, cards);
    keep_sold(cards, each);
    ret->all_looked_at = n < LATEST_LOOKED_AT;
    if (ret->all_looked_at || cards->n >= each / 2)
        return RC_OK;
    return newest_sold(visit, indexer, language, each, ret, fault);
}

static enum rc liked(const struct visit *visit, size_t each, shown_cards *ret, struct fault *fault)
{
    struct rating_sum all;
    uint64_t *works;
    size_t n;
    enum rc rc = catalogue_all_stars(visit->conn, &all, fault);
    if (rc == RC_OK)
        rc = readers_best_works(visit->conn, visit->arena, SHOWN_LIKED_VOTES,
                                rating_mean_milli(&all), 3 * each, &works, &n, fault);
    if (rc == RC_OK)
        rc = shown_cards_of_works(visit, works, n, ret, fault);
    if (rc == RC_OK) {
        keep_starred(ret, rating_mean_milli(&all));
        keep_sold(ret, each);
    }
    return rc;
}

/* ---- what the index knows of ---- */

/* Some of what is found, sold here, in the page's language first; nothing where there is no
 * index yet. */
static enum rc find_shelf(const struct visit *visit, struct indexer *indexer,
                          struct find_order *order, struct found *found, struct fault *fault)
{
    struct fault unready = {0};
    order->feature = FEATURE_LISTING;
    order->sort = SORT_NEWEST;
    order->limit = FOUND_LOOKED_AT;
    enum rc rc = find_run(visit, indexer, order, found, &unready);
    if (rc == RC_BUSY) {
        *found = (struct found){.total = 0};
        return RC_OK;
    }
    if (rc != RC_OK)
        *fault = unready;
    return rc;
}

/* Leaves out what stands on another shelf, and a shelf that is too short. */
static void finish_shelf(shown_cards *cards, size_t each, const shown_cards *beside)
{
    size_t kept = 0;
    for (size_t i = 0; i < cards->n; i++) {
        bool keep = true;
        for (size_t k = 0; beside != NULL && keep && k < beside->n; k++)
            keep = beside->v[k].work != cards->v[i].work;
        if (keep)
            cards->v[kept++] = cards->v[i];
    }
    cards->n = kept;
    keep_sold(cards, each);
    if (cards->n < SHELF_LEAST)
        cards->n = 0;
}

/* What was published within a month, the latest first. */
static void of_the_month(const struct visit *visit, const shown_cards *newest, struct str language,
                         size_t each, struct shown_home *ret)
{
    ret->month_from = date_of(visit->view->now - MONTH_DAYS * INT64_C(86400));
    ret->month = (shown_cards){ARENA_ARRAY(visit->arena, struct shown_card, newest->n), 0};
    for (size_t i = 0; i < newest->n; i++)
        if (newest->v[i].published >= ret->month_from)
            ret->month.v[ret->month.n++] = newest->v[i];
    keep_in_front(visit->arena, language, &ret->month);
    finish_shelf(&ret->month, each, NULL);
}

static enum rc coming(const struct visit *visit, struct indexer *indexer, size_t each,
                      struct shown_home *ret, struct fault *fault)
{
    struct found *found = ARENA_NEW(visit->arena, struct found);
    struct find_order order = {.next_first = true};
    order.chosen[FACET_AVAILABILITY] = STR("soon");
    enum rc rc = find_shelf(visit, indexer, &order, found, fault);
    ret->soon = found->cards;
    ret->soon_total = found->total;
    finish_shelf(&ret->soon, each, NULL);
    return rc;
}

static void subjects_there(const struct visit *visit, const struct found *found,
                           struct shown_home *ret)
{
    size_t n = found->facet_counts[FACET_SUBJECT];
    ret->subjects.v = ARENA_ARRAY(visit->arena, struct shown_subject, n);
    for (size_t i = 0; i < n; i++) {
        const struct search_facet_value *v = &found->facets[FACET_SUBJECT][i];
        struct str top = str_sub(v->value, 0, 1);
        size_t at = 0;
        while (at < ret->subjects.n && !str_eq(ret->subjects.v[at].code, top))
            at++;
        if (at == ret->subjects.n)
            ret->subjects.v[ret->subjects.n++] = (struct shown_subject){.code = top};
        /* What has one letter alone is counted with all below it (search.h). */
        struct shown_subject *s = &ret->subjects.v[at];
        if (v->value.n == 1)
            s->whole = s->count = v->count;
        else if (s->whole == 0)
            s->count += v->count;
    }
}

/* The newest of the two subjects, of different kinds, that most is sold of. */
static enum rc subject_shelves(const struct visit *visit, struct indexer *indexer,
                               const struct found *all, struct str language, size_t each,
                               struct shown_home *ret, struct fault *fault)
{
    enum { SHELVES = 2 };
    struct found *found = ARENA_NEW(visit->arena, struct found);
    ret->by_subject.v = ARENA_ARRAY(visit->arena, struct shown_shelf, SHELVES);
    for (size_t i = 0; i < all->facet_counts[FACET_SUBJECT] && ret->by_subject.n < SHELVES; i++) {
        const struct search_facet_value *v = &all->facets[FACET_SUBJECT][i];
        const struct shown_shelf *first = ret->by_subject.n > 0 ? ret->by_subject.v : NULL;
        if (v->value.n < 2 || v->count < 2 * SHELF_LEAST ||
            (first != NULL && first->slug.p[0] == v->value.p[0]))
            continue;
        struct find_order order = {.limit = 0};
        order.chosen[FACET_AVAILABILITY] = STR("here");
        order.chosen[FACET_SUBJECT] = v->value;
        enum rc rc = find_shelf(visit, indexer, &order, found, fault);
        if (rc != RC_OK)
            return rc;
        struct shown_shelf shelf = {.slug = v->value, .total = found->total, .cards = found->cards};
        keep_in_front(visit->arena, language, &shelf.cards);
        finish_shelf(&shelf.cards, each, ret->month.n > 0 ? &ret->month : &ret->latest);
        if (shelf.cards.n > 0)
            ret->by_subject.v[ret->by_subject.n++] = shelf;
    }
    return RC_OK;
}

static enum rc of_the_index(const struct visit *visit, struct indexer *indexer, struct str language,
                            size_t each, struct shown_home *ret, struct fault *fault)
{
    struct found *found = ARENA_NEW(visit->arena, struct found);
    struct find_order order = {.facets = true};
    order.chosen[FACET_AVAILABILITY] = STR("here");
    enum rc rc = find_shelf(visit, indexer, &order, found, fault);
    if (rc != RC_OK)
        return rc;
    of_the_month(visit, &found->cards, language, each, ret);
    if (ret->month.n > 0) /* what came last stands beside it, not again */
        finish_shelf(&ret->latest, each / 2, &ret->month);
    subjects_there(visit, found, ret);
    rc = coming(visit, indexer, each / 2, ret, fault);
    if (rc == RC_OK)
        rc = subject_shelves(visit, indexer, found, language, each / 2, ret, fault);
    return rc;
}

/* ---- sets of works ---- */

/* Whether what stands on the shelf are its numbered volumes. */
static bool is_series(const struct collection *set, const shown_cards *cards)
{
    size_t numbered = 0;
    for (size_t i = 0; i < cards->n; i++)
        numbered += cards->v[i].part.n > 0 && str_eq(cards->v[i].collection, set->name);
    return !set->own && 2 * numbered > cards->n;
}

/* The latest sets, the shop's own first, of which half a shelf is sold here. */
static enum rc sets_of_home(const struct visit *visit, size_t each, struct shown_home *ret,
                            struct fault *fault)
{
    enum { SHELVES = 3, LOOKED_AT = 24 };
    struct collection *rows;
    uint64_t *third;
    size_t n, more;
    enum rc rc =
        catalogue_collections_latest(visit->conn, visit->arena, LOOKED_AT, &rows, &n, fault);
    ret->collections.v = ARENA_ARRAY(visit->arena, struct shown_shelf, SHELVES);
    ret->collections.n = 0;
    for (size_t i = 0; rc == RC_OK && i < n && ret->collections.n < SHELVES; i++) {
        struct shown_collection set;
        struct shown_page page;
        rc = catalogue_collection_members(visit->conn, visit->arena, rows[i].id, SHELF_LEAST - 1, 1,
                                          &third, &more, fault);
        if (rc != RC_OK || more == 0)
            continue;
        rc = shown_collection(visit, rows[i].slug, 0, each, &set, &page, fault);
        if (rc != RC_OK)
            break;
        finish_shelf(&page.cards, each, NULL);
        if (page.cards.n > 0)
            ret->collections.v[ret->collections.n++] =
                (struct shown_shelf){rows[i].slug,
                                     rows[i].name,
                                     page.total,
                                     page.cards,
                                     is_series(&rows[i], &page.cards),
                                     rows[i].own};
    }
    return rc;
}

/* ---- what readers said lately ---- */

static enum rc quote(const struct visit *visit, uint64_t work, struct shown_home *ret,
                     struct fault *fault)
{
    shown_cards cards;
    struct shown_reviews reviews;
    enum rc rc = shown_cards_of_works(visit, &work, 1, &cards, fault);
    if (rc != RC_OK)
        return rc;
    keep_sold(&cards, 1);
    if (cards.n == 0)
        return RC_OK;
    struct visibility_facts facts = {.work = work, .isbn13 = cards.v[0].key};
    struct visibility seen = gate_decide(visit->view, visit->storefront, &facts);
    rc = shown_reviews(visit, &seen, work, NULL, 0, 1, &reviews, fault);
    if (rc == RC_OK && reviews.reviews_page.n > 0 && reviews.reviews_page.v[0].withheld == 0)
        ret->voices.v[ret->voices.n++] =
            (struct shown_voice){cards.v[0], reviews.reviews_page.v[0]};
    return rc;
}

/* The latest review of each work that was reviewed last. */
static enum rc said_lately(const struct visit *visit, struct shown_home *ret, struct fault *fault)
{
    enum { QUOTES = 3 };
    uint64_t *works;
    size_t n;
    enum rc rc =
        readers_reviewed_lately(visit->conn, visit->arena, REVIEWS_LOOKED_AT, &works, &n, fault);
    ret->voices.v = ARENA_ARRAY(visit->arena, struct shown_voice, QUOTES);
    for (size_t i = 0; rc == RC_OK && i < n && ret->voices.n < QUOTES; i++) {
        size_t k = 0;
        while (works[k] != works[i])
            k++;
        if (k == i)
            rc = quote(visit, works[i], ret, fault);
    }
    return rc;
}

enum rc shown_home(const struct visit *visit, struct indexer *indexer, struct str language,
                   size_t each, struct shown_home *ret, struct fault *fault)
{
    struct shown_home home = {.votes_least = SHOWN_LIKED_VOTES};
    enum rc rc = latest(visit, indexer, language, each, &home, fault);
    if (rc == RC_OK)
        rc = of_the_index(visit, indexer, language, each, &home, fault);
    if (rc == RC_OK)
        rc = liked(visit, each / 2, &home.liked, fault);
    if (rc == RC_OK)
        rc = sets_of_home(visit, each / 2, &home, fault);
    if (rc == RC_OK)
        rc = said_lately(visit, &home, fault);
    home.unweighed = gate_filter(visit->view, visit->storefront, FEATURE_RATINGS)->work_count;
    if (rc == RC_OK)
        *ret = home;
    return rc;
}
