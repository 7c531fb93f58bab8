#include "store/corrections.h"

#include "store/db.h"

enum rc correction_row_remove(struct store_conn *conn, uint64_t shop, struct str key,
                              enum correction_field field, struct str said, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CORRECTION_REMOVE);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, key);
    query_str(&q, 3, str_of(correction_field_name(field)));
    query_str(&q, 4, said);
    return query_run(&q, fault);
}

enum rc correction_row_put(struct store_conn *conn, uint64_t shop, struct str key,
                           const struct correction *c, uint64_t account, int64_t at,
                           struct fault *fault)
{
    uint64_t id = 0;
    enum rc rc = correction_row_remove(conn, shop, key, c->field, c->said, fault);
    if (rc == RC_OK)
        rc = store_take_ids(conn, "correction", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_CORRECTION_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)shop);
    query_str(&q, 3, key);
    query_str(&q, 4, str_of(correction_field_name(c->field)));
    query_str(&q, 5, c->said);
    query_str(&q, 6, c->value);
    query_int(&q, 7, (int64_t)account);
    query_int(&q, 8, at);
    return query_run(&q, fault);
}

enum rc correction_rows(struct store_conn *conn, struct arena *arena, uint64_t shop, struct str key,
                        struct correction_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CORRECTIONS_OF);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, key);
    query_int(&q, 3, CORRECTIONS_MAX);
    struct correction_row *rows = ARENA_ARRAY(arena, struct correction_row, CORRECTIONS_MAX);
    size_t n = 0;
    enum rc rc = RC_OK;
    while (n < CORRECTIONS_MAX && (rc = query_step(&q, fault)) == RC_OK) {
        struct correction_row *row = &rows[n];
        *row = (struct correction_row){
            {CORRECT_TITLE, query_get_str(&q, 1, arena), query_get_str(&q, 2, arena)},
            query_get_int(&q, 3),
            query_get_str(&q, 4, arena)};
        n += correction_field_parse(query_peek(&q, 0), &row->correction.field);
    }
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc correction_state(struct store_conn *conn, uint64_t shop, uint64_t *ret_n,
                         uint64_t *ret_state, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CORRECTION_COUNT);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    *ret_n = (uint64_t)query_get_int(&q, 0);
    *ret_state = (uint64_t)query_get_int(&q, 1) << 20 | (*ret_n & 0xFFFFF);
    return RC_OK;
}

enum rc correction_keys(struct store_conn *conn, uint64_t shop,
                        void (*each)(void *context, struct str key), void *context,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CORRECTION_KEYS);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK)
        each(context, query_peek(&q, 0));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc record_said(struct store_conn *conn, struct arena *arena, uint64_t record, struct str *ret,
                    struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECORD_SAID_GET);
    query_int(&q, 1, (int64_t)record);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

static enum rc put_facts(struct store_conn *conn, enum statement name, uint64_t record,
                         struct str facts, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)record);
    query_bytes(&q, 2, facts.p, facts.n);
    return query_run(&q, fault);
}

enum rc record_said_put(struct store_conn *conn, uint64_t record, struct str facts,
                        struct fault *fault)
{
    return put_facts(conn, SQL_RECORD_SAID_PUT, record, facts, fault);
}

enum rc record_facts_put(struct store_conn *conn, uint64_t record, struct str facts,
                         struct fault *fault)
{
    return put_facts(conn, SQL_RECORD_FACTS_PUT, record, facts, fault);
}

enum rc record_said_remove(struct store_conn *conn, uint64_t record, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECORD_SAID_REMOVE);
    query_int(&q, 1, (int64_t)record);
    return query_run(&q, fault);
}

enum rc shop_records_by_key(struct store_conn *conn, uint64_t shop, struct str key, size_t room,
                            uint64_t *ret, size_t *ret_n, uint64_t *ret_edition,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_RECORDS_BY_KEY);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, key);
    query_int(&q, 3, (int64_t)room);
    enum rc rc = RC_OK;
    *ret_n = 0;
    while (*ret_n < room && (rc = query_step(&q, fault)) == RC_OK) {
        ret[(*ret_n)++] = (uint64_t)query_get_int(&q, 0);
        *ret_edition = (uint64_t)query_get_int(&q, 1);
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
