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
    REVIEWS_LOOKED_AT = 24,
    SLIPS_MAX = 5 * REVIEWS_LOOKED_AT, /* all that were looked at */
};

static bool stands_on(const shown_cards *cards, uint64_t work)
{
    for (size_t i = 0; i < cards->n; i++)
        if (cards->v[i].work == work)
            return true;
    return false;
}

/* The first `each` cards that are sold here, one of each work. Where a restriction on the
 * sale is why one is not, that is counted. */
static void keep_sold(const struct visit *visit, shown_cards *cards, size_t each,
                      struct shown_withheld *withheld)
{
    shown_cards kept = {cards->v, 0};
    shown_cards unsold = {ARENA_ARRAY(visit->arena, struct shown_card, cards->n), 0};
    for (size_t i = 0; i < cards->n && kept.n < each; i++) {
        const struct shown_card *card = &cards->v[i];
        if (card->withheld != NULL && !stands_on(&unsold, card->work))
            unsold.v[unsold.n++] = *card;
        else if (card->withheld == NULL && verdict_sells(card->verdict) &&
                 !stands_on(&kept, card->work))
            kept.v[kept.n++] = *card;
    }
    for (size_t i = 0; i < unsold.n; i++)
        if (!stands_on(&kept, unsold.v[i].work))
            shown_withheld_add(visit, withheld, unsold.v[i].withheld);
    *cards = kept;
}

