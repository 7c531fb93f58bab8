#include "store/hints.h"

#include "store/db.h"

enum rc hint_row_shop(struct store_conn *conn, uint64_t edition, uint64_t *ret_shop,
                      struct fault *fault)
{
    QUERY q = query_start(conn, SQL_HINT_SHOP);
    query_int(&q, 1, (int64_t)edition);
    return query_number(&q, ret_shop, fault);
}

enum rc hint_row_add(struct store_conn *conn, uint64_t shop, const struct hint *hint,
                     struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "hint", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_HINT_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)shop);
    query_str(&q, 3, hint->key);
    query_int(&q, 4, hint->storefront);
    query_str(&q, 5, str_of(hint_what_name(hint->what)));
    query_str(&q, 6, hint->words);
    query_str(&q, 7, hint->address);
    query_int(&q, 8, hint->at);
    return query_run(&q, fault);
}

enum rc hint_rows_open(struct store_conn *conn, uint64_t shop, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_HINT_OPEN_COUNT);
    query_int(&q, 1, (int64_t)shop);
    return query_number(&q, ret, fault);
}

enum rc hint_rows(struct store_conn *conn, struct arena *arena, uint64_t shop, bool done,
                  size_t room, hint_list *ret, struct fault *fault)
{
    QUERY q = query_start(conn, done ? SQL_HINTS_DONE : SQL_HINTS_OPEN);
    hint_list list = {ARENA_ARRAY(arena, struct hint, room), 0};
    enum rc rc = RC_OK;
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)room);
    while (list.n < room && (rc = query_step(&q, fault)) == RC_OK) {
        struct hint *h = &list.v[list.n];
        *h = (struct hint){.id = (uint64_t)query_get_int(&q, 0),
                           .storefront = (unsigned)query_get_int(&q, 2),
                           .key = query_get_str(&q, 3, arena),
                           .words = query_get_str(&q, 4, arena),
                           .address = query_get_str(&q, 5, arena),
                           .at = query_get_int(&q, 6),
                           .done = query_get_int(&q, 7),
                           .who = query_get_str(&q, 8, arena)};
        list.n += hint_what_parse(query_peek(&q, 1), &h->what);
    }
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    return RC_OK;
}

enum rc hint_row_do(struct store_conn *conn, uint64_t shop, uint64_t id, int64_t at,
                    uint64_t account, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_HINT_DO);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)shop);
    query_int(&q, 3, at);
    query_int(&q, 4, (int64_t)account);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0
               ? fault_set(fault, RC_NOT_FOUND, "there is no such thing")
               : rc;
}

enum rc hint_rows_do(struct store_conn *conn, uint64_t shop, uint64_t last, bool unanswered,
                     int64_t at, uint64_t account, struct fault *fault)
{
    QUERY q = query_start(conn, unanswered ? SQL_HINTS_DO_UNANSWERED : SQL_HINTS_DO_ALL);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)last);
    query_int(&q, 3, at);
    query_int(&q, 4, (int64_t)account);
    return query_run(&q, fault);
}

enum rc hint_rows_expire(struct store_conn *conn, int64_t before, int64_t now, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_HINTS_EXPIRE);
    query_int(&q, 1, before);
    query_int(&q, 2, now);
    return query_run(&q, fault);
}
