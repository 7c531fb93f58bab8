#include "app/sitemap.h"

#include "app/find.h"
#include "app/indexer.h"
#include "search/directory.h"

#include "store/listings.h"

/* Addresses in one part, those of other storefronts and languages beside them counted: a few
 * megabytes, under the 50,000 addresses and 50 MB of sitemaps.org. */
enum { PART_ADDRESSES = 20000, PART_IDS_MAX = 2000 };

static uint64_t ids_in_part(const struct gate_view *view, const struct storefront *storefront)
{
    uint64_t places = 0;
    for (size_t i = 0; i < view->storefronts.n; i++)
        places += view->storefronts.v[i].languages.n;
    uint64_t ids = PART_ADDRESSES / (places * storefront->languages.n);
    return ids == 0 ? 1 : ids > PART_IDS_MAX ? PART_IDS_MAX : ids;
}

enum rc sitemap_count(struct store_conn *conn, const struct gate_view *view,
                      const struct storefront *storefront, uint64_t *ret, struct fault *fault)
{
    uint64_t last, ids = ids_in_part(view, storefront);
    enum rc rc = listing_edition_last(conn, &last, fault);
    if (rc == RC_OK)
        *ret = (last + ids - 1) / ids;
    return rc;
}

struct collecting {
    struct arena *arena;
    const struct gate_view *view;
    sitemap_books *out;
};

static bool lists(const struct gate_view *view, const struct storefront *storefront, uint64_t work,
                  uint64_t edition)
{
    const struct gate_filter *f = gate_filter(view, storefront, FEATURE_LISTING);
    return !work_set_has((struct work_set){f->works, f->work_count}, work) &&
           !work_set_has((struct work_set){f->editions, f->edition_count}, edition);
}

static void add_book(void *context, uint64_t edition, uint64_t work, struct str key)
{
    struct collecting *c = context;
    size_t n = c->view->storefronts.n;
    struct sitemap_book *book = &c->out->v[c->out->n++];
    book->key = arena_str(c->arena, key);
    book->listed = ARENA_ARRAY(c->arena, bool, n);
    for (size_t i = 0; i < n; i++)
        book->listed[i] = lists(c->view, &c->view->storefronts.v[i], work, edition);
}

enum rc sitemap_part(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                     const struct storefront *storefront, uint64_t number, sitemap_books *ret,
                     struct fault *fault)
{
    uint64_t count, ids = ids_in_part(view, storefront);
    struct collecting c = {arena, view, ret};
    enum rc rc = sitemap_count(conn, view, storefront, &count, fault);
    if (rc == RC_OK && (number == 0 || number > count))
        rc = fault_set(fault, RC_NOT_FOUND, "there are %llu sitemaps", (unsigned long long)count);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct sitemap_book, ids);
    ret->n = 0;
    return listing_range(conn, (number - 1) * ids, number * ids, add_book, &c, fault);
}

/* ---- names ---- */

static enum listing_names rows_of(enum sitemap_names of)
{
    return of == SITEMAP_PEOPLE ? LISTING_PEOPLE : LISTING_SETS;
}

enum rc sitemap_names_count(struct store_conn *conn, const struct gate_view *view,
                            const struct storefront *storefront, enum sitemap_names of,
                            uint64_t *ret, struct fault *fault)
{
    uint64_t last, ids = ids_in_part(view, storefront);
    enum rc rc = listing_names_last(conn, rows_of(of), &last, fault);
    if (rc == RC_OK)
        *ret = (last + ids - 1) / ids;
    return rc;
}

struct naming {
    struct collecting c;
    uint64_t id; /* whose works come */
};

static void add_named(void *context, uint64_t id, uint64_t work, struct str slug, struct str part)
{
    struct naming *n = context;
    const struct gate_view *view = n->c.view;
    if (n->c.out->n == 0 || n->id != id) {
        struct sitemap_book *page = &n->c.out->v[n->c.out->n++];
        page->key = slug.n > 0 ? arena_str(n->c.arena, slug)
                               : arena_printf(n->c.arena, "%llu", (unsigned long long)id);
        page->listed = ARENA_ARRAY(n->c.arena, bool, view->storefronts.n);
        n->id = id;
    }
    struct sitemap_book *page = &n->c.out->v[n->c.out->n - 1];
    page->numbered = page->numbered || part.n > 0;
    for (size_t i = 0; i < view->storefronts.n; i++)
        page->listed[i] = page->listed[i] || lists(view, &view->storefronts.v[i], work, 0);
}

