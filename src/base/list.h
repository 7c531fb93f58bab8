/* Lists: an array and a count, and how one grows whose length shows at its end. */
#ifndef COLOPHON_BASE_LIST_H
#define COLOPHON_BASE_LIST_H

#include <stddef.h>

#include "base/arena.h"

/* Pointer and count. */
#define LIST(type)                                                                                 \
    struct {                                                                                       \
        type *v;                                                                                   \
        size_t n;                                                                                  \
    }

/* Room for one more at v[n]: as it is, or twice as large elsewhere in the arena.
 * `room` (a size_t, 0 at first) counts what fits. */
#define ARENA_ROOM(arena, v, n, room) ((v) = list_in_arena((arena), (v), (n), &(room), sizeof *(v)))
/* The same in memory of its own, which the caller frees. */
#define HEAP_ROOM(v, n, room) ((v) = list_on_heap((v), (n), &(room), sizeof *(v)))

void *list_in_arena(struct arena *arena, void *v, size_t n, size_t *room, size_t size);
void *list_on_heap(void *v, size_t n, size_t *room, size_t size);

#endif
