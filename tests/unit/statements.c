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

#include "store/engine.h"

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
