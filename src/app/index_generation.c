#include "app/index_generation.h"

#include <pthread.h>
#include <stdatomic.h>

struct generation {
    atomic_uint holders;
    struct search_index *index;
    bool owned;
    pthread_mutex_t lock;
    struct search_reader *idle[32];
    size_t idle_n;
};

struct generation *generation_new(struct search_index *index, bool owned)
{
    struct generation *g = calloc(1, sizeof *g);
    if (g == NULL)
        abort();
    atomic_init(&g->holders, 1);
    g->index = index;
    g->owned = owned;
    pthread_mutex_init(&g->lock, NULL);
    return g;
}

void generation_hold(struct generation *g)
{
    atomic_fetch_add(&g->holders, 1);
}

void generation_drop(struct generation *g)
{
    if (g == NULL || atomic_fetch_sub(&g->holders, 1) != 1)
        return;
    for (size_t i = 0; i < g->idle_n; i++)
        search_reader_close(g->idle[i]);
    if (g->owned)
        search_close(g->index);
    pthread_mutex_destroy(&g->lock);
    free(g);
}

bool generation_own(struct generation *g, const struct search_index *index, bool owned)
{
    if (g == NULL || g->index != index)
        return false;
    g->owned = owned;
    return true;
}

enum rc generation_reader_take(struct generation *g, struct search_reader **ret,
                               struct fault *fault)
{
    pthread_mutex_lock(&g->lock);
    *ret = g->idle_n > 0 ? g->idle[--g->idle_n] : NULL;
    pthread_mutex_unlock(&g->lock);
    return *ret != NULL ? RC_OK : search_reader_open(g->index, ret, fault);
}

void generation_reader_give(struct generation *g, struct search_reader *reader)
{
    pthread_mutex_lock(&g->lock);
    bool kept = g->idle_n < sizeof g->idle / sizeof *g->idle;
    if (kept)
        g->idle[g->idle_n++] = reader;
    pthread_mutex_unlock(&g->lock);
    if (!kept)
        search_reader_close(reader);
}
