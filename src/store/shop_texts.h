/* Texts that a storefront owes its readers, as they are stored: versions, which are added and
 * never changed. */
#ifndef COLOPHON_STORE_SHOP_TEXTS_H
#define COLOPHON_STORE_SHOP_TEXTS_H

#include "domain/shop_text.h"
#include "store/store.h"

/* All of them. */
enum rc shop_text_rows(struct store_conn *conn, struct arena *arena, shop_text_list *ret,
                       struct fault *fault) MUST_CHECK;

/* `which` names storefront, kind and language. The latest first. */
enum rc shop_text_versions(struct store_conn *conn, struct arena *arena,
                           const struct shop_text *which, text_version_list *ret,
                           struct fault *fault) MUST_CHECK;
/* The text of its version; RC_NOT_FOUND. */
enum rc shop_text_body(struct store_conn *conn, struct arena *arena, const struct shop_text *which,
                       struct str *ret, struct fault *fault) MUST_CHECK;
/* Within a write transaction. */
enum rc shop_text_add(struct store_conn *conn, const struct shop_text *text, struct str body,
                      uint64_t account, struct fault *fault) MUST_CHECK;

#endif
