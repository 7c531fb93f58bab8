/* The covers that were given for editions, and where their files are. Reading works on any
 * connection; what changes needs an open write transaction. */
#ifndef COLOPHON_STORE_COVERS_H
#define COLOPHON_STORE_COVERS_H

#include "base/arena.h"
#include "base/encode.h"
#include "base/fault.h"
#include "store/store.h"

struct cover_row {
    uint64_t edition;
    struct str key;  /* the edition's product key; of covers_after alone */
    struct str file; /* its name (files/files.h), never used for another */
    struct hash digest;
    uint64_t bytes;
    /* The rest is not of covers_after. */
    unsigned width, height; /* pixels of the largest */
    int64_t created;
    struct str source; /* "given" by somebody, "feed", or "epub" */
    struct str parts;  /* rendition.h; empty: the file is one JPEG */
};

/* In the place of what is there; says so in the change feed. */
enum rc cover_row_put(struct store_conn *conn, const struct cover_row *c,
                      struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where none was given. */
enum rc cover_row_get(struct store_conn *conn, struct arena *arena, uint64_t edition,
                      struct cover_row *ret, struct fault *fault) MUST_CHECK;
enum rc cover_row_remove(struct store_conn *conn, uint64_t edition, struct fault *fault) MUST_CHECK;
/* The next ones after an edition, ascending; at most `room`. */
enum rc cover_rows_after(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                         struct cover_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;

/* Files that no cover names any more: those of rows that were replaced or removed, until somebody
 * has removed them and says so. */
enum rc files_leaving(struct store_conn *conn, struct arena *arena, size_t room, struct str **ret,
                      size_t *ret_n, struct fault *fault) MUST_CHECK;
enum rc file_left(struct store_conn *conn, struct str file, struct fault *fault) MUST_CHECK;

/* ---- where the files are ---- */

/* An address as files/files.h takes it; RC_NOT_FOUND where none is named. */
enum rc files_place_get(struct store_conn *conn, struct arena *arena, struct str *ret,
                        struct fault *fault) MUST_CHECK;
/* Both say so in the change feed. */
enum rc files_place_put(struct store_conn *conn, struct str address,
                        struct fault *fault) MUST_CHECK;
enum rc files_place_remove(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
