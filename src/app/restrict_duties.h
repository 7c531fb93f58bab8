/* What the writer does for restrictions besides what it is given. */
#ifndef COLOPHON_APP_RESTRICT_DUTIES_H
#define COLOPHON_APP_RESTRICT_DUTIES_H

#include "app/writer.h"

/* What every writer does besides: appends the lifts that wait, first of all
 * whenever the log can be written; and extends restrictions whose sets grew, also
 * where an import was killed before it could. */
extern const struct writer_duties restriction_duties;

/* Works that joined a set since its restriction was decided: an `extended`
 * entry for each restriction in effect whose set has grown. After imports and
 * changes of collections. */
enum rc restriction_extend(struct site *site, struct writer *writer,
                           struct fault *fault) MUST_CHECK;

#endif
