/* The SQLite engine: a file beside the server. */
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/engine.h"
#include "store/migrate.h"
#include "store/sqlite_map.h"

struct sqlite_store {
    struct store base;
    char *path;
    struct sqlite_map *map; /* for all who read */
};

/* What every transaction and every page says: prepared once, as the named
 * statements are, since parsing costs more than doing it. */
enum own_statement { BEGIN, BEGIN_WRITE, COMMIT, ROLLBACK, MARK, MARK_RELEASE, VERSION, OWN_COUNT };
static const char *const own_texts[OWN_COUNT] = {
    [BEGIN] = "BEGIN",
    [BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [MARK] = "SAVEPOINT part",
    [MARK_RELEASE] = "RELEASE part",
    [VERSION] = "PRAGMA data_version",
};

struct sqlite_conn {
    struct store_conn base;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    sqlite3_stmt *own[OWN_COUNT];
};

static sqlite3 *db_of(const struct store_conn *conn)
{
    return ((const struct sqlite_conn *)conn)->db;
}

static enum rc rc_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return RC_OK;
    case SQLITE_CONSTRAINT:
        return RC_CONFLICT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return RC_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return RC_CORRUPT;
    default:
        return RC_IO;
    }
}

static enum rc failed(sqlite3 *db, const char *what, struct fault *fault)
{
    int code = sqlite3_extended_errcode(db);
    enum rc rc = rc_of(code);
    if (code == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE || sqlite3_system_errno(db) == ENOSPC)
        return fault_set(fault, RC_IO, "database, %s: the disk is full", what);
    return fault_set(fault, rc == RC_OK ? RC_IO : rc, "database, %s: %s", what, sqlite3_errmsg(db));
}

static enum rc execute_for(struct store_conn *conn, const char *sql, const char *what,
                           struct fault *fault)
{
    if (sqlite3_exec(db_of(conn), sql, NULL, NULL, NULL) != SQLITE_OK)
        return failed(db_of(conn), what, fault);
    return RC_OK;
}

static enum rc execute(struct store_conn *conn, const char *sql, struct fault *fault)
{
    return execute_for(conn, sql, sql, fault);
}

/* A first row's number, where there is one, into `ret_value`, which may be NULL. */
static enum rc run_own(struct store_conn *base, enum own_statement which, int64_t *ret_value,
                       struct fault *fault)
{
    struct sqlite_conn *conn = (struct sqlite_conn *)base;
    sqlite3_stmt **statement = &conn->own[which];
    if (*statement == NULL &&
        sqlite3_prepare_v3(conn->db, own_texts[which], -1, SQLITE_PREPARE_PERSISTENT, statement,
                           NULL) != SQLITE_OK)
        return failed(conn->db, own_texts[which], fault);
    int code = sqlite3_step(*statement);
    if (code == SQLITE_ROW && ret_value != NULL)
        *ret_value = sqlite3_column_int64(*statement, 0);
    enum rc rc = code == SQLITE_ROW || code == SQLITE_DONE
                     ? RC_OK
                     : failed(conn->db, own_texts[which], fault);
    sqlite3_reset(*statement);
    return rc;
}

/* ---- connections ---- */

/* SQLite's own handler sleeps up to 100 ms at a time; a reader's write should
 * not wait that long behind an import's batch. */
static int wait_for_turn(void *context, int tries)
{
    (void)context;
    if (tries > 15000)
        return 0;
    usleep(1000);
    return 1;
}

static void sqlite_disconnect(struct store_conn *base)
{
    struct sqlite_conn *conn = (struct sqlite_conn *)base;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(conn->statements[i]);
    for (int i = 0; i < OWN_COUNT; i++)
        sqlite3_finalize(conn->own[i]);
    sqlite3_close(conn->db);
    free(conn);
}

static enum rc connect_to(const char *path, bool write, bool create, struct store_conn **ret,
                          struct fault *fault)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    struct sqlite_conn *made = calloc(1, sizeof *made);
    if (made == NULL)
        abort();
    struct store_conn *conn = &made->base;
    *conn = (struct store_conn){.engine = &sqlite_engine, .write = write};
    if (sqlite3_open_v2(path, &made->db, flags, NULL) != SQLITE_OK) {
        enum rc rc = failed(made->db, path, fault);
        sqlite_disconnect(conn);
        return rc;
    }
    sqlite3_extended_result_codes(made->db, 1);
    sqlite3_busy_handler(made->db, wait_for_turn, NULL);
    enum rc rc = execute_for(conn,
                             "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                             "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
                             "PRAGMA temp_store = MEMORY;"
                             "PRAGMA wal_autocheckpoint = 4000;",
                             path, fault);
    if (rc == RC_OK)
        rc = execute_for(conn,
                         write ? "PRAGMA cache_size = -16384; PRAGMA mmap_size = 1073741824;"
                               : "PRAGMA query_only = ON; PRAGMA cache_size = -1024;",
                         path, fault);
    if (rc != RC_OK) {
        sqlite_disconnect(conn);
        return rc;
    }
    *ret = conn;
    return RC_OK;
}

