/* What staff did: who, when, what, on what. Rows are added in the transaction that
 * does it, and never changed; each holds the hash of itself and of the row before, so
 * that one that was changed or taken out shows. No secrets, no free text.
 *
 * hash(n) = SHA-256("colophon/trail\n" hash(n-1) id at account len who len what len subject),
 * numbers as 8 bytes, big-endian, hash(0) being 32 zero bytes. */
#ifndef COLOPHON_STORE_TRAIL_H
#define COLOPHON_STORE_TRAIL_H

#include "base/encode.h"
#include "store/store.h"

struct trail_row {
    uint64_t id;
    int64_t at;
    uint64_t account; /* 0: on the command line */
    struct str who;   /* "ann@books.example", "root (command line)" */
    struct str what;  /* "restriction add", "POST /desk/restrictions/{id}/lift" */
    struct str subject;
    struct hash hash;
};

/* Within a write transaction. */
enum rc trail_row_add(struct store_conn *conn, const struct store_act *act,
                      struct fault *fault) MUST_CHECK;
struct hash trail_row_hash(const struct trail_row *row, const struct hash *before);

/* Ascending, after an id. */
enum rc trail_rows_after(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                         struct trail_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* The newest first; `who` may be empty; from `since` until before `until`. */
enum rc trail_rows(struct store_conn *conn, struct arena *arena, struct str who, int64_t since,
                   int64_t until, size_t offset, size_t room, struct trail_row **ret, size_t *ret_n,
                   struct fault *fault) MUST_CHECK;
enum rc trail_row_count(struct store_conn *conn, struct str who, int64_t since, int64_t until,
                        uint64_t *ret, struct fault *fault) MUST_CHECK;

#endif
