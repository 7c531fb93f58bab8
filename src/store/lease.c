#include "store/lease.h"

#include "store/db.h"

enum rc lease_look(struct store_conn *conn, const char *name, struct lease *ret,
                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEASE_GET);
    query_str(&q, 1, str_of(name));
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct lease){.held = query_peek(&q, 0).n > 0,
                              .term = (uint64_t)query_get_int(&q, 1),
                              .beat = (uint64_t)query_get_int(&q, 2),
                              .at = query_get_int(&q, 3)};
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = (struct lease){0};
    return RC_OK;
}

static enum rc first(struct store_conn *conn, const char *name, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEASE_FIRST);
    query_str(&q, 1, str_of(name));
    return query_run(&q, fault);
}

enum rc lease_take(struct store_conn *conn, const char *name, struct str holder,
                   const struct lease *seen, int64_t at, uint64_t *ret_term, struct fault *fault)
{
    enum rc rc = seen->term == 0 ? first(conn, name, fault) : RC_OK;
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_LEASE_TAKE);
    query_str(&q, 1, str_of(name));
    query_str(&q, 2, holder);
    query_int(&q, 3, (int64_t)seen->term);
    query_int(&q, 4, (int64_t)seen->beat);
    query_int(&q, 5, at);
    rc = query_run(&q, fault);
    if (rc == RC_OK && query_changes(&q) != 1)
        return fault_set(fault, RC_CONFLICT, "another process leads");
    *ret_term = seen->term + 1;
    return rc;
}

enum rc lease_beat(struct store_conn *conn, const char *name, uint64_t term, int64_t at,
                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEASE_BEAT);
    query_str(&q, 1, str_of(name));
    query_int(&q, 2, (int64_t)term);
    query_int(&q, 3, at);
    enum rc rc = query_run(&q, fault);
    if (rc == RC_OK && query_changes(&q) != 1)
        return fault_set(fault, RC_CONFLICT, "another process leads now");
    return rc;
}

enum rc lease_end(struct store_conn *conn, const char *name, uint64_t term, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEASE_END);
    query_str(&q, 1, str_of(name));
    query_int(&q, 2, (int64_t)term);
    return query_run(&q, fault);
}
