/* The PostgreSQL engine, over libpq.
 *
 * Statements are prepared once for each connection, with the types that are
 * bound; numbers, texts and bytes travel in binary form. A result is fetched
 * whole, so that another statement may run while its rows are read: statements
 * that could return much have a LIMIT.
 *
 * Statements that are posted (query_post) go out in libpq's pipeline, and their
 * answers are read before anything else is asked.
 *
 * Who reads says neither BEGIN nor ROLLBACK: what goes out between two syncs of the
 * pipeline is one transaction, of one snapshot (default_transaction_isolation). It
 * begins with its first statement; a flush brings answers, a sync ends it.
 *
 * Writers take turns: a write transaction begins by locking one row, the change
 * feed's counter. So what a transaction read is still so when it writes, as
 * under SQLite, and the feed is in the order of commits; nothing but row locks
 * is needed of the engine. */
#include <endian.h>
#include <libpq-fe.h>

#include "store/copy.h"
#include "store/engine.h"
#include "store/migrate.h"
#include "store/postgres_wait.h"

/* Types of src/include/catalog/pg_type.dat, which never change. */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT4 = 23, OID_TEXT = 25 };

/* What listens for commits. */
#define CHANNEL "colophon"

#define READING                                                                                    \
    "SET default_transaction_read_only = on;"                                                      \
    "SET default_transaction_isolation = 'repeatable read'"
#define TURN "SELECT next FROM counter WHERE name = 'change' FOR UPDATE"

struct postgres_store {
    struct store base;
    char *url;
};

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

/* So many, and the answers of the server cannot fill the socket while we fill it
 * with questions. */
enum { POSTED_MAX = 128 };

static int patience_of(const struct store_conn *conn)
{
    return ((const struct postgres_conn *)conn)->patience;
}

/* As long as anybody here waits for an answer; migrations and transactions that may
 * rest wait for ever. A turn to write is waited for 15 s (lock_timeout). */
static int usual_patience(const struct store_conn *conn)
{
    enum { READING_MS = 10000, WRITING_MS = 20000 };
    return conn->write ? WRITING_MS : READING_MS;
}

static PGconn *pg_of(const struct store_conn *conn)
{
    return ((const struct postgres_conn *)conn)->pg;
}

/* ---- errors ---- */

/* By class of SQLSTATE (PostgreSQL's appendix A). */
static enum rc rc_of(const char *state)
{
    static const struct {
        const char *prefix;
        enum rc rc;
    } classes[] = {
        {"23", RC_CONFLICT}, /* integrity constraint */
        {"40", RC_BUSY},     /* serialization failure, deadlock */
        {"55P03", RC_BUSY},  /* lock not available */
        {"08", RC_BUSY},     /* connection exceptions */
        {"25006", RC_BUSY},  /* read-only: it has become a standby */
        {"25P03", RC_BUSY},  /* rested too long in a transaction */
        {"53300", RC_BUSY},  /* too many connections */
        {"57P", RC_BUSY},    /* going down, coming up */
        {"XX001", RC_CORRUPT}, {"XX002", RC_CORRUPT},
    };
    if (state == NULL)
        return RC_BUSY; /* it is libpq that speaks: the connection is lost */
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (str_starts(str_of(state), str_of(classes[i].prefix)))
            return classes[i].rc;
    return RC_IO;
}

/* libpq's messages end in a line feed. */
static enum rc failed(enum rc rc, const char *what, const char *message, struct fault *fault)
{
    struct str text = str_trim(str_of(message));
    return fault_set(fault, rc, "database, %s: %.*s", what, STR_ARG(text));
}

static enum rc result_failed(PGresult *result, PGconn *pg, const char *what, struct fault *fault)
{
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED)
        return failed(RC_IO, what, "a statement before it failed", fault);
    enum rc rc = rc_of(PQresultErrorField(result, PG_DIAG_SQLSTATE));
    return failed(rc, what, message != NULL ? message : PQerrorMessage(pg), fault);
}

/* A reader's statements between two syncs. */
static bool is_reading(const struct store_conn *conn)
{
    return conn->open && !conn->write;
}

