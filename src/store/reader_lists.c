#include "store/reader_lists.h"

#include "statements.h"
#include "store/catalogue_rows.h"
#include "store/db.h"

static struct reader_list_row read_row(const struct query *q, struct arena *arena)
{
    return (struct reader_list_row){.id = (uint64_t)query_get_int(q, 0),
                                    .account = (uint64_t)query_get_int(q, 1),
                                    .owner = query_get_str(q, 2, arena),
                                    .want = str_is(query_get_str(q, 3, arena), "want"),
                                    .name = query_get_str(q, 4, arena),
                                    .secret = query_get_str(q, 5, arena),
                                    .shared = query_get_int(q, 6) != 0,
                                    .works = (uint64_t)query_get_int(q, 7),
                                    .has = query_get_int(q, 8) != 0};
}

enum rc reader_list_row(struct store_conn *conn, struct arena *arena, struct str secret,
                        uint64_t work, struct reader_list_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READER_LIST_BY_SECRET);
    query_str(&q, 1, secret);
    query_int(&q, 2, (int64_t)work);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_row(&q, arena);
    return rc;
}

enum rc reader_list_rows(struct store_conn *conn, struct arena *arena, uint64_t account,
                         uint64_t work, size_t room, struct reader_list_row **ret, size_t *ret_n,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READER_LISTS_OF);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)work);
    query_int(&q, 3, (int64_t)room);
    struct reader_list_row *rows = ARENA_ARRAY(arena, struct reader_list_row, room);
    size_t n = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK && n < room)
        rows[n++] = read_row(&q, arena);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc reader_marks(struct store_conn *conn, uint64_t account, const uint64_t *works, size_t n,
                     struct reader_mark_row *ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READER_MARKS);
    query_int(&q, 1, (int64_t)account);
    for (size_t i = 0; i < READER_MARKS_AT_ONCE; i++)
        query_int(&q, 2 + (int)i, (int64_t)works[i < n ? i : 0]);
    size_t rows = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK && rows < 2 * (size_t)READER_MARKS_AT_ONCE)
        ret[rows++] = (struct reader_mark_row){(uint64_t)query_get_int(&q, 0),
                                               (unsigned)query_get_int(&q, 1)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret_n = rows;
    return RC_OK;
}

enum rc reader_list_row_works(struct store_conn *conn, struct arena *arena, uint64_t list,
                              size_t offset, size_t room, uint64_t **ret, size_t *ret_n,
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READER_LIST_WORKS);
    query_int(&q, 1, (int64_t)list);
    query_int(&q, 2, (int64_t)room);
    query_int(&q, 3, (int64_t)offset);
    return rows_ids(&q, arena, ret, ret_n, fault);
}

enum rc reader_list_row_add(struct store_conn *conn, const struct reader_list_row *row, int64_t now,
                            uint64_t *ret_id, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "reader_list", 1, ret_id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_READER_LIST_ADD);
    query_int(&q, 1, (int64_t)*ret_id);
    query_int(&q, 2, (int64_t)row->account);
    query_str(&q, 3, row->want ? STR("want") : STR("own"));
    query_str(&q, 4, row->name);
    query_str(&q, 5, row->secret);
    query_int(&q, 6, row->shared);
    query_int(&q, 7, now);
    return query_run(&q, fault);
}

enum rc reader_list_row_change(struct store_conn *conn, uint64_t id, struct str name, bool shared,
                               struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READER_LIST_CHANGE);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, name);
    query_int(&q, 3, shared);
    return query_run(&q, fault);
}

enum rc reader_list_row_remove(struct store_conn *conn, uint64_t id, struct fault *fault)
{
    static const enum statement both[] = {SQL_READER_LIST_EMPTY, SQL_READER_LIST_REMOVE};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof both / sizeof *both; i++) {
        QUERY q = query_start(conn, both[i]);
        query_int(&q, 1, (int64_t)id);
        rc = query_run(&q, fault);
    }
    return rc;
}

enum rc reader_list_row_put(struct store_conn *conn, uint64_t id, uint64_t work,
                            struct fault *fault)
{
    uint64_t place;
    enum rc rc = store_take_ids(conn, "reader_list_work", 1, &place, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_READER_LIST_WORK_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)work);
    query_int(&q, 3, (int64_t)place);
    return query_run(&q, fault);
}

enum rc reader_list_row_take(struct store_conn *conn, uint64_t id, uint64_t work,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READER_LIST_WORK_REMOVE);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)work);
    return query_run(&q, fault);
}
