/* What belongs to no aggregate: settings, counters, the change feed. */
#include "store/db.h"
#include "store/engine.h"
#include "store/noting.h"

enum rc store_setting(struct store_conn *conn, struct arena *arena, const char *name,
                      struct str *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SETTING_GET);
    query_str(&q, 1, str_of(name));
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

enum rc store_setting_put(struct store_conn *conn, const char *name, struct str value,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SETTING_PUT);
    query_str(&q, 1, str_of(name));
    query_str(&q, 2, value);
    return query_run(&q, fault);
}

enum rc store_setting_remove(struct store_conn *conn, const char *name, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SETTING_REMOVE);
    query_str(&q, 1, str_of(name));
    return query_run(&q, fault);
}

enum rc store_change(struct store_conn *conn, const char *kind, uint64_t key, struct fault *fault)
{
    uint64_t seq;
    if (conn->held != NULL) { /* its place in the feed is where it will be seen */
        held_note_change(conn, kind, key);
        return RC_OK;
    }
    enum rc rc = store_take_ids(conn, "change", 1, &seq, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_CHANGE_ADD);
    query_int(&q, 1, (int64_t)seq);
    query_str(&q, 2, str_of(kind));
    query_int(&q, 3, (int64_t)key);
    return query_run(&q, fault);
}

enum rc store_changes(struct store_conn *conn, struct arena *arena, uint64_t after,
                      struct change *ret, size_t room, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CHANGE_AFTER);
    query_int(&q, 1, (int64_t)after);
    query_int(&q, 2, (int64_t)room);
    size_t n = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK && n < room)
        ret[n++] = (struct change){(uint64_t)query_get_int(&q, 0), query_get_str(&q, 1, arena),
                                   (uint64_t)query_get_int(&q, 2)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret_n = n;
    return RC_OK;
}

enum rc store_changed_all(struct store_conn *conn, uint64_t seq, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CHANGE_OF_ALL);
    query_int(&q, 1, (int64_t)seq);
    return query_step(&q, fault);
}

enum rc store_change_latest(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CHANGE_LATEST);
    return query_number(&q, ret, fault);
}
