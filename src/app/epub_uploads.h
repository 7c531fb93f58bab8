/* EPUBs that partners send at their desk. Whoever sends one is answered at once: the file is made
 * durable and queued, and a thread of the server that took it looks at it (epubs.h), after readers
 * and one at a time. The one before stays in force until then, and where the new one is refused.
 * Cut off by a kill, it is looked at again. The files lie in DIR/uploads of that node. */
#ifndef COLOPHON_APP_EPUB_UPLOADS_H
#define COLOPHON_APP_EPUB_UPLOADS_H

#include "app/epubs.h"

enum { EPUBS_OPEN_MAX = 50 }; /* of a shop */

/* Takes over a file that lies in the folder of feeds (feeds.h); it is gone where this fails.
 * RC_INVALID where the title takes none, the shop's room is full, or too many of it wait. Not its
 * `path`, and with a desk's shop and viewer. */
enum rc epub_upload(struct site *site, struct writer *writer, const struct epub_giving *giving,
                    struct fault *fault) MUST_CHECK;

enum epub_upload_state { UPLOAD_NONE, UPLOAD_WAITING, UPLOAD_TAKEN, UPLOAD_REFUSED };
struct epub_upload {
    enum epub_upload_state state;
    int64_t received;
    struct str reason;      /* of one that was refused */
    epub_problems problems; /* that were found in it */
};
/* What became of the last one that a shop sent of an edition. */
enum rc epub_upload_read(struct store_conn *conn, struct arena *arena, uint64_t edition,
                         uint64_t shop, struct epub_upload *ret, struct fault *fault) MUST_CHECK;

struct epub_checker;
enum rc epub_checker_open(struct site *site, struct writer *writer, struct epub_checker **ret,
                          struct fault *fault) MUST_CHECK;
void epub_checker_wake(struct epub_checker *checker); /* something was queued */
/* Before the writer is closed. NULL is harmless. */
void epub_checker_close(struct epub_checker *checker);

#endif
