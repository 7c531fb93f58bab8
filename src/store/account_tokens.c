#include "store/account_tokens.h"

#include "store/db.h"

enum rc account_token_put(struct store_conn *conn, const struct hash *hash, uint64_t account,
                          const char *kind, int64_t now, int64_t expires, struct fault *fault)
{
    QUERY expired = query_start(conn, SQL_TOKEN_REMOVE_EXPIRED);
    query_int(&expired, 1, now);
    enum rc rc = query_run(&expired, fault);
    if (rc == RC_OK)
        rc = account_token_remove(conn, account, kind, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_TOKEN_ADD);
    query_bytes(&q, 1, hash->b, sizeof hash->b);
    query_int(&q, 2, (int64_t)account);
    query_str(&q, 3, str_of(kind));
    query_int(&q, 4, expires);
    return query_run(&q, fault);
}

enum rc account_token_get(struct store_conn *conn, const struct hash *hash, const char *kind,
                          int64_t now, uint64_t *ret_account, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TOKEN_GET);
    query_bytes(&q, 1, hash->b, sizeof hash->b);
    query_str(&q, 2, str_of(kind));
    query_int(&q, 3, now);
    return query_number(&q, ret_account, fault);
}

enum rc account_token_remove(struct store_conn *conn, uint64_t account, const char *kind,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TOKEN_REMOVE_ALL);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, str_of(kind));
    return query_run(&q, fault);
}

enum rc account_password_put(struct store_conn *conn, uint64_t account, struct str password,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_PASSWORD_PUT);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, password);
    return query_run(&q, fault);
}

enum rc sign_up_row_add(struct store_conn *conn, const struct sign_up_row *row, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SIGN_UP_ADD);
    query_bytes(&q, 1, row->link.b, sizeof row->link.b);
    query_str(&q, 2, row->email);
    query_str(&q, 3, row->name);
    query_str(&q, 4, row->password);
    query_str(&q, 5, row->language);
    query_int(&q, 6, row->expires);
    return query_run(&q, fault);
}

enum rc sign_up_row_get(struct store_conn *conn, struct arena *arena, const struct hash *link,
                        int64_t now, struct sign_up_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SIGN_UP_GET);
    query_bytes(&q, 1, link->b, sizeof link->b);
    query_int(&q, 2, now);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct sign_up_row){.email = query_get_str(&q, 0, arena),
                                    .name = query_get_str(&q, 1, arena),
                                    .password = query_get_str(&q, 2, arena),
                                    .language = query_get_str(&q, 3, arena)};
    return rc;
}

enum rc sign_up_rows_remove(struct store_conn *conn, struct str email, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SIGN_UP_REMOVE_OF);
    query_str(&q, 1, email);
    return query_run(&q, fault);
}

enum rc sign_up_rows_forget(struct store_conn *conn, int64_t now, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SIGN_UP_REMOVE_EXPIRED);
    query_int(&q, 1, now);
    return query_run(&q, fault);
}

enum rc address_change_put(struct store_conn *conn, const struct hash *link, uint64_t account,
                           struct str email, int64_t now, int64_t expires, struct fault *fault)
{
    enum rc rc = address_changes_forget(conn, now, fault);
    if (rc == RC_OK)
        rc = address_change_remove(conn, account, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_ADDRESS_CHANGE_ADD);
    query_bytes(&q, 1, link->b, sizeof link->b);
    query_int(&q, 2, (int64_t)account);
    query_str(&q, 3, email);
    query_int(&q, 4, expires);
    return query_run(&q, fault);
}

enum rc address_change_get(struct store_conn *conn, struct arena *arena, const struct hash *link,
                           int64_t now, uint64_t *ret_account, struct str *ret_email,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ADDRESS_CHANGE_GET);
    query_bytes(&q, 1, link->b, sizeof link->b);
    query_int(&q, 2, now);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK) {
        *ret_account = (uint64_t)query_get_int(&q, 0);
        *ret_email = query_get_str(&q, 1, arena);
    }
    return rc;
}

enum rc address_change_remove(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ADDRESS_CHANGE_REMOVE_OF);
    query_int(&q, 1, (int64_t)account);
    return query_run(&q, fault);
}

enum rc address_changes_forget(struct store_conn *conn, int64_t now, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ADDRESS_CHANGE_REMOVE_EXPIRED);
    query_int(&q, 1, now);
    return query_run(&q, fault);
}

enum rc account_email_put(struct store_conn *conn, uint64_t account, struct str email, int64_t now,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_EMAIL_PUT);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, email);
    query_int(&q, 3, now);
    enum rc rc = query_run(&q, fault);
    return rc == RC_CONFLICT ? fault_set(fault, rc, "email: there is an account with this address")
                             : rc;
}
