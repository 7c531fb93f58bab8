#include "store/papers.h"

#include "store/db.h"

static struct seller read_shown(const struct query *q, struct arena *arena, uint64_t shop)
{
    return (struct seller){.shop = shop,
                           .name = query_get_str(q, 0, arena),
                           .address = query_get_str(q, 1, arena),
                           .country = query_get_str(q, 2, arena),
                           .email = query_get_str(q, 3, arena),
                           .tax_number = query_get_str(q, 4, arena)};
}

enum rc seller_row_get(struct store_conn *conn, struct arena *arena, uint64_t shop,
                       struct seller *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SELLER_GET);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    *ret = read_shown(&q, arena, shop);
    ret->account = query_get_str(&q, 5, arena);
    ret->fee = query_get_int(&q, 6);
    ret->changed = query_get_int(&q, 7);
    return RC_OK;
}

enum rc seller_row_shown(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         struct seller *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SELLER_SHOWN);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_shown(&q, arena, shop);
    return rc;
}

enum rc seller_row_put(struct store_conn *conn, const struct seller *s, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SELLER_PUT);
    query_int(&q, 1, (int64_t)s->shop);
    query_str(&q, 2, s->name);
    query_str(&q, 3, s->address);
    query_str(&q, 4, s->country);
    query_str(&q, 5, s->email);
    query_str(&q, 6, s->tax_number);
    query_str(&q, 7, s->account);
    query_int(&q, 8, s->fee);
    query_int(&q, 9, s->changed);
    return query_run(&q, fault);
}
