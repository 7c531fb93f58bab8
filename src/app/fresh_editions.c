#include "app/fresh_editions.h"

#include <pthread.h>

enum { ROOM = 4096, BYTES_MAX = 48 << 20 };

struct fresh_editions {
    pthread_mutex_t lock;
    struct {
        const struct fresh_edition *edition;
        struct arena arena;
        size_t bytes;
    } ring[ROOM];
    size_t first, n, bytes;
    bool wanted, broken;
};

struct fresh_editions *fresh_editions_new(void)
{
    struct fresh_editions *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL)
        abort();
    pthread_mutex_init(&fresh->lock, NULL);
    return fresh;
}

static const struct fresh_edition *take_first(struct fresh_editions *fresh, struct arena *ret_arena)
{
    size_t at = fresh->first;
    fresh->first = (fresh->first + 1) % ROOM;
    fresh->n--;
    fresh->bytes -= fresh->ring[at].bytes;
    *ret_arena = fresh->ring[at].arena;
    return fresh->ring[at].edition;
}

static void empty(struct fresh_editions *fresh)
{
    while (fresh->n > 0) {
        ARENA_AUTO arena = ARENA_INIT;
        take_first(fresh, &arena);
    }
}

void fresh_editions_free(struct fresh_editions *fresh)
{
    if (fresh == NULL)
        return;
    empty(fresh);
    pthread_mutex_destroy(&fresh->lock);
    free(fresh);
}

void fresh_editions_put(struct fresh_editions *fresh, const struct fresh_edition *edition,
                        struct arena *arena)
{
    size_t bytes = arena_size(arena);
    pthread_mutex_lock(&fresh->lock);
    bool room =
        fresh->wanted && !fresh->broken && fresh->n < ROOM && fresh->bytes + bytes <= BYTES_MAX;
    if (room) {
        size_t at = (fresh->first + fresh->n++) % ROOM;
        fresh->ring[at].edition = edition;
        fresh->ring[at].arena = *arena;
        fresh->ring[at].bytes = bytes;
        fresh->bytes += bytes;
        *arena = ARENA_INIT;
    }
    pthread_mutex_unlock(&fresh->lock);
    if (!room)
        arena_free(arena);
}

void fresh_editions_break(struct fresh_editions *fresh)
{
    pthread_mutex_lock(&fresh->lock);
    fresh->broken = true;
    empty(fresh);
    pthread_mutex_unlock(&fresh->lock);
}

void fresh_editions_want(struct fresh_editions *fresh, bool wanted)
{
    pthread_mutex_lock(&fresh->lock);
    fresh->wanted = wanted;
    if (!wanted)
        empty(fresh);
    pthread_mutex_unlock(&fresh->lock);
}

const struct fresh_edition *fresh_editions_next(struct fresh_editions *fresh,
                                                struct arena *ret_arena)
{
    pthread_mutex_lock(&fresh->lock);
    const struct fresh_edition *first = fresh->n == 0 ? NULL : take_first(fresh, ret_arena);
    pthread_mutex_unlock(&fresh->lock);
    return first;
}

bool fresh_editions_any(struct fresh_editions *fresh)
{
    pthread_mutex_lock(&fresh->lock);
    bool any = fresh->n > 0;
    pthread_mutex_unlock(&fresh->lock);
    return any;
}

bool fresh_editions_broken(struct fresh_editions *fresh)
{
    pthread_mutex_lock(&fresh->lock);
    bool broken = fresh->broken;
    pthread_mutex_unlock(&fresh->lock);
    return broken;
}
