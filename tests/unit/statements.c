/* Every statement is taken by both engines, and answers in types that the store
 * reads. PostgreSQL's part needs COLOPHON_TEST_POSTGRES, the URL of a server where
 * a database may be made. */
#include <libpq-fe.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/db.h"
#include "store/engine.h"

static void put(struct store *store, const char *name, struct str value)
{
    struct store_conn *conn;
    assert_int_equal(store_connect(store, true, &conn, NULL), RC_OK);
    assert_int_equal(store_begin(conn, NULL), RC_OK);
    assert_int_equal(store_setting_put(conn, name, value, NULL), RC_OK);
    assert_int_equal(store_commit(conn, NULL), RC_OK);
    store_disconnect(conn);
}

static void assert_setting(struct store_conn *conn, const char *name, struct str value)
{
    QUERY q = query_start(conn, SQL_SETTING_GET);
    query_str(&q, 1, str_of(name));
    assert_int_equal(query_step(&q, NULL), RC_OK);
    assert_true(str_eq(query_peek(&q, 0), value));
}

static void ask_setting(struct store_conn *conn, const char *name)
{
    QUERY q = query_start(conn, SQL_SETTING_GET);
    query_str(&q, 1, str_of(name));
    query_ask(&q);
}

/* What a reader reads between begin and end is of one moment, that of its first statement,
 * and what is asked for early answers nobody who asks something else. */
static void assert_one_snapshot(struct store *store)
{
    struct store_conn *conn;
    const char *one = "one", *two = "two";
    struct str old = STR("old"), later = STR("new");
    put(store, one, old);
    put(store, two, later);
    assert_int_equal(store_connect(store, false, &conn, NULL), RC_OK);
    for (int turn = 0; turn < 2; turn++) { /* with statements that are prepared, too */
        assert_int_equal(store_begin(conn, NULL), RC_OK);
        assert_setting(conn, two, later);
        put(store, one, later);
        assert_setting(conn, one, old);
        ask_setting(conn, one);
        assert_setting(conn, two, later);
        assert_setting(conn, one, old);
        ask_setting(conn, two); /* in vain */
        store_rollback(conn);
        assert_setting(conn, one, later);
        put(store, one, old);
        assert_int_equal(store_begin(conn, NULL), RC_OK);
        assert_setting(conn, one, old);
        store_rollback(conn);
    }
    store_disconnect(conn);
}

static void test_sqlite(void **state)
{
    (void)state;
    char path[] = "/tmp/colophon-statements-XXXXXX";
    struct store *store;
    struct fault fault = {""};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(store_open(path, true, &store, &fault), RC_OK);
    assert_one_snapshot(store);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(db, statement_texts[i].sqlite, -1, &statement, NULL) != SQLITE_OK)
            fail_msg("%s: %s", statement_texts[i].name, sqlite3_errmsg(db));
        assert_int_equal(sqlite3_bind_parameter_count(statement), statement_texts[i].parameters);
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
    store_close(store);
    unlink(path);
}

static void run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
    PQclear(result);
}

static void test_postgres(void **state)
{
    (void)state;
    enum { BOOL = 16, BYTEA = 17, INT8 = 20, INT4 = 23, TEXT = 25 };
    const char *server = getenv("COLOPHON_TEST_POSTGRES");
    if (server == NULL)
        skip();
    char sql[200], url[500];
    snprintf(sql, sizeof sql, "CREATE DATABASE statements_%d", (int)getpid());
    snprintf(url, sizeof url, "%.*s/statements_%d", (int)(strrchr(server, '/') - server), server,
             (int)getpid());
    PGconn *admin = PQconnectdb(server);
    run(admin, sql);
    struct store *store;
    struct fault fault = {""};
    if (store_open(url, true, &store, &fault) != RC_OK)
        fail_msg("%s", fault.text);
    assert_one_snapshot(store);
    PGconn *pg = PQconnectdb(url);
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        const struct statement_text *text = &statement_texts[i];
        PGresult *result = PQprepare(pg, text->name, text->postgres, 0, NULL);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            fail_msg("%s: %s", text->name, PQerrorMessage(pg));
        PQclear(result);
        result = PQdescribePrepared(pg, text->name);
        assert_int_equal(PQnparams(result), text->parameters);
        for (int c = 0; c < PQnfields(result); c++) {
            Oid type = PQftype(result, c);
            if (type != BOOL && type != INT8 && type != INT4 && type != TEXT && type != BYTEA)
                fail_msg("%s: column %d is of type %u", text->name, c, type);
        }
        PQclear(result);
    }
    PQfinish(pg);
    store_close(store);
    snprintf(sql, sizeof sql, "DROP DATABASE statements_%d WITH (FORCE)", (int)getpid());
    run(admin, sql);
    PQfinish(admin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sqlite),
        cmocka_unit_test(test_postgres),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
