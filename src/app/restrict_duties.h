/* What the writer does for restrictions besides what it is given. */
#ifndef COLOPHON_APP_RESTRICT_DUTIES_H
#define COLOPHON_APP_RESTRICT_DUTIES_H

#include "app/writer.h"

/* What every writer does besides: appends the lifts that wait, first of all
 * whenever the log can be written; and with heads what was promised. */
extern const struct writer_duties restriction_duties;

/* Works that joined a set since its restriction was decided: an `extended`
 * entry for each restriction in effect whose set has grown. As work of a writer, with what
 * the gate knows of restrictions: the Record is not replayed while others wait to write.
 * RC_CONFLICT, with nothing done, where that is not all that is published: that is taken in
 * first, by gate_reload. A server has this run when others have changed the catalogue and
 * rest, also where an import was killed before it could. */
struct gate;
struct restriction_growth {
    struct site *site;
    struct gate *gate;
    bool behind; /* so it was */
};
enum rc restriction_grow(void *growth, struct store_conn *conn, struct fault *fault) MUST_CHECK;
/* The same with a gate of its own. After imports and changes of collections. */
enum rc restriction_extend(struct site *site, struct writer *writer,
                           struct fault *fault) MUST_CHECK;

#endif
