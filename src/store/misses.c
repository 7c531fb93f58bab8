#include "store/misses.h"

#include "store/db.h"

static enum rc add_row(struct store_conn *conn, int32_t day, const struct miss *miss, uint64_t room,
                       struct fault *fault)
{
    QUERY count = query_start(conn, SQL_MISS_COUNT);
    query_int(&count, 1, day);
    query_int(&count, 2, miss->storefront);
    enum rc rc = query_step(&count, fault);
    if (rc != RC_OK || (uint64_t)query_get_int(&count, 0) >= room)
        return rc;
    QUERY add = query_start(conn, SQL_MISS_ADD);
    query_int(&add, 1, day);
    query_int(&add, 2, miss->storefront);
    query_str(&add, 3, miss->query);
    query_int(&add, 4, (int64_t)miss->asked);
    return query_run(&add, fault);
}

enum rc miss_row_raise(struct store_conn *conn, int32_t day, const struct miss *miss, uint64_t room,
                       struct fault *fault)
{
    QUERY q = query_start(conn, SQL_MISS_RAISE);
    query_int(&q, 1, day);
    query_int(&q, 2, miss->storefront);
    query_str(&q, 3, miss->query);
    query_int(&q, 4, (int64_t)miss->asked);
    enum rc rc = query_step(&q, fault);
    return rc == RC_NOT_FOUND ? add_row(conn, day, miss, room, fault) : rc;
}

enum rc miss_rows_forget(struct store_conn *conn, int32_t before, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_MISSES_FORGET);
    query_int(&q, 1, before);
    return query_run(&q, fault);
}

enum rc miss_rows(struct store_conn *conn, struct arena *arena, size_t room, struct miss **ret,
                  size_t *ret_n, struct fault *fault)
{
    struct miss *rows = ARENA_ARRAY(arena, struct miss, room);
    size_t n = 0;
    enum rc rc = RC_OK;
    QUERY q = query_start(conn, SQL_MISSES_MOST);
    query_int(&q, 1, (int64_t)room);
    while (n < room && (rc = query_step(&q, fault)) == RC_OK)
        rows[n++] = (struct miss){.query = query_get_str(&q, 0, arena),
                                  .storefront = (unsigned)query_get_int(&q, 1),
                                  .asked = (uint64_t)query_get_int(&q, 2),
                                  .first = (int32_t)query_get_int(&q, 3),
                                  .last = (int32_t)query_get_int(&q, 4)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}
