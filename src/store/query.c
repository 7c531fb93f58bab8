/* Statements over whichever engine the connection is of; where effects are held, what would
 * be run is noted. */
#include "store/db.h"
#include "store/engine.h"
#include "store/noting.h"

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
