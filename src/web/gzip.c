#include "web/gzip.h"

#include <libdeflate.h>
#include <pthread.h>

#include "base/buf.h"
#include "web/gzip_fast.h"

enum {
    KEPT_MAX = 8,
    LEVEL_THOROUGH = 9,
};

struct gzip_pool {
    pthread_mutex_t lock;
    struct gzip_fast *kept[KEPT_MAX];
    size_t n;
};

struct gzip_pool *gzip_pool_new(void)
{
    struct gzip_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        abort();
    pthread_mutex_init(&pool->lock, NULL);
    return pool;
}

void gzip_pool_free(struct gzip_pool *pool)
{
    if (pool == NULL)
        return;
    while (pool->n > 0)
        gzip_fast_free(pool->kept[--pool->n]);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

static struct gzip_fast *take(struct gzip_pool *pool)
{
    struct gzip_fast *found = NULL;
    pthread_mutex_lock(&pool->lock);
    if (pool->n > 0)
        found = pool->kept[--pool->n];
    pthread_mutex_unlock(&pool->lock);
    return found != NULL ? found : gzip_fast_new();
}

static void give_back(struct gzip_pool *pool, struct gzip_fast *fast)
{
    pthread_mutex_lock(&pool->lock);
    bool room = pool->n < KEPT_MAX;
    if (room)
        pool->kept[pool->n++] = fast;
    pthread_mutex_unlock(&pool->lock);
    if (!room)
        gzip_fast_free(fast);
}

static size_t make_thoroughly(struct str bytes, void *to, size_t room)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(LEVEL_THOROUGH);
    if (compressor == NULL)
        abort();
    size_t n = libdeflate_gzip_compress(compressor, bytes.p, bytes.n, to, room);
    libdeflate_free_compressor(compressor);
    return n;
}

static size_t make_fast(struct gzip_pool *pool, struct str bytes, void *to, size_t room)
{
    struct gzip_fast *fast = take(pool);
    size_t n = gzip_fast_make(fast, bytes, to, room);
    give_back(pool, fast);
    return n;
}

void *gzip_make(struct gzip_pool *pool, struct str bytes, bool thorough, size_t *ret_n)
{
    struct buf out = BUF_INIT(bytes.n);
    char *there = buf_reserve(&out, bytes.n);
    out.n =
        thorough ? make_thoroughly(bytes, there, bytes.n) : make_fast(pool, bytes, there, bytes.n);
    *ret_n = out.n;
    return buf_fitted(&out);
}

void *gzip_undo(struct str packed, size_t n)
{
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    char *out = malloc(n + 1);
    if (decompressor == NULL || out == NULL ||
        libdeflate_gzip_decompress(decompressor, packed.p, packed.n, out, n, NULL) !=
            LIBDEFLATE_SUCCESS)
        abort(); /* out of memory: it is our own */
    libdeflate_free_decompressor(decompressor);
    return out;
}
