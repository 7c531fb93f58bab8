/* The thread of a server that has the lists of titles signed (listing.h): once the
 * catalogue has rested for LISTER_REST_MS after a change (or ten minutes after it, where
 * it does not rest), and each day. Of several nodes the one
 * that leads does it. */
#ifndef COLOPHON_APP_LISTER_H
#define COLOPHON_APP_LISTER_H

#include "app/site.h"
#include "app/writer.h"

enum { LISTER_REST_MS = 60000 };

struct lister;
enum rc lister_open(struct site *site, struct writer *writer, struct lister **ret,
                    struct fault *fault) MUST_CHECK;
/* Ends the thread, before the writer is closed. NULL is harmless. */
void lister_close(struct lister *lister);

#endif
