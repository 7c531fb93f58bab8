/* Signed lists of titles (record/listing.h): made, kept, shown.
 *
 * Each storefront has the last LISTINGS_KEPT of its lists as rows; the entries of all stay
 * in the Record, and so do the lists of what left. Against the list before it, each says what
 * changed, in lines:
 *     before ROOT
 *     joined ISBN WORK
 *     left ISBN WORK restriction ID
 *     left ISBN WORK supplier           its supplier withdrew it, from every storefront
 * These lines are a convenience. What explains to an outsider that a title left is an entry:
 * the restriction's, or an `unlisted` one of the same batch with the ISBNs that left for one
 * reason, downloadable at /record/lists/{root}. That a supplier did it, its own records say;
 * it shows in that no storefront has the title any more. A title whose rights or licence
 * ended stays listed and is not sold, so those two reasons are never given by this version. */
#ifndef COLOPHON_APP_LISTING_H
#define COLOPHON_APP_LISTING_H

#include "app/gate.h"
#include "app/writer.h"

enum { LISTINGS_KEPT = 31 };

/* Signs the list of each storefront where it changed or a day has passed: *ret_signed of
 * them. Reads in a snapshot of `conn`, a reading connection that sees everything, writes
 * all entries and rows in one short transaction. */
enum rc listing_sign(struct site *site, struct store_conn *conn, struct writer *writer,
                     size_t *ret_signed, struct fault *fault) MUST_CHECK;

/* The same with a connection of its own. */
enum rc listing_sign_now(struct site *site, struct writer *writer, size_t *ret_signed,
                         struct fault *fault) MUST_CHECK;

/* Published lines by the root's 64 hexadecimal digits. RC_NOT_FOUND. */
enum rc listing_titles(struct store_conn *conn, struct arena *arena, struct str root_hex,
                       struct str *ret, struct fault *fault) MUST_CHECK;
enum rc listing_changes(struct store_conn *conn, struct arena *arena, struct str root_hex,
                        struct str *ret, struct fault *fault) MUST_CHECK;
/* For people: each storefront's latest list and what changed with it, and what left without
 * a restriction, newest first. */
struct listing_withheld {
    uint64_t restriction, titles;
};
struct listing_latest {
    struct str storefront, root; /* hexadecimal */
    uint64_t index;              /* of its entry */
    int64_t at;
    uint64_t titles;
    bool first; /* no list before it is kept: nothing is compared */
    uint64_t joined, withdrawn;
    LIST(struct listing_withheld) withheld;
};
struct listing_unlisted {
    uint64_t index;
    int64_t at;
    struct str storefront, reason, root;
    uint64_t titles;
};
struct listing_overview {
    LIST(struct listing_latest) latest;
    LIST(struct listing_unlisted) unlisted; /* at most 50 */
};
enum rc listing_overview(struct store_conn *conn, struct arena *arena, struct listing_overview *ret,
                         struct fault *fault) MUST_CHECK;

/* Those that are kept, newest first, as JSON. */
enum rc listing_index(struct store_conn *conn, struct arena *arena, struct str *ret,
                      struct fault *fault) MUST_CHECK;

#endif
