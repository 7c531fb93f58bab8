/* Inside store/: lists whose length shows at their end, in an arena. */
#ifndef COLOPHON_STORE_CATALOGUE_ROWS_H
#define COLOPHON_STORE_CATALOGUE_ROWS_H

#include "base/arena.h"
#include "base/fault.h"

/* The array with room for one more element at [n]. */
static inline void *rows_grow(struct arena *arena, void *v, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return v;
    *room = *room == 0 ? 8 : *room * 2;
    void *grown = arena_alloc_array(arena, *room, size);
    if (n > 0)
        memcpy(grown, v, n * size);
    return grown;
}

struct query;
/* All ids in the first column of a query that is bound. */
enum rc rows_ids(struct query *q, struct arena *arena, uint64_t **ret, size_t *ret_n,
                 struct fault *fault) MUST_CHECK;

#endif
