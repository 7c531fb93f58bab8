#include "store/ids.h"

#include "store/db.h"
#include "store/engine.h"

void ids_forget(struct store_conn *conn)
{
    conn->ids.now.n = 0;
    conn->ids.marks = 0;
}

enum rc ids_write(struct store_conn *conn, struct fault *fault)
{
    struct ids *ids = &conn->ids.now;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < ids->n; i++) {
        QUERY q = query_start(conn, SQL_COUNTER_PUT);
        query_str(&q, 1, str_of(ids->v[i].counter));
        query_int(&q, 2, (int64_t)ids->v[i].next);
        rc = query_post(&q, fault);
    }
    ids->n = 0;
    return rc;
}

void ids_mark(struct store_conn *conn)
{
    struct ids_taken *t = &conn->ids;
    if (t->marks == IDS_MARKS)
        abort(); /* nobody sets so many within one another */
    t->at_mark[t->marks++] = t->now;
}

void ids_mark_release(struct store_conn *conn)
{
    conn->ids.marks--;
}

/* What was written since the mark is undone with everything else, so what was known then is so
 * again. */
void ids_mark_undo(struct store_conn *conn)
{
    struct ids_taken *t = &conn->ids;
    if (t->marks > 0)
        t->now = t->at_mark[--t->marks];
}

static enum rc read_next(struct store_conn *conn, const char *counter, uint64_t *ret,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COUNTER_GET);
    query_str(&q, 1, str_of(counter));
    enum rc rc = query_step(&q, fault);
    *ret = rc == RC_OK ? (uint64_t)query_get_int(&q, 0) : 1;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc find(struct store_conn *conn, const char *counter, uint64_t **ret,
                    struct fault *fault)
{
    struct ids *ids = &conn->ids.now;
    uint64_t next;
    for (size_t i = 0; i < ids->n; i++)
        if (strcmp(ids->v[i].counter, counter) == 0) {
            *ret = &ids->v[i].next;
            return RC_OK;
        }
    enum rc rc = ids->n == IDS_COUNTERS ? ids_write(conn, fault) : RC_OK;
    if (rc == RC_OK)
        rc = read_next(conn, counter, &next, fault);
    if (rc != RC_OK)
        return rc;
    ids->v[ids->n].counter = counter;
    ids->v[ids->n].next = next;
    *ret = &ids->v[ids->n++].next;
    return RC_OK;
}

enum rc store_take_ids(struct store_conn *conn, const char *counter, uint64_t count, uint64_t *ret,
                       struct fault *fault)
{
    uint64_t *next;
    enum rc rc = find(conn, counter, &next, fault);
    if (rc != RC_OK)
        return rc;
    *ret = *next;
    *next += count;
    return conn->open ? RC_OK : ids_write(conn, fault);
}
