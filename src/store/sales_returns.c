#include "store/sales_returns.h"

#include "store/db.h"

static enum rc add_line(struct store_conn *conn, uint64_t id, const struct sales_return_line *line,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_RETURN_LINE_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)line->line);
    query_int(&q, 3, line->quantity);
    query_int(&q, 4, line->expected);
    return query_run(&q, fault);
}

enum rc sales_return_row_add(struct store_conn *conn, struct sales_return *row, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "sales_return", 1, &row->id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_SALES_RETURN_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_str(&q, 2, row->key);
    query_int(&q, 3, (int64_t)row->order);
    query_str(&q, 4, row->reason);
    query_str(&q, 5, row->words);
    query_str(&q, 6, row->state);
    query_int(&q, 7, row->asked);
    query_int(&q, 8, row->ended);
    rc = query_run(&q, fault);
    for (size_t i = 0; rc == RC_OK && i < row->lines.n; i++)
        rc = add_line(conn, row->id, &row->lines.v[i], fault);
    return rc;
}

enum rc sales_return_row_by_key(struct store_conn *conn, struct str key, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_RETURN_BY_KEY);
    query_str(&q, 1, key);
    return query_step(&q, fault);
}

/* A row for each line; a return's stand together. */
enum rc sales_return_rows_of(struct store_conn *conn, struct arena *arena, uint64_t order,
                             sales_returns *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_RETURNS_OF);
    query_int(&q, 1, (int64_t)order);
    query_int(&q, 2, RETURN_LINES_MAX);
    struct sales_return_line *lines =
        ARENA_ARRAY(arena, struct sales_return_line, RETURN_LINES_MAX);
    size_t room = 0, n = 0;
    enum rc rc = RC_OK;
    *ret = (sales_returns){NULL, 0};
    while (n < RETURN_LINES_MAX && (rc = query_step(&q, fault)) == RC_OK) {
        uint64_t id = (uint64_t)query_get_int(&q, 0);
        if (ret->n == 0 || ret->v[ret->n - 1].id != id) {
            ARENA_ROOM(arena, ret->v, ret->n, room);
            ret->v[ret->n++] = (struct sales_return){.id = id,
                                                     .order = order,
                                                     .reason = query_get_str(&q, 1, arena),
                                                     .words = query_get_str(&q, 2, arena),
                                                     .state = query_get_str(&q, 3, arena),
                                                     .asked = query_get_int(&q, 4),
                                                     .ended = query_get_int(&q, 5),
                                                     .lines = {&lines[n], 0}};
        }
        lines[n++] =
            (struct sales_return_line){(uint64_t)query_get_int(&q, 6), query_get_int(&q, 7),
                                       query_get_int(&q, 8), query_get_int(&q, 9)};
        ret->v[ret->n - 1].lines.n++;
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc sales_return_row_came(struct store_conn *conn, uint64_t id, uint64_t line, int64_t quantity,
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_RETURN_CAME);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)line);
    query_int(&q, 3, quantity);
    return query_run(&q, fault);
}

enum rc sales_return_row_end(struct store_conn *conn, uint64_t id, uint64_t order,
                             const char *state, int64_t now, bool *ret_ended, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_RETURN_END);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)order);
    query_str(&q, 3, str_of(state));
    query_int(&q, 4, now);
    enum rc rc = query_run(&q, fault);
    *ret_ended = rc == RC_OK && query_changes(&q) > 0;
    return rc;
}

enum rc sales_returns_count(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_RETURNS_COUNT);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (uint64_t)query_get_int(&q, 0);
    return rc;
}

enum rc sales_order_least_put(struct store_conn *conn, uint64_t order, int64_t amount,
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_ORDER_LEAST_PUT);
    query_int(&q, 1, (int64_t)order);
    query_int(&q, 2, amount);
    return query_run(&q, fault);
}

enum rc sales_order_least(struct store_conn *conn, uint64_t order, int64_t *ret,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_ORDER_LEAST);
    query_int(&q, 1, (int64_t)order);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0);
    return rc;
}