/* SQLite counts the memory it takes, under one lock for all threads, for nobody who asks here; a
 * statement takes some a dozen times. Only before its first use. */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void count_no_memory(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum rc sqlite_open(const char *path, bool create, struct store **ret, struct fault *fault)
{
    if (!create && access(path, F_OK) != 0)
        return fault_set(fault, errno == ENOENT ? RC_NOT_FOUND : RC_IO, "%s: %s", path,
                         strerror(errno));
    pthread_once(&once, count_no_memory);
    struct store_conn *conn;
    enum rc rc = connect_to(path, true, create, &conn, fault);
    if (rc != RC_OK)
        return rc;
    rc = migrate(conn, sqlite_migrations, fault);
    sqlite_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    struct sqlite_store *store = calloc(1, sizeof *store);
    if (store == NULL || (store->path = strdup(path)) == NULL)
        abort();
    store->base.engine = &sqlite_engine;
    store->map = sqlite_map_new();
    *ret = &store->base;
    return RC_OK;
}

static void sqlite_close(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    sqlite_map_free(store->map);
    free(store->path);
    free(store);
}

static enum rc sqlite_connect(struct store *base, bool write, struct store_conn **ret,
                              struct fault *fault)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    struct store_conn *conn;
    enum rc rc = connect_to(store->path, write, false, &conn, fault);
    if (rc == RC_OK && !write) {
        sqlite_map_use(store->map, db_of(conn));
        rc = execute_for(conn, "PRAGMA mmap_size = 1073741824", store->path, fault);
        if (rc != RC_OK)
            sqlite_disconnect(conn);
    }
    if (rc == RC_OK)
        *ret = conn;
    return rc;
}

/* ---- transactions ---- */

static enum rc sqlite_begin(struct store_conn *conn, struct fault *fault)
{
    return run_own(conn, conn->write ? BEGIN_WRITE : BEGIN, NULL, fault);
}

static enum rc sqlite_begin_alone(struct store_conn *conn, struct fault *fault)
{
    return execute(conn, "BEGIN EXCLUSIVE", fault);
}

static enum rc sqlite_commit(struct store_conn *conn, struct fault *fault)
{
    return run_own(conn, COMMIT, NULL, fault);
}

static void sqlite_rollback(struct store_conn *conn)
{
    /* SQLite may have rolled back by itself, on a full disk for instance. */
    if (!sqlite3_get_autocommit(db_of(conn)))
        (void)!run_own(conn, ROLLBACK, NULL, NULL);
}

/* SQLite rolls a transaction back by itself, on a full disk for instance. What
 * would have followed must not be written alone. */
static bool was_rolled_back(const struct store_conn *conn)
{
    return conn->open && conn->write && sqlite3_get_autocommit(db_of(conn));
}

static enum rc refuse_rest(struct fault *fault)
{
    return fault_set(fault, RC_IO, "database: the transaction was rolled back, nothing is written");
}

static enum rc sqlite_mark(struct store_conn *conn, struct fault *fault)
{
    if (was_rolled_back(conn))
        return refuse_rest(fault);
    return run_own(conn, MARK, NULL, fault);
}

static enum rc sqlite_mark_release(struct store_conn *conn, struct fault *fault)
{
    return run_own(conn, MARK_RELEASE, NULL, fault);
}

