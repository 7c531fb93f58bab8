/* The SQLite engine: connections, transactions and statements. */
#include <errno.h>
#include <sqlite3.h>
#include <unistd.h>

#include "store/db.h"

struct store {
    char *path;
};

struct store_conn {
    sqlite3 *db;
    bool write;
    bool open; /* a transaction is */
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

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
    return fault_set(fault, rc == RC_OK ? RC_IO : rc, "database, %s: %s", what, sqlite3_errmsg(db));
}

static enum rc execute(struct store_conn *conn, const char *sql, struct fault *fault)
{
    if (sqlite3_exec(conn->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return failed(conn->db, sql, fault);
    return RC_OK;
}

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

static enum rc connect_to(const char *path, bool write, bool create, struct store_conn **ret,
                          struct fault *fault)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    struct store_conn *conn = calloc(1, sizeof *conn);
    if (conn == NULL)
        abort();
    conn->write = write;
    if (sqlite3_open_v2(path, &conn->db, flags, NULL) != SQLITE_OK) {
        enum rc rc = failed(conn->db, path, fault);
        store_disconnect(conn);
        return rc;
    }
    sqlite3_extended_result_codes(conn->db, 1);
    sqlite3_busy_handler(conn->db, wait_for_turn, NULL);
    enum rc rc = execute(conn,
                         "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                         "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
                         "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 1073741824;"
                         "PRAGMA wal_autocheckpoint = 4000;",
                         fault);
    if (rc == RC_OK)
        rc = execute(conn,
                     write ? "PRAGMA cache_size = -16384;"
                           : "PRAGMA query_only = ON; PRAGMA cache_size = -1024;",
                     fault);
    if (rc != RC_OK) {
        store_disconnect(conn);
        return rc;
    }
    *ret = conn;
    return RC_OK;
}

/* Migrations: applied in order, one transaction each, their checksums kept. */
static enum rc migrate(struct store_conn *conn, struct fault *fault)
{
    enum rc rc = execute(conn,
                         "CREATE TABLE IF NOT EXISTS migration "
                         "(number INTEGER PRIMARY KEY, checksum TEXT NOT NULL)",
                         fault);
    sqlite3_stmt *list = NULL;
    if (rc != RC_OK)
        return rc;
    if (sqlite3_prepare_v2(conn->db, "SELECT number, checksum FROM migration ORDER BY number", -1,
                           &list, NULL) != SQLITE_OK)
        return failed(conn->db, "reading migrations", fault);
    int done = 0;
    while (rc == RC_OK && sqlite3_step(list) == SQLITE_ROW) {
        int number = sqlite3_column_int(list, 0);
        const char *checksum = (const char *)sqlite3_column_text(list, 1);
        if (number > MIGRATION_COUNT)
            rc = fault_set(fault, RC_CORRUPT,
                           "the database was made by a newer Colophon (migration %d)", number);
        else if (number != done + 1 || strcmp(checksum, migrations[done].checksum) != 0)
            rc = fault_set(fault, RC_CORRUPT, "migration %d is not the one that was applied",
                           number);
        done = number;
    }
    sqlite3_finalize(list);
    for (; rc == RC_OK && done < MIGRATION_COUNT; done++) {
        char note[200];
        snprintf(note, sizeof note, "INSERT INTO migration VALUES (%d, '%s'); COMMIT",
                 migrations[done].number, migrations[done].checksum);
        rc = execute(conn, "BEGIN EXCLUSIVE", fault);
        if (rc == RC_OK)
            rc = execute(conn, migrations[done].sql, fault);
        if (rc == RC_OK)
            rc = execute(conn, note, fault);
        if (rc != RC_OK)
            sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return rc;
}

static bool is_current(struct store_conn *conn)
{
    sqlite3_stmt *statement = NULL;
    bool current = sqlite3_prepare_v2(conn->db, "SELECT COUNT(*), MAX(checksum = ?) FROM migration",
                                      -1, &statement, NULL) == SQLITE_OK;
    if (current) {
        sqlite3_bind_text(statement, 1, migrations[MIGRATION_COUNT - 1].checksum, -1,
                          SQLITE_STATIC);
        current = sqlite3_step(statement) == SQLITE_ROW &&
                  sqlite3_column_int(statement, 0) == MIGRATION_COUNT &&
                  sqlite3_column_int(statement, 1) == 1;
    }
    sqlite3_finalize(statement);
    return current;
}

enum rc store_open(const char *path, bool create, struct store **ret, struct fault *fault)
{
    if (!create && access(path, F_OK) != 0)
        return fault_set(fault, errno == ENOENT ? RC_NOT_FOUND : RC_IO, "%s: %s", path,
                         strerror(errno));
    struct store_conn *conn;
    enum rc rc = connect_to(path, true, create, &conn, fault);
    if (rc != RC_OK)
        return rc;
    /* Looking first keeps a full disk or a read-only copy readable. */
    if (!is_current(conn))
        rc = migrate(conn, fault);
    store_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL || (store->path = strdup(path)) == NULL)
        abort();
    *ret = store;
    return RC_OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    free(store->path);
    free(store);
}

enum rc store_connect(struct store *store, bool write, struct store_conn **ret, struct fault *fault)
{
    return connect_to(store->path, write, false, ret, fault);
}

void store_disconnect(struct store_conn *conn)
{
    if (conn == NULL)
        return;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(conn->statements[i]);
    sqlite3_close(conn->db);
    free(conn);
}

enum rc store_begin(struct store_conn *conn, struct fault *fault)
{
    enum rc rc = execute(conn, conn->write ? "BEGIN IMMEDIATE" : "BEGIN", fault);
    conn->open = rc == RC_OK;
    return rc;
}

enum rc store_commit(struct store_conn *conn, struct fault *fault)
{
    enum rc rc = execute(conn, "COMMIT", fault);
    if (rc != RC_OK)
        store_rollback(conn);
    conn->open = false;
    return rc;
}

void store_rollback(struct store_conn *conn)
{
    /* SQLite may have rolled back by itself, on a full disk for instance. */
    if (conn->open && !sqlite3_get_autocommit(conn->db))
        sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
    conn->open = false;
}

void store_scope_end(struct store_conn **conn)
{
    if (*conn != NULL)
        store_rollback(*conn);
}

enum rc store_mark(struct store_conn *conn, struct fault *fault)
{
    return execute(conn, "SAVEPOINT part", fault);
}

enum rc store_mark_release(struct store_conn *conn, struct fault *fault)
{
    return execute(conn, "RELEASE part", fault);
}

void store_mark_undo(struct store_conn *conn)
{
    if (!sqlite3_get_autocommit(conn->db))
        sqlite3_exec(conn->db, "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);
}

uint64_t store_version(struct store_conn *conn)
{
    sqlite3_stmt *statement = NULL;
    uint64_t version = 0;
    if (sqlite3_prepare_v2(conn->db, "PRAGMA data_version", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        version = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return version;
}

enum rc store_backup(struct store *store, const char *to_path, struct fault *fault)
{
    struct store_conn *from;
    enum rc rc = connect_to(store->path, false, false, &from, fault);
    if (rc != RC_OK)
        return rc;
    sqlite3 *to = NULL;
    if (sqlite3_open_v2(to_path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
        SQLITE_OK)
        rc = failed(to, to_path, fault);
    sqlite3_backup *backup = rc == RC_OK ? sqlite3_backup_init(to, "main", from->db, "main") : NULL;
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
    store_disconnect(from);
    return rc;
}

struct query query_start(struct store_conn *conn, enum statement name)
{
    if (conn->statements[name] == NULL) {
        int code =
            sqlite3_prepare_v3(conn->db, statement_texts[name].sql, -1, SQLITE_PREPARE_PERSISTENT,
                               (sqlite3_stmt **)&conn->statements[name], NULL);
        /* Steps report it: preparing again fails again. */
        if (code != SQLITE_OK)
            conn->statements[name] = NULL;
    }
    return (struct query){conn, conn->statements[name], name};
}

void query_end(struct query *q)
{
    if (q->statement != NULL) {
        sqlite3_reset(q->statement);
        sqlite3_clear_bindings(q->statement);
    }
}

void query_int(struct query *q, int parameter, int64_t value)
{
    sqlite3_bind_int64(q->statement, parameter, value);
}

void query_str(struct query *q, int parameter, struct str value)
{
    sqlite3_bind_text64(q->statement, parameter, value.n == 0 ? "" : value.p, value.n,
                        SQLITE_STATIC, SQLITE_UTF8);
}

void query_bytes(struct query *q, int parameter, const void *bytes, size_t n)
{
    sqlite3_bind_blob64(q->statement, parameter, n == 0 ? "" : bytes, n, SQLITE_STATIC);
}

void query_null(struct query *q, int parameter)
{
    sqlite3_bind_null(q->statement, parameter);
}

static enum rc statement_failed(struct query *q, struct fault *fault)
{
    char what[100];
    snprintf(what, sizeof what, "statement %s", statement_texts[q->name].name);
    return failed(q->conn->db, what, fault);
}

enum rc query_step(struct query *q, struct fault *fault)
{
    if (q->statement == NULL)
        return statement_failed(q, fault);
    int code = sqlite3_step(q->statement);
    if (code == SQLITE_ROW)
        return RC_OK;
    if (code == SQLITE_DONE)
        return RC_NOT_FOUND;
    return statement_failed(q, fault);
}

enum rc query_run(struct query *q, struct fault *fault)
{
    enum rc rc = query_step(q, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc query_again(struct query *q, struct fault *fault)
{
    enum rc rc = query_run(q, fault);
    if (q->statement != NULL)
        sqlite3_reset(q->statement);
    return rc;
}

int64_t query_changes(const struct query *q)
{
    return sqlite3_changes64(q->conn->db);
}

int64_t query_get_int(const struct query *q, int column)
{
    return sqlite3_column_int64(q->statement, column);
}

bool query_get_is_null(const struct query *q, int column)
{
    return sqlite3_column_type(q->statement, column) == SQLITE_NULL;
}

struct str query_peek(const struct query *q, int column)
{
    const void *p = sqlite3_column_blob(q->statement, column);
    return (struct str){p, (size_t)sqlite3_column_bytes(q->statement, column)};
}

struct str query_get_str(const struct query *q, int column, struct arena *arena)
{
    return arena_str(arena, query_peek(q, column));
}

bool query_get_hash(const struct query *q, int column, struct hash *ret)
{
    struct str bytes = query_peek(q, column);
    if (bytes.n != sizeof ret->b)
        return false;
    memcpy(ret->b, bytes.p, bytes.n);
    return true;
}
