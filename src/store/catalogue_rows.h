/* Inside store/: ids as rows, and what other rows bring with them. */
#ifndef COLOPHON_STORE_CATALOGUE_ROWS_H
#define COLOPHON_STORE_CATALOGUE_ROWS_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/list.h"

struct query;
struct cover_row;
/* All ids in the first column of a query that is bound. */
enum rc rows_ids(struct query *q, struct arena *arena, uint64_t **ret, size_t *ret_n,
                 struct fault *fault) MUST_CHECK;
/* file, digest, width, height and parts of a cover from this column on, as a LEFT JOIN
 * gives them: all NULL where there is none. */
enum rc cover_read_columns(const struct query *q, int column, struct arena *arena,
                           struct cover_row *ret, struct fault *fault) MUST_CHECK;

#endif
