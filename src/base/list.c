#include "base/list.h"

#include <stdbool.h>

enum { FIRST_ROOM = 4 };

/* True where it has to move to the new room. */
static bool is_full(size_t n, size_t *room)
{
    if (n < *room)
        return false;
    if (__builtin_mul_overflow(n < FIRST_ROOM / 2 ? FIRST_ROOM / 2 : n, 2, room))
        abort();
    return true;
}

void *list_in_arena(struct arena *arena, void *v, size_t n, size_t *room, size_t size)
{
    if (!is_full(n, room))
        return v;
    void *larger = arena_alloc_array(arena, *room, size);
    if (n > 0)
        memcpy(larger, v, n * size);
    return larger;
}

void *list_on_heap(void *v, size_t n, size_t *room, size_t size)
{
    if (!is_full(n, room))
        return v;
    v = reallocarray(v, *room, size);
    if (v == NULL)
        abort();
    return v;
}
