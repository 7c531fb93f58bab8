/* Inside store/: libpq's questions, with an end to the waiting. A database whose
 * machine is there and says nothing, or a proxy before one that is gone, would
 * otherwise be waited for as long as the connection stands. */
#ifndef COLOPHON_STORE_POSTGRES_WAIT_H
#define COLOPHON_STORE_POSTGRES_WAIT_H

#include <libpq-fe.h>

/* As PQexec, PQprepare, PQexecPrepared (results in binary form) and PQgetResult; after
 * `ms` without a byte (negative: never) the connection is ended, and lost for all
 * that follows. */
PGresult *wait_exec(PGconn *pg, const char *sql, int ms);
PGresult *wait_prepare(PGconn *pg, const char *name, const char *sql, int n, const Oid *types,
                       int ms);
PGresult *wait_exec_prepared(PGconn *pg, const char *name, int n, const char *const *values,
                             const int *lengths, const int *formats, int ms);
PGresult *wait_result(PGconn *pg, int ms);

#endif
