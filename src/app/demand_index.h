/* The published demands and what came of them, in memory: what lists, sums and filters are made
 * from without reading the database for each request. The gate keeps it, and takes in what is
 * new at each of its reloads. May be read from any thread. */
#ifndef COLOPHON_APP_DEMAND_INDEX_H
#define COLOPHON_APP_DEMAND_INDEX_H

#include "app/site.h"

struct demand_index;
struct paper_demand;

struct demand_index *demand_index_new(void);
void demand_index_free(struct demand_index *index); /* NULL is harmless */
/* Takes in the decisions log's entries up to `size` that it has not; one thread at a time. */
enum rc demand_index_follow(struct demand_index *index, struct store_conn *conn, uint64_t size,
                            struct fault *fault) MUST_CHECK;
/* All of them, newest first. What `each` is shown is good until it returns. */
void demand_index_each(struct demand_index *index,
                       void (*each)(void *context, const struct paper_demand *demand),
                       void *context);

#endif