/* Reads the answer of a sync that nobody waited for, and what was asked in vain before it. */
static void finish_end(struct postgres_conn *conn)
{
    while (conn->ending && PQstatus(conn->pg) == CONNECTION_OK) {
        PGresult *result = wait_result(conn->pg, conn->patience);
        conn->ending = PQresultStatus(result) != PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
    conn->ending = false;
}

/* The answer of what was asked for next, which is kept but where `own` waits for it. */
static void keep_answer(struct postgres_conn *conn, PGresult *result, struct prepared *own)
{
    struct prepared *p = conn->statements[conn->asked[conn->answered_n++]];
    if (p == own) {
        p->result = result;
        return;
    }
    p->early = result;
    conn->early = true;
}

static void forget_early(struct postgres_conn *conn)
{
    for (int i = 0; conn->early && i < STATEMENT_COUNT; i++) {
        struct prepared *p = conn->statements[i];
        if (p == NULL || p->early == NULL)
            continue;
        if (p->result == p->early)
            p->result = NULL;
        PQclear(p->early);
        p->early = NULL;
    }
    conn->early = false;
    conn->asked_n = conn->answered_n = 0;
}

/* Has the answers of what was asked come, in one journey, that of `own` among them or NULL;
 * the first failure is the reader's. */
static enum rc fetch(struct postgres_conn *conn, struct prepared *own, struct fault *fault)
{
    enum rc rc = RC_OK;
    bool sent = conn->asked_n > 0 && PQsendFlushRequest(conn->pg) == 1 && PQflush(conn->pg) >= 0;
    finish_end(conn); /* before the others, with them or earlier */
    while (sent && conn->answered_n < conn->asked_n && PQstatus(conn->pg) == CONNECTION_OK) {
        const char *name = statement_texts[conn->asked[conn->answered_n]].name;
        PGresult *result = wait_result(conn->pg, conn->patience);
        if (result == NULL)
            continue;
        if (rc == RC_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
            rc = result_failed(result, conn->pg, name, fault);
        keep_answer(conn, result, own);
    }
    if (conn->answered_n < conn->asked_n && rc == RC_OK)
        rc = failed(RC_BUSY, "reading", PQerrorMessage(conn->pg), fault);
    conn->asked_n = conn->answered_n = 0;
    return rc;
}

/* Reads the answers of what was posted; the first failure is the pipeline's. */
static enum rc settle(struct store_conn *base, struct fault *fault)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    enum rc rc = RC_OK;
    finish_end(conn);
    if (PQpipelineStatus(conn->pg) == PQ_PIPELINE_OFF ||
        (!base->write && PQstatus(conn->pg) == CONNECTION_BAD)) /* what follows finds it lost */
        return RC_OK;
    bool synced = !base->write, asked = synced || PQpipelineSync(conn->pg) == 1;
    conn->posted = 0;
    while (asked && !synced && PQstatus(conn->pg) == CONNECTION_OK) {
        PGresult *result = wait_result(conn->pg, conn->patience);
        ExecStatusType status = PQresultStatus(result);
        synced = status == PGRES_PIPELINE_SYNC;
        if (result != NULL && rc == RC_OK && status == PGRES_FATAL_ERROR)
            rc = result_failed(result, conn->pg, "a posted statement", fault);
        PQclear(result);
    }
    if (!synced && rc == RC_OK)
        rc = failed(RC_IO, "posted statements", PQerrorMessage(conn->pg), fault);
    if (!PQexitPipelineMode(conn->pg) && rc == RC_OK)
        rc = failed(RC_IO, "leaving the pipeline", PQerrorMessage(conn->pg), fault);
    return rc;
}

static enum rc execute(struct store_conn *conn, const char *sql, struct fault *fault)
{
    enum rc rc = settle(conn, fault);
    if (rc != RC_OK)
        return rc;
    PGresult *result = wait_exec(pg_of(conn), sql, patience_of(conn));
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        rc = result_failed(result, pg_of(conn), sql, fault);
    PQclear(result);
    return rc;
}

/* ---- connections ---- */

static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/* Whether the server knows NOTIFY: not every one that speaks the protocol does. */
static bool can_notify(struct store_conn *conn)
{
    PGresult *result = wait_exec(pg_of(conn), "UNLISTEN " CHANNEL, patience_of(conn));
    bool known = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return known;
}

static enum rc set_up(struct store_conn *conn, struct fault *fault)
{
    if (PQstatus(pg_of(conn)) != CONNECTION_OK)
        return failed(RC_BUSY, "connecting", PQerrorMessage(pg_of(conn)), fault);
    if (PQserverVersion(pg_of(conn)) < 130000)
        return fault_set(fault, RC_INVALID, "database: PostgreSQL 13 or newer is needed");
    if (!conn->write)
        return execute(conn,
                       ((struct postgres_conn *)conn)->views ? READING
                           "; SET search_path = gate, public"
                                                             : READING,
                       fault);
    ((struct postgres_conn *)conn)->notifies = can_notify(conn);
    /* A node that was cut off in the middle of its turn gives it up that soon. */
    return execute(conn,
                   "SET lock_timeout = '15s'; SET synchronous_commit = on;"
                   "SET idle_in_transaction_session_timeout = '3s'",
                   fault);
}

static void forget_result(struct prepared *p)
{
    if (p->result != p->early)
        PQclear(p->result);
    p->result = NULL;
    p->row = 0;
}

/* A server that went away and came back finds nothing prepared. */
static enum rc reconnect(struct store_conn *base, struct fault *fault)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (conn->statements[i] != NULL)
            conn->statements[i]->ready = false;
    forget_early(conn);
    conn->ending = false;
    PQreset(conn->pg);
    return set_up(base, fault);
}

