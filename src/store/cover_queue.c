#include "store/cover_queue.h"

#include "store/db.h"

static struct cover_fetch_row read_row(const struct query *q, struct arena *arena)
{
    struct str digest = query_peek(q, 9);
    struct cover_fetch_row row = {.edition = (uint64_t)query_get_int(q, 0),
                                  .link = query_get_str(q, 1, arena),
                                  .host = query_get_str(q, 2, arena),
                                  .due = query_get_int(q, 3),
                                  .failures = (unsigned)query_get_int(q, 4),
                                  .said = query_get_str(q, 5, arena),
                                  .status = (unsigned)query_get_int(q, 6),
                                  .etag = query_get_str(q, 7, arena),
                                  .modified = query_get_str(q, 8, arena),
                                  .has_digest = digest.n == sizeof row.digest.b,
                                  .checked = query_get_int(q, 10)};
    if (row.has_digest)
        memcpy(row.digest.b, digest.p, sizeof row.digest.b);
    return row;
}

enum rc cover_fetch_put(struct store_conn *conn, uint64_t edition, struct str link, struct str host,
                        int64_t due, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COVER_FETCH_PUT);
    query_int(&q, 1, (int64_t)edition);
    query_str(&q, 2, link);
    query_str(&q, 3, host);
    query_int(&q, 4, due);
    return query_run(&q, fault);
}

enum rc cover_fetch_get(struct store_conn *conn, struct arena *arena, uint64_t edition,
                        struct cover_fetch_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COVER_FETCH_GET);
    query_int(&q, 1, (int64_t)edition);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_row(&q, arena);
    return rc;
}

static enum rc put_host(struct store_conn *conn, struct str host, int64_t free_at, bool claimed,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COVER_HOST_PUT);
    query_str(&q, 1, host);
    query_int(&q, 2, free_at);
    query_int(&q, 3, claimed);
    return query_run(&q, fault);
}

enum rc cover_fetch_next(struct store_conn *conn, int64_t now, uint64_t *ret_edition,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COVER_FETCH_NEXT);
    query_int(&q, 1, now);
    return query_number(&q, ret_edition, fault);
}

static enum rc ready(struct store_conn *conn, struct arena *arena, uint64_t edition, int64_t now,
                     struct cover_fetch_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COVER_FETCH_READY);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, now);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_row(&q, arena);
    return rc;
}

enum rc cover_fetch_claim(struct store_conn *conn, struct arena *arena, uint64_t edition,
                          int64_t now, int64_t until, struct cover_fetch_row *ret,
                          struct fault *fault)
{
    struct cover_fetch_row row;
    enum rc rc = ready(conn, arena, edition, now, &row, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_COVER_FETCH_CLAIM);
    query_int(&q, 1, (int64_t)row.edition);
    query_int(&q, 2, until);
    rc = query_run(&q, fault);
    if (rc == RC_OK)
        rc = put_host(conn, row.host, until, true, fault);
    if (rc == RC_OK)
        *ret = row;
    return rc;
}

enum rc cover_fetch_end(struct store_conn *conn, const struct cover_fetch_row *row,
                        int64_t host_free, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COVER_FETCH_END);
    query_int(&q, 1, (int64_t)row->edition);
    query_str(&q, 2, row->link);
    query_int(&q, 3, row->due);
    query_int(&q, 4, row->failures);
    query_str(&q, 5, row->said);
    query_int(&q, 6, row->status);
    query_str(&q, 7, row->etag);
    query_str(&q, 8, row->modified);
    if (row->has_digest)
        query_bytes(&q, 9, row->digest.b, sizeof row->digest.b);
    else
        query_null(&q, 9);
    query_int(&q, 10, row->checked);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? put_host(conn, row->host, host_free, false, fault) : rc;
}

enum rc cover_fetch_remove(struct store_conn *conn, uint64_t edition, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COVER_FETCH_REMOVE);
    query_int(&q, 1, (int64_t)edition);
    return query_run(&q, fault);
}

enum rc cover_fetch_anew(struct store_conn *conn, uint64_t edition, int64_t due,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COVER_FETCH_ANEW);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, due);
    return query_run(&q, fault);
}

/* A statement that knows a time and nothing else. */
static enum rc run_at(struct store_conn *conn, enum statement statement, int64_t at,
                      struct fault *fault)
{
    QUERY q = query_start(conn, statement);
    query_int(&q, 1, at);
    return query_run(&q, fault);
}

enum rc cover_fetch_failed_anew(struct store_conn *conn, int64_t due, struct fault *fault)
{
    return run_at(conn, SQL_COVER_FETCH_FAILED_ANEW, due, fault);
}

enum rc cover_fetch_all_anew(struct store_conn *conn, int64_t due, struct fault *fault)
{
    return run_at(conn, SQL_COVER_FETCH_ALL_ANEW, due, fault);
}

enum rc cover_fetch_release(struct store_conn *conn, int64_t now, struct fault *fault)
{
    enum rc rc = run_at(conn, SQL_COVER_FETCH_RELEASE, now, fault);
    return rc == RC_OK ? run_at(conn, SQL_COVER_HOST_RELEASE, now, fault) : rc;
}
