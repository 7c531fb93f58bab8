/* What somebody points out on a title's page, as it is stored. Changing needs an open write
 * transaction. */
#ifndef COLOPHON_STORE_HINTS_H
#define COLOPHON_STORE_HINTS_H

#include "domain/hint.h"
#include "store/store.h"

/* For the shop whose record readers are shown of the edition: RC_NOT_FOUND. */
enum rc hint_row_shop(struct store_conn *conn, uint64_t edition, uint64_t *ret_shop,
                      struct fault *fault) MUST_CHECK;
enum rc hint_row_add(struct store_conn *conn, uint64_t shop, const struct hint *hint,
                     struct fault *fault) MUST_CHECK;
enum rc hint_rows_open(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                       struct fault *fault) MUST_CHECK;
/* The open ones, the first first; or those that are done, the last first. */
enum rc hint_rows(struct store_conn *conn, struct arena *arena, uint64_t shop, bool done,
                  size_t room, hint_list *ret, struct fault *fault) MUST_CHECK;
/* Empties it of what people wrote. RC_NOT_FOUND where the shop has none that is open. */
enum rc hint_row_do(struct store_conn *conn, uint64_t shop, uint64_t id, int64_t at,
                    uint64_t account, struct fault *fault) MUST_CHECK;
/* So all that are open up to that one; or those of them that nobody wants an answer to. */
enum rc hint_rows_do(struct store_conn *conn, uint64_t shop, uint64_t last, bool unanswered,
                     int64_t at, uint64_t account, struct fault *fault) MUST_CHECK;
enum rc hint_rows_expire(struct store_conn *conn, int64_t before, int64_t now,
                         struct fault *fault) MUST_CHECK;

#endif
