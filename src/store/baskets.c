#include "store/baskets.h"

#include "statements.h"
#include "store/db.h"

static struct query of_basket(struct store_conn *conn, uint64_t account, const struct hash *hash,
                              enum statement by_account, enum statement by_hash)
{
    struct query q = query_start(conn, account != 0 ? by_account : by_hash);
    if (account != 0)
        query_int(&q, 1, (int64_t)account);
    else
        query_bytes(&q, 1, hash->b, sizeof hash->b);
    return q;
}

enum rc basket_row(struct store_conn *conn, uint64_t account, const struct hash *hash,
                   struct basket_row *ret, struct fault *fault)
{
    QUERY q = of_basket(conn, account, hash, SQL_BASKET_OF_ACCOUNT, SQL_BASKET_BY_HASH);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct basket_row){(uint64_t)query_get_int(&q, 0), (uint64_t)query_get_int(&q, 1),
                                   (uint64_t)query_get_int(&q, 2)};
    return rc;
}

enum rc basket_row_add(struct store_conn *conn, uint64_t account, const struct hash *hash,
                       unsigned storefront, int64_t now, uint64_t *ret_id, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "basket", 1, ret_id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_BASKET_ADD);
    query_int(&q, 1, (int64_t)*ret_id);
    query_bytes(&q, 2, hash->b, sizeof hash->b);
    query_int(&q, 3, (int64_t)account);
    query_int(&q, 4, storefront);
    query_int(&q, 5, now);
    return query_run(&q, fault);
}

enum rc basket_row_touch(struct store_conn *conn, uint64_t id, unsigned storefront, int64_t now,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_BASKET_TOUCH);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, storefront);
    query_int(&q, 3, now);
    return query_run(&q, fault);
}

enum rc basket_row_voucher(struct store_conn *conn, uint64_t id, uint64_t voucher,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_BASKET_VOUCHER_PUT);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)voucher);
    return query_run(&q, fault);
}

static enum rc run_with(struct store_conn *conn, enum statement name, int64_t value,
                        struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, value);
    return query_run(&q, fault);
}

enum rc basket_row_remove(struct store_conn *conn, uint64_t id, struct fault *fault)
{
    enum rc rc = run_with(conn, SQL_BASKET_LINES_REMOVE, (int64_t)id, fault);
    return rc == RC_OK ? run_with(conn, SQL_BASKET_REMOVE, (int64_t)id, fault) : rc;
}

enum rc basket_rows_forget(struct store_conn *conn, int64_t before, struct fault *fault)
{
    enum rc rc = run_with(conn, SQL_BASKET_LINES_FORGET, before, fault);
    return rc == RC_OK ? run_with(conn, SQL_BASKETS_FORGET, before, fault) : rc;
}

static enum rc read_line(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct basket_line_row *)ret = (struct basket_line_row){
        .edition = (uint64_t)query_get_int(q, 0),
        .quantity = query_get_int(q, 1),
        .later = query_get_int(q, 2) != 0,
        .price = query_get_int(q, 3),
        .currency = query_get_str(q, 4, arena),
        .added = query_get_int(q, 5),
        .key = query_get_str(q, 6, arena),
    };
    return RC_OK;
}

enum rc basket_line_rows(struct store_conn *conn, struct arena *arena, uint64_t basket, size_t room,
                         struct basket_line_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_BASKET_LINES);
    query_int(&q, 1, (int64_t)basket);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_line, ret, ret_n, fault);
}

enum rc basket_line_count(struct store_conn *conn, uint64_t account, const struct hash *hash,
                          uint64_t *ret, struct fault *fault)
{
    QUERY q = of_basket(conn, account, hash, SQL_BASKET_COUNT_OF_ACCOUNT, SQL_BASKET_COUNT_BY_HASH);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (uint64_t)query_get_int(&q, 0);
    return rc;
}

enum rc basket_line_row_put(struct store_conn *conn, uint64_t basket,
                            const struct basket_line_row *row, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_BASKET_LINE_PUT);
    query_int(&q, 1, (int64_t)basket);
    query_int(&q, 2, (int64_t)row->edition);
    query_int(&q, 3, row->quantity);
    query_int(&q, 4, row->later);
    query_int(&q, 5, row->price);
    query_str(&q, 6, row->currency);
    query_int(&q, 7, row->added);
    return query_run(&q, fault);
}

enum rc basket_line_row_remove(struct store_conn *conn, uint64_t basket, uint64_t edition,
                               struct fault *fault)
{
    QUERY q = query_start(conn, SQL_BASKET_LINE_REMOVE);
    query_int(&q, 1, (int64_t)basket);
    query_int(&q, 2, (int64_t)edition);
    return query_run(&q, fault);
}
