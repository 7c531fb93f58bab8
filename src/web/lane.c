#include "web/lane.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/priority.h"

struct queue {
    struct waiting *first, **last;
    size_t n;
};

/* Two kinds of thread, each asleep on a condition of its own, so that work wakes
 * one that may take it. */
struct lane {
    struct lane_order order;
    pthread_mutex_t lock;
    pthread_cond_t common_come, kept_come;
    struct queue preferred, others;
    size_t working;
    bool ending;
    pthread_t threads[];
};

static struct waiting *pop(struct queue *q)
{
    struct waiting *w = q->first;
    q->first = w->next;
    if (q->first == NULL)
        q->last = &q->first;
    q->n--;
    return w;
}

static void run_unlocked(struct lane *lane, struct waiting *w)
{
    lane->working++;
    pthread_mutex_unlock(&lane->lock);
    w->run(w); /* w is gone from here on */
    pthread_mutex_lock(&lane->lock);
    lane->working--;
}

static void *serve_all(void *context)
{
    struct lane *lane = context;
    priority_lower(PRIORITY_WORK);
    pthread_mutex_lock(&lane->lock);
    for (;;) {
        struct queue *q = lane->preferred.n > 0 ? &lane->preferred : &lane->others;
        if (q->n > 0) {
            run_unlocked(lane, pop(q));
        } else if (lane->ending) {
            break;
        } else {
            pthread_cond_wait(&lane->common_come, &lane->lock);
        }
    }
    pthread_mutex_unlock(&lane->lock);
    return NULL;
}

static void *serve_preferred(void *context)
{
    struct lane *lane = context;
    priority_lower(PRIORITY_WORK);
    pthread_mutex_lock(&lane->lock);
    while (lane->preferred.n > 0 || !lane->ending)
        if (lane->preferred.n > 0)
            run_unlocked(lane, pop(&lane->preferred));
        else
            pthread_cond_wait(&lane->kept_come, &lane->lock);
    pthread_mutex_unlock(&lane->lock);
    return NULL;
}

struct lane *lane_new(const struct lane_order *order)
{
    size_t n = order->threads + order->kept;
    struct lane *lane = calloc(1, sizeof *lane + n * sizeof *lane->threads);
    if (lane == NULL)
        abort();
    lane->order = *order;
    pthread_mutex_init(&lane->lock, NULL);
    pthread_cond_init(&lane->common_come, NULL);
    pthread_cond_init(&lane->kept_come, NULL);
    lane->preferred.last = &lane->preferred.first;
    lane->others.last = &lane->others.first;
    for (size_t i = 0; i < n; i++)
        if (pthread_create(&lane->threads[i], NULL,
                           i < order->threads ? serve_all : serve_preferred, lane) != 0)
            abort();
    return lane;
}

bool lane_open(struct lane *lane, bool preferred, int64_t now)
{
    pthread_mutex_lock(&lane->lock);
    const struct queue *q = preferred ? &lane->preferred : &lane->others;
    bool open =
        q->n == 0 || (q->n < lane->order.room && now - q->first->since <= lane->order.full_ms);
    pthread_mutex_unlock(&lane->lock);
    return open;
}

void lane_add(struct lane *lane, struct waiting *w, bool preferred, int64_t now)
{
    w->next = NULL;
    w->since = now;
    pthread_mutex_lock(&lane->lock);
    struct queue *q = preferred ? &lane->preferred : &lane->others;
    *q->last = w;
    q->last = &w->next;
    q->n++;
    pthread_cond_signal(&lane->common_come);
    if (preferred)
        pthread_cond_signal(&lane->kept_come);
    pthread_mutex_unlock(&lane->lock);
}

static void take_late(struct queue *q, int64_t since, struct waiting ***end)
{
    while (q->n > 0 && q->first->since < since) {
        struct waiting *w = pop(q);
        w->next = NULL;
        **end = w;
        *end = &w->next;
    }
}

void lane_expire(struct lane *lane, int64_t since)
{
    struct waiting *late = NULL, **end = &late;
    pthread_mutex_lock(&lane->lock);
    take_late(&lane->preferred, since, &end);
    take_late(&lane->others, since, &end);
    pthread_mutex_unlock(&lane->lock);
    for (struct waiting *w = late, *next; w != NULL; w = next) {
        next = w->next;
        w->give_up(w);
    }
}

struct lane_state lane_state(struct lane *lane)
{
    pthread_mutex_lock(&lane->lock);
    struct lane_state state = {lane->preferred.n + lane->others.n, lane->working};
    pthread_mutex_unlock(&lane->lock);
    return state;
}

void lane_free(struct lane *lane)
{
    if (lane == NULL)
        return;
    pthread_mutex_lock(&lane->lock);
    lane->ending = true;
    pthread_cond_broadcast(&lane->common_come);
    pthread_cond_broadcast(&lane->kept_come);
    pthread_mutex_unlock(&lane->lock);
    for (size_t i = 0; i < lane->order.threads + lane->order.kept; i++)
        pthread_join(lane->threads[i], NULL);
    pthread_cond_destroy(&lane->common_come);
    pthread_cond_destroy(&lane->kept_come);
    pthread_mutex_destroy(&lane->lock);
    free(lane);
}
