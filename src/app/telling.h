/* Authors are told where a whole work's, or a set's, reviews, comments or ratings are
 * withheld: each gets one statement of reasons (statement.h), however many of their voices
 * it covers. They may be many, so the restriction's transaction only notes that they are to
 * be told, and a thread of the server that leads does it afterwards, a few in each
 * transaction, which notes how far it came: a kill loses none and doubles none. */
#ifndef COLOPHON_APP_TELLING_H
#define COLOPHON_APP_TELLING_H

#include "app/site.h"
#include "app/writer.h"
#include "domain/restriction.h"

/* Within the transaction of the entry: of the restriction, over `works`, or of what
 * extended it. Nothing where it withholds nobody's voices. */
enum rc telling_add(struct store_conn *conn, const struct restriction *r, struct work_set works,
                    uint64_t entry_id, struct fault *fault) MUST_CHECK;

struct teller;
enum rc teller_open(struct site *site, struct writer *writer, struct teller **ret,
                    struct fault *fault) MUST_CHECK;
/* Ends the thread, before the writer is closed. NULL is harmless. */
void teller_close(struct teller *teller);

#endif
