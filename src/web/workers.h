/* Workers: what requests borrow to read with. Few are kept between requests; each
 * makes a connection when it first needs one. */
#ifndef COLOPHON_WEB_WORKERS_H
#define COLOPHON_WEB_WORKERS_H

#include "web/server.h"

struct worker_pool *workers_new(void);
void workers_free(struct worker_pool *pool); /* harmless with NULL */

/* A worker whose `conn` can be read from; NULL where no database can be reached.
 * With `state`, which is the gate's view's, a replica may be read that has come so
 * far; one that has not (`behind`), only where the database itself is away. */
struct worker *worker_take(struct server *s, const uint64_t *state, struct fault *fault);
/* Ends its snapshot. */
void worker_give(struct server *s, struct worker *w);

/* From here to worker_give the worker reads one state of the database. */
enum rc worker_snapshot(struct worker *w, struct fault *fault) MUST_CHECK;
/* From a replica to the database itself; false where that is away. */
bool worker_leave_replica(struct server *s, struct worker *w);

#endif
