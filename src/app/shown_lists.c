#include "app/find.h"
#include "app/shown_parts.h"
#include "base/ids.h"
#include "domain/rating.h"
#include "store/catalogue.h"
#include "store/readers.h"

/* As many of a work's editions are looked at as its own page shows. */
enum { EDITIONS_MAX = 60 };

/* ---- a page of works under the gate ---- */

/* What of a list is withheld. */
struct hidden {
    uint64_t *works;
    size_t work_n;
    /* Of works whose every edition is withheld by itself. */
    struct withheld_edition *editions;
    size_t edition_n, edition_room;
};

/* Whether each edition of the work is withheld by itself, so that nothing is
 * left to stand for it. */
static enum rc is_bare(const struct visit *visit, uint64_t work, struct hidden *hidden, bool *ret,
                       struct fault *fault)
{
    struct catalogue_edition *stored;
    size_t n;
    *ret = false;
    enum rc rc =
        catalogue_work_editions(visit->conn, visit->arena, work, EDITIONS_MAX, &stored, &n, fault);
    if (rc != RC_OK || n == 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        if (gate_withholder(visit->view, visit->storefront, FEATURE_LISTING, work,
                            stored[i].product_key) == NULL)
            return RC_OK;
    *ret = true;
    for (size_t i = 0; i < n && hidden->edition_n < hidden->edition_room; i++)
        hidden->editions[hidden->edition_n++] =
            (struct withheld_edition){.work = work, .edition = stored[i].id};
    return RC_OK;
}

/* Parts a list into what is shown, in its order, and what is not. */
static enum rc part(const struct visit *visit, const uint64_t *works, size_t n, uint64_t *shown,
                    size_t *ret_shown, struct hidden *hidden, struct fault *fault)
{
    const struct gate_filter *filter = gate_filter(visit->view, visit->storefront, FEATURE_LISTING);
    struct work_set whole = {filter->works, filter->work_count};
    struct work_set partly = shown_partly(visit, FEATURE_LISTING);
    hidden->works = ARENA_ARRAY(visit->arena, uint64_t, whole.n == 0 ? 0 : n);
    /* Each of them has a restriction of its own. */
    hidden->edition_room = visit->view->restrictions.n;
    hidden->editions = ARENA_ARRAY(visit->arena, struct withheld_edition, hidden->edition_room);
    for (size_t i = 0; i < n; i++) {
        bool bare = false;
        if (whole.n > 0 && work_set_has(whole, works[i])) {
            hidden->works[hidden->work_n++] = works[i];
            continue;
        }
        if (partly.n > 0 && work_set_has(partly, works[i])) {
            enum rc rc = is_bare(visit, works[i], hidden, &bare, fault);
            if (rc != RC_OK)
                return rc;
        }
        if (!bare)
            shown[(*ret_shown)++] = works[i];
    }
    hidden->work_n = ids_sort(hidden->works, hidden->work_n);
    return RC_OK;
}

static enum rc name_hidden(const struct visit *visit, const struct hidden *hidden,
                           struct shown_withheld *ret, struct fault *fault)
{
    return shown_withholders(visit, FEATURE_LISTING,
                             (struct work_set){hidden->works, hidden->work_n}, hidden->editions,
                             hidden->edition_n, ret, fault);
}

enum rc shown_page_of(const struct visit *visit, const uint64_t *works, size_t n, size_t offset,
                      size_t limit, struct shown_page *ret, struct fault *fault)
{
    uint64_t *shown = ARENA_ARRAY(visit->arena, uint64_t, n);
    size_t shown_n = 0;
    struct hidden hidden = {0};
    enum rc rc = part(visit, works, n, shown, &shown_n, &hidden, fault);
    if (rc != RC_OK)
        return rc;
    struct shown_page page = {.total = shown_n};
    rc = name_hidden(visit, &hidden, &page.withheld, fault);
    if (rc != RC_OK)
        return rc;
    size_t from = offset < shown_n ? offset : shown_n;
    size_t count = shown_n - from < limit ? shown_n - from : limit;
    rc = shown_cards_of_works(visit, shown + from, count, &page.cards, fault);
    if (rc == RC_OK)
        *ret = page;
    return rc;
}

shown_slips shown_slips_of(const struct visit *visit, enum target_kind kind, struct str key)
{
    shown_slips slips = {ARENA_ARRAY(visit->arena, struct shown_slip, visit->view->restrictions.n),
                         0};
    for (size_t i = 0; i < visit->view->restrictions.n; i++) {
        const struct restriction *r = visit->view->restrictions.v[i];
        if (r->target == kind && str_eq(r->target_key, key) &&
            restriction_state(r, visit->view->now) == STATE_IN_EFFECT &&
            restriction_in_storefront(r, visit->storefront->slug))
            slips.v[slips.n++] = (struct shown_slip){r, r->features};
    }
    return slips;
}

/* ---- the lists ---- */

/* Those of a collection's members that something is withheld of here, ascending: the
 * only ones the gate has to look at. */
static enum rc members_touched(const struct visit *visit, uint64_t collection, uint64_t count,
                               uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    enum { LOOKED_UP = 16 }; /* so many rows are walked in the time of one look-up */
    const struct gate_filter *filter = gate_filter(visit->view, visit->storefront, FEATURE_LISTING);
    struct work_set partly = shown_partly(visit, FEATURE_LISTING);
    size_t room = filter->work_count + partly.n, n = 0;
    uint64_t *touched = ARENA_ARRAY(visit->arena, uint64_t, room), *all;
    size_t all_n;
    if (filter->work_count > 0)
        memcpy(touched, filter->works, filter->work_count * sizeof *touched);
    if (partly.n > 0)
        memcpy(touched + filter->work_count, partly.v, partly.n * sizeof *touched);
    struct work_set wanted = {touched, ids_sort(touched, room)};
    if (wanted.n * LOOKED_UP <= count) {
        for (size_t i = 0; i < wanted.n; i++) {
            enum rc rc = catalogue_collection_has(visit->conn, collection, wanted.v[i], fault);
            if (rc == RC_OK)
                touched[n++] = wanted.v[i];
            else if (rc != RC_NOT_FOUND)
                return rc;
        }
    } else {
        enum rc rc =
            catalogue_collection_works(visit->conn, visit->arena, collection, &all, &all_n, fault);
        if (rc != RC_OK)
            return rc;
        for (size_t i = 0, k = 0; i < all_n; i++) { /* both ascend */
            while (k < wanted.n && wanted.v[k] < all[i])
                k++;
            if (k < wanted.n && wanted.v[k] == all[i])
                touched[n++] = all[i];
        }
    }
    *ret = touched;
    *ret_n = n;
    return RC_OK;
}

/* The shown members that stand on a page, in the collection's order. `touched` but
 * not `shown`: not here. Read as far as the page reaches. */
static enum rc members_on_page(const struct visit *visit, uint64_t collection,
                               struct work_set touched, struct work_set shown, size_t offset,
                               size_t limit, uint64_t *ret, size_t *ret_n, struct fault *fault)
{
    enum { AT_FIRST = 256 };
    size_t passed = 0, kept = 0, read = 0, room = limit + AT_FIRST, n;
    do {
        uint64_t *members;
        enum rc rc = catalogue_collection_members(visit->conn, visit->arena, collection, read, room,
                                                  &members, &n, fault);
        if (rc != RC_OK)
            return rc;
        for (size_t i = 0; i < n && kept < limit; i++) {
            if (work_set_has(touched, members[i]) && !work_set_has(shown, members[i]))
                continue;
            if (passed++ >= offset)
                ret[kept++] = members[i];
        }
        if (n < room)
            break;
        read += n;
        room = read; /* twice as many each time */
    } while (kept < limit);
    *ret_n = kept;
    return RC_OK;
}

/* A page of a collection: what is withheld is looked at, the rest is left to the
 * database, for a collection may be the whole catalogue. */
static enum rc collection_page(const struct visit *visit, uint64_t collection, uint64_t count,
                               size_t offset, size_t limit, struct shown_page *ret,
                               struct fault *fault)
{
    uint64_t *touched, *works;
    size_t touched_n, shown_n = 0, n = 0;
    struct hidden hidden = {0};
    enum rc rc = members_touched(visit, collection, count, &touched, &touched_n, fault);
    if (rc != RC_OK)
        return rc;
    uint64_t *shown = ARENA_ARRAY(visit->arena, uint64_t, touched_n);
    rc = part(visit, touched, touched_n, shown, &shown_n, &hidden, fault);
    if (rc != RC_OK)
        return rc;
    struct shown_page page = {0};
    rc = name_hidden(visit, &hidden, &page.withheld, fault);
    page.total = count - page.withheld.works;
    works = ARENA_ARRAY(visit->arena, uint64_t, limit);
    if (rc == RC_OK && page.withheld.works == 0) {
        rc = catalogue_collection_members(visit->conn, visit->arena, collection, offset, limit,
                                          &works, &n, fault);
    } else if (rc == RC_OK && offset < page.total) {
        rc = members_on_page(visit, collection, (struct work_set){touched, touched_n},
                             (struct work_set){shown, shown_n}, offset, limit, works, &n, fault);
    }
    if (rc == RC_OK)
        rc = shown_cards_of_works(visit, works, n, &page.cards, fault);
    if (rc == RC_OK)
        *ret = page;
    return rc;
}

enum rc shown_collection(const struct visit *visit, struct str slug, size_t offset, size_t limit,
                         struct shown_collection *ret, struct shown_page *ret_page,
                         struct fault *fault)
{
    struct collection collection;
    uint64_t count;
    enum rc rc = catalogue_collection(visit->conn, visit->arena, slug, &collection, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no collection %.*s", STR_ARG(slug));
    if (rc == RC_OK)
        rc = catalogue_collection_count(visit->conn, collection.id, &count, fault);
    if (rc == RC_OK)
        rc = collection_page(visit, collection.id, count, offset, limit, ret_page, fault);
    if (rc == RC_OK)
        *ret = (struct shown_collection){collection.slug, collection.name,
                                         shown_slips_of(visit, TARGET_COLLECTION, collection.slug)};
    return rc;
}

enum rc shown_shop(const struct visit *visit, struct str slug, size_t offset, size_t limit,
                   struct shown_shop *ret, struct shown_page *ret_page, struct fault *fault)
{
    struct shop shop;
    uint64_t *works;
    size_t n;
    enum rc rc = catalogue_shop(visit->conn, visit->arena, slug, &shop, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no shop %.*s", STR_ARG(slug));
    if (rc == RC_OK)
        rc = catalogue_shop_works(visit->conn, visit->arena, shop.id, &works, &n, fault);
    if (rc == RC_OK)
        rc = shown_page_of(visit, works, n, offset, limit, ret_page, fault);
    if (rc == RC_OK)
        *ret = (struct shown_shop){shop.slug, shop.name, gate_disclosure(visit->view, shop.slug),
                                   shown_slips_of(visit, TARGET_SHOP, shop.slug)};
    return rc;
}

enum rc shown_collections(const struct visit *visit, struct str after, size_t room,
                          shown_places *ret, struct fault *fault)
{
    struct collection *rows;
    size_t n;
    enum rc rc = catalogue_collections(visit->conn, visit->arena, after, room, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(visit->arena, struct shown_place, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        ret->v[i] = (struct shown_place){rows[i].slug, rows[i].name, STR_NONE, rows[i].id};
    return RC_OK;
}

/* ---- home ---- */

enum { LATEST_LOOKED_AT = 192, HOME_COLLECTIONS = 3, COLLECTIONS_LOOKED_AT = 6 };

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

/* The latest collections of which half a shelf is sold here. */
static enum rc collections_of_home(const struct visit *visit, size_t each, struct shown_home *ret,
                                   struct fault *fault)
{
    struct collection *rows;
    size_t n;
    enum rc rc = catalogue_collections_latest(visit->conn, visit->arena, COLLECTIONS_LOOKED_AT,
                                              &rows, &n, fault);
    ret->collections.v = ARENA_ARRAY(visit->arena, struct shown_shelf, HOME_COLLECTIONS);
    ret->collections.n = 0;
    for (size_t i = 0; rc == RC_OK && i < n && ret->collections.n < HOME_COLLECTIONS; i++) {
        struct shown_collection collection;
        struct shown_page page;
        rc = shown_collection(visit, rows[i].slug, 0, each, &collection, &page, fault);
        if (rc != RC_OK)
            break;
        keep_sold(&page.cards, each);
        if (page.cards.n >= each / 2)
            ret->collections.v[ret->collections.n++] =
                (struct shown_shelf){rows[i].slug, rows[i].name, page.total, page.cards};
    }
    return rc;
}

enum rc shown_home(const struct visit *visit, struct indexer *indexer, struct str language,
                   size_t each, struct shown_home *ret, struct fault *fault)
{
    enum rc rc = latest(visit, indexer, language, each, ret, fault);
    ret->votes_least = SHOWN_LIKED_VOTES;
    if (rc == RC_OK)
        rc = liked(visit, each / 2, &ret->liked, fault);
    if (rc == RC_OK)
        rc = collections_of_home(visit, each / 2, ret, fault);
    return rc;
}
