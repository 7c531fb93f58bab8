#include "store/stock.h"

#include "store/db.h"

static struct query about(struct store_conn *conn, enum statement name, uint64_t shop,
                          uint64_t edition)
{
    struct query q = query_start(conn, name);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)edition);
    return q;
}

enum rc stock_row(struct store_conn *conn, uint64_t shop, uint64_t edition, struct stock_row *ret,
                  struct fault *fault)
{
    QUERY q = about(conn, SQL_STOCK_OF, shop, edition);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct stock_row){.edition = edition,
                                  .on_hand = (uint64_t)query_get_int(&q, 0),
                                  .promised = (uint64_t)query_get_int(&q, 1),
                                  .counted = query_get_int(&q, 2)};
    return rc;
}

void stock_row_ask(struct store_conn *conn, uint64_t shop, uint64_t edition)
{
    QUERY q = about(conn, SQL_STOCK_OF, shop, edition);
    query_ask(&q);
}

static enum rc read_row(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct stock_row *)ret = (struct stock_row){.edition = (uint64_t)query_get_int(q, 0),
                                                  .key = query_get_str(q, 1, arena),
                                                  .on_hand = (uint64_t)query_get_int(q, 2),
                                                  .promised = (uint64_t)query_get_int(q, 3),
                                                  .counted = query_get_int(q, 4)};
    return RC_OK;
}

enum rc stock_rows_after(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         uint64_t after, int64_t left, size_t room, stock_rows *ret,
                         struct fault *fault)
{
    QUERY q = about(conn, SQL_STOCK_LIST, shop, after);
    query_int(&q, 3, left);
    query_int(&q, 4, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_row, &ret->v, &ret->n, fault);
}

enum rc stock_row_by_key(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         struct str key, struct stock_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_STOCK_BY_KEY);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, key);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_row(&q, arena, ret, fault) : rc;
}

enum rc stock_rows_sum(struct store_conn *conn, uint64_t shop, struct stock_sums *ret,
                       struct fault *fault)
{
    QUERY q = query_start(conn, SQL_STOCK_SUMS);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct stock_sums){(uint64_t)query_get_int(&q, 0), (uint64_t)query_get_int(&q, 1),
                                   (uint64_t)query_get_int(&q, 2)};
    return rc;
}

/* ---- counting ---- */

static enum rc add_row(struct store_conn *conn, uint64_t shop, uint64_t edition, uint64_t on_hand,
                       int64_t now, struct fault *fault)
{
    int64_t waits = 0;
    QUERY open = about(conn, SQL_STOCK_OPEN, shop, edition);
    enum rc rc = query_step(&open, fault);
    if (rc == RC_OK)
        waits = query_get_int(&open, 0);
    if (rc == RC_OK && waits > 0) {
        QUERY holds = about(conn, SQL_STOCK_HOLDS_MAKE, shop, edition);
        rc = query_run(&holds, fault);
    }
    if (rc != RC_OK)
        return rc;
    QUERY q = about(conn, SQL_STOCK_ADD, shop, edition);
    query_int(&q, 3, (int64_t)on_hand);
    query_int(&q, 4, waits);
    query_int(&q, 5, now);
    return query_run(&q, fault);
}

enum rc stock_row_put(struct store_conn *conn, uint64_t shop, uint64_t edition, uint64_t on_hand,
                      int64_t now, struct fault *fault)
{
    struct stock_row row;
    enum rc rc = stock_row(conn, shop, edition, &row, fault);
    if (rc == RC_NOT_FOUND)
        return add_row(conn, shop, edition, on_hand, now, fault);
    if (rc != RC_OK || (row.on_hand == on_hand && row.counted >= now))
        return rc;
    QUERY q = about(conn, SQL_STOCK_PUT, shop, edition);
    query_int(&q, 3, (int64_t)on_hand);
    query_int(&q, 4, now);
    return query_run(&q, fault);
}

enum rc stock_row_remove(struct store_conn *conn, uint64_t shop, uint64_t edition,
                         struct fault *fault)
{
    QUERY holds = about(conn, SQL_STOCK_HOLDS_DROP, shop, edition);
    enum rc rc = query_run(&holds, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = about(conn, SQL_STOCK_REMOVE, shop, edition);
    rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0
               ? fault_set(fault, RC_NOT_FOUND, "it is not counted")
               : rc;
}

/* ---- promising ---- */

enum rc stock_row_promise(struct store_conn *conn, uint64_t purchase, uint64_t shop,
                          uint64_t edition, uint64_t quantity, int64_t expires, struct fault *fault)
{
    QUERY q = about(conn, SQL_STOCK_PROMISE, shop, edition);
    query_int(&q, 3, (int64_t)quantity);
    enum rc rc = query_run(&q, fault);
    if (rc == RC_OK && query_changes(&q) == 0) {
        struct stock_row row;
        rc = stock_row(conn, shop, edition, &row, fault);
        if (rc == RC_OK)
            return fault_set(
                fault, RC_CONFLICT, "of this, only %llu are left",
                (unsigned long long)(row.on_hand > row.promised ? row.on_hand - row.promised : 0));
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    }
    if (rc != RC_OK)
        return rc;
    QUERY hold = query_start(conn, SQL_STOCK_HOLD_ADD);
    query_int(&hold, 1, (int64_t)purchase);
    query_int(&hold, 2, (int64_t)shop);
    query_int(&hold, 3, (int64_t)edition);
    query_int(&hold, 4, (int64_t)quantity);
    query_int(&hold, 5, expires);
    return query_run(&hold, fault);
}

enum rc stock_holds_end(struct store_conn *conn, uint64_t purchase, bool back, struct fault *fault)
{
    enum rc rc = RC_OK;
    if (back) {
        QUERY q = query_start(conn, SQL_STOCK_HOLDS_GIVE_BACK);
        query_int(&q, 1, (int64_t)purchase);
        rc = query_run(&q, fault);
    }
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_STOCK_HOLDS_END);
    query_int(&q, 1, (int64_t)purchase);
    return query_run(&q, fault);
}

enum rc stock_row_move(struct store_conn *conn, enum stock_move move, uint64_t shop,
                       uint64_t edition, uint64_t quantity, struct fault *fault)
{
    static const enum statement names[] = {[STOCK_UNPROMISE] = SQL_STOCK_UNPROMISE,
                                           [STOCK_LEAVE] = SQL_STOCK_LEAVE,
                                           [STOCK_COME_BACK] = SQL_STOCK_COME_BACK};
    struct stock_row row;
    QUERY q = about(conn, names[move], shop, edition);
    query_int(&q, 3, (int64_t)quantity);
    enum rc rc = query_run(&q, fault);
    if (rc != RC_OK || query_changes(&q) > 0)
        return rc;
    rc = stock_row(conn, shop, edition, &row, fault);
    if (rc == RC_OK)
        return fault_set(fault, RC_CONFLICT, "only %llu of it were counted: count it again",
                         (unsigned long long)row.on_hand);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
