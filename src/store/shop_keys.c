#include "store/shop_keys.h"

#include "store/db.h"

static struct shop_key_row row_of(const struct query *q, struct arena *arena)
{
    return (struct shop_key_row){.id = (uint64_t)query_get_int(q, 0),
                                 .shop = (uint64_t)query_get_int(q, 1),
                                 .account = (uint64_t)query_get_int(q, 2),
                                 .name = query_get_str(q, 3, arena),
                                 .account_name = query_get_str(q, 4, arena),
                                 .duties = (unsigned)query_get_int(q, 5),
                                 .good = query_get_int(q, 6) != 0,
                                 .made = query_get_int(q, 7),
                                 .used = query_get_int(q, 8)};
}

enum rc shop_key_row_get(struct store_conn *conn, struct arena *arena, const struct hash *hash,
                         struct shop_key_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_KEY_GET);
    query_bytes(&q, 1, hash->b, sizeof hash->b);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = row_of(&q, arena);
    return rc;
}

enum rc shop_key_rows_of(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                         shop_key_rows *ret, struct fault *fault)
{
    enum rc rc = RC_OK;
    *ret = (shop_key_rows){ARENA_ARRAY(arena, struct shop_key_row, room), 0};
    QUERY q = query_start(conn, SQL_SHOP_KEY_LIST);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)room);
    while (ret->n < room && (rc = query_step(&q, fault)) == RC_OK)
        ret->v[ret->n++] = row_of(&q, arena);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc shop_key_rows_count(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_KEY_COUNT);
    query_int(&q, 1, (int64_t)shop);
    return query_number(&q, ret, fault);
}

enum rc shop_key_row_add(struct store_conn *conn, const struct shop_key_row *row,
                         const struct hash *hash, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "shop_key", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_SHOP_KEY_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)row->shop);
    query_str(&q, 3, row->name);
    query_int(&q, 4, (int64_t)row->duties);
    query_bytes(&q, 5, hash->b, sizeof hash->b);
    query_int(&q, 6, (int64_t)row->account);
    query_int(&q, 7, row->made);
    return query_run(&q, fault);
}

enum rc shop_key_row_used(struct store_conn *conn, uint64_t id, int64_t day, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_KEY_USED);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, day);
    return query_run(&q, fault);
}

enum rc shop_key_row_remove(struct store_conn *conn, uint64_t shop, uint64_t id,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_KEY_REMOVE);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)shop);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0
               ? fault_set(fault, RC_NOT_FOUND, "there is no such key")
               : rc;
}