static bool is_lost(const struct store_conn *conn)
{
    return PQstatus(pg_of(conn)) == CONNECTION_BAD;
}

static void postgres_disconnect(struct store_conn *base)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    forget_early(conn);
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        if (conn->statements[i] == NULL)
            continue;
        forget_result(conn->statements[i]);
        buf_free(&conn->statements[i]->bound);
        buf_free(&conn->statements[i]->early_bound);
        free(conn->statements[i]);
    }
    PQfinish(conn->pg);
    free(conn);
}

static enum rc connect_to(const char *url, bool write, bool views, struct store_conn **ret,
                          struct fault *fault)
{
    /* What the URL says goes before what stands here. */
    const char *const names[] = {"client_encoding",  "application_name", "connect_timeout",
                                 "tcp_user_timeout", "keepalives_idle",  "keepalives_interval",
                                 "keepalives_count", "dbname",           NULL};
    /* Where the network swallows everything, that is known within some seconds. */
    const char *const values[] = {"UTF8", "colophon", "3", "4000", "2", "1", "2", url, NULL};
    struct postgres_conn *made = calloc(1, sizeof *made);
    if (made == NULL)
        abort();
    made->base = (struct store_conn){.engine = &postgres_engine, .write = write};
    made->views = views;
    made->patience = usual_patience(&made->base);
    made->pg = PQconnectdbParams(names, values, 1);
    PQsetNoticeReceiver(made->pg, ignore_notice, NULL);
    enum rc rc = set_up(&made->base, fault);
    if (rc != RC_OK) {
        postgres_disconnect(&made->base);
        return rc;
    }
    *ret = &made->base;
    return RC_OK;
}

/* Where roles are apart, who writes cannot migrate. */
static enum rc explain_denied(struct store_conn *conn, enum rc rc, struct fault *fault)
{
    PGresult *result = PQexec(pg_of(conn), "SELECT has_schema_privilege('public', 'CREATE')");
    bool denied = PQresultStatus(result) == PGRES_TUPLES_OK && PQgetvalue(result, 0, 0)[0] == 'f';
    PQclear(result);
    if (!denied)
        return rc;
    return fault_set(fault, RC_CONFLICT,
                     "the database is not as this program needs it, and this role may not change "
                     "that: its owner does, with `colophon database grant --owner URL`");
}

static enum rc postgres_open(const char *url, bool create, struct store **ret, struct fault *fault)
{
    struct store_conn *conn;
    (void)create; /* the database is the administrator's to make; its tables are ours */
    enum rc rc = connect_to(url, true, false, &conn, fault);
    if (rc != RC_OK)
        return rc;
    ((struct postgres_conn *)conn)->patience = -1;
    rc = migrate(conn, postgres_migrations, fault);
    if (rc == RC_IO)
        rc = explain_denied(conn, rc, fault);
    postgres_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    struct postgres_store *store = calloc(1, sizeof *store);
    if (store == NULL || (store->url = strdup(url)) == NULL)
        abort();
    store->base.engine = &postgres_engine;
    *ret = &store->base;
    return RC_OK;
}

static void postgres_close(struct store *store)
{
    free(((struct postgres_store *)store)->url);
    free(store);
}

static enum rc postgres_connect(struct store *store, bool write, struct store_conn **ret,
                                struct fault *fault)
{
    return connect_to(((struct postgres_store *)store)->url, write, false, ret, fault);
}

