#include "store/sales_desk.h"

#include "store/db.h"

enum { SHIPPED_MAX = 2000 };

static enum rc read_id(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)arena;
    (void)fault;
    *(uint64_t *)ret = (uint64_t)query_get_int(q, 0);
    return RC_OK;
}

static enum rc waiting_ids(struct store_conn *conn, struct arena *arena,
                           const struct sales_seek *seek, uint64_t **ret, size_t *ret_n,
                           struct fault *fault)
{
    QUERY q =
        query_start(conn, seek->returns ? SQL_SALES_RETURNS_EXPECTED : SQL_SALES_DESK_WAITING);
    query_int(&q, 1, (int64_t)seek->shop);
    query_int(&q, 2, (int64_t)seek->from);
    query_int(&q, 3, (int64_t)seek->room);
    return QUERY_ROWS(&q, arena, seek->room, read_id, ret, ret_n, fault);
}

/* ASCII alone, as both engines do. */
static struct str pattern_of(struct arena *arena, struct str query)
{
    struct str pattern = ARENA_JOIN(arena, STR("%"), query, STR("%"));
    char *p = arena_z(arena, pattern);
    for (size_t i = 0; i < pattern.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] + 32);
    return (struct str){p, pattern.n};
}

enum rc sales_desk_ids(struct store_conn *conn, struct arena *arena, const struct sales_seek *seek,
                       uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    if (seek->waiting || seek->returns)
        return waiting_ids(conn, arena, seek, ret, ret_n, fault);
    QUERY q = query_start(conn, SQL_SALES_DESK_FIND);
    query_int(&q, 1, (int64_t)seek->shop);
    query_str(&q, 2, seek->state);
    query_int(&q, 3, seek->from == 0 ? INT64_MAX : (int64_t)seek->from);
    query_str(&q, 4, seek->query);
    query_str(&q, 5, pattern_of(arena, seek->query));
    query_int(&q, 6, seek->addresses);
    query_int(&q, 7, (int64_t)seek->room);
    return QUERY_ROWS(&q, arena, seek->room, read_id, ret, ret_n, fault);
}

enum rc sales_desk_waiting(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_DESK_WAITING_COUNT);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (uint64_t)query_get_int(&q, 0);
    return rc;
}

static enum rc read_pick(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct sales_pick *)ret = (struct sales_pick){.isbn = query_get_str(q, 0, arena),
                                                    .title = query_get_str(q, 1, arena),
                                                    .contributor = query_get_str(q, 2, arena),
                                                    .copies = query_get_int(q, 3),
                                                    .number = query_get_str(q, 4, arena),
                                                    .shop = query_get_str(q, 5, arena),
                                                    .available = (int32_t)query_get_int(q, 6)};
    return RC_OK;
}

enum rc sales_desk_picks(struct store_conn *conn, struct arena *arena, uint64_t shop, int32_t day,
                         size_t room, sales_picks *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_DESK_PICKS);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, day);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_pick, &ret->v, &ret->n, fault);
}

/* ---- shipments ---- */

enum rc shipment_row_add(struct store_conn *conn, uint64_t order, struct str carrier,
                         struct str tracking, int64_t now, uint64_t *ret_id, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "shipment", 1, ret_id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_SHIPMENT_ADD);
    query_int(&q, 1, (int64_t)*ret_id);
    query_int(&q, 2, (int64_t)order);
    query_str(&q, 3, carrier);
    query_str(&q, 4, tracking);
    query_int(&q, 5, now);
    return query_run(&q, fault);
}

enum rc shipment_line_row_add(struct store_conn *conn, uint64_t shipment, uint64_t line,
                              int64_t quantity, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHIPMENT_LINE_ADD);
    query_int(&q, 1, (int64_t)shipment);
    query_int(&q, 2, (int64_t)line);
    query_int(&q, 3, quantity);
    return query_run(&q, fault);
}

static enum rc read_shipped(const struct query *q, struct arena *arena, void *ret,
                            struct fault *fault)
{
    (void)fault;
    *(struct shipped_line *)ret = (struct shipped_line){.shipment = (uint64_t)query_get_int(q, 0),
                                                        .carrier = query_get_str(q, 1, arena),
                                                        .tracking = query_get_str(q, 2, arena),
                                                        .sent = query_get_int(q, 3),
                                                        .line = (uint64_t)query_get_int(q, 4),
                                                        .quantity = query_get_int(q, 5)};
    return RC_OK;
}

enum rc shipped_lines_of(struct store_conn *conn, struct arena *arena, uint64_t order,
                         shipped_lines *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHIPMENTS_OF);
    query_int(&q, 1, (int64_t)order);
    query_int(&q, 2, SHIPPED_MAX);
    return QUERY_ROWS(&q, arena, SHIPPED_MAX, read_shipped, &ret->v, &ret->n, fault);
}
