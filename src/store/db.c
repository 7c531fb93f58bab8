/* The store's interface over whichever engine the connection is of. */
#include "store/db.h"

#include "store/engine.h"
#include "store/held.h"
#include "store/noting.h"
#include "store/trail.h"

bool store_is_url(struct str address)
{
    return str_starts(address, STR("postgresql://")) || str_starts(address, STR("postgres://"));
}

enum rc store_open(const char *address, bool create, struct store **ret, struct fault *fault)
{
    const struct engine *engine = store_is_url(str_of(address)) ? &postgres_engine : &sqlite_engine;
    return engine->open(address, create, ret, fault);
}

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
    enum rc rc = conn->engine->commit(conn, fault);
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
}

enum rc store_mark(struct store_conn *conn, struct fault *fault)
{
    conn->changed_before = conn->changed;
    return conn->engine->mark(conn, fault);
}

enum rc store_mark_release(struct store_conn *conn, struct fault *fault)
{
    return conn->engine->mark_release(conn, fault);
}

void store_mark_undo(struct store_conn *conn)
{
    conn->engine->mark_undo(conn);
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

uint64_t store_version(struct store_conn *conn)
{
    return conn->engine->version(conn);
}

enum rc store_backup(struct store *store, const char *to_path, struct fault *fault)
{
    return store->engine->backup(store, to_path, fault);
}

struct query query_start(struct store_conn *conn, enum statement name)
{
    if (conn->held != NULL && statement_texts[name].held)
        return (struct query){conn, NULL, name, held_note(conn, name)};
    return (struct query){conn, conn->engine->start(conn, name), name, NULL};
}

void query_end(struct query *q)
{
    if (q->noted != NULL)
        held_note_end(q->noted);
    else if (q->statement != NULL)
        q->conn->engine->end(q);
}

void query_int(struct query *q, int parameter, int64_t value)
{
    if (q->noted != NULL)
        held_note_int(q->noted, parameter, value);
    else
        q->conn->engine->bind_int(q, parameter, value);
}

void query_str(struct query *q, int parameter, struct str value)
{
    if (q->noted != NULL)
        held_note_str(q->noted, parameter, value);
    else
        q->conn->engine->bind_str(q, parameter, value);
}

void query_bytes(struct query *q, int parameter, const void *bytes, size_t n)
{
    if (q->noted != NULL)
        held_note_bytes(q->noted, parameter, bytes, n);
    else
        q->conn->engine->bind_bytes(q, parameter, bytes, n);
}

void query_null(struct query *q, int parameter)
{
    if (q->noted == NULL) /* noted is NULL until something is bound */
        q->conn->engine->bind_null(q, parameter);
}

enum rc query_step(struct query *q, struct fault *fault)
{
    return q->noted != NULL ? RC_NOT_FOUND : q->conn->engine->step(q, fault);
}

/* Who leads says so in every batch: that alone is nothing that anybody did. */
static bool is_a_change(enum statement name)
{
    return name != SQL_LEASE_FIRST && name != SQL_LEASE_TAKE && name != SQL_LEASE_BEAT &&
           name != SQL_LEASE_END;
}

enum rc query_run(struct query *q, struct fault *fault)
{
    enum rc rc = query_step(q, fault);
    q->conn->changed = q->conn->changed || is_a_change(q->name);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc query_post(struct query *q, struct fault *fault)
{
    q->conn->changed = true;
    return q->noted != NULL ? RC_OK : q->conn->engine->post(q, fault);
}

void query_ask(struct query *q)
{
    if (q->statement != NULL)
        q->conn->engine->ask(q);
}

int64_t query_changes(const struct query *q)
{
    return q->conn->engine->changes(q);
}

int64_t query_get_int(const struct query *q, int column)
{
    return q->conn->engine->get_int(q, column);
}

bool query_get_is_null(const struct query *q, int column)
{
    return q->conn->engine->get_is_null(q, column);
}

struct str query_peek(const struct query *q, int column)
{
    return q->conn->engine->peek(q, column);
}

struct str query_get_str(const struct query *q, int column, struct arena *arena)
{
    return arena_str(arena, query_peek(q, column));
}
