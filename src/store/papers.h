/* Sellers, and the papers of what was sold, as they are stored. Changing needs an open write
 * transaction. */
#ifndef COLOPHON_STORE_PAPERS_H
#define COLOPHON_STORE_PAPERS_H

#include "domain/seller.h"
#include "store/store.h"

/* RC_NOT_FOUND where the shop is no seller yet; not on a connection that makes pages. */
enum rc seller_row_get(struct store_conn *conn, struct arena *arena, uint64_t shop,
                       struct seller *ret, struct fault *fault) MUST_CHECK;
/* The same without what is no reader's: account and fee. */
enum rc seller_row_shown(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         struct seller *ret, struct fault *fault) MUST_CHECK;
enum rc seller_row_put(struct store_conn *conn, const struct seller *s,
                       struct fault *fault) MUST_CHECK;

#endif
