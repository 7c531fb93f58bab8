/* Waiting for a while, by the clock that nobody sets: where the machine's time is put
 * back, nothing sleeps through the hour that comes again. */
#ifndef COLOPHON_BASE_WAIT_H
#define COLOPHON_BASE_WAIT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

/* A condition for wait_until. */
void wait_init(pthread_cond_t *cond);
/* As pthread_cond_wait; ETIMEDOUT from the moment `until` on (clock_monotonic_ms). */
int wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until);

/* A thread that looks again and again, and rests in between. */
struct sleeper {
    pthread_mutex_t lock;
    pthread_cond_t news;
    pthread_t thread;
    bool running;
    bool woken;
    atomic_bool ended;
};

void sleeper_init(struct sleeper *s);
/* `what` the thread does, for the fault; where it does not start, sleeper_stop does nothing. */
enum rc sleeper_start(struct sleeper *s, void *(*thread)(void *context), void *context,
                      const char *what, struct fault *fault) MUST_CHECK;
void sleeper_stop(struct sleeper *s); /* ends it, and waits for its thread */
void sleeper_free(struct sleeper *s);
/* Until somebody wakes it, at most `ms`. False where it is to end. */
bool sleeper_rest(struct sleeper *s, int64_t ms);
void sleeper_wake(struct sleeper *s);
void sleeper_end(struct sleeper *s); /* it rests no more */
bool sleeper_ended(const struct sleeper *s);

#endif