enum rc store_connect_at(const char *url, struct store_conn **ret, struct fault *fault)
{
    return connect_to(url, false, true, ret, fault);
}

/* ---- transactions ---- */

static enum rc postgres_begin(struct store_conn *conn, struct fault *fault)
{
    if (is_lost(conn)) {
        enum rc rc = reconnect(conn, fault);
        if (rc != RC_OK)
            return rc;
    }
    ((struct postgres_conn *)conn)->patience = usual_patience(conn);
    if (!conn->write) { /* it sees what is there at its first statement */
        ((struct postgres_conn *)conn)->fresh = true;
        return RC_OK;
    }
    const char *sql = "BEGIN; " TURN;
    enum rc rc = execute(conn, sql, fault);
    if (rc != RC_OK && is_lost(conn) && reconnect(conn, fault) == RC_OK)
        rc = execute(conn, sql, fault);
    if (rc != RC_OK)
        (void)!execute(conn, "ROLLBACK", NULL);
    return rc;
}

static enum rc postgres_begin_alone(struct store_conn *conn, struct fault *fault)
{
    return execute(conn, "BEGIN; LOCK TABLE migration IN ACCESS EXCLUSIVE MODE", fault);
}

/* Who only reads waits for nothing any more; whoever uses the connection next reads the
 * answer, which has come by then. */
static void end_reading(struct postgres_conn *conn)
{
    forget_early(conn);
    if (!conn->fresh && PQstatus(conn->pg) == CONNECTION_OK)
        conn->ending = PQpipelineSync(conn->pg) == 1;
    conn->fresh = false;
}

/* A failed transaction answers COMMIT with ROLLBACK, and calls that a success. */
static enum rc postgres_commit(struct store_conn *conn, struct fault *fault)
{
    if (!conn->write) {
        end_reading((struct postgres_conn *)conn);
        return RC_OK;
    }
    enum rc rc = settle(conn, fault);
    if (rc != RC_OK)
        return rc;
    if (PQtransactionStatus(pg_of(conn)) == PQTRANS_INERROR)
        return fault_set(fault, RC_IO, "database: a statement failed, nothing was committed");
    bool tells = ((struct postgres_conn *)conn)->notifies;
    return execute(conn, tells ? "NOTIFY " CHANNEL "; COMMIT" : "COMMIT", fault);
}

static void postgres_rollback(struct store_conn *base)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    if (!base->write) {
        end_reading(conn);
        return;
    }
    (void)!settle(base, NULL);
    if (PQtransactionStatus(conn->pg) != PQTRANS_IDLE)
        (void)!execute(base, "ROLLBACK", NULL);
}

static enum rc postgres_mark(struct store_conn *conn, struct fault *fault)
{
    return execute(conn, "SAVEPOINT part", fault);
}

static enum rc postgres_mark_release(struct store_conn *conn, struct fault *fault)
{
    return execute(conn, "RELEASE SAVEPOINT part", fault);
}

static void postgres_mark_undo(struct store_conn *conn)
{
    (void)!settle(conn, NULL);
    (void)!execute(conn, "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part", NULL);
}

static enum rc postgres_may_rest(struct store_conn *conn, struct fault *fault)
{
    ((struct postgres_conn *)conn)->patience = -1;
    if (!conn->write)
        return RC_OK;
    return execute(conn, "SET LOCAL idle_in_transaction_session_timeout = 0", fault);
}

static enum rc postgres_clock(struct store_conn *conn, int64_t *ret, struct fault *fault)
{
    enum rc rc = settle(conn, fault);
    if (rc != RC_OK)
        return rc;
    PGresult *result =
        wait_exec(pg_of(conn), "SELECT CAST(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) AS BIGINT)",
                  patience_of(conn));
    uint64_t there;
    if (PQresultStatus(result) != PGRES_TUPLES_OK ||
        !str_to_u64(str_of(PQgetvalue(result, 0, 0)), &there))
        rc = result_failed(result, pg_of(conn), "its clock", fault);
    else
        *ret = (int64_t)there;
    PQclear(result);
    return rc;
}

static enum rc postgres_listen(struct store_conn *conn, struct fault *fault)
{
    enum rc rc = is_lost(conn) ? reconnect(conn, fault) : RC_OK;
    return rc == RC_OK ? execute(conn, "LISTEN " CHANNEL, fault) : rc;
}

static int postgres_news_fd(const struct store_conn *conn)
{
    return is_lost(conn) ? -1 : PQsocket(pg_of(conn));
}