/* Nobody reads more names below a shelf: the lists that it leads to have them. */
static void name_few(struct shown_withheld *withheld)
{
    enum { NAMED = 5 };
    while (withheld->by.n > NAMED)
        withheld->others += withheld->by.v[--withheld->by.n].works;
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

/* Behind those that are there, as many of the others as there is room for. */
static void add_behind(const struct visit *visit, shown_cards *cards, const shown_cards *others,
                       size_t each)
{
    shown_cards all = {ARENA_ARRAY(visit->arena, struct shown_card, cards->n + others->n), 0};
    for (size_t i = 0; i < cards->n; i++)
        all.v[all.n++] = cards->v[i];
    for (size_t i = 0; i < others->n && all.n < each; i++)
        if (!stands_on(cards, others->v[i].work))
            all.v[all.n++] = others->v[i];
    *cards = all;
}

/* Behind what is sold here of the latest, where that is little, the newest of all that is: the
 * index knows them. While it is being made nothing is claimed of the rest. */
static enum rc newest_sold(const struct visit *visit, struct indexer *indexer, struct str language,
                           size_t each, struct shown_home *ret, struct fault *fault)
{
    static const char *const sold[] = {"here", "soon"};
    struct found *found = ARENA_NEW(visit->arena, struct found);
    enum rc rc = RC_OK;
    ret->all_looked_at = false;
    for (size_t i = 0; i < sizeof sold / sizeof *sold; i++) {
        struct find_order order = {.feature = FEATURE_LISTING,
                                   .sort = SORT_NEWEST,
                                   .of_sold = true,
                                   .limit = SEARCH_LIMIT_MAX};
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
        keep_sold(visit, &found->cards, each, &found->withheld);
        add_behind(visit, &ret->latest, &found->cards, each);
        /* What is to come tells nothing of what is withheld of the books that are here. */
        if (found->cards.n > 0 || found->withheld.works > 0)
            ret->latest_withheld = found->withheld;
        ret->latest_filled = found->cards.n > 0;
        if (ret->latest.n > 0 || found->withheld.works > 0)
            break;
    }
    ret->all_looked_at = true;
    return RC_OK;
}

/* Those of the latest whose listing is withheld, as far back as the shelf reaches. */
static void count_unlisted(const struct visit *visit, const struct catalogue_edition *stored,
                           size_t n, bool full, const shown_cards *kept, struct shown_withheld *ret)
{
    size_t reach = full ? 0 : n;
    for (size_t i = 0; full && i < n; i++)
        for (size_t k = 0; k < kept->n; k++)
            if (kept->v[k].id == stored[i].id)
                reach = i;
    shown_cards met = {ARENA_ARRAY(visit->arena, struct shown_card, reach), 0};
    for (size_t i = 0; i < reach; i++) {
        const struct restriction *r = gate_withholder(
            visit->view, visit->storefront, FEATURE_LISTING, stored[i].work, stored[i].product_key);
        if (r == NULL || stands_on(kept, stored[i].work) || stands_on(&met, stored[i].work))
            continue;
        met.v[met.n++].work = stored[i].work;
        shown_withheld_add(visit, ret, r);
    }
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
    keep_sold(visit, cards, each, &ret->latest_withheld);
    count_unlisted(visit, stored, n, cards->n == each, cards, &ret->latest_withheld);
    ret->all_looked_at = n < LATEST_LOOKED_AT;
    if (ret->all_looked_at || cards->n >= each / 2)
        return RC_OK;
    return newest_sold(visit, indexer, language, each, ret, fault);
}

/* Those of the works, the best first, whose listing is withheld, as far as the shelf reaches. */
static enum rc count_unlisted_works(const struct visit *visit, const uint64_t *works, size_t n,
                                    const shown_cards *all, const shown_cards *kept, bool full,
                                    struct shown_withheld *ret, struct fault *fault)
{
    enum rc rc = RC_OK;
    size_t left = full ? kept->n : n + 1;
    for (size_t i = 0; rc == RC_OK && i < n && left > 0; i++) {
        const struct restriction *r = NULL;
        left -= stands_on(kept, works[i]);
        if (!stands_on(all, works[i]))
            rc = shown_withholder_of(visit, works[i], &r, fault);
        if (r != NULL)
            shown_withheld_add(visit, ret, r);
    }
    return rc;
}

static enum rc liked(const struct visit *visit, size_t each, shown_cards *ret,
                     struct shown_withheld *withheld, struct fault *fault)
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
    if (rc != RC_OK)
        return rc;
    shown_cards found = {ARENA_ARRAY(visit->arena, struct shown_card, ret->n), ret->n};
    for (size_t i = 0; i < ret->n; i++)
        found.v[i] = ret->v[i];
    keep_starred(ret, rating_mean_milli(&all));
    keep_sold(visit, ret, each, withheld);
    return count_unlisted_works(visit, works, n, &found, ret, ret->n == each, withheld, fault);
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
    order->of_sold = true;
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

/* Leaves out what stands on another shelf, and a shelf that is too short; what is withheld is
 * said of one that would be long enough with it. */
static void finish_shelf(const struct visit *visit, shown_cards *cards, size_t each,
                         const shown_cards *beside, struct shown_withheld *withheld)
{
    size_t kept = 0;
    for (size_t i = 0; i < cards->n; i++)
        if (beside == NULL || !stands_on(beside, cards->v[i].work))
            cards->v[kept++] = cards->v[i];
    cards->n = kept;
    keep_sold(visit, cards, each, withheld);
    if (cards->n + withheld->works < SHOWN_SHELF_LEAST)
        *withheld = (struct shown_withheld){0};
    if (cards->n < SHOWN_SHELF_LEAST)
        cards->n = 0;
    name_few(withheld);
}

/* What was published within a month, the latest first. */
static enum rc of_the_month(const struct visit *visit, struct indexer *indexer,
                            const struct found *here, struct str language, size_t each,
                            struct shown_home *ret, struct fault *fault)
{
    const shown_cards *newest = &here->cards;
    enum rc rc = RC_OK;
    ret->month_from = date_of(visit->view->now - SHOWN_MONTH_DAYS * INT64_C(86400));
    ret->month = (shown_cards){ARENA_ARRAY(visit->arena, struct shown_card, newest->n), 0};
    for (size_t i = 0; i < newest->n; i++)
        if (newest->v[i].published >= ret->month_from)
            ret->month.v[ret->month.n++] = newest->v[i];
    keep_in_front(visit->arena, language, &ret->month);
    if (here->withheld.works + here->withheld.partly > 0) { /* any of this month? */
        struct found *found = ARENA_NEW(visit->arena, struct found);
        struct find_order order = {.since = ret->month_from};
        order.chosen[FACET_AVAILABILITY] = STR("here");
        rc = find_shelf(visit, indexer, &order, found, fault);
        ret->month_withheld = found->withheld;
    }
    finish_shelf(visit, &ret->month, each, NULL, &ret->month_withheld);
    return rc;
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
    ret->soon_withheld = found->withheld;
    finish_shelf(visit, &ret->soon, each, NULL, &ret->soon_withheld);
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
    for (size_t i = 1; i < ret->subjects.n; i++) {
        struct shown_subject s = ret->subjects.v[i];
        size_t at = i;
        for (; at > 0 && ret->subjects.v[at - 1].count < s.count; at--)
            ret->subjects.v[at] = ret->subjects.v[at - 1];
        ret->subjects.v[at] = s;
    }
}

/* How many editions it would have but for restrictions: more than there are works. */
static uint64_t subject_room(const struct found *all, const struct search_facet_value *subject)
{
    uint64_t room = subject->count;
    for (size_t i = 0; i < all->withheld_subject_count; i++)
        if (str_eq(all->withheld_subjects[i].value, subject->value))
            room += all->withheld_subjects[i].count;
    return room;
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
        if (v->value.n < 2 || subject_room(all, v) < 2 * SHOWN_SHELF_LEAST ||
            (first != NULL && first->slug.p[0] == v->value.p[0]))
            continue;
        struct find_order order = {.limit = 0};
        order.chosen[FACET_AVAILABILITY] = STR("here");
        order.chosen[FACET_SUBJECT] = v->value;
        enum rc rc = find_shelf(visit, indexer, &order, found, fault);
        if (rc != RC_OK)
            return rc;
        if (found->total + found->withheld.works < 2 * SHOWN_SHELF_LEAST)
            continue;
        struct shown_shelf shelf = {.slug = v->value,
                                    .total = found->total,
                                    .cards = found->cards,
                                    .withheld = found->withheld};
        keep_in_front(visit->arena, language, &shelf.cards);
        finish_shelf(visit, &shelf.cards, each, ret->month.n > 0 ? &ret->month : &ret->latest,
                     &shelf.withheld);
        if (shelf.cards.n + shelf.withheld.works > 0)
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
    rc = of_the_month(visit, indexer, found, language, each, ret, fault);
    if (rc != RC_OK)
        return rc;
    if (ret->month.n > 0) /* what came last stands beside it, not again */
        finish_shelf(visit, &ret->latest, each / 2, &ret->month, &ret->latest_withheld);
    subjects_there(visit, found, ret);
    ret->subjects_withheld = found->withheld;
    name_few(&ret->subjects_withheld);
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
        rc = catalogue_collection_members(visit->conn, visit->arena, rows[i].id,
                                          SHOWN_SHELF_LEAST - 1, 1, &third, &more, fault);
        if (rc != RC_OK || more == 0)
            continue;
        rc = shown_collection(visit, rows[i].slug, 0, each, &set, &page, fault);
        if (rc != RC_OK)
            break;
        finish_shelf(visit, &page.cards, each, NULL, &page.withheld);
        if (page.cards.n + page.withheld.works > 0)
            ret->collections.v[ret->collections.n++] =
                (struct shown_shelf){rows[i].slug,
                                     rows[i].name,
                                     page.total,
                                     page.cards,
                                     is_series(&rows[i], &page.cards),
                                     rows[i].own,
                                     page.withheld};
    }
    return rc;
}

