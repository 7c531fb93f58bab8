/* Waiting for a while, by the clock that nobody sets: where the machine's time is put
 * back, nothing sleeps through the hour that comes again. */
#ifndef COLOPHON_BASE_WAIT_H
#define COLOPHON_BASE_WAIT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* A condition for wait_until. */
void wait_init(pthread_cond_t *cond);
/* As pthread_cond_wait; ETIMEDOUT from the moment `until` on (clock_monotonic_ms). */
int wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until);

/* A thread that looks again and again, and rests in between. */
struct sleeper {
    pthread_mutex_t lock;
    pthread_cond_t news;
    bool woken;
    atomic_bool ended;
};

void sleeper_init(struct sleeper *s);
void sleeper_free(struct sleeper *s);
/* Until somebody wakes it, at most `ms`. False where it is to end. */
bool sleeper_rest(struct sleeper *s, int64_t ms);
void sleeper_wake(struct sleeper *s);
void sleeper_end(struct sleeper *s); /* it rests no more */
bool sleeper_ended(const struct sleeper *s);

#endif
