/* What crawlers are told of: the books that a storefront lists, a few thousand at a time.
 *
 * A part holds the editions of a range of ids, so that it is made by one short reading of
 * the database, and stays as it is while others come. What is withheld from lists in one
 * storefront is left out of that one's, through the gate. */
#ifndef COLOPHON_APP_SITEMAP_H
#define COLOPHON_APP_SITEMAP_H

#include "app/gate.h"

struct sitemap_book {
    struct str key; /* of its page: an ISBN, or another product key; of a name its number or slug */
    bool *listed;   /* for each storefront of the view, in its order */
    bool numbered;  /* a series */
};
typedef LIST(struct sitemap_book) sitemap_books;

/* How many parts `storefront`, which is the view's, has; some may be empty. */
enum rc sitemap_count(struct store_conn *conn, const struct gate_view *view,
                      const struct storefront *storefront, uint64_t *ret,
                      struct fault *fault) MUST_CHECK;
/* Part `number`, from 1 on. RC_NOT_FOUND behind the last. */
enum rc sitemap_part(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                     const struct storefront *storefront, uint64_t number, sitemap_books *ret,
                     struct fault *fault) MUST_CHECK;

/* The same of pages of contributors, and of series and collections, that list anything. */
enum sitemap_names { SITEMAP_PEOPLE, SITEMAP_SETS };
enum rc sitemap_names_count(struct store_conn *conn, const struct gate_view *view,
                            const struct storefront *storefront, enum sitemap_names of,
                            uint64_t *ret, struct fault *fault) MUST_CHECK;
enum rc sitemap_names_part(struct store_conn *conn, struct arena *arena,
                           const struct gate_view *view, const struct storefront *storefront,
                           enum sitemap_names of, uint64_t number, sitemap_books *ret,
                           struct fault *fault) MUST_CHECK;

/* The same of pages of publishers and imprints, as the index files them. */
struct indexer;
enum rc sitemap_houses_count(struct indexer *indexer, const struct gate_view *view,
                             const struct storefront *storefront, uint64_t *ret,
                             struct fault *fault) MUST_CHECK;
enum rc sitemap_houses_part(struct indexer *indexer, struct arena *arena,
                            const struct gate_view *view, const struct storefront *storefront,
                            uint64_t number, sitemap_books *ret, struct fault *fault) MUST_CHECK;

#endif
