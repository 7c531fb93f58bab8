#include "web/connections.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Seconds that a phase may last; 0: as long as we take ourselves. */
static const unsigned phase_max[PHASE_COUNT] = {
    [PHASE_HEAD] = 30, [PHASE_BODY] = 30, [PHASE_WORK] = 0, [PHASE_SENDING] = 120};
enum { HEAD_MAX_CROWDED = 5, SHARDS = 32 };

struct connection {
    struct connection *next, **at;
    int fd;
    atomic_uint phase; /* the phase in the last bits, above them how often it changed */
    struct traffic *traffic;
    /* Of the sweep. */
    unsigned seen;
    unsigned seconds;
};

/* One thread's, apart from the others' in memory. */
struct shard {
    _Alignas(64) atomic_uintptr_t thread; /* 0: nobody's yet */
    struct traffic traffic;
};

struct connections {
    size_t most;
    pthread_mutex_t lock; /* over the list and its length */
    struct connection *first;
    size_t open;
    counter accepted, ended;
    struct shard shards[SHARDS];
};

struct connections *connections_new(size_t most)
{
    struct connections *cs = aligned_alloc(64, sizeof *cs);
    if (cs == NULL)
        abort();
    memset(cs, 0, sizeof *cs);
    cs->most = most;
    pthread_mutex_init(&cs->lock, NULL);
    return cs;
}

void connections_free(struct connections *cs)
{
    if (cs == NULL)
        return;
    pthread_mutex_destroy(&cs->lock);
    free(cs);
}

/* A thread that finds none left shares the last. */
static struct traffic *shard_of_thread(struct connections *cs)
{
    uintptr_t self = (uintptr_t)pthread_self();
    for (size_t i = 0; i < SHARDS; i++) {
        uintptr_t nobody = 0;
        if (atomic_load(&cs->shards[i].thread) == self ||
            atomic_compare_exchange_strong(&cs->shards[i].thread, &nobody, self))
            return &cs->shards[i].traffic;
    }
    return &cs->shards[SHARDS - 1].traffic;
}

struct connection *connection_begin(struct connections *cs, int fd)
{
    struct connection *c = calloc(1, sizeof *c);
    if (c == NULL)
        abort();
    c->fd = fd;
    c->traffic = shard_of_thread(cs);
    count(&cs->accepted, 1);
    pthread_mutex_lock(&cs->lock);
    c->next = cs->first;
    c->at = &cs->first;
    if (c->next != NULL)
        c->next->at = &c->next;
    cs->first = c;
    cs->open++;
    pthread_mutex_unlock(&cs->lock);
    return c;
}

void connection_end(struct connections *cs, struct connection *c)
{
    if (c == NULL)
        return;
    pthread_mutex_lock(&cs->lock);
    *c->at = c->next;
    if (c->next != NULL)
        c->next->at = c->at;
    cs->open--;
    pthread_mutex_unlock(&cs->lock);
    free(c);
}

size_t connections_room(struct connections *cs)
{
    pthread_mutex_lock(&cs->lock);
    size_t room = cs->open < cs->most ? cs->most - cs->open : 0;
    pthread_mutex_unlock(&cs->lock);
    return room;
}

size_t connections_open(struct connections *cs)
{
    pthread_mutex_lock(&cs->lock);
    size_t open = cs->open;
    pthread_mutex_unlock(&cs->lock);
    return open;
}

void connection_phase(struct connection *c, enum phase phase)
{
    unsigned before = atomic_load_explicit(&c->phase, memory_order_relaxed);
    atomic_store_explicit(&c->phase, ((before & ~3u) + 4) | phase, memory_order_relaxed);
}

struct traffic *connection_traffic(struct connection *c)
{
    return c->traffic;
}

void connections_sweep(struct connections *cs)
{
    pthread_mutex_lock(&cs->lock);
    bool crowded = cs->open > cs->most / 4 * 3;
    for (struct connection *c = cs->first; c != NULL; c = c->next) {
        unsigned now = atomic_load_explicit(&c->phase, memory_order_relaxed);
        enum phase phase = now & 3;
        unsigned most = phase == PHASE_HEAD && crowded ? HEAD_MAX_CROWDED : phase_max[phase];
        c->seconds = now == c->seen ? c->seconds + 1 : 0;
        c->seen = now;
        if (most == 0 || c->seconds <= most)
            continue;
        /* Whoever serves it sees its end, and closes it; until then, under the lock,
         * the number is no other's. */
        shutdown(c->fd, SHUT_RDWR);
        c->seconds = 0;
        count(&cs->ended, 1);
    }
    pthread_mutex_unlock(&cs->lock);
}

void connection_hang_up(struct connection *c)
{
    shutdown(c->fd, SHUT_RDWR);
}

size_t connections_leave(struct connections *cs, unsigned ms)
{
    enum { ANSWERED_MS = 300, NEW_MS = 3000 };
    pthread_mutex_lock(&cs->lock);
    size_t open = cs->open;
    for (struct connection *c = cs->first; c != NULL; c = c->next) {
        unsigned now = atomic_load_explicit(&c->phase, memory_order_relaxed);
        if ((now & 3) == PHASE_HEAD && ms >= (now > 3 ? ANSWERED_MS : NEW_MS))
            connection_hang_up(c);
    }
    pthread_mutex_unlock(&cs->lock);
    return open;
}

static void add_durations(struct durations *to, const struct durations *d)
{
    for (size_t i = 0; i <= DURATION_BOUNDS; i++)
        count(&to->within[i], counted(&d->within[i]));
    count(&to->sum, counted(&d->sum));
}

void connections_read(struct connections *cs, struct connections_state *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->open = connections_open(cs);
    ret->accepted = counted(&cs->accepted);
    ret->ended = counted(&cs->ended);
    for (size_t i = 0; i < SHARDS; i++) {
        const struct traffic *t = &cs->shards[i].traffic;
        for (size_t k = 0; k < ANSWER_KINDS; k++)
            for (size_t n = 0; n < ANSWER_CLASSES; n++)
                count(&ret->traffic.answers[k][n], counted(&t->answers[k][n]));
        for (size_t source = 0; source < ANSWER_SOURCES; source++)
            add_durations(&ret->traffic.took[source], &t->took[source]);
    }
}
