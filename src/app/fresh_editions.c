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
};

struct fresh_editions *fresh_editions_new(void)
{
    struct fresh_editions *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL)
        abort();
    pthread_mutex_init(&fresh->lock, NULL);
    return fresh;
}

static struct arena take_first(struct fresh_editions *fresh)
{
    size_t at = fresh->first;
    fresh->first = (fresh->first + 1) % ROOM;
    fresh->n--;
    fresh->bytes -= fresh->ring[at].bytes;
    return fresh->ring[at].arena;
}

static void drop_first(struct fresh_editions *fresh)
{
    struct arena arena = take_first(fresh);
    arena_free(&arena);
}

void fresh_editions_clear(struct fresh_editions *fresh)
{
    pthread_mutex_lock(&fresh->lock);
    while (fresh->n > 0)
        drop_first(fresh);
    pthread_mutex_unlock(&fresh->lock);
}

void fresh_editions_free(struct fresh_editions *fresh)
{
    if (fresh == NULL)
        return;
    fresh_editions_clear(fresh);
    pthread_mutex_destroy(&fresh->lock);
    free(fresh);
}

void fresh_editions_put(struct fresh_editions *fresh, const struct fresh_edition *edition,
                        struct arena *arena)
{
    size_t bytes = arena_size(arena);
    pthread_mutex_lock(&fresh->lock);
    bool room = fresh->n < ROOM && fresh->bytes + bytes <= BYTES_MAX;
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

const struct fresh_edition *fresh_editions_take(struct fresh_editions *fresh, uint64_t seq,
                                                struct arena *ret_arena)
{
    const struct fresh_edition *found = NULL;
    pthread_mutex_lock(&fresh->lock);
    while (fresh->n > 0 && fresh->ring[fresh->first].edition->seq < seq)
        drop_first(fresh);
    if (fresh->n > 0 && fresh->ring[fresh->first].edition->seq == seq) {
        found = fresh->ring[fresh->first].edition;
        *ret_arena = take_first(fresh);
    }
    pthread_mutex_unlock(&fresh->lock);
    return found;
}
