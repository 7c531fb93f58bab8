/* Who reads through the shared map sees what was committed, however the file has grown, and
 * goes on seeing what stood there when it began. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/sqlite_map.h"

struct fixture {
    char dir[40];
    char path[60];
    sqlite3 *writer;
};

static void run(sqlite3 *db, const char *sql)
{
    char *wrong = NULL;
    sqlite3_exec(db, sql, NULL, NULL, &wrong);
    if (wrong != NULL)
        fail_msg("%s: %s", sql, wrong);
}

static int64_t number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "/tmp/colophon-test-XXXXXX");
    if (mkdtemp(f->dir) == NULL)
        return -1;
    snprintf(f->path, sizeof f->path, "%s/colophon.db", f->dir);
    if (sqlite3_open(f->path, &f->writer) != SQLITE_OK)
        return -1;
    run(f->writer,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0;"
        "CREATE TABLE row (id INTEGER PRIMARY KEY, said INTEGER, padding BLOB)");
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    sqlite3_close(f->writer);
    unlink(f->path);
    rmdir(f->dir);
    free(f);
    return 0;
}

static sqlite3 *reader(struct fixture *f, struct sqlite_map *map)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    sqlite_map_use(map, db);
    run(db, "PRAGMA query_only = ON; PRAGMA cache_size = 5; PRAGMA mmap_size = 1073741824");
    return db;
}

/* `n` rows more, 1 KB each, and into the file itself. */
static void grow(struct fixture *f, int n, const char *said)
{
    char sql[300];
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < %d)"
             "INSERT INTO row(said, padding) SELECT %s, zeroblob(1000) FROM i;"
             "PRAGMA wal_checkpoint(PASSIVE)",
             n, said);
    run(f->writer, sql);
}

static void grows_with_the_file(void **state)
{
    struct fixture *f = *state;
    struct sqlite_map *map = sqlite_map_new();
    sqlite3 *early = reader(f, map);
    int64_t rows = 0;
    for (int n = 10; n <= 10000; n *= 10) {
        grow(f, n, "1");
        rows += n;
        sqlite3 *late = reader(f, map);
        assert_int_equal(number(early, "SELECT SUM(said) FROM row"), rows);
        assert_int_equal(number(late, "SELECT SUM(said) FROM row"), rows);
        sqlite3_close(late);
    }
    sqlite3_close(early);
    sqlite_map_free(map);
}

static void keeps_a_snapshot(void **state)
{
    struct fixture *f = *state;
    struct sqlite_map *map = sqlite_map_new();
    grow(f, 2000, "1");
    sqlite3 *db = reader(f, map), *other = reader(f, map);
    run(db, "BEGIN");
    assert_int_equal(number(db, "SELECT SUM(said) FROM row"), 2000);
    run(f->writer, "UPDATE row SET said = 2; PRAGMA wal_checkpoint(PASSIVE)");
    grow(f, 3000, "2");
    assert_int_equal(number(other, "SELECT SUM(said) FROM row"), 10000);
    assert_int_equal(number(db, "SELECT SUM(said) FROM row"), 2000);
    run(db, "COMMIT");
    run(f->writer, "PRAGMA wal_checkpoint(PASSIVE)");
    assert_int_equal(number(db, "SELECT SUM(said) FROM row"), 10000);
    sqlite3_close(db);
    sqlite3_close(other);
    sqlite_map_free(map);
}

/* As another process finds it: is the file locked? */
static bool locked(const char *path)
{
    pid_t other = fork();
    if (other == 0) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        int fd = open(path, O_RDWR);
        _exit(fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(other, &status, 0), other);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* A process that closes any file lets go of all its locks on it; without the writer's, the last
 * of the others to leave would clear the log away beneath it. */
static void keeps_locks(void **state)
{
    struct fixture *f = *state;
    grow(f, 10, "1");
    struct sqlite_map *map = sqlite_map_new();
    sqlite3_close(reader(f, map));
    sqlite_map_free(map);
    assert_true(locked(f->path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(grows_with_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_a_snapshot, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_locks, setup, teardown),
    };
    const struct CMUnitTest limited[] = {
        cmocka_unit_test_setup_teardown(grows_with_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_a_snapshot, setup, teardown),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    /* SQLite maps no more than is configured: the rest of the file is read. */
    sqlite3_shutdown();
    if (sqlite3_config(SQLITE_CONFIG_MMAP_SIZE, (sqlite3_int64)0, (sqlite3_int64)1 << 20) !=
        SQLITE_OK)
        return 1;
    return failed + cmocka_run_group_tests_name("limited", limited, NULL, NULL);
}