static bool postgres_news_take(struct store_conn *conn)
{
    bool any = false;
    PGnotify *news;
    (void)!PQconsumeInput(pg_of(conn)); /* a lost connection shows by its descriptor */
    while ((news = PQnotifies(pg_of(conn))) != NULL) {
        PQfreemem(news);
        any = true;
    }
    return any;
}

/* Its memory is its own matter. */
static void postgres_expect_much(struct store_conn *conn)
{
    (void)conn;
}

/* Not every server that speaks the protocol knows it, and not every role may. */
static void postgres_analyze(struct store_conn *base)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    int usual = conn->patience;
    conn->patience = -1;
    (void)!execute(base, "ANALYZE", NULL);
    conn->patience = usual;
}

static uint64_t postgres_version(struct store_conn *conn)
{
    QUERY q = query_start(conn, SQL_STORE_VERSION);
    return query_step(&q, NULL) == RC_OK ? (uint64_t)query_get_int(&q, 0) : 0;
}

static enum rc postgres_backup(struct store *store, const char *to_path, struct fault *fault)
{
    struct store_conn *conn;
    enum rc rc = postgres_connect(store, false, &conn, fault);
    if (rc != RC_OK)
        return rc;
    rc = store_copy_to_file(conn, to_path, fault);
    postgres_disconnect(conn);
    return rc;
}

/* ---- statements ---- */

static void *postgres_start(struct store_conn *base, enum statement name)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    if (conn->statements[name] == NULL) {
        conn->statements[name] = calloc(1, sizeof *conn->statements[name]);
        if (conn->statements[name] == NULL)
            abort();
        conn->statements[name]->bound = BUF_INIT(BOUND_MAX);
        conn->statements[name]->early_bound = BUF_INIT(BOUND_MAX);
    }
    forget_result(conn->statements[name]);
    return conn->statements[name];
}

/* A parameter that is not bound is NULL, as on SQLite: never what an earlier run
 * pointed to. */
static void postgres_end(struct query *q)
{
    struct prepared *p = q->statement;
    forget_result(p);
    memset(p->values, 0, sizeof p->values);
}

static void bind(struct query *q, int parameter, Oid type, const char *value, size_t n)
{
    struct prepared *p = q->statement;
    /* A NULL has no type of its own: it takes the place of any. */
    if (type != 0)
        p->types[parameter - 1] = type;
    p->values[parameter - 1] = value;
    p->lengths[parameter - 1] = (int)n;
}

static void postgres_bind_int(struct query *q, int parameter, int64_t value)
{
    struct prepared *p = q->statement;
    uint64_t wire = htobe64((uint64_t)value);
    memcpy(p->numbers[parameter - 1], &wire, sizeof wire);
    bind(q, parameter, OID_INT8, p->numbers[parameter - 1], 8);
}

static void postgres_bind_str(struct query *q, int parameter, struct str value)
{
    bind(q, parameter, OID_TEXT, value.n == 0 ? "" : value.p, value.n);
}

static void postgres_bind_bytes(struct query *q, int parameter, const void *bytes, size_t n)
{
    bind(q, parameter, OID_BYTEA, n == 0 ? "" : bytes, n);
}

static void postgres_bind_null(struct query *q, int parameter)
{
    bind(q, parameter, 0, NULL, 0);
}

static const int binary[PARAMETERS_MAX] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                           1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

/* NULL once the statement is prepared, else the result that says why not. */
static PGresult *prepare(struct query *q)
{
    const struct statement_text *text = &statement_texts[q->name];
    struct prepared *p = q->statement;
    if (p->ready)
        return NULL;
    PGresult *result = wait_prepare(pg_of(q->conn), text->name, text->postgres, text->parameters,
                                    p->types, patience_of(q->conn));
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return result;
    PQclear(result);
    p->ready = true;
    return NULL;
}

/* A sum's numeric, say, would be read as nothing at all. */
static bool known_types(const PGresult *result)
{
    for (int i = 0; i < PQnfields(result); i++)
        switch (PQftype(result, i)) {
        case OID_BOOL:
        case OID_BYTEA:
        case OID_INT8:
        case OID_INT4:
        case OID_TEXT:
            break;
        default:
            return false;
        }
    return true;
}

