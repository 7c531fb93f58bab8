#include "store/devices.h"

#include "store/db.h"

enum rc device_row_get(struct store_conn *conn, struct arena *arena, struct str login,
                       struct device_row *ret, struct device_holder *ret_holder,
                       struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEVICE_GET);
    query_str(&q, 1, login);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct device_row){.id = (uint64_t)query_get_int(&q, 0),
                               .account = (uint64_t)query_get_int(&q, 1),
                               .used = query_get_int(&q, 2)};
    *ret_holder = (struct device_holder){.name = query_get_str(&q, 3, arena),
                                         .email = query_get_str(&q, 4, arena),
                                         .since = query_get_int(&q, 5)};
    return RC_OK;
}

enum rc device_row_password(struct store_conn *conn, struct arena *arena, uint64_t id,
                            struct str *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEVICE_PASSWORD);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

/* A list that ended is no fault. */
static enum rc at_end(enum rc rc)
{
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc device_rows_of(struct store_conn *conn, struct arena *arena, uint64_t account, size_t room,
                       device_rows *ret, struct fault *fault)
{
    enum rc rc = RC_OK;
    *ret = (device_rows){ARENA_ARRAY(arena, struct device_row, room), 0};
    QUERY q = query_start(conn, SQL_DEVICE_LIST);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)room);
    while (ret->n < room && (rc = query_step(&q, fault)) == RC_OK)
        ret->v[ret->n++] = (struct device_row){.id = (uint64_t)query_get_int(&q, 0),
                                               .account = account,
                                               .name = query_get_str(&q, 1, arena),
                                               .login = query_get_str(&q, 2, arena),
                                               .made = query_get_int(&q, 3),
                                               .used = query_get_int(&q, 4)};
    return at_end(rc);
}

static enum rc count_of(struct store_conn *conn, enum statement statement, uint64_t account,
                        uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, statement);
    query_int(&q, 1, (int64_t)account);
    return query_number(&q, ret, fault);
}

enum rc device_rows_count(struct store_conn *conn, uint64_t account, uint64_t *ret,
                          struct fault *fault)
{
    return count_of(conn, SQL_DEVICE_COUNT, account, ret, fault);
}

enum rc device_row_add(struct store_conn *conn, const struct device_row *row, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "device", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_DEVICE_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)row->account);
    query_str(&q, 3, row->name);
    query_str(&q, 4, row->login);
    query_str(&q, 5, row->password);
    query_int(&q, 6, row->made);
    return query_run(&q, fault);
}

enum rc device_row_used(struct store_conn *conn, uint64_t id, int64_t day, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEVICE_USED);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, day);
    return query_run(&q, fault);
}

enum rc device_row_remove(struct store_conn *conn, uint64_t account, uint64_t id,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEVICE_REMOVE);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)account);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0
               ? fault_set(fault, RC_NOT_FOUND, "there is no such device")
               : rc;
}

/* ---- places ---- */

enum rc sync_edition_of(struct store_conn *conn, uint64_t account, struct str document,
                        uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SYNC_EDITION);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, document);
    return query_number(&q, ret, fault);
}

static struct sync_row place_of(const struct query *q, struct arena *arena)
{
    return (struct sync_row){.document = query_get_str(q, 0, arena),
                             .progress = query_get_str(q, 1, arena),
                             .millionths = (uint64_t)query_get_int(q, 2),
                             .device = query_get_str(q, 3, arena),
                             .device_id = query_get_str(q, 4, arena),
                             .at = query_get_int(q, 5)};
}

enum rc sync_row_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                     struct str document, struct sync_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SYNC_PLACE_GET);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, document);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = place_of(&q, arena);
    return rc;
}

enum rc sync_rows_count(struct store_conn *conn, uint64_t account, uint64_t *ret,
                        struct fault *fault)
{
    return count_of(conn, SQL_SYNC_PLACE_COUNT, account, ret, fault);
}

enum rc sync_row_put(struct store_conn *conn, uint64_t account, const struct sync_row *row,
                     struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SYNC_PLACE_PUT);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, row->document);
    query_str(&q, 3, row->progress);
    query_int(&q, 4, (int64_t)row->millionths);
    query_str(&q, 5, row->device);
    query_str(&q, 6, row->device_id);
    query_int(&q, 7, row->at);
    return query_run(&q, fault);
}

enum rc sync_rows_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                     struct str after, size_t room, sync_rows *ret, struct fault *fault)
{
    enum rc rc = RC_OK;
    *ret = (sync_rows){ARENA_ARRAY(arena, struct sync_row, room), 0};
    QUERY q = query_start(conn, SQL_SYNC_PLACE_LIST);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, after);
    query_int(&q, 3, (int64_t)room);
    while (ret->n < room && (rc = query_step(&q, fault)) == RC_OK)
        ret->v[ret->n++] = place_of(&q, arena);
    return at_end(rc);
}

enum rc device_rows_remove(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEVICES_OF_ACCOUNT_REMOVE);
    query_int(&q, 1, (int64_t)account);
    return query_run(&q, fault);
}

enum rc sync_rows_remove(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SYNC_PLACES_OF_ACCOUNT_REMOVE);
    query_int(&q, 1, (int64_t)account);
    return query_run(&q, fault);
}
