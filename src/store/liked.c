#include "store/liked.h"

#include "store/catalogue_rows.h"
#include "store/db.h"

enum rc liked_works_after(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                          uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIKED_WORKS_AFTER);
    query_int(&q, 1, (int64_t)after);
    query_int(&q, 2, (int64_t)room);
    return rows_ids(&q, arena, ret, ret_n, fault);
}

enum rc liked_of(struct store_conn *conn, struct arena *arena, uint64_t work,
                 const struct liked_rule *rule, uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIKED_OF);
    query_int(&q, 1, (int64_t)work);
    query_int(&q, 2, rule->stars);
    query_int(&q, 3, (int64_t)rule->looked_at);
    query_int(&q, 4, (int64_t)rule->readers);
    query_int(&q, 5, (int64_t)rule->places);
    return rows_ids(&q, arena, ret, ret_n, fault);
}

enum rc liked_now(struct store_conn *conn, struct arena *arena, uint64_t work, uint64_t **ret,
                  size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIKED_NOW);
    query_int(&q, 1, (int64_t)work);
    return rows_ids(&q, arena, ret, ret_n, fault);
}

enum rc liked_put(struct store_conn *conn, uint64_t work, const uint64_t *others, size_t n,
                  struct fault *fault)
{
    QUERY gone = query_start(conn, SQL_LIKED_REMOVE);
    query_int(&gone, 1, (int64_t)work);
    enum rc rc = query_run(&gone, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        QUERY q = query_start(conn, SQL_LIKED_ADD);
        query_int(&q, 1, (int64_t)work);
        query_int(&q, 2, (int64_t)i + 1);
        query_int(&q, 3, (int64_t)others[i]);
        rc = query_run(&q, fault);
    }
    return rc;
}
