/* Lists that readers keep, as they are stored. What a viewer may see of them, and of the works
 * in them, is decided above. Changing needs an open write transaction. */
#ifndef COLOPHON_STORE_READER_LISTS_H
#define COLOPHON_STORE_READER_LISTS_H

#include "base/arena.h"
#include "store/store.h"

struct reader_list_row {
    uint64_t id, account;
    struct str owner; /* the account's name */
    bool want;        /* what its owner wants to read: without a name of its own */
    struct str name;
    struct str secret; /* its address */
    bool shared;
    uint64_t works;
    bool has; /* the work that was asked for */
};
/* RC_NOT_FOUND. `work`: 0, or one of which is asked whether it stands there. */
enum rc reader_list_row(struct store_conn *conn, struct arena *arena, struct str secret,
                        uint64_t work, struct reader_list_row *ret, struct fault *fault) MUST_CHECK;
/* What the account wants to read first, then the others as they were made. `work`: 0, or one of
 * which is asked where it stands. */
enum rc reader_list_rows(struct store_conn *conn, struct arena *arena, uint64_t account,
                         uint64_t work, size_t room, struct reader_list_row **ret, size_t *ret_n,
                         struct fault *fault) MUST_CHECK;
/* What was put there last comes first. */
enum rc reader_list_row_works(struct store_conn *conn, struct arena *arena, uint64_t list,
                              size_t offset, size_t room, uint64_t **ret, size_t *ret_n,
                              struct fault *fault) MUST_CHECK;

/* That the account wants to read the work (no stars), or what it gave it. */
struct reader_mark_row {
    uint64_t work;
    unsigned stars;
};
enum { READER_MARKS_AT_ONCE = 12 };
/* `works`: n, at most READER_MARKS_AT_ONCE; `ret` has room for twice as many as that. */
enum rc reader_marks(struct store_conn *conn, uint64_t account, const uint64_t *works, size_t n,
                     struct reader_mark_row *ret, size_t *ret_n, struct fault *fault) MUST_CHECK;

/* Of the row: account, want, name, secret, shared; *ret_id is given to it. */
enum rc reader_list_row_add(struct store_conn *conn, const struct reader_list_row *row, int64_t now,
                            uint64_t *ret_id, struct fault *fault) MUST_CHECK;
enum rc reader_list_row_change(struct store_conn *conn, uint64_t id, struct str name, bool shared,
                               struct fault *fault) MUST_CHECK;
enum rc reader_list_row_remove(struct store_conn *conn, uint64_t id,
                               struct fault *fault) MUST_CHECK;
enum rc reader_list_row_put(struct store_conn *conn, uint64_t id, uint64_t work,
                            struct fault *fault) MUST_CHECK;
enum rc reader_list_row_take(struct store_conn *conn, uint64_t id, uint64_t work,
                             struct fault *fault) MUST_CHECK;

#endif
