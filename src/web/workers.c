#include <pthread.h>

#include "app/counters.h"
#include "web/answering.h"

struct worker_pool {
    pthread_mutex_t lock;
    struct worker *idle;
};

struct worker *worker_take(struct server *s, struct fault *fault)
{
    pthread_mutex_lock(&s->workers->lock);
    struct worker *w = s->workers->idle;
    if (w != NULL)
        s->workers->idle = w->next;
    pthread_mutex_unlock(&s->workers->lock);
    if (w != NULL)
        return w;
    w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    struct counters *counters = site_counters(s->site);
    if (site_connect(s->site, &w->conn, fault) != RC_OK) {
        count(&counters->connection_failures, 1);
        free(w);
        return NULL;
    }
    count(&counters->connections, 1);
    return w;
}

void worker_give(struct server *s, struct worker *w)
{
    pthread_mutex_lock(&s->workers->lock);
    w->next = s->workers->idle;
    s->workers->idle = w;
    pthread_mutex_unlock(&s->workers->lock);
}

struct worker_pool *workers_new(void)
{
    struct worker_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        abort();
    pthread_mutex_init(&pool->lock, NULL);
    return pool;
}

void workers_free(struct worker_pool *pool)
{
    if (pool == NULL)
        return;
    for (struct worker *w = pool->idle, *next; w != NULL; w = next) {
        next = w->next;
        for (size_t i = 0; i < w->language_count; i++)
            language_free(w->languages[i]);
        site_disconnect(w->conn);
        free(w);
    }
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

struct language *worker_language(struct worker *w, struct str tag)
{
    if (!language_known(tag))
        tag = STR("en");
    for (size_t i = 0; i < w->language_count; i++)
        if (str_eq(language_tag(w->languages[i]), tag))
            return w->languages[i];
    size_t room = sizeof w->languages / sizeof *w->languages;
    if (w->language_count == room)
        language_free(w->languages[--w->language_count]);
    return w->languages[w->language_count++] = language_new(tag);
}
