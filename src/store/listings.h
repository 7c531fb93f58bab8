/* Rows of the lists that storefronts signed (record/listing.h); and what is to be
 * listed, in one pass over the editions. */
#ifndef COLOPHON_STORE_LISTINGS_H
#define COLOPHON_STORE_LISTINGS_H

#include "base/encode.h"
#include "store/store.h"

/* Within the transaction that adds the entry. Keeps the last `kept` of the storefront. */
enum rc listing_row_put(struct store_conn *conn, uint64_t entry_id, struct str storefront,
                        const struct hash *root, struct str titles, struct str changes,
                        unsigned kept, struct fault *fault) MUST_CHECK;
/* The latest one, published or not; RC_NOT_FOUND. */
struct listing_row {
    struct hash root;
    struct str titles, entry;
};
enum rc listing_row_latest(struct store_conn *conn, struct arena *arena, struct str storefront,
                           struct listing_row *ret, struct fault *fault) MUST_CHECK;
/* Lines of a published one: its titles, or what changed. RC_NOT_FOUND. */
enum rc listing_row_titles(struct store_conn *conn, struct arena *arena, const struct hash *root,
                           struct str *ret, struct fault *fault) MUST_CHECK;
enum rc listing_row_changes(struct store_conn *conn, struct arena *arena, const struct hash *root,
                            struct str *ret, struct fault *fault) MUST_CHECK;
/* Published ones, newest first; slices live during the call. */
enum rc listing_rows(struct store_conn *conn,
                     void (*each)(void *context, const struct hash *root, uint64_t index,
                                  struct str entry),
                     void *context, struct fault *fault) MUST_CHECK;

/* Every edition that is in the catalogue, in the order of their keys. */
enum rc listing_editions(struct store_conn *conn,
                         void (*each)(void *context, uint64_t edition, uint64_t work,
                                      struct str key),
                         void *context, struct fault *fault) MUST_CHECK;
/* Those with ids above `after`, up to `until`, in the order of their ids. */
enum rc listing_range(struct store_conn *conn, uint64_t after, uint64_t until,
                      void (*each)(void *context, uint64_t edition, uint64_t work, struct str key),
                      void *context, struct fault *fault) MUST_CHECK;
/* The largest id an edition has; 0 where there is none. */
enum rc listing_edition_last(struct store_conn *conn, uint64_t *ret,
                             struct fault *fault) MUST_CHECK;

/* Contributors, or series and collections, with each of their works: the works of one come in a
 * row. `slug` and `part`, the number as printed, are of a set. */
enum listing_names { LISTING_PEOPLE, LISTING_SETS };
enum rc listing_names_range(struct store_conn *conn, enum listing_names of, uint64_t after,
                            uint64_t until,
                            void (*each)(void *context, uint64_t id, uint64_t work, struct str slug,
                                         struct str part),
                            void *context, struct fault *fault) MUST_CHECK;
enum rc listing_names_last(struct store_conn *conn, enum listing_names of, uint64_t *ret,
                           struct fault *fault) MUST_CHECK;

#endif