/* ---- what readers said lately ---- */

static void note_slip(struct shown_home *ret, const struct shown_slip *slip)
{
    for (size_t i = 0; i < ret->voice_slips.n; i++)
        if (ret->voice_slips.v[i].restriction == slip->restriction)
            return;
    if (ret->voice_slips.n < SLIPS_MAX)
        ret->voice_slips.v[ret->voice_slips.n++] = *slip;
}

/* The latest review that is shown; what is passed over for it is noted. */
static enum rc quote_review(const struct visit *visit, const struct visibility *seen,
                            const struct shown_card *card, struct shown_home *ret,
                            struct fault *fault)
{
    static const size_t looks[] = {1, 4}; /* hardly ever is the first one withheld */
    struct shown_reviews reviews;
    size_t offset = 0;
    for (size_t look = 0; look < sizeof looks / sizeof *looks; look++) {
        enum rc rc =
            shown_reviews(visit, seen, card->work, NULL, offset, looks[look], &reviews, fault);
        if (rc != RC_OK)
            return rc;
        offset += looks[look];
        for (size_t i = 0; i < reviews.reviews_page.n; i++) {
            const struct shown_review *r = &reviews.reviews_page.v[i];
            if ((r->withheld & FEATURE_BIT(FEATURE_REVIEWS)) == 0) {
                ret->voices.v[ret->voices.n++] = (struct shown_voice){*card, *r};
                return RC_OK;
            }
            for (size_t k = 0; k < r->slips.n; k++)
                if ((r->slips.v[k].features & FEATURE_BIT(FEATURE_REVIEWS)) != 0)
                    note_slip(ret, &r->slips.v[k]);
        }
    }
    return RC_OK;
}

static enum rc quote(const struct visit *visit, uint64_t work, struct shown_home *ret,
                     struct fault *fault)
{
    shown_cards cards;
    const struct restriction *by = NULL;
    enum rc rc = shown_cards_of_works(visit, &work, 1, &cards, fault);
    if (rc == RC_OK && cards.n == 0)
        rc = shown_withholder_of(visit, work, &by, fault);
    if (rc != RC_OK)
        return rc;
    if (by != NULL)
        shown_withheld_add(visit, &ret->voices_withheld, by);
    keep_sold(visit, &cards, 1, &ret->voices_withheld);
    if (cards.n == 0)
        return RC_OK;
    struct visibility_facts facts = {.work = work, .isbn13 = cards.v[0].key};
    struct visibility seen = gate_decide(visit->view, visit->storefront, &facts);
    if (!visibility_withholds(&seen, FEATURE_REVIEWS))
        return quote_review(visit, &seen, &cards.v[0], ret, fault);
    struct shown_slip slip = {seen.by[FEATURE_REVIEWS], FEATURE_BIT(FEATURE_REVIEWS)};
    note_slip(ret, &slip);
    return RC_OK;
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
    ret->voice_slips.v = ARENA_ARRAY(visit->arena, struct shown_slip, SLIPS_MAX);
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
        rc = liked(visit, each / 2, &home.liked, &home.liked_withheld, fault);
    if (rc == RC_OK)
        rc = sets_of_home(visit, each / 2, &home, fault);
    if (rc == RC_OK)
        rc = said_lately(visit, &home, fault);
    home.unweighed = gate_filter(visit->view, visit->storefront, FEATURE_RATINGS)->work_count;
    name_few(&home.latest_withheld);
    name_few(&home.liked_withheld);
    name_few(&home.voices_withheld);
    if (rc == RC_OK)
        *ret = home;
    return rc;
}
