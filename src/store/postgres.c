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
#include "store/copy.h"
#include "store/migrate.h"
#include "store/postgres_conn.h"
#include "store/postgres_wait.h"

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

/* As long as anybody here waits for an answer; migrations and transactions that may
 * rest wait for ever. A turn to write is waited for 15 s (lock_timeout). */
static int usual_patience(const struct store_conn *conn)
{
    enum { READING_MS = 10000, WRITING_MS = 20000 };
    return conn->write ? WRITING_MS : READING_MS;
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
        return postgres_failed(RC_BUSY, "connecting", PQerrorMessage(pg_of(conn)), fault);
    if (PQserverVersion(pg_of(conn)) < 130000)
        return fault_set(fault, RC_INVALID, "database: PostgreSQL 13 or newer is needed");
    if (!conn->write)
        return postgres_execute(conn,
                                ((struct postgres_conn *)conn)->views ? READING
                                    "; SET search_path = gate, public"
                                                                      : READING,
                                fault);
    ((struct postgres_conn *)conn)->notifies = can_notify(conn);
    /* A node that was cut off in the middle of its turn gives it up that soon. */
    return postgres_execute(conn,
                            "SET lock_timeout = '15s'; SET synchronous_commit = on;"
                            "SET idle_in_transaction_session_timeout = '3s'",
                            fault);
}

enum rc postgres_reconnect(struct store_conn *base, struct fault *fault)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (conn->statements[i] != NULL)
            conn->statements[i]->ready = false;
    postgres_forget_early(conn);
    conn->ending = false;
    PQreset(conn->pg);
    return set_up(base, fault);
}

bool postgres_is_lost(const struct store_conn *conn)
{
    return PQstatus(pg_of(conn)) == CONNECTION_BAD;
}

static void postgres_disconnect(struct store_conn *base)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    postgres_forget_early(conn);
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        if (conn->statements[i] == NULL)
            continue;
        postgres_forget_result(conn->statements[i]);
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
    if (postgres_is_lost(conn)) {
        enum rc rc = postgres_reconnect(conn, fault);
        if (rc != RC_OK)
            return rc;
    }
    ((struct postgres_conn *)conn)->patience = usual_patience(conn);
    if (!conn->write) { /* it sees what is there at its first statement */
        ((struct postgres_conn *)conn)->fresh = true;
        return RC_OK;
    }
    const char *sql = "BEGIN; " TURN;
    enum rc rc = postgres_execute(conn, sql, fault);
    if (rc != RC_OK && postgres_is_lost(conn) && postgres_reconnect(conn, fault) == RC_OK)
        rc = postgres_execute(conn, sql, fault);
    if (rc != RC_OK)
        (void)!postgres_execute(conn, "ROLLBACK", NULL);
    return rc;
}

static enum rc postgres_begin_alone(struct store_conn *conn, struct fault *fault)
{
    return postgres_execute(conn, "BEGIN; LOCK TABLE migration IN ACCESS EXCLUSIVE MODE", fault);
}

/* Who only reads waits for nothing any more; whoever uses the connection next reads the
 * answer, which has come by then. */
static void end_reading(struct postgres_conn *conn)
{
    postgres_forget_early(conn);
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
    enum rc rc = postgres_settle(conn, fault);
    if (rc != RC_OK)
        return rc;
    if (PQtransactionStatus(pg_of(conn)) == PQTRANS_INERROR)
        return fault_set(fault, RC_IO, "database: a statement failed, nothing was committed");
    bool tells = ((struct postgres_conn *)conn)->notifies;
    return postgres_execute(conn, tells ? "NOTIFY " CHANNEL "; COMMIT" : "COMMIT", fault);
}

static void postgres_rollback(struct store_conn *base)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    if (!base->write) {
        end_reading(conn);
        return;
    }
    (void)!postgres_settle(base, NULL);
    if (PQtransactionStatus(conn->pg) != PQTRANS_IDLE)
        (void)!postgres_execute(base, "ROLLBACK", NULL);
}

static enum rc postgres_mark(struct store_conn *conn, struct fault *fault)
{
    return postgres_execute(conn, "SAVEPOINT part", fault);
}

static enum rc postgres_mark_release(struct store_conn *conn, struct fault *fault)
{
    return postgres_execute(conn, "RELEASE SAVEPOINT part", fault);
}

static void postgres_mark_undo(struct store_conn *conn)
{
    (void)!postgres_settle(conn, NULL);
    (void)!postgres_execute(conn, "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part", NULL);
}

static enum rc postgres_may_rest(struct store_conn *conn, struct fault *fault)
{
    ((struct postgres_conn *)conn)->patience = -1;
    if (!conn->write)
        return RC_OK;
    return postgres_execute(conn, "SET LOCAL idle_in_transaction_session_timeout = 0", fault);
}

static enum rc postgres_clock(struct store_conn *conn, int64_t *ret, struct fault *fault)
{
    enum rc rc = postgres_settle(conn, fault);
    if (rc != RC_OK)
        return rc;
    PGresult *result =
        wait_exec(pg_of(conn), "SELECT CAST(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) AS BIGINT)",
                  patience_of(conn));
    uint64_t there;
    if (PQresultStatus(result) != PGRES_TUPLES_OK ||
        !str_to_u64(str_of(PQgetvalue(result, 0, 0)), &there))
        rc = postgres_result_failed(result, pg_of(conn), "its clock", fault);
    else
        *ret = (int64_t)there;
    PQclear(result);
    return rc;
}

static enum rc postgres_listen(struct store_conn *conn, struct fault *fault)
{
    enum rc rc = postgres_is_lost(conn) ? postgres_reconnect(conn, fault) : RC_OK;
    return rc == RC_OK ? postgres_execute(conn, "LISTEN " CHANNEL, fault) : rc;
}

static int postgres_news_fd(const struct store_conn *conn)
{
    return postgres_is_lost(conn) ? -1 : PQsocket(pg_of(conn));
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
    (void)!postgres_execute(base, "ANALYZE", NULL);
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

const struct engine postgres_engine = {
    .shared = true,
    .open = postgres_open,
    .close = postgres_close,
    .connect = postgres_connect,
    .disconnect = postgres_disconnect,
    .execute = postgres_execute,
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
