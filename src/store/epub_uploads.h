/* EPUBs that partners sent, until somebody has looked at them. What changes needs an open write
 * transaction. */
#ifndef COLOPHON_STORE_EPUB_UPLOADS_H
#define COLOPHON_STORE_EPUB_UPLOADS_H

#include "base/arena.h"
#include "base/fault.h"
#include "store/store.h"

struct epub_upload_row {
    uint64_t id, edition, shop, account;
    struct str node, file; /* which took it; below that one's folder */
    uint64_t bytes;
    int64_t received, ended;
    uint64_t begun;
    struct str state; /* "waiting", "taken", "refused" */
    struct str reason, problems;
    struct str isbn; /* of epub_upload_next alone */
};

/* In the place of what became of the one before. Gives it its id. */
enum rc epub_upload_add(struct store_conn *conn, struct epub_upload_row *row,
                        struct fault *fault) MUST_CHECK;
/* The first one of a node that is due; RC_NOT_FOUND. */
enum rc epub_upload_next(struct store_conn *conn, struct arena *arena, struct str node, int64_t now,
                         struct epub_upload_row *ret, struct fault *fault) MUST_CHECK;
/* The last one of a title that a shop sent; RC_NOT_FOUND. */
enum rc epub_upload_latest(struct store_conn *conn, struct arena *arena, uint64_t edition,
                           uint64_t shop, struct epub_upload_row *ret,
                           struct fault *fault) MUST_CHECK;
/* It is looked at; and is looked at again, not before `due`. */
enum rc epub_upload_begin(struct store_conn *conn, uint64_t id, struct fault *fault) MUST_CHECK;
enum rc epub_upload_later(struct store_conn *conn, uint64_t id, int64_t due,
                          struct fault *fault) MUST_CHECK;
/* `state`, `ended`, `reason` and `problems` of the row. */
enum rc epub_upload_end(struct store_conn *conn, const struct epub_upload_row *row,
                        struct fault *fault) MUST_CHECK;
/* All that wait since before then. */
enum rc epub_uploads_give_up(struct store_conn *conn, int64_t before, int64_t now,
                             struct str reason, struct fault *fault) MUST_CHECK;
/* That wait of a shop. */
enum rc epub_uploads_open(struct store_conn *conn, uint64_t shop, uint64_t *ret_n,
                          uint64_t *ret_bytes, struct fault *fault) MUST_CHECK;
/* Whether one that waits has this file. */
enum rc epub_upload_named(struct store_conn *conn, struct str file, bool *ret,
                          struct fault *fault) MUST_CHECK;

#endif
