#include "store/covers.h"

#include "store/catalogue_rows.h"
#include "store/db.h"

static enum rc read_digest(const struct query *q, int column, struct hash *ret, struct fault *fault)
{
    struct str bytes = query_peek(q, column);
    if (bytes.n != sizeof ret->b)
        return fault_set(fault, RC_CORRUPT, "a cover's digest has %zu bytes", bytes.n);
    memcpy(ret->b, bytes.p, sizeof ret->b);
    return RC_OK;
}

enum rc cover_read_columns(const struct query *q, int column, struct arena *arena,
                           struct cover_row *ret, struct fault *fault)
{
    struct cover_row c = {.file = query_get_str(q, column, arena)};
    enum rc rc = c.file.n == 0 ? RC_OK : read_digest(q, column + 1, &c.digest, fault);
    if (rc == RC_OK && c.file.n > 0) {
        c.width = (unsigned)query_get_int(q, column + 2);
        c.height = (unsigned)query_get_int(q, column + 3);
        c.parts = query_get_str(q, column + 4, arena);
    }
    if (rc == RC_OK)
        *ret = c;
    return rc;
}

static enum rc file_leaves(struct store_conn *conn, uint64_t edition, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COVER_LEAVES);
    query_int(&q, 1, (int64_t)edition);
    return query_run(&q, fault);
}

enum rc cover_row_put(struct store_conn *conn, const struct cover_row *c, struct fault *fault)
{
    enum rc rc = file_leaves(conn, c->edition, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_COVER_PUT);
    query_int(&q, 1, (int64_t)c->edition);
    query_str(&q, 2, c->file);
    query_bytes(&q, 3, c->digest.b, sizeof c->digest.b);
    query_int(&q, 4, (int64_t)c->bytes);
    query_int(&q, 5, c->width);
    query_int(&q, 6, c->height);
    query_int(&q, 7, c->created);
    query_str(&q, 8, c->source);
    query_bytes(&q, 9, c->parts.p, c->parts.n);
    rc = query_run(&q, fault);
    return rc == RC_OK ? store_change(conn, "cover", c->edition, fault) : rc;
}

enum rc cover_row_get(struct store_conn *conn, struct arena *arena, uint64_t edition,
                      struct cover_row *ret, struct fault *fault)
{
    struct cover_row c = {.edition = edition};
    QUERY q = query_start(conn, SQL_COVER_GET);
    query_int(&q, 1, (int64_t)edition);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        rc = read_digest(&q, 1, &c.digest, fault);
    if (rc != RC_OK)
        return rc;
    c.file = query_get_str(&q, 0, arena);
    c.bytes = (uint64_t)query_get_int(&q, 2);
    c.width = (unsigned)query_get_int(&q, 3);
    c.height = (unsigned)query_get_int(&q, 4);
    c.created = query_get_int(&q, 5);
    c.source = query_get_str(&q, 6, arena);
    c.parts = query_get_str(&q, 7, arena);
    *ret = c;
    return RC_OK;
}

enum rc cover_row_remove(struct store_conn *conn, uint64_t edition, struct fault *fault)
{
    enum rc rc = file_leaves(conn, edition, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_COVER_REMOVE);
    query_int(&q, 1, (int64_t)edition);
    rc = query_run(&q, fault);
    return rc == RC_OK ? store_change(conn, "cover", edition, fault) : rc;
}

enum rc cover_rows_after(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                         struct cover_row **ret, size_t *ret_n, struct fault *fault)
{
    struct cover_row *rows = ARENA_ARRAY(arena, struct cover_row, room);
    size_t n = 0;
    enum rc rc;
    QUERY q = query_start(conn, SQL_COVERS_AFTER);
    query_int(&q, 1, (int64_t)after);
    query_int(&q, 2, (int64_t)room);
    while ((rc = query_step(&q, fault)) == RC_OK && n < room) {
        struct cover_row *c = &rows[n++];
        c->edition = (uint64_t)query_get_int(&q, 0);
        c->key = query_get_str(&q, 1, arena);
        c->file = query_get_str(&q, 2, arena);
        c->bytes = (uint64_t)query_get_int(&q, 4);
        rc = read_digest(&q, 3, &c->digest, fault);
        if (rc != RC_OK)
            return rc;
    }
    if (rc != RC_NOT_FOUND && rc != RC_OK)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

static enum rc read_name(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct str *)ret = query_get_str(q, 0, arena);
    return RC_OK;
}

enum rc files_leaving(struct store_conn *conn, struct arena *arena, size_t room, struct str **ret,
                      size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FILES_LEAVING);
    query_int(&q, 1, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_name, ret, ret_n, fault);
}

enum rc file_left(struct store_conn *conn, struct str file, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FILE_LEFT);
    query_str(&q, 1, file);
    return query_run(&q, fault);
}

/* ---- where the files are ---- */

static const struct str files_place = {"files", 5};

enum rc files_place_get(struct store_conn *conn, struct arena *arena, struct str *ret,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PLACE_GET);
    query_str(&q, 1, files_place);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

enum rc files_place_put(struct store_conn *conn, struct str address, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PLACE_PUT);
    query_str(&q, 1, files_place);
    query_str(&q, 2, address);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? store_change(conn, "files", 0, fault) : rc;
}

enum rc files_place_remove(struct store_conn *conn, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PLACE_REMOVE);
    query_str(&q, 1, files_place);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? store_change(conn, "files", 0, fault) : rc;
}
