#include "app/limiter.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/encode.h"

/* A key has its choice of some places. Where others are busy in all of them it
 * takes the one that has most left, with what was done there: with a full table
 * that errs on the strict side for strangers, and forgives nobody. */
enum { SETS = 1 << 11, WAYS = 8, SECRET_SIZE = 16 };

struct bucket {
    uint64_t key;
    int64_t full_at_ms; /* when it has all its tokens again; before now: free */
    int64_t at_ms;
    double tokens;
};

struct limiter {
    pthread_mutex_t lock;
    uint8_t secret[SECRET_SIZE]; /* so that nobody can aim at another's place */
    struct bucket buckets[SETS][WAYS];
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

static struct bucket *bucket_of(struct limiter *limiter, uint64_t id)
{
    struct bucket *set = limiter->buckets[id % SETS], *best = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == id)
            return &set[i];
        if (set[i].full_at_ms < best->full_at_ms)
            best = &set[i];
    }
    return best;
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
    struct bucket *b = bucket_of(limiter, id);
    if (b->full_at_ms <= now)
        b->tokens = limit.burst; /* rested, or nobody's */
    else
        b->tokens += (double)(now - b->at_ms) * per_ms;
    if (b->tokens > limit.burst)
        b->tokens = limit.burst;
    b->key = id;
    b->at_ms = now;
    if (b->tokens >= 1) {
        b->tokens -= amount;
    } else {
        *ret_wait = (int)((1 - b->tokens) / per_ms / 1000) + 1;
        rc = fault_set(fault, RC_LIMIT, "too often; try again in %d seconds", *ret_wait);
    }
    b->full_at_ms = now + (int64_t)((limit.burst - b->tokens) / per_ms);
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