enum rc sitemap_names_part(struct store_conn *conn, struct arena *arena,
                           const struct gate_view *view, const struct storefront *storefront,
                           enum sitemap_names of, uint64_t number, sitemap_books *ret,
                           struct fault *fault)
{
    uint64_t count, ids = ids_in_part(view, storefront);
    struct naming n = {{arena, view, ret}, 0};
    enum rc rc = sitemap_names_count(conn, view, storefront, of, &count, fault);
    if (rc == RC_OK && (number == 0 || number > count))
        rc = fault_set(fault, RC_NOT_FOUND, "there are %llu of these sitemaps",
                       (unsigned long long)count);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct sitemap_book, ids);
    ret->n = 0;
    return listing_names_range(conn, rows_of(of), (number - 1) * ids, number * ids, add_named, &n,
                               fault);
}

/* ---- publishers ---- */

/* Counting them takes a bit for each work there is, of each. */
static uint64_t houses_in_part(const struct gate_view *view, const struct storefront *storefront)
{
    enum { HOUSES_MAX = 200 };
    uint64_t ids = ids_in_part(view, storefront);
    return ids > HOUSES_MAX ? HOUSES_MAX : ids;
}

enum rc sitemap_houses_count(struct indexer *indexer, const struct gate_view *view,
                             const struct storefront *storefront, uint64_t *ret,
                             struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct directory_page page;
    uint64_t ids = houses_in_part(view, storefront);
    enum rc rc = indexer_all_names(indexer, &arena, DIRECTORY_PUBLISHERS, 0, 0, &page, fault);
    if (rc == RC_OK)
        *ret = (page.total + ids - 1) / ids;
    return rc;
}

/* Which of the houses list anything in the storefront; `counts`: as they are filed, and
 * afterwards how many works each has, withheld or not. */
static enum rc mark_houses(struct indexer *indexer, struct arena *arena,
                           const struct gate_view *view, size_t storefront,
                           struct directory_count *counts, sitemap_books *houses,
                           struct fault *fault)
{
    const struct gate_filter *hidden =
        gate_filter(view, &view->storefronts.v[storefront], FEATURE_LISTING);
    struct search_filter filter = {.works = hidden->works,
                                   .work_count = hidden->work_count,
                                   .editions = hidden->editions,
                                   .edition_count = hidden->edition_count};
    struct directory_count *counted = ARENA_ARRAY(arena, struct directory_count, houses->n + 1);
    memcpy(counted, counts, houses->n * sizeof *counts);
    enum rc rc = indexer_count_houses(indexer, &filter, counted, houses->n, fault);
    for (size_t i = 0; rc == RC_OK && i < houses->n; i++)
        for (size_t k = 0; k < houses->n; k++)
            if (counted[k].publisher == counts[i].publisher) {
                houses->v[i].listed[storefront] |= counted[k].shown > 0;
                counts[i].shown += counted[k].shown + counted[k].withheld;
            }
    return rc;
}

enum rc sitemap_houses_part(struct indexer *indexer, struct arena *arena,
                            const struct gate_view *view, const struct storefront *storefront,
                            uint64_t number, sitemap_books *ret, struct fault *fault)
{
    struct directory_page page;
    uint64_t count, ids = houses_in_part(view, storefront);
    enum rc rc = sitemap_houses_count(indexer, view, storefront, &count, fault);
    if (rc == RC_OK && (number == 0 || number > count))
        rc = fault_set(fault, RC_NOT_FOUND, "there are %llu of these sitemaps",
                       (unsigned long long)count);
    if (rc == RC_OK)
        rc = indexer_all_names(indexer, arena, DIRECTORY_PUBLISHERS, (number - 1) * ids, ids, &page,
                               fault);
    if (rc != RC_OK)
        return rc;
    struct directory_count *counts = ARENA_ARRAY(arena, struct directory_count, page.entries.n + 1);
    *ret = (sitemap_books){ARENA_ARRAY(arena, struct sitemap_book, page.entries.n + 1), 0};
    for (size_t i = 0; i < page.entries.n; i++) {
        struct str name = page.entries.v[i].name;
        counts[i] = (struct directory_count){.publisher = search_name_key(arena, name)};
        ret->v[ret->n++] =
            (struct sitemap_book){.key = find_publisher_slug(arena, name),
                                  .listed = ARENA_ARRAY(arena, bool, view->storefronts.n)};
    }
    for (size_t i = 0; rc == RC_OK && i < view->storefronts.n; i++)
        rc = mark_houses(indexer, arena, view, i, counts, ret, fault);
    ret->n = 0; /* but for those that had editions once */
    for (size_t i = 0; i < page.entries.n; i++)
        if (counts[i].shown > 0)
            ret->v[ret->n++] = ret->v[i];
    return rc;
}
