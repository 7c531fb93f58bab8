#include "store/candidates.h"

#include "store/db.h"

enum rc candidate_get(struct store_conn *conn, struct arena *arena, enum log_id log,
                      struct stored_candidate *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CANDIDATE_GET);
    query_int(&q, 1, log);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct stored_candidate){(uint64_t)query_get_int(&q, 0),
                                         (uint64_t)query_get_int(&q, 1), query_get_int(&q, 2),
                                         query_get_str(&q, 3, arena)};
    return rc;
}

enum rc candidate_add(struct store_conn *conn, enum log_id log, const struct stored_candidate *c,
                      struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CANDIDATE_ADD);
    query_int(&q, 1, log);
    query_int(&q, 2, (int64_t)c->size);
    query_int(&q, 3, (int64_t)c->last_entry);
    query_int(&q, 4, c->at);
    query_str(&q, 5, c->note);
    return query_run(&q, fault);
}

enum rc candidate_remove(struct store_conn *conn, enum log_id log, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CANDIDATE_REMOVE);
    query_int(&q, 1, log);
    return query_run(&q, fault);
}

enum rc candidate_stands(struct store_conn *conn, uint64_t *ret_last_entry, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CANDIDATE_STANDS);
    return query_number(&q, ret_last_entry, fault);
}

enum rc candidate_policy(struct store_conn *conn, struct arena *arena, struct str *ret,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WITNESS_POLICY_GET);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

enum rc candidate_policy_add(struct store_conn *conn, uint64_t entry_id, struct str text,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WITNESS_POLICY_ADD);
    query_int(&q, 1, (int64_t)entry_id);
    query_str(&q, 2, text);
    return query_run(&q, fault);
}