static PGresult *run(struct query *q)
{
    const struct statement_text *text = &statement_texts[q->name];
    const struct prepared *p = q->statement;
    PGresult *result = prepare(q);
    if (result != NULL)
        return result;
    return wait_exec_prepared(pg_of(q->conn), text->name, text->parameters, p->values, p->lengths,
                              binary, patience_of(q->conn));
}

/* What is bound, so that no two ways to bind look the same. */
static void note_bound(const struct query *q, struct buf *ret)
{
    const struct prepared *p = q->statement;
    buf_clear(ret);
    for (int i = 0; i < statement_texts[q->name].parameters; i++) {
        int n = p->values[i] == NULL ? -1 : p->lengths[i];
        buf_add(ret, &n, sizeof n);
        if (n > 0)
            buf_add(ret, p->values[i], (size_t)n);
    }
}

static bool is_early(const struct query *q)
{
    struct prepared *p = q->statement;
    if (p->early == NULL)
        return false;
    note_bound(q, &p->bound);
    return buf_check(&p->bound) == RC_OK && buf_check(&p->early_bound) == RC_OK &&
           str_eq(buf_str(&p->bound), buf_str(&p->early_bound));
}

static bool is_asked(const struct query *q)
{
    const struct postgres_conn *conn = (const struct postgres_conn *)q->conn;
    for (unsigned i = 0; i < conn->asked_n; i++)
        if (conn->asked[i] == q->name)
            return true;
    return false;
}

/* On its way, with what follows until somebody waits. */
static bool send(struct query *q)
{
    struct postgres_conn *conn = (struct postgres_conn *)q->conn;
    const struct statement_text *text = &statement_texts[q->name];
    struct prepared *p = q->statement;
    PQclear(p->early); /* of other parameters */
    p->early = NULL;
    if (!PQenterPipelineMode(conn->pg) ||
        !PQsendQueryPrepared(conn->pg, text->name, text->parameters, p->values, p->lengths, binary,
                             1))
        return false;
    note_bound(q, &p->early_bound);
    conn->asked[conn->asked_n++] = q->name;
    conn->fresh = false;
    return true;
}

static void postgres_ask(struct query *q)
{
    struct postgres_conn *conn = (struct postgres_conn *)q->conn;
    const struct prepared *p = q->statement;
    /* The first time it is prepared, when it is run. */
    if (is_reading(q->conn) && p->ready && !conn->fresh && conn->asked_n < ASKED_MAX - 1 &&
        !is_asked(q) && !is_early(q) && !is_lost(q->conn))
        (void)!send(q);
}

/* With what was asked for before. */
static enum rc read_now(struct query *q, struct fault *fault)
{
    struct postgres_conn *conn = (struct postgres_conn *)q->conn;
    struct prepared *p = q->statement;
    enum rc rc = is_asked(q) || (conn->asked_n > 0 && !p->ready) ? fetch(conn, NULL, fault) : RC_OK;
    if (rc == RC_OK && is_early(q)) {
        p->result = p->early;
        return RC_OK;
    }
    if (rc == RC_OK && !p->ready) {
        finish_end(conn);
        PGresult *refused = PQenterPipelineMode(conn->pg) ? prepare(q) : NULL;
        conn->fresh = false;
        if (!p->ready)
            rc = result_failed(refused, conn->pg, statement_texts[q->name].name, fault);
        PQclear(refused);
    }
    if (rc == RC_OK && !send(q))
        rc = failed(RC_BUSY, statement_texts[q->name].name, PQerrorMessage(conn->pg), fault);
    return rc == RC_OK ? fetch(conn, p, fault) : rc;
}

/* A first statement finds the connection lost: nothing was read yet that one made anew would
 * not see. */
static enum rc read_first(struct query *q, struct fault *fault)
{
    bool first = ((struct postgres_conn *)q->conn)->fresh;
    enum rc rc = first && is_lost(q->conn) ? RC_BUSY : read_now(q, fault);
    if (rc == RC_OK || !first || !is_lost(q->conn))
        return rc;
    forget_result(q->statement);
    rc = reconnect(q->conn, fault);
    return rc == RC_OK ? read_now(q, fault) : rc;
}

