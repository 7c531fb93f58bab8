#include "store/postgres_wait.h"

#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>

PGresult *wait_result(PGconn *pg, int ms)
{
    while (PQisBusy(pg)) {
        struct pollfd answer = {PQsocket(pg), POLLIN, 0};
        /* An end that libpq sees by itself, with an error of its own. */
        if (poll(&answer, 1, ms) == 0)
            shutdown(answer.fd, SHUT_RDWR);
        if (PQconsumeInput(pg) == 0)
            break;
    }
    return PQgetResult(pg);
}

/* The last of the results, or the first that failed. */
static PGresult *last_result(PGconn *pg, int asked, int ms)
{
    PGresult *last = asked ? wait_result(pg, ms) : NULL, *next;
    if (last == NULL) /* what stands against it is the connection's message */
        return PQmakeEmptyPGresult(pg, PGRES_FATAL_ERROR);
    while ((next = wait_result(pg, ms)) != NULL) {
        if (PQresultStatus(last) == PGRES_FATAL_ERROR) {
            PQclear(next);
            continue;
        }
        PQclear(last);
        last = next;
    }
    return last;
}

PGresult *wait_exec(PGconn *pg, const char *sql, int ms)
{
    return last_result(pg, PQsendQuery(pg, sql), ms);
}

PGresult *wait_prepare(PGconn *pg, const char *name, const char *sql, int n, const Oid *types,
                       int ms)
{
    int sent = PQsendPrepare(pg, name, sql, n, types);
    if (PQpipelineStatus(pg) == PQ_PIPELINE_OFF)
        return last_result(pg, sent, ms);
    PGresult *result = NULL;
    sent = sent && PQsendFlushRequest(pg) && PQflush(pg) >= 0;
    while (sent && result == NULL && PQstatus(pg) == CONNECTION_OK)
        result = wait_result(pg, ms); /* NULL: the end of what was read before */
    return result != NULL ? result : PQmakeEmptyPGresult(pg, PGRES_FATAL_ERROR);
}

PGresult *wait_exec_prepared(PGconn *pg, const char *name, int n, const char *const *values,
                             const int *lengths, const int *formats, int ms)
{
    return last_result(pg, PQsendQueryPrepared(pg, name, n, values, lengths, formats, 1), ms);
}
