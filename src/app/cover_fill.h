/* Inside app/: the queue of covers to be fetched follows the change feed. */
#ifndef COLOPHON_APP_COVER_FILL_H
#define COLOPHON_APP_COVER_FILL_H

#include "app/site.h"
#include "app/writer.h"

struct edition;

/* The link to its front cover that may be fetched and kept; empty where there is none. */
struct str cover_link(const struct edition *edition);

/* Brings the queue up to date with what is committed. `stop` as in cover_fetch.h. */
enum rc cover_fill(struct writer *writer, struct store_conn *conn, bool (*stop)(void *context),
                   void *context, struct fault *fault) MUST_CHECK;

#endif
