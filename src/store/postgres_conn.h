/* Inside store/: one connection to PostgreSQL, as its three files share it: postgres.c makes them
 * and has their transactions, postgres_pipeline.c reads the answers of what was sent, and
 * postgres_statements.c runs the named statements. */
#ifndef COLOPHON_STORE_POSTGRES_CONN_H
#define COLOPHON_STORE_POSTGRES_CONN_H

#include <libpq-fe.h>

#include "store/engine.h"

/* A statement on one connection: prepared when first run. */
struct prepared {
    bool ready;
    PGresult *result;
    int row;
    /* What query_ask brought, for these parameters: good until the transaction ends. */
    PGresult *early;
    struct buf early_bound, bound;
    Oid types[PARAMETERS_MAX];
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX];
    char numbers[PARAMETERS_MAX][8];
};

enum { ASKED_MAX = 32, BOUND_MAX = 4096 };

struct postgres_conn {
    struct store_conn base;
    PGconn *pg;
    bool notifies;   /* the server can tell others of a commit */
    bool views;      /* it reads the views of `gate`, where those are */
    int patience;    /* ms without an answer; negative: for ever */
    unsigned posted; /* statements whose answers are not read yet */
    bool ending;     /* nor that of a reader's sync */
    bool fresh;      /* a reader's transaction of which nothing was sent yet */
    /* Asked for and on their way, in this order; of the first so many the answers came. */
    enum statement asked[ASKED_MAX];
    unsigned asked_n, answered_n;
    bool early; /* some have answers that are kept */
    struct prepared *statements[STATEMENT_COUNT];
};

static inline int patience_of(const struct store_conn *conn)
{
    return ((const struct postgres_conn *)conn)->patience;
}

static inline PGconn *pg_of(const struct store_conn *conn)
{
    return ((const struct postgres_conn *)conn)->pg;
}

/* A reader's statements between two syncs. */
static inline bool postgres_is_reading(const struct store_conn *conn)
{
    return conn->open && !conn->write;
}

/* ---- connections (postgres.c) ---- */

bool postgres_is_lost(const struct store_conn *conn);

/* A server that went away and came back finds nothing prepared. */
enum rc postgres_reconnect(struct store_conn *base, struct fault *fault) MUST_CHECK;

/* ---- what was sent and its answers (postgres_pipeline.c) ---- */

/* Set the fault; return `rc`, and what the SQLSTATE stands for. */
enum rc postgres_failed(enum rc rc, const char *what, const char *message, struct fault *fault);
enum rc postgres_result_failed(PGresult *result, PGconn *pg, const char *what, struct fault *fault);

/* Reads the answer of a sync that nobody waited for, and what was asked in vain before it. */
void postgres_finish_end(struct postgres_conn *conn);

/* Forgets the answers that are kept. */
void postgres_forget_early(struct postgres_conn *conn);

/* Has the answers of what was asked come, in one journey, that of `own` among them or NULL;
 * the first failure is the reader's. */
enum rc postgres_fetch(struct postgres_conn *conn, struct prepared *own,
                       struct fault *fault) MUST_CHECK;

/* Reads the answers of what was posted; the first failure is the pipeline's. */
enum rc postgres_settle(struct store_conn *base, struct fault *fault) MUST_CHECK;

/* Once all that was posted is answered. */
enum rc postgres_execute(struct store_conn *conn, const char *sql, struct fault *fault) MUST_CHECK;

/* ---- statements (postgres_statements.c), as engine.h has them ---- */

void postgres_forget_result(struct prepared *p);
void *postgres_start(struct store_conn *base, enum statement name);
void postgres_end(struct query *q);
void postgres_bind_int(struct query *q, int parameter, int64_t value);
void postgres_bind_str(struct query *q, int parameter, struct str value);
void postgres_bind_bytes(struct query *q, int parameter, const void *bytes, size_t n);
void postgres_bind_null(struct query *q, int parameter);
void postgres_ask(struct query *q);
enum rc postgres_step(struct query *q, struct fault *fault);
enum rc postgres_post(struct query *q, struct fault *fault);
int64_t postgres_changes(const struct query *q);
int64_t postgres_get_int(const struct query *q, int column);
bool postgres_get_is_null(const struct query *q, int column);
struct str postgres_peek(const struct query *q, int column);

#endif
