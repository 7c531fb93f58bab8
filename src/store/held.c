#include "store/held.h"

#include "base/json.h"
#include "store/db.h"
#include "store/engine.h"
#include "store/noting.h"

enum { AT_ONCE = 500 };

static enum rc find_statement(struct str name, enum statement *ret, struct fault *fault)
{
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (statement_texts[i].held && str_eq(str_of(statement_texts[i].name), name)) {
            *ret = (enum statement)i;
            return RC_OK;
        }
    return fault_set(fault, RC_CORRUPT, "a held effect is of no statement: %.*s", STR_ARG(name));
}

static enum rc bind(struct query *q, struct arena *arena, int parameter, const json_t *value,
                    struct fault *fault)
{
    if (json_is_integer(value)) {
        query_int(q, parameter, json_integer_value(value));
    } else if (json_is_string(value)) {
        query_str(q, parameter, (struct str){json_string_value(value), json_string_length(value)});
    } else if (json_is_null(value)) {
        query_null(q, parameter);
    } else {
        struct str hex = json_member_str(value, "hex");
        char *bytes = arena_alloc(arena, hex.n / 2 + 1);
        if (!json_is_object(value) || !hex_decode(hex, bytes, hex.n / 2))
            return fault_set(fault, RC_CORRUPT, "a held effect is damaged");
        query_bytes(q, parameter, bytes, hex.n / 2);
    }
    return RC_OK;
}

static enum rc run_one(struct store_conn *conn, const json_t *noted, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const json_t *named = json_array_get(noted, 0);
    struct str name = {json_string_value(named), json_string_length(named)};
    enum statement statement = STATEMENT_COUNT;
    if (str_eq(name, STR(HELD_CHANGE)) && json_array_size(noted) == 3 &&
        json_is_string(json_array_get(noted, 1)))
        return store_change(conn, json_string_value(json_array_get(noted, 1)),
                            (uint64_t)json_integer_value(json_array_get(noted, 2)), fault);
    enum rc rc = find_statement(name, &statement, fault);
    if (rc != RC_OK)
        return rc;
    int n = (int)json_array_size(noted) - 1;
    if (n != statement_texts[statement].parameters)
        return fault_set(fault, RC_CORRUPT, "a held effect is of an earlier %.*s", STR_ARG(name));
    QUERY q = query_start(conn, statement);
    for (int i = 1; rc == RC_OK && i <= n; i++)
        rc = bind(&q, &arena, i, json_array_get(noted, (size_t)i), fault);
    return rc == RC_OK ? query_run(&q, fault) : rc;
}

static enum rc run_list(struct store_conn *conn, const json_t *list, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < json_array_size(list); i++)
        rc = run_one(conn, json_array_get(list, i), fault);
    return rc;
}

enum rc held_end(struct store_conn *conn, uint64_t entry_id, struct fault *fault)
{
    struct held *held = conn->held;
    uint64_t id;
    if (held == NULL)
        return RC_OK;
    conn->held = NULL; /* statements run again */
    BUF_AUTO text = BUF_INIT(HELD_MAX);
    enum rc rc = RC_OK;
    if (entry_id == 0) {
        rc = run_list(conn, held->list, fault);
    } else if (json_array_size(held->list) > 0) {
        json_write(held->list, &text);
        rc = buf_check(&text);
        if (rc == RC_OK)
            rc = store_take_ids(conn, "held", 1, &id, fault);
        if (rc == RC_OK) {
            QUERY q = query_start(conn, SQL_HELD_ADD);
            query_int(&q, 1, (int64_t)id);
            query_int(&q, 2, (int64_t)entry_id);
            query_int(&q, 3, (int64_t)held->work);
            query_int(&q, 4, (int64_t)held->account);
            query_int(&q, 5, (int64_t)held->review);
            query_str(&q, 6, buf_str(&text));
            rc = query_run(&q, fault);
        }
    }
    json_decref(held->list);
    free(held);
    return rc;
}

enum rc held_waits(struct store_conn *conn, uint64_t work, uint64_t account, uint64_t review,
                   bool *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_HELD_WAITS);
    query_int(&q, 1, (int64_t)work);
    query_int(&q, 2, (int64_t)account);
    query_int(&q, 3, (int64_t)review);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0) > 0;
    return rc;
}

enum rc held_of_account(struct store_conn *conn, uint64_t account, bool *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_HELD_OF_ACCOUNT);
    query_int(&q, 1, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0) > 0;
    return rc;
}

static enum rc read_some(struct store_conn *conn, struct arena *arena, uint64_t until,
                         uint64_t *ret_ids, struct str *ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_HELD_UNTIL);
    query_int(&q, 1, (int64_t)until);
    query_int(&q, 2, AT_ONCE);
    enum rc rc;
    *ret_n = 0;
    while ((rc = query_step(&q, fault)) == RC_OK && *ret_n < AT_ONCE) {
        ret_ids[*ret_n] = (uint64_t)query_get_int(&q, 0);
        ret[(*ret_n)++] = query_get_str(&q, 1, arena);
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc held_apply(struct store_conn *conn, uint64_t until_entry, struct fault *fault)
{
    size_t n;
    enum rc rc;
    do {
        ARENA_AUTO arena = ARENA_INIT;
        struct str *lists = ARENA_ARRAY(&arena, struct str, AT_ONCE);
        uint64_t *ids = ARENA_ARRAY(&arena, uint64_t, AT_ONCE);
        rc = read_some(conn, &arena, until_entry, ids, lists, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            JSON_AUTO *list = NULL;
            rc = json_read(lists[i], &list, fault);
            if (rc == RC_OK)
                rc = run_list(conn, list, fault);
            if (rc == RC_OK) {
                QUERY q = query_start(conn, SQL_HELD_REMOVE);
                query_int(&q, 1, (int64_t)ids[i]);
                rc = query_run(&q, fault);
            }
        }
    } while (rc == RC_OK && n == AT_ONCE);
    return rc;
}
