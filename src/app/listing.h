/* Signed lists of titles (record/listing.h): made, kept, shown.
 *
 * Each storefront has the last LISTINGS_KEPT of its lists as rows; the entries of all stay
 * in the Record. Against the list before it, each says what changed, in lines:
 *     before ROOT
 *     joined ISBN WORK
 *     left ISBN WORK restriction ID
 *     left ISBN WORK supplier           its supplier withdrew it, from every storefront
 * That a supplier did, its own records say; to an outsider it is the shop's word, and shows
 * only in that no storefront has the title. */
#ifndef COLOPHON_APP_LISTING_H
#define COLOPHON_APP_LISTING_H

#include "app/gate.h"
#include "app/writer.h"

enum { LISTINGS_KEPT = 4 };

/* Signs the list of each storefront where it changed or a day has passed: *ret_signed of
 * them. Reads in a snapshot of `conn`, a reading connection that sees everything, writes
 * all entries and rows in one short transaction. */
enum rc listing_sign(struct site *site, struct store_conn *conn, struct writer *writer,
                     size_t *ret_signed, struct fault *fault) MUST_CHECK;

/* Published lines by the root's 64 hexadecimal digits. RC_NOT_FOUND. */
enum rc listing_titles(struct store_conn *conn, struct arena *arena, struct str root_hex,
                       struct str *ret, struct fault *fault) MUST_CHECK;
enum rc listing_changes(struct store_conn *conn, struct arena *arena, struct str root_hex,
                        struct str *ret, struct fault *fault) MUST_CHECK;
/* Those that are kept, newest first, as JSON. */
enum rc listing_index(struct store_conn *conn, struct arena *arena, struct str *ret,
                      struct fault *fault) MUST_CHECK;

#endif
