/* The store's interface over whichever engine the connection is of. */
#include "store/db.h"

#include "store/engine.h"
#include "store/held.h"
#include "store/trail.h"

void store_close(struct store *store)
{
    if (store != NULL)
        store->engine->close(store);
}

enum rc store_connect(struct store *store, bool write, struct store_conn **ret, struct fault *fault)
{
    enum rc rc = store->engine->connect(store, write, ret, fault);
    if (rc == RC_OK)
        (*ret)->act = store->act;
    return rc;
}

void store_act(struct store *store, struct store_act *act)
{
    store->act = act;
}

void store_disconnect(struct store_conn *conn)
{
    if (conn == NULL)
        return;
    held_drop(conn);
    conn->engine->disconnect(conn);
}

/* A shop that has moved lives on elsewhere: whoever still has its old database
 * open must not write to it. */
static enum rc refuse_moved(struct store_conn *conn, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SETTING_GET);
    query_str(&q, 1, STR(STORE_MOVED));
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        return fault_set(fault, RC_CONFLICT, "this shop has moved to another database");
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc store_begin(struct store_conn *conn, struct fault *fault)
{
    enum rc rc = conn->engine->begin(conn, fault);
    conn->open = rc == RC_OK;
    conn->changed = conn->changed_before = false;
    ids_forget(conn);
    if (rc == RC_OK && conn->write)
        rc = refuse_moved(conn, fault);
    if (rc != RC_OK)
        store_rollback(conn);
    return rc;
}

enum rc store_act_note(struct store_conn *conn, struct store_act *act, struct fault *fault)
{
    if (act == NULL || act->noted)
        return RC_OK;
    enum rc rc = trail_row_add(conn, act, fault);
    act->noted = rc == RC_OK;
    return rc;
}

enum rc store_commit(struct store_conn *conn, struct fault *fault)
{
    bool noted = conn->act == NULL || conn->act->noted || !conn->changed;
    enum rc rc = noted ? RC_OK : store_act_note(conn, conn->act, fault);
    if (rc == RC_OK)
        rc = store_commit_quietly(conn, fault);
    else
        store_rollback(conn);
    if (rc != RC_OK && !noted)
        conn->act->noted = false;
    return rc;
}

enum rc store_commit_quietly(struct store_conn *conn, struct fault *fault)
{
    enum rc rc = ids_write(conn, fault);
    if (rc == RC_OK)
        rc = conn->engine->commit(conn, fault);
    if (rc != RC_OK)
        store_rollback(conn);
    conn->open = false;
    return rc;
}

void store_rollback(struct store_conn *conn)
{
    if (conn->open)
        conn->engine->rollback(conn);
    conn->open = false;
    ids_forget(conn);
}

enum rc store_mark(struct store_conn *conn, struct fault *fault)
{
    conn->changed_before = conn->changed;
    enum rc rc = conn->engine->mark(conn, fault);
    if (rc == RC_OK)
        ids_mark(conn);
    return rc;
}

enum rc store_mark_release(struct store_conn *conn, struct fault *fault)
{
    enum rc rc = conn->engine->mark_release(conn, fault);
    if (rc == RC_OK)
        ids_mark_release(conn);
    return rc;
}

void store_mark_undo(struct store_conn *conn)
{
    conn->engine->mark_undo(conn);
    ids_mark_undo(conn);
    conn->changed = conn->changed_before;
}

enum rc store_may_rest(struct store_conn *conn, struct fault *fault)
{
    return conn->engine->may_rest(conn, fault);
}

bool store_is_shared(const struct store *store)
{
    return store->engine->shared;
}

enum rc store_clock(struct store_conn *conn, int64_t *ret, struct fault *fault)
{
    return conn->engine->clock(conn, ret, fault);
}

enum rc store_listen(struct store_conn *conn, struct fault *fault)
{
    return conn->engine->listen(conn, fault);
}

int store_news_fd(const struct store_conn *conn)
{
    return conn->engine->news_fd(conn);
}

bool store_news_take(struct store_conn *conn)
{
    return conn->engine->news_take(conn);
}

void store_analyze(struct store_conn *conn)
{
    conn->engine->analyze(conn);
}

void store_expect_much(struct store_conn *conn)
{
    conn->engine->expect_much(conn);
}

uint64_t store_version(struct store_conn *conn)
{
    return conn->engine->version(conn);
}

enum rc store_backup(struct store *store, const char *to_path, struct fault *fault)
{
    return store->engine->backup(store, to_path, fault);
}

enum rc query_number(struct query *q, uint64_t *ret, struct fault *fault)
{
    enum rc rc = query_step(q, fault);
    if (rc == RC_OK)
        *ret = (uint64_t)query_get_int(q, 0);
    return rc;
}

enum rc query_rows(struct query *q, struct arena *arena, size_t room, size_t size, row_reader read,
                   void *ret, size_t *ret_n, struct fault *fault)
{
    char *rows = arena_alloc_array(arena, room, size);
    size_t n = 0;
    enum rc rc = RC_OK;
    while (rc == RC_OK && n < room && (rc = query_step(q, fault)) == RC_OK)
        rc = read(q, arena, rows + size * n++, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    memcpy(ret, &rows, sizeof rows);
    *ret_n = n;
    return RC_OK;
}
