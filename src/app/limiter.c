#include "app/limiter.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/encode.h"

/* Buckets share places: with a full table a key may inherit another's bucket,
 * which errs on the strict side for strangers and costs nobody an answer. */
enum { PLACES = 1 << 14, SECRET_SIZE = 16 };

struct bucket {
    uint64_t key;
    int64_t at_ms;
    double tokens;
};

struct limiter {
    pthread_mutex_t lock;
    uint8_t secret[SECRET_SIZE]; /* so that nobody can aim at another's place */
    struct bucket buckets[PLACES];
};

struct limiter *limiter_new(void)
{
    struct limiter *limiter = calloc(1, sizeof *limiter);
    if (limiter == NULL)
        abort();
    pthread_mutex_init(&limiter->lock, NULL);
    random_bytes(limiter->secret, SECRET_SIZE);
    return limiter;
}

void limiter_free(struct limiter *limiter)
{
    if (limiter == NULL)
        return;
    pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}

static enum rc take(struct limiter *limiter, struct str key, struct limit limit, double amount,
                    int *ret_wait, struct fault *fault)
{
    struct str const parts[] = {{(const char *)limiter->secret, SECRET_SIZE}, key};
    struct hash digest = sha256_parts(parts, 2);
    uint64_t id;
    memcpy(&id, digest.b, sizeof id);
    int64_t now = clock_monotonic_ms();
    double per_ms = limit.per_hour / 3600000.0;
    enum rc rc = RC_OK;
    pthread_mutex_lock(&limiter->lock);
    struct bucket *b = &limiter->buckets[id % PLACES];
    double idle = b->at_ms == 0 ? limit.burst : b->tokens + (double)(now - b->at_ms) * per_ms;
    if (b->key != id && idle >= limit.burst)
        idle = limit.burst; /* the place was free again */
    b->key = id;
    b->at_ms = now;
    b->tokens = idle > limit.burst ? limit.burst : idle;
    if (b->tokens >= 1) {
        b->tokens -= amount;
    } else {
        *ret_wait = (int)((1 - b->tokens) / per_ms / 1000) + 1;
        rc = fault_set(fault, RC_LIMIT, "too often; try again in %d seconds", *ret_wait);
    }
    pthread_mutex_unlock(&limiter->lock);
    return rc;
}

enum rc limiter_take(struct limiter *limiter, struct str key, struct limit limit, int *ret_wait,
                     struct fault *fault)
{
    return take(limiter, key, limit, 1, ret_wait, fault);
}

enum rc limiter_peek(struct limiter *limiter, struct str key, struct limit limit, int *ret_wait,
                     struct fault *fault)
{
    return take(limiter, key, limit, 0, ret_wait, fault);
}
