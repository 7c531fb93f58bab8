/* One role for each duty, on PostgreSQL: the owner makes tables and views, the
 * writer changes rows, the reader sees the views of the schema `gate` and nothing
 * beside them (gate_views, made by tools/statements.py). */
#include <libpq-fe.h>

#include "base/buf.h"
#include "store/engine.h"

#define PG __attribute__((cleanup(finish))) PGconn

static void finish(PGconn **pg)
{
    PQfinish(*pg);
}

static enum rc log_in(const char *url, const char *what, PGconn **ret, struct fault *fault)
{
    *ret = PQconnectdb(url);
    if (PQstatus(*ret) == CONNECTION_OK)
        return RC_OK;
    struct str reason = str_trim(str_of(PQerrorMessage(*ret)));
    return fault_set(fault, RC_IO, "the %s: %.*s", what, STR_ARG(reason));
}

static enum rc execute(PGconn *pg, const char *sql, struct fault *fault)
{
    PGresult *result = PQexec(pg, sql);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    if (done)
        return RC_OK;
    struct str reason = str_trim(str_of(PQerrorMessage(pg)));
    return fault_set(fault, RC_IO, "as the owner: %.*s", STR_ARG(reason));
}

/* Whether SQL says true of a role, which is its first parameter; and the second. */
static bool says(PGconn *pg, const char *sql, const char *role, const char *other)
{
    PGresult *result = PQexecParams(pg, sql, other != NULL ? 2 : 1, NULL,
                                    (const char *[]){role, other}, NULL, NULL, 0);
    bool yes = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
               strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    PQclear(result);
    return yes;
}

struct roles {
    PGconn *owner;
    const char *names[3]; /* owner, writer, reader */
};

/* Roles of which one is the other, or can become it, are no wall. */
static enum rc check_apart(const struct roles *r, struct fault *fault)
{
    static const int pairs[][2] = {{1, 0}, {2, 0}, {2, 1}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *role = r->names[pairs[i][0]], *other = r->names[pairs[i][1]];
        if (!says(r->owner, "SELECT NOT pg_has_role($1, $2, 'MEMBER')", role, other))
            return fault_set(fault, RC_INVALID,
                             "%s can do whatever %s can: three roles are needed, none a superuser "
                             "or a member of another",
                             role, other);
    }
    return RC_OK;
}

/* What everybody may do in a database (PUBLIC) these roles may do, too. */
static enum rc check_walls(const struct roles *r, struct fault *fault)
{
    for (int i = 1; i < 3; i++) {
        if (!says(r->owner,
                  "SELECT NOT has_schema_privilege($1, 'public', 'CREATE') AND "
                  "NOT has_schema_privilege($1, 'gate', 'CREATE') AND "
                  "NOT has_database_privilege($1, current_database(), 'CREATE, TEMPORARY')",
                  r->names[i], NULL))
            return fault_set(fault, RC_INVALID,
                             "%s could still create tables: whoever owns the database and its "
                             "schema public must REVOKE CREATE ON SCHEMA public, and TEMPORARY ON "
                             "DATABASE, FROM PUBLIC",
                             r->names[i]);
    }
    if (!says(r->owner,
              "SELECT NOT bool_or(has_table_privilege($1, c.oid, 'SELECT, INSERT, UPDATE, DELETE'))"
              " FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace"
              " AND c.relkind = 'r'",
              r->names[2], NULL))
        return fault_set(fault, RC_INVALID, "%s can still read tables: REVOKE what PUBLIC may",
                         r->names[2]);
    return RC_OK;
}

static enum rc grant(const struct roles *r, struct fault *fault)
{
    BUF_AUTO sql = BUF_INIT(64 << 10);
    char *quoted[4] = {0};
    for (int i = 0; i < 4; i++) {
        const char *name = i < 3 ? r->names[i] : PQdb(r->owner);
        quoted[i] = PQescapeIdentifier(r->owner, name, strlen(name));
    }
    buf_printf(&sql, "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
                     "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;");
    buf_printf(&sql, "REVOKE CREATE, TEMPORARY ON DATABASE %s FROM PUBLIC;", quoted[3]);
    buf_printf(&sql, "DROP SCHEMA IF EXISTS gate CASCADE; CREATE SCHEMA gate;%s", gate_views);
    for (int i = 1; i < 3; i++)
        buf_printf(&sql, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %s;", quoted[i]);
    buf_printf(&sql,
               "GRANT USAGE ON SCHEMA public TO %s;"
               "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %s;"
               "REVOKE INSERT, UPDATE, DELETE ON migration FROM %s;"
               "REVOKE UPDATE, DELETE ON trail FROM %s;"
               "GRANT USAGE ON SCHEMA gate TO %s; GRANT SELECT ON ALL TABLES IN SCHEMA gate TO %s",
               quoted[1], quoted[1], quoted[1], quoted[1], quoted[2], quoted[2]);
    for (int i = 0; i < 4; i++)
        PQfreemem(quoted[i]);
    enum rc rc = buf_check(&sql);
    struct str text = buf_str(&sql);
    ARENA_AUTO arena = ARENA_INIT;
    if (rc == RC_OK)
        rc = execute(r->owner, "BEGIN", fault);
    if (rc == RC_OK)
        rc = execute(r->owner, arena_z(&arena, text), fault);
    if (rc == RC_OK)
        rc = check_walls(r, fault);
    if (rc == RC_OK)
        rc = execute(r->owner, "COMMIT", fault);
    return rc; /* what was not committed ends with the connection */
}

enum rc store_grant(const char *owner_url, const char *writer_url, const char *reader_url,
                    struct fault *fault)
{
    PG *owner = NULL, *writer = NULL, *reader = NULL;
    struct store *store = NULL;
    enum rc rc = log_in(owner_url, "owner", &owner, fault);
    if (rc == RC_OK)
        rc = log_in(writer_url, "writer", &writer, fault);
    if (rc == RC_OK)
        rc = log_in(reader_url, "reader", &reader, fault);
    if (rc != RC_OK)
        return rc;
    if (strcmp(PQdb(owner), PQdb(writer)) != 0 || strcmp(PQdb(owner), PQdb(reader)) != 0)
        return fault_set(fault, RC_INVALID, "the three URLs must name one database");
    struct roles roles = {owner, {PQuser(owner), PQuser(writer), PQuser(reader)}};
    rc = check_apart(&roles, fault);
    if (rc == RC_OK)
        rc = store_open(owner_url, false, &store, fault);
    store_close(store);
    return rc == RC_OK ? grant(&roles, fault) : rc;
}
