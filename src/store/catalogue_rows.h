/* Inside store/: ids as rows. */
#ifndef COLOPHON_STORE_CATALOGUE_ROWS_H
#define COLOPHON_STORE_CATALOGUE_ROWS_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/list.h"

struct query;
/* All ids in the first column of a query that is bound. */
enum rc rows_ids(struct query *q, struct arena *arena, uint64_t **ret, size_t *ret_n,
                 struct fault *fault) MUST_CHECK;

#endif
