#include "store/staff_rows.h"

#include "store/db.h"

enum rc factor_row_get(struct store_conn *conn, uint64_t account, struct factor_row *ret,
                       struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FACTOR_GET);
    query_int(&q, 1, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    struct str secret = query_peek(&q, 0);
    if (secret.n != FACTOR_SECRET)
        return fault_set(fault, RC_CORRUPT, "a second factor's secret has %zu bytes", secret.n);
    memcpy(ret->secret, secret.p, FACTOR_SECRET);
    ret->confirmed = query_get_int(&q, 1);
    ret->last_step = query_get_int(&q, 2);
    return RC_OK;
}

static enum rc run_of_account(struct store_conn *conn, enum statement name, uint64_t account,
                              struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)account);
    return query_run(&q, fault);
}

enum rc factor_row_begin(struct store_conn *conn, uint64_t account,
                         const uint8_t secret[FACTOR_SECRET], struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FACTOR_BEGIN);
    query_int(&q, 1, (int64_t)account);
    query_bytes(&q, 2, secret, FACTOR_SECRET);
    return query_run(&q, fault);
}

enum rc factor_row_used(struct store_conn *conn, uint64_t account, int64_t step, int64_t now,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FACTOR_USED);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, step);
    query_int(&q, 3, now);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0
               ? fault_set(fault, RC_CONFLICT, "this code was used already")
               : rc;
}

enum rc factor_row_remove(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    enum rc rc = run_of_account(conn, SQL_FACTOR_REMOVE, account, fault);
    return rc == RC_OK ? run_of_account(conn, SQL_RECOVERY_REMOVE, account, fault) : rc;
}

enum rc recovery_row_add(struct store_conn *conn, uint64_t account, const struct hash *hash,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECOVERY_ADD);
    query_int(&q, 1, (int64_t)account);
    query_bytes(&q, 2, hash->b, sizeof hash->b);
    return query_run(&q, fault);
}

enum rc recovery_row_use(struct store_conn *conn, uint64_t account, const struct hash *hash,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECOVERY_USE);
    query_int(&q, 1, (int64_t)account);
    query_bytes(&q, 2, hash->b, sizeof hash->b);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0 ? RC_NOT_FOUND : rc;
}

enum rc recovery_row_count(struct store_conn *conn, uint64_t account, uint64_t *ret,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECOVERY_COUNT);
    query_int(&q, 1, (int64_t)account);
    return query_number(&q, ret, fault);
}

static enum rc read_staff(const struct query *q, struct arena *arena, void *ret,
                          struct fault *fault)
{
    (void)fault;
    *(struct staff_row *)ret = (struct staff_row){
        (uint64_t)query_get_int(q, 0), query_get_str(q, 1, arena), query_get_str(q, 2, arena),
        query_get_str(q, 3, arena),    query_get_int(q, 4),        query_get_str(q, 5, arena)};
    return RC_OK;
}

enum rc staff_rows(struct store_conn *conn, struct arena *arena, size_t room,
                   struct staff_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_STAFF);
    query_int(&q, 1, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_staff, ret, ret_n, fault);
}

enum rc staff_last_operator(struct store_conn *conn, uint64_t account, bool *ret,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_LAST_OPERATOR);
    query_int(&q, 1, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rc == RC_OK;
    return RC_OK;
}

enum rc account_role_put(struct store_conn *conn, uint64_t account, struct str role,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_ROLE_PUT);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, role);
    return query_run(&q, fault);
}

enum rc partner_row_put(struct store_conn *conn, uint64_t account, uint64_t shop,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PARTNER_PUT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)shop);
    return query_run(&q, fault);
}

enum rc partner_row_remove(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    return run_of_account(conn, SQL_PARTNER_REMOVE, account, fault);
}

enum rc partner_rows(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                     uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PARTNER_ACCOUNTS);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)room);
    uint64_t *ids = ARENA_ARRAY(arena, uint64_t, room);
    size_t n = 0;
    enum rc rc = RC_OK;
    while (n < room && (rc = query_step(&q, fault)) == RC_OK)
        ids[n++] = (uint64_t)query_get_int(&q, 0);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = ids;
    *ret_n = n;
    return RC_OK;
}

enum rc session_remove_without_factor(struct store_conn *conn, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SESSION_REMOVE_WITHOUT_FACTOR);
    return query_run(&q, fault);
}
