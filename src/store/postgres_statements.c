/* Named statements on one connection: prepared, bound, run or asked for, and their rows read. */
#include <endian.h>

#include "store/postgres_conn.h"
#include "store/postgres_wait.h"

/* Types of src/include/catalog/pg_type.dat, which never change. */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT4 = 23, OID_TEXT = 25 };

/* So many, and the answers of the server cannot fill the socket while we fill it
 * with questions. */
enum { POSTED_MAX = 128 };

void postgres_forget_result(struct prepared *p)
{
    if (p->result != p->early)
        PQclear(p->result);
    p->result = NULL;
    p->row = 0;
}

void *postgres_start(struct store_conn *base, enum statement name)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    if (conn->statements[name] == NULL) {
        conn->statements[name] = calloc(1, sizeof *conn->statements[name]);
        if (conn->statements[name] == NULL)
            abort();
        conn->statements[name]->bound = BUF_INIT(BOUND_MAX);
        conn->statements[name]->early_bound = BUF_INIT(BOUND_MAX);
    }
    postgres_forget_result(conn->statements[name]);
    return conn->statements[name];
}

/* A parameter that is not bound is NULL, as on SQLite: never what an earlier run
 * pointed to. */
void postgres_end(struct query *q)
{
    struct prepared *p = q->statement;
    postgres_forget_result(p);
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

void postgres_bind_int(struct query *q, int parameter, int64_t value)
{
    struct prepared *p = q->statement;
    uint64_t wire = htobe64((uint64_t)value);
    memcpy(p->numbers[parameter - 1], &wire, sizeof wire);
    bind(q, parameter, OID_INT8, p->numbers[parameter - 1], 8);
}

void postgres_bind_str(struct query *q, int parameter, struct str value)
{
    bind(q, parameter, OID_TEXT, value.n == 0 ? "" : value.p, value.n);
}

void postgres_bind_bytes(struct query *q, int parameter, const void *bytes, size_t n)
{
    bind(q, parameter, OID_BYTEA, n == 0 ? "" : bytes, n);
}

void postgres_bind_null(struct query *q, int parameter)
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

void postgres_ask(struct query *q)
{
    struct postgres_conn *conn = (struct postgres_conn *)q->conn;
    const struct prepared *p = q->statement;
    /* The first time it is prepared, when it is run. */
    if (postgres_is_reading(q->conn) && p->ready && !conn->fresh && conn->asked_n < ASKED_MAX - 1 &&
        !is_asked(q) && !is_early(q) && !postgres_is_lost(q->conn))
        (void)!send(q);
}

/* With what was asked for before. */
static enum rc read_now(struct query *q, struct fault *fault)
{
    struct postgres_conn *conn = (struct postgres_conn *)q->conn;
    struct prepared *p = q->statement;
    enum rc rc =
        is_asked(q) || (conn->asked_n > 0 && !p->ready) ? postgres_fetch(conn, NULL, fault) : RC_OK;
    if (rc == RC_OK && is_early(q)) {
        p->result = p->early;
        return RC_OK;
    }
    if (rc == RC_OK && !p->ready) {
        postgres_finish_end(conn);
        PGresult *refused = PQenterPipelineMode(conn->pg) ? prepare(q) : NULL;
        conn->fresh = false;
        if (!p->ready)
            rc = postgres_result_failed(refused, conn->pg, statement_texts[q->name].name, fault);
        PQclear(refused);
    }
    if (rc == RC_OK && !send(q))
        rc = postgres_failed(RC_BUSY, statement_texts[q->name].name, PQerrorMessage(conn->pg),
                             fault);
    return rc == RC_OK ? postgres_fetch(conn, p, fault) : rc;
}

/* A first statement finds the connection lost: nothing was read yet that one made anew would
 * not see. */
static enum rc read_first(struct query *q, struct fault *fault)
{
    bool first = ((struct postgres_conn *)q->conn)->fresh;
    enum rc rc = first && postgres_is_lost(q->conn) ? RC_BUSY : read_now(q, fault);
    if (rc == RC_OK || !first || !postgres_is_lost(q->conn))
        return rc;
    postgres_forget_result(q->statement);
    rc = postgres_reconnect(q->conn, fault);
    return rc == RC_OK ? read_now(q, fault) : rc;
}

enum rc postgres_step(struct query *q, struct fault *fault)
{
    struct prepared *p = q->statement;
    if (p->result == NULL) {
        bool reading = postgres_is_reading(q->conn);
        enum rc rc = reading ? read_first(q, fault) : postgres_settle(q->conn, fault);
        if (rc != RC_OK) {
            postgres_forget_result(p);
            return rc;
        }
        if (!reading)
            p->result = run(q);
        /* Outside of a transaction nothing was begun that could be lost. */
        if (postgres_is_lost(q->conn) && !q->conn->open &&
            postgres_reconnect(q->conn, NULL) == RC_OK) {
            postgres_forget_result(p);
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
        enum rc rc =
            postgres_result_failed(p->result, pg_of(q->conn), statement_texts[q->name].name, fault);
        postgres_forget_result(p);
        return rc;
    }
    return ++p->row < PQntuples(p->result) ? RC_OK : RC_NOT_FOUND;
}

enum rc postgres_post(struct query *q, struct fault *fault)
{
    struct postgres_conn *conn = (struct postgres_conn *)q->conn;
    const struct statement_text *text = &statement_texts[q->name];
    const struct prepared *p = q->statement;
    enum rc rc = conn->posted >= POSTED_MAX || !p->ready ? postgres_settle(q->conn, fault) : RC_OK;
    PGresult *refused = rc == RC_OK ? prepare(q) : NULL;
    if (refused != NULL) {
        rc = postgres_result_failed(refused, conn->pg, text->name, fault);
        PQclear(refused);
    }
    if (rc != RC_OK)
        return rc;
    if (!PQenterPipelineMode(conn->pg) ||
        !PQsendQueryPrepared(conn->pg, text->name, text->parameters, p->values, p->lengths, binary,
                             1))
        return postgres_failed(RC_IO, text->name, PQerrorMessage(conn->pg), fault);
    conn->posted++;
    return RC_OK;
}

int64_t postgres_changes(const struct query *q)
{
    const struct prepared *p = q->statement;
    uint64_t n = 0;
    if (p->result != NULL && !str_to_u64(str_of(PQcmdTuples(p->result)), &n))
        n = 0;
    return (int64_t)n;
}

int64_t postgres_get_int(const struct query *q, int column)
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

bool postgres_get_is_null(const struct query *q, int column)
{
    const struct prepared *p = q->statement;
    return PQgetisnull(p->result, p->row, column);
}

struct str postgres_peek(const struct query *q, int column)
{
    const struct prepared *p = q->statement;
    return (struct str){PQgetvalue(p->result, p->row, column),
                        (size_t)PQgetlength(p->result, p->row, column)};
}
