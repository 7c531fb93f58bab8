#include "base/wait.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

void wait_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0 ||
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(cond, &attributes) != 0)
        abort();
    pthread_condattr_destroy(&attributes);
}

int wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until)
{
    struct timespec moment = {(time_t)(until / 1000), (long)(until % 1000) * 1000000};
    return pthread_cond_timedwait(cond, lock, &moment);
}

void sleeper_init(struct sleeper *s)
{
    pthread_mutex_init(&s->lock, NULL);
    wait_init(&s->news);
    s->woken = s->running = false;
    atomic_store(&s->ended, false);
}

enum rc sleeper_start(struct sleeper *s, void *(*thread)(void *context), void *context,
                      const char *what, struct fault *fault)
{
    int error = pthread_create(&s->thread, NULL, thread, context);
    s->running = error == 0;
    return error == 0
               ? RC_OK
               : fault_set(fault, RC_IO, "starting the thread that %s: %s", what, strerror(error));
}

void sleeper_stop(struct sleeper *s)
{
    sleeper_end(s);
    if (s->running)
        pthread_join(s->thread, NULL);
    s->running = false;
}

void sleeper_free(struct sleeper *s)
{
    pthread_cond_destroy(&s->news);
    pthread_mutex_destroy(&s->lock);
}

bool sleeper_rest(struct sleeper *s, int64_t ms)
{
    int64_t until = clock_monotonic_ms() + ms;
    int waited = 0;
    pthread_mutex_lock(&s->lock);
    while (!s->woken && !sleeper_ended(s) && waited == 0)
        waited = wait_until(&s->news, &s->lock, until);
    s->woken = false;
    pthread_mutex_unlock(&s->lock);
    return !sleeper_ended(s);
}

static void stir(struct sleeper *s, bool end)
{
    pthread_mutex_lock(&s->lock);
    s->woken = true;
    if (end)
        atomic_store(&s->ended, true);
    pthread_cond_signal(&s->news);
    pthread_mutex_unlock(&s->lock);
}

void sleeper_wake(struct sleeper *s)
{
    stir(s, false);
}

void sleeper_end(struct sleeper *s)
{
    stir(s, true);
}

bool sleeper_ended(const struct sleeper *s)
{
    return atomic_load(&s->ended);
}
