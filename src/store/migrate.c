#include "store/migrate.h"

/* How many of the migrations the database has. */
static enum rc check_applied(struct store_conn *conn, const struct migration *migrations, int *ret,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_MIGRATION_ALL);
    enum rc rc;
    int done = 0;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        int64_t number = query_get_int(&q, 0);
        if (number > MIGRATION_COUNT)
            return fault_set(fault, RC_CORRUPT,
                             "the database was made by a newer Colophon (migration %lld)",
                             (long long)number);
        if (number != done + 1 || !str_eq(query_peek(&q, 1), str_of(migrations[done].checksum)))
            return fault_set(fault, RC_CORRUPT, "migration %lld is not the one that was applied",
                             (long long)number);
        done++;
    }
    if (rc == RC_NOT_FOUND)
        *ret = done;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc note(struct store_conn *conn, const struct migration *migration, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_MIGRATION_ADD);
    query_int(&q, 1, migration->number);
    query_str(&q, 2, str_of(migration->checksum));
    return query_run(&q, fault);
}

static enum rc apply_next(struct store_conn *conn, const struct migration *migrations, int *done,
                          struct fault *fault)
{
    enum rc rc = conn->engine->begin_alone(conn, fault);
    conn->open = rc == RC_OK;
    if (rc == RC_OK) /* another process may have been faster */
        rc = check_applied(conn, migrations, done, fault);
    if (rc == RC_OK && *done < MIGRATION_COUNT) {
        rc = conn->engine->execute(conn, migrations[*done].sql, fault);
        if (rc == RC_OK)
            rc = note(conn, &migrations[*done], fault);
        if (rc == RC_OK)
            ++*done;
    }
    if (rc == RC_OK)
        rc = store_commit(conn, fault);
    else
        store_rollback(conn);
    return rc;
}

enum rc migrate(struct store_conn *conn, const struct migration migrations[MIGRATION_COUNT],
                struct fault *fault)
{
    int done = 0;
    enum rc rc = check_applied(conn, migrations, &done, fault);
    if (rc == RC_CORRUPT || (rc == RC_OK && done == MIGRATION_COUNT))
        return rc;
    rc = conn->engine->execute(conn,
                               "CREATE TABLE IF NOT EXISTS migration "
                               "(number INTEGER PRIMARY KEY, checksum TEXT NOT NULL)",
                               fault);
    while (rc == RC_OK && done < MIGRATION_COUNT)
        rc = apply_next(conn, migrations, &done, fault);
    return rc;
}