static enum rc postgres_step(struct query *q, struct fault *fault)
{
    struct prepared *p = q->statement;
    if (p->result == NULL) {
        bool reading = is_reading(q->conn);
        enum rc rc = reading ? read_first(q, fault) : settle(q->conn, fault);
        if (rc != RC_OK) {
            forget_result(p);
            return rc;
        }
        if (!reading)
            p->result = run(q);
        /* Outside of a transaction nothing was begun that could be lost. */
        if (is_lost(q->conn) && !q->conn->open && reconnect(q->conn, NULL) == RC_OK) {
            forget_result(p);
            p->result = run(q);
        }
        p->row = -1;
        if (!known_types(p->result))
            return fault_set(fault, RC_CORRUPT,
                             "database, %s: an answer of a type that is not read here",
                             statement_texts[q->name].name);
    }
    ExecStatusType status = PQresultStatus(p->result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        enum rc rc = result_failed(p->result, pg_of(q->conn), statement_texts[q->name].name, fault);
        forget_result(p);
        return rc;
    }
    return ++p->row < PQntuples(p->result) ? RC_OK : RC_NOT_FOUND;
}

static enum rc postgres_post(struct query *q, struct fault *fault)
{
    struct postgres_conn *conn = (struct postgres_conn *)q->conn;
    const struct statement_text *text = &statement_texts[q->name];
    const struct prepared *p = q->statement;
    enum rc rc = conn->posted >= POSTED_MAX || !p->ready ? settle(q->conn, fault) : RC_OK;
    PGresult *refused = rc == RC_OK ? prepare(q) : NULL;
    if (refused != NULL) {
        rc = result_failed(refused, conn->pg, text->name, fault);
        PQclear(refused);
    }
    if (rc != RC_OK)
        return rc;
    if (!PQenterPipelineMode(conn->pg) ||
        !PQsendQueryPrepared(conn->pg, text->name, text->parameters, p->values, p->lengths, binary,
                             1))
        return failed(RC_IO, text->name, PQerrorMessage(conn->pg), fault);
    conn->posted++;
    return RC_OK;
}

static int64_t postgres_changes(const struct query *q)
{
    const struct prepared *p = q->statement;
    uint64_t n = 0;
    if (p->result != NULL && !str_to_u64(str_of(PQcmdTuples(p->result)), &n))
        n = 0;
    return (int64_t)n;
}

static int64_t postgres_get_int(const struct query *q, int column)
{
    const struct prepared *p = q->statement;
    const char *bytes = PQgetvalue(p->result, p->row, column);
    uint64_t eight;
    uint32_t four;
    switch (PQgetisnull(p->result, p->row, column) ? 0 : PQftype(p->result, column)) {
    case OID_INT8:
        memcpy(&eight, bytes, sizeof eight);
        return (int64_t)be64toh(eight);
    case OID_INT4: /* constants and parts of them */
        memcpy(&four, bytes, sizeof four);
        return (int32_t)be32toh(four);
    case OID_BOOL: /* of EXISTS; SQLite says 0 or 1 */
        return bytes[0] != 0;
    default:
        return 0; /* NULL: statements with other types are refused (known_types) */
    }
}

static bool postgres_get_is_null(const struct query *q, int column)
{
    const struct prepared *p = q->statement;
    return PQgetisnull(p->result, p->row, column);
}

static struct str postgres_peek(const struct query *q, int column)
{
    const struct prepared *p = q->statement;
    return (struct str){PQgetvalue(p->result, p->row, column),
                        (size_t)PQgetlength(p->result, p->row, column)};
}

const struct engine postgres_engine = {
    .shared = true,
    .open = postgres_open,
    .close = postgres_close,
    .connect = postgres_connect,
    .disconnect = postgres_disconnect,
    .execute = execute,
    .begin = postgres_begin,
    .begin_alone = postgres_begin_alone,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .mark = postgres_mark,
    .mark_release = postgres_mark_release,
    .mark_undo = postgres_mark_undo,
    .may_rest = postgres_may_rest,
    .analyze = postgres_analyze,
    .expect_much = postgres_expect_much,
    .version = postgres_version,
    .clock = postgres_clock,
    .listen = postgres_listen,
    .news_fd = postgres_news_fd,
    .news_take = postgres_news_take,
    .backup = postgres_backup,
    .start = postgres_start,
    .end = postgres_end,
    .bind_int = postgres_bind_int,
    .bind_str = postgres_bind_str,
    .bind_bytes = postgres_bind_bytes,
    .bind_null = postgres_bind_null,
    .step = postgres_step,
    .post = postgres_post,
    .ask = postgres_ask,
    .changes = postgres_changes,
    .get_int = postgres_get_int,
    .get_is_null = postgres_get_is_null,
    .peek = postgres_peek,
};