static void sqlite_mark_undo(struct store_conn *conn)
{
    if (!sqlite3_get_autocommit(db_of(conn)))
        sqlite3_exec(db_of(conn), "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);
}

static uint64_t sqlite_version(struct store_conn *conn)
{
    int64_t version = 0;
    (void)!run_own(conn, VERSION, &version, NULL);
    return (uint64_t)version;
}

static enum rc sqlite_may_rest(struct store_conn *conn, struct fault *fault)
{
    (void)conn;
    (void)fault;
    return RC_OK;
}

static enum rc sqlite_clock(struct store_conn *conn, int64_t *ret, struct fault *fault)
{
    (void)conn;
    (void)fault;
    *ret = clock_machine();
    return RC_OK;
}

/* Who wrote beside a server wakes it by DIR/wake. */
static enum rc sqlite_listen(struct store_conn *conn, struct fault *fault)
{
    (void)conn;
    (void)fault;
    return RC_OK;
}

static int sqlite_news_fd(const struct store_conn *conn)
{
    (void)conn;
    return -1;
}

static bool sqlite_news_take(struct store_conn *conn)
{
    (void)conn;
    return false;
}

static enum rc sqlite_backup(struct store *store, const char *to_path, struct fault *fault)
{
    struct store_conn *from;
    enum rc rc = sqlite_connect(store, false, &from, fault);
    if (rc != RC_OK)
        return rc;
    sqlite3 *to = NULL;
    if (sqlite3_open_v2(to_path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
        SQLITE_OK)
        rc = failed(to, to_path, fault);
    sqlite3_backup *backup =
        rc == RC_OK ? sqlite3_backup_init(to, "main", db_of(from), "main") : NULL;
    if (rc == RC_OK && backup == NULL)
        rc = failed(to, to_path, fault);
    if (backup != NULL) {
        /* All pages in one step: one consistent snapshot, and in WAL mode
         * nobody waits for it. */
        int code = sqlite3_backup_step(backup, -1);
        sqlite3_backup_finish(backup);
        if (code != SQLITE_DONE)
            rc = failed(to, to_path, fault);
    }
    sqlite3_close(to);
    sqlite_disconnect(from);
    return rc;
}

/* ---- statements ---- */

static void *sqlite_start(struct store_conn *base, enum statement name)
{
    struct sqlite_conn *conn = (struct sqlite_conn *)base;
    sqlite3_stmt **statement = &conn->statements[name];
    if (*statement == NULL &&
        sqlite3_prepare_v3(conn->db, statement_texts[name].sqlite, -1, SQLITE_PREPARE_PERSISTENT,
                           statement, NULL) != SQLITE_OK)
        *statement = NULL;
    return *statement;
}

static void sqlite_end(struct query *q)
{
    sqlite3_reset(q->statement);
    sqlite3_clear_bindings(q->statement);
}

static void sqlite_bind_int(struct query *q, int parameter, int64_t value)
{
    sqlite3_bind_int64(q->statement, parameter, value);
}

static void sqlite_bind_str(struct query *q, int parameter, struct str value)
{
    sqlite3_bind_text64(q->statement, parameter, value.n == 0 ? "" : value.p, value.n,
                        SQLITE_STATIC, SQLITE_UTF8);
}

static void sqlite_bind_bytes(struct query *q, int parameter, const void *bytes, size_t n)
{
    sqlite3_bind_blob64(q->statement, parameter, n == 0 ? "" : bytes, n, SQLITE_STATIC);
}

static void sqlite_bind_null(struct query *q, int parameter)
{
    sqlite3_bind_null(q->statement, parameter);
}

static enum rc statement_failed(struct query *q, struct fault *fault)
{
    char what[100];
    snprintf(what, sizeof what, "statement %s", statement_texts[q->name].name);
    return failed(db_of(q->conn), what, fault);
}

static enum rc sqlite_step(struct query *q, struct fault *fault)
{
    if (q->statement == NULL)
        return statement_failed(q, fault);
    if (was_rolled_back(q->conn))
        return refuse_rest(fault);
    int code = sqlite3_step(q->statement);
    if (code == SQLITE_ROW)
        return RC_OK;
    if (code == SQLITE_DONE)
        return RC_NOT_FOUND;
    return statement_failed(q, fault);
}

static int64_t sqlite_changes(const struct query *q)
{
    return sqlite3_changes64(db_of(q->conn));
}

static int64_t sqlite_get_int(const struct query *q, int column)
{
    return sqlite3_column_int64(q->statement, column);
}

static bool sqlite_get_is_null(const struct query *q, int column)
{
    return sqlite3_column_type(q->statement, column) == SQLITE_NULL;
}

static struct str sqlite_peek(const struct query *q, int column)
{
    const void *p = sqlite3_column_blob(q->statement, column);
    return (struct str){p, (size_t)sqlite3_column_bytes(q->statement, column)};
}

/* Its plans are the right ones without. */
static void sqlite_analyze(struct store_conn *conn)
{
    (void)conn;
}

/* What a long transaction touches again is not read and written again each time. */
static void sqlite_expect_much(struct store_conn *conn)
{
    (void)!execute(conn, "PRAGMA cache_size = -65536", NULL);
}

static void sqlite_ask(struct query *q)
{
    (void)q;
}

const struct engine sqlite_engine = {
    .open = sqlite_open,
    .close = sqlite_close,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .execute = execute,
    .begin = sqlite_begin,
    .begin_alone = sqlite_begin_alone,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .mark = sqlite_mark,
    .mark_release = sqlite_mark_release,
    .mark_undo = sqlite_mark_undo,
    .may_rest = sqlite_may_rest,
    .version = sqlite_version,
    .clock = sqlite_clock,
    .listen = sqlite_listen,
    .news_fd = sqlite_news_fd,
    .news_take = sqlite_news_take,
    .backup = sqlite_backup,
    .start = sqlite_start,
    .end = sqlite_end,
    .bind_int = sqlite_bind_int,
    .bind_str = sqlite_bind_str,
    .bind_bytes = sqlite_bind_bytes,
    .bind_null = sqlite_bind_null,
    .step = sqlite_step,
    .post = query_run, /* nothing travels: there is nothing to win */
    .ask = sqlite_ask,
    .analyze = sqlite_analyze,
    .expect_much = sqlite_expect_much,
    .changes = sqlite_changes,
    .get_int = sqlite_get_int,
    .get_is_null = sqlite_get_is_null,
    .peek = sqlite_peek,
};
