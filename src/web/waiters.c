#include "web/waiters.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct waiters {
    pthread_mutex_t lock;
    pthread_cond_t come;
    struct waiting *first, **last;
    bool ending;
    size_t count;
    pthread_t threads[];
};

static void *serve(void *context)
{
    struct waiters *ws = context;
    for (;;) {
        pthread_mutex_lock(&ws->lock);
        while (ws->first == NULL && !ws->ending)
            pthread_cond_wait(&ws->come, &ws->lock);
        struct waiting *w = ws->first;
        if (w != NULL) {
            ws->first = w->next;
            if (ws->first == NULL)
                ws->last = &ws->first;
        }
        pthread_mutex_unlock(&ws->lock);
        if (w == NULL)
            return NULL;
        w->run(w);
    }
}

struct waiters *waiters_new(size_t threads)
{
    struct waiters *ws = calloc(1, sizeof *ws + threads * sizeof *ws->threads);
    if (ws == NULL)
        abort();
    pthread_mutex_init(&ws->lock, NULL);
    pthread_cond_init(&ws->come, NULL);
    ws->last = &ws->first;
    ws->count = threads;
    for (size_t i = 0; i < threads; i++)
        if (pthread_create(&ws->threads[i], NULL, serve, ws) != 0)
            abort();
    return ws;
}

void waiters_add(struct waiters *ws, struct waiting *w)
{
    w->next = NULL;
    pthread_mutex_lock(&ws->lock);
    *ws->last = w;
    ws->last = &w->next;
    pthread_cond_signal(&ws->come);
    pthread_mutex_unlock(&ws->lock);
}

void waiters_free(struct waiters *ws)
{
    if (ws == NULL)
        return;
    pthread_mutex_lock(&ws->lock);
    ws->ending = true;
    pthread_cond_broadcast(&ws->come);
    pthread_mutex_unlock(&ws->lock);
    for (size_t i = 0; i < ws->count; i++)
        pthread_join(ws->threads[i], NULL);
    pthread_cond_destroy(&ws->come);
    pthread_mutex_destroy(&ws->lock);
    free(ws);
}
