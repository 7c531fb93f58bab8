#include "app/shown_parts.h"
#include "base/ids.h"
#include "store/catalogue.h"
#include "store/papers.h"

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
    return shown_withholders(visit, FEATURE_BIT(FEATURE_LISTING),
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
        *ret = (struct shown_collection){
            .id = collection.id,
            .slug = collection.slug,
            .name = collection.name,
            .created = collection.created,
            .own = collection.own,
            .slips = shown_slips_of(visit, TARGET_COLLECTION, collection.slug)};
    return rc;
}

static enum rc seller_of(const struct visit *visit, uint64_t shop, const struct seller **ret,
                         struct fault *fault)
{
    struct seller *seller = ARENA_NEW(visit->arena, struct seller);
    enum rc rc = seller_row_shown(visit->conn, visit->arena, shop, seller, fault);
    *ret = rc == RC_OK ? seller : NULL;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc shown_shop(const struct visit *visit, struct str slug, size_t offset, size_t limit,
                   struct shown_shop *ret, struct shown_page *ret_page, struct fault *fault)
{
    struct shop shop;
    const struct seller *seller = NULL;
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
        rc = seller_of(visit, shop.id, &seller, fault);
    if (rc == RC_OK)
        *ret = (struct shown_shop){shop.slug, shop.name, gate_disclosure(visit->view, shop.slug),
                                   seller, shown_slips_of(visit, TARGET_SHOP, shop.slug)};
    return rc;
}
