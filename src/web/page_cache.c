#include "web/page_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* One slot a bucket: a newcomer takes the place of whatever hashes alike. What
 * is asked often comes back at once; nothing has to be moved or searched. */
enum {
    SLOTS = 4096,
    LAST_MS = 120000, /* the oldest page that stands in for one that cannot be made */
    /* So long a page of one work is kept at most: a heartbeat of the Record, after which all
     * are made anew, comes as often. */
    WORK_MS = 45000,
};

struct slot {
    char *key;
    size_t key_n;
    struct page_state state;
    int64_t made; /* ms */
    bool asked;   /* since the hand passed it */
    struct reply *reply;
};

struct page_cache {
    pthread_mutex_t lock;
    size_t bytes_max;
    page_good good;
    void *context;
    struct page_cache_state state;
    size_t hand; /* where room is looked for next */
    struct slot slots[SLOTS];
};

struct page_cache *page_cache_new(size_t bytes_max, page_good good, void *context)
{
    struct page_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        abort();
    cache->bytes_max = bytes_max;
    cache->good = good;
    cache->context = context;
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static void let_go(struct reply *reply, char *key)
{
    reply_drop(reply);
    free(key);
}

/* What goes out, freed once others may come in: it takes a few dozen pieces of memory that
 * nobody has looked at for long. */
struct outgoing {
    struct {
        struct reply *reply;
        char *key;
    } v[16];
    size_t n;
};

static void see_out(struct outgoing *out)
{
    for (size_t i = 0; i < out->n; i++)
        let_go(out->v[i].reply, out->v[i].key);
    out->n = 0;
}

static void empty(struct page_cache *cache, struct slot *slot, struct outgoing *out)
{
    if (slot->reply == NULL)
        return;
    cache->state.pages--;
    cache->state.bytes -= reply_size(slot->reply) + slot->key_n;
    if (out->n == sizeof out->v / sizeof *out->v)
        see_out(out);
    out->v[out->n].reply = slot->reply;
    out->v[out->n++].key = slot->key;
    *slot = (struct slot){0};
}

void page_cache_free(struct page_cache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        if (cache->slots[i].reply != NULL)
            let_go(cache->slots[i].reply, cache->slots[i].key);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

/* FNV-1a: spread, not secrecy; a key that collides on purpose costs its own
 * page a rebuild. */
static struct slot *slot_of(struct page_cache *cache, struct str key)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * 1099511628211u;
    return &cache->slots[(h ^ h >> 32) % SLOTS];
}

static bool is_of(const struct slot *slot, struct str key)
{
    return slot->reply != NULL && slot->key_n == key.n && memcmp(slot->key, key.p, key.n) == 0;
}

struct reply *page_cache_last(struct page_cache *cache, struct str key, uint64_t standing)
{
    struct reply *found = NULL;
    int64_t now = clock_monotonic_ms();
    pthread_mutex_lock(&cache->lock);
    struct slot *slot = slot_of(cache, key);
    if (is_of(slot, key) && slot->state.standing == standing && now <= slot->made + LAST_MS)
        found = reply_hold(slot->reply);
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* It may be good, though something was committed since. */
static bool is_of_work(const struct slot *slot, const struct page_state *now, int64_t ms)
{
    return slot->state.work != 0 && slot->state.standing == now->standing &&
           ms <= slot->made + WORK_MS;
}

struct reply *page_cache_get(struct page_cache *cache, struct str key, const struct page_state *now,
                             bool again)
{
    struct reply *found = NULL;
    pthread_mutex_lock(&cache->lock);
    struct slot *slot = slot_of(cache, key);
    if (is_of(slot, key) && (slot->state.version == now->version ||
                             (is_of_work(slot, now, clock_monotonic_ms()) &&
                              cache->good(cache->context, slot->state.view, slot->state.work))))
        found = reply_hold(slot->reply);
    slot->asked = slot->asked || found != NULL;
    cache->state.hits += !again && found != NULL;
    cache->state.misses += !again && found == NULL;
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* What is good and was asked for since the hand last passed is passed over once. */
static void make_room(struct page_cache *cache, size_t needed, const struct page_state *now,
                      int64_t ms, struct outgoing *out)
{
    for (size_t i = 0; cache->state.bytes + needed > cache->bytes_max && i < 2 * SLOTS; i++) {
        struct slot *slot = &cache->slots[cache->hand];
        bool good = slot->state.version == now->version || is_of_work(slot, now, ms);
        bool kept = good && slot->asked;
        cache->hand = (cache->hand + 1) % SLOTS;
        slot->asked = false;
        if (!kept)
            empty(cache, slot, out);
    }
}

void page_cache_put(struct page_cache *cache, struct str key, const struct page_state *made,
                    struct reply *reply)
{
    int64_t now = clock_monotonic_ms();
    size_t needed = reply_size(reply) + key.n;
    struct outgoing out = {.n = 0};
    if (needed > cache->bytes_max / 8)
        return;
    char *copy = malloc(key.n + 1);
    if (copy == NULL)
        abort();
    memcpy(copy, key.p, key.n);
    pthread_mutex_lock(&cache->lock);
    make_room(cache, needed, made, now, &out);
    struct slot *slot = slot_of(cache, key);
    empty(cache, slot, &out);
    *slot = (struct slot){copy, key.n, *made, now, false, reply_hold(reply)};
    cache->state.bytes += needed;
    cache->state.pages++;
    pthread_mutex_unlock(&cache->lock);
    see_out(&out);
}

struct page_cache_state page_cache_read(struct page_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    struct page_cache_state state = cache->state;
    pthread_mutex_unlock(&cache->lock);
    return state;
}
