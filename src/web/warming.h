/* The first pages after a start, made before anybody asks: what they read of the database,
 * of the index and of the languages' rules is in memory then. */
#ifndef COLOPHON_WEB_WARMING_H
#define COLOPHON_WEB_WARMING_H

#include "web/server.h"

struct warming;

/* `make` answers a request as one that came over the network. On a thread of its own, once
 * there is an index to search in. */
typedef struct reply *(*warming_make)(void *context, struct request *request,
                                      struct later **ret_later);
enum rc warming_start(struct server *s, warming_make make, struct warming **ret,
                      struct fault *fault) MUST_CHECK;
void warming_end(struct warming *w); /* harmless with NULL */
/* Whether they were made, or could not be. Never waits. */
bool warming_done(const struct warming *w);

#endif
