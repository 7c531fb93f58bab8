#include "app/byte_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct kept {
    char *name;
    struct str bytes;
    uint64_t used;
};

struct byte_cache {
    pthread_mutex_t lock;
    size_t most, bytes_max, n, bytes;
    uint64_t uses;
    struct kept kept[];
};

struct byte_cache *byte_cache_new(size_t most, size_t bytes_max)
{
    struct byte_cache *c = calloc(1, sizeof *c + most * sizeof *c->kept);
    if (c == NULL)
        abort();
    c->most = most;
    c->bytes_max = bytes_max;
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

static void forget(struct byte_cache *c, size_t at)
{
    struct kept *k = &c->kept[at];
    c->bytes -= k->bytes.n;
    free(k->name);
    free((char *)k->bytes.p);
    *k = c->kept[--c->n];
}

void byte_cache_free(struct byte_cache *c)
{
    if (c == NULL)
        return;
    while (c->n > 0)
        forget(c, 0);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* Where it stands; c->n: nowhere. */
static size_t find(const struct byte_cache *c, const char *name)
{
    size_t at = 0;
    while (at < c->n && strcmp(c->kept[at].name, name) != 0)
        at++;
    return at;
}

bool byte_cache_get(struct byte_cache *c, const char *name, struct buf *ret)
{
    pthread_mutex_lock(&c->lock);
    size_t at = find(c, name);
    bool found = at < c->n;
    if (found) {
        c->kept[at].used = ++c->uses;
        buf_str_add(ret, c->kept[at].bytes);
    }
    pthread_mutex_unlock(&c->lock);
    return found;
}

void byte_cache_put(struct byte_cache *c, const char *name, struct str bytes)
{
    if (bytes.n == 0 || bytes.n > c->bytes_max)
        return;
    char *copy = malloc(bytes.n), *own = strdup(name);
    if (copy == NULL || own == NULL)
        abort();
    memcpy(copy, bytes.p, bytes.n);
    pthread_mutex_lock(&c->lock);
    size_t before = find(c, name);
    if (before < c->n)
        forget(c, before);
    while (c->n == c->most || (c->n > 0 && c->bytes + bytes.n > c->bytes_max)) {
        size_t oldest = 0;
        for (size_t i = 1; i < c->n; i++)
            if (c->kept[i].used < c->kept[oldest].used)
                oldest = i;
        forget(c, oldest);
    }
    c->kept[c->n++] = (struct kept){own, {copy, bytes.n}, ++c->uses};
    c->bytes += bytes.n;
    pthread_mutex_unlock(&c->lock);
}
