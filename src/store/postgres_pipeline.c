/* What goes out before answers come back, and the reading of those. */
#include "store/postgres_conn.h"
#include "store/postgres_wait.h"

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
enum rc postgres_failed(enum rc rc, const char *what, const char *message, struct fault *fault)
{
    struct str text = str_trim(str_of(message));
    return fault_set(fault, rc, "database, %s: %.*s", what, STR_ARG(text));
}

enum rc postgres_result_failed(PGresult *result, PGconn *pg, const char *what, struct fault *fault)
{
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED)
        return postgres_failed(RC_IO, what, "a statement before it failed", fault);
    enum rc rc = rc_of(PQresultErrorField(result, PG_DIAG_SQLSTATE));
    return postgres_failed(rc, what, message != NULL ? message : PQerrorMessage(pg), fault);
}

void postgres_finish_end(struct postgres_conn *conn)
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

void postgres_forget_early(struct postgres_conn *conn)
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

enum rc postgres_fetch(struct postgres_conn *conn, struct prepared *own, struct fault *fault)
{
    enum rc rc = RC_OK;
    bool sent = conn->asked_n > 0 && PQsendFlushRequest(conn->pg) == 1 && PQflush(conn->pg) >= 0;
    postgres_finish_end(conn); /* before the others, with them or earlier */
    while (sent && conn->answered_n < conn->asked_n && PQstatus(conn->pg) == CONNECTION_OK) {
        const char *name = statement_texts[conn->asked[conn->answered_n]].name;
        PGresult *result = wait_result(conn->pg, conn->patience);
        if (result == NULL)
            continue;
        if (rc == RC_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
            rc = postgres_result_failed(result, conn->pg, name, fault);
        keep_answer(conn, result, own);
    }
    if (conn->answered_n < conn->asked_n && rc == RC_OK)
        rc = postgres_failed(RC_BUSY, "reading", PQerrorMessage(conn->pg), fault);
    conn->asked_n = conn->answered_n = 0;
    return rc;
}

enum rc postgres_settle(struct store_conn *base, struct fault *fault)
{
    struct postgres_conn *conn = (struct postgres_conn *)base;
    enum rc rc = RC_OK;
    postgres_finish_end(conn);
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
            rc = postgres_result_failed(result, conn->pg, "a posted statement", fault);
        PQclear(result);
    }
    if (!synced && rc == RC_OK)
        rc = postgres_failed(RC_IO, "posted statements", PQerrorMessage(conn->pg), fault);
    if (!PQexitPipelineMode(conn->pg) && rc == RC_OK)
        rc = postgres_failed(RC_IO, "leaving the pipeline", PQerrorMessage(conn->pg), fault);
    return rc;
}

enum rc postgres_execute(struct store_conn *conn, const char *sql, struct fault *fault)
{
    enum rc rc = postgres_settle(conn, fault);
    if (rc != RC_OK)
        return rc;
    PGresult *result = wait_exec(pg_of(conn), sql, patience_of(conn));
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        rc = postgres_result_failed(result, pg_of(conn), sql, fault);
    PQclear(result);
    return rc;
}
