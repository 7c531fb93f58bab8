#include "store/passkeys.h"

#include "store/db.h"

enum rc passkey_row_add(struct store_conn *conn, const struct passkey_row *row, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "passkey", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_PASSKEY_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)row->account);
    query_str(&q, 3, row->rp);
    query_bytes(&q, 4, row->credential.p, row->credential.n);
    query_int(&q, 5, row->algorithm);
    query_bytes(&q, 6, row->key.p, row->key.n);
    query_int(&q, 7, row->counter);
    query_str(&q, 8, row->name);
    query_int(&q, 9, row->created);
    return query_run(&q, fault);
}

enum rc passkey_user_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                         struct str *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PASSKEY_USER_GET);
    query_int(&q, 1, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

enum rc passkey_user_put(struct store_conn *conn, uint64_t account, const uint8_t *user, size_t n,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PASSKEY_USER_PUT);
    query_int(&q, 1, (int64_t)account);
    query_bytes(&q, 2, user, n);
    return query_run(&q, fault);
}

enum rc passkey_row_by_credential(struct store_conn *conn, struct arena *arena,
                                  struct str credential, struct passkey_row *ret,
                                  struct str *ret_email, struct str *ret_role, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PASSKEY_BY_CREDENTIAL);
    query_bytes(&q, 1, credential.p, credential.n);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct passkey_row){.id = (uint64_t)query_get_int(&q, 0),
                                .account = (uint64_t)query_get_int(&q, 1),
                                .rp = query_get_str(&q, 2, arena),
                                .credential = credential,
                                .algorithm = (int)query_get_int(&q, 3),
                                .key = query_get_str(&q, 4, arena),
                                .counter = (uint32_t)query_get_int(&q, 5),
                                .user = query_get_int(&q, 9) != 0 ? STR_NONE
                                                                  : query_get_str(&q, 8, arena)};
    *ret_email = query_get_str(&q, 6, arena);
    *ret_role = query_get_str(&q, 7, arena);
    return RC_OK;
}

enum rc passkey_rows(struct store_conn *conn, struct arena *arena, uint64_t account, size_t room,
                     struct passkey_row **ret, size_t *ret_n, struct fault *fault)
{
    struct passkey_row *rows = ARENA_ARRAY(arena, struct passkey_row, room);
    size_t n = 0;
    enum rc rc = RC_OK;
    QUERY q = query_start(conn, SQL_PASSKEYS_OF_ACCOUNT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)room);
    while (n < room && (rc = query_step(&q, fault)) == RC_OK)
        rows[n++] = (struct passkey_row){.id = (uint64_t)query_get_int(&q, 0),
                                         .account = account,
                                         .rp = query_get_str(&q, 1, arena),
                                         .credential = query_get_str(&q, 2, arena),
                                         .name = query_get_str(&q, 3, arena),
                                         .created = query_get_int(&q, 4),
                                         .used = query_get_int(&q, 5)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc passkey_row_used(struct store_conn *conn, uint64_t id, uint32_t counter, int64_t day,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PASSKEY_USED);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, counter);
    query_int(&q, 3, day);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0
               ? fault_set(fault, RC_CONFLICT, "a passkey's counter did not go up")
               : rc;
}

enum rc passkey_row_remove(struct store_conn *conn, uint64_t account, uint64_t id,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PASSKEY_REMOVE);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)account);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0
               ? fault_set(fault, RC_NOT_FOUND, "there is no such passkey")
               : rc;
}

enum rc passkey_rows_remove(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PASSKEYS_OF_ACCOUNT_REMOVE);
    query_int(&q, 1, (int64_t)account);
    return query_run(&q, fault);
}

enum rc passkey_challenge_put(struct store_conn *conn, const struct hash *challenge,
                              const struct hash *bound, int64_t now, int64_t expires,
                              struct fault *fault)
{
    QUERY expired = query_start(conn, SQL_PASSKEY_CHALLENGE_REMOVE_EXPIRED);
    query_int(&expired, 1, now);
    enum rc rc = query_run(&expired, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_PASSKEY_CHALLENGE_ADD);
    query_bytes(&q, 1, challenge->b, sizeof challenge->b);
    query_bytes(&q, 2, bound->b, sizeof bound->b);
    query_int(&q, 3, expires);
    return query_run(&q, fault);
}

enum rc passkey_challenge_take(struct store_conn *conn, const struct hash *challenge,
                               const struct hash *bound, int64_t now, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PASSKEY_CHALLENGE_TAKE);
    query_bytes(&q, 1, challenge->b, sizeof challenge->b);
    query_bytes(&q, 2, bound->b, sizeof bound->b);
    query_int(&q, 3, now);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0 ? RC_NOT_FOUND : rc;
}
