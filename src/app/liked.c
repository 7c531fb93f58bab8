#include "app/liked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/wait.h"
#include "store/liked.h"
#include "store/store.h"

enum {
    WORKS_AT_ONCE = 64, /* one look and one write */
    LOOKED_AT = 2000,   /* of those who liked a work */
    PLACES = 12,
    LOOK_MS = 5000,
    FIRST_MS = 60000, /* after the start of a server */
    EACH_MS = 86400000,
};

/* The shelves of some works that are not what they were. */
struct chunk {
    uint64_t works[WORKS_AT_ONCE];
    uint64_t *others[WORKS_AT_ONCE];
    size_t counts[WORKS_AT_ONCE];
    size_t n;
};

static enum rc look_at(struct store_conn *conn, struct arena *arena, uint64_t work,
                       struct chunk *chunk, struct fault *fault)
{
    static const struct liked_rule rule = {LIKED_STARS, LIKED_READERS, LOOKED_AT, PLACES};
    uint64_t *found, *kept;
    size_t found_n, kept_n;
    enum rc rc = liked_of(conn, arena, work, &rule, &found, &found_n, fault);
    if (rc == RC_OK)
        rc = liked_now(conn, arena, work, &kept, &kept_n, fault);
    if (rc != RC_OK ||
        (found_n == kept_n && (kept_n == 0 || memcmp(found, kept, kept_n * sizeof *kept) == 0)))
        return rc;
    chunk->works[chunk->n] = work;
    chunk->others[chunk->n] = found;
    chunk->counts[chunk->n++] = found_n;
    return RC_OK;
}

static enum rc put_chunk(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct chunk *chunk = context;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < chunk->n; i++)
        rc = liked_put(conn, chunk->works[i], chunk->others[i], chunk->counts[i], fault);
    return rc;
}

/* The next works after *after; *ret_more: there are others. */
static enum rc rebuild_some(struct store_conn *conn, struct writer *writer, uint64_t *after,
                            bool *ret_more, size_t *changed, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct chunk chunk = {.n = 0};
    uint64_t *works;
    size_t n;
    enum rc rc = liked_works_after(conn, &arena, *after, WORKS_AT_ONCE, &works, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = look_at(conn, &arena, works[i], &chunk, fault);
    if (rc == RC_OK && chunk.n > 0)
        rc = writer_run(writer, put_chunk, &chunk, fault);
    if (rc != RC_OK)
        return rc;
    *changed += chunk.n;
    *ret_more = n == WORKS_AT_ONCE;
    if (n > 0)
        *after = works[n - 1];
    return RC_OK;
}

enum rc liked_rebuild(struct site *site, struct writer *writer, size_t *ret_changed,
                      struct fault *fault)
{
    struct store_conn *conn = NULL;
    uint64_t after = 0;
    size_t changed = 0;
    bool more = true;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    while (rc == RC_OK && more)
        rc = rebuild_some(conn, writer, &after, &more, &changed, fault);
    site_disconnect(conn);
    if (rc == RC_OK)
        *ret_changed = changed;
    return rc;
}

/* ---- the thread ---- */

struct liker {
    struct site *site;
    struct writer *writer;
    struct sleeper sleeper;
    int64_t due; /* ms */
};

/* Some works at a time, so that a server that ends waits for few of them. */
static void rebuild(struct liker *l)
{
    struct fault fault = {""};
    struct store_conn *conn = NULL;
    uint64_t after = 0;
    size_t changed = 0;
    bool more = true;
    enum rc rc = site_connect_wholly(l->site, &conn, &fault);
    while (rc == RC_OK && more && !sleeper_ended(&l->sleeper) && writer_turn(l->writer) != 0)
        rc = rebuild_some(conn, l->writer, &after, &more, &changed, &fault);
    site_disconnect(conn);
    l->due = clock_monotonic_ms() + (rc == RC_OK ? EACH_MS : FIRST_MS);
    if (rc != RC_OK)
        fprintf(stderr, "colophon: what readers liked, too, is not made anew: %s\n", fault.text);
}

static void *liker_thread(void *context)
{
    struct liker *l = context;
    while (sleeper_rest(&l->sleeper, LOOK_MS))
        if (clock_monotonic_ms() >= l->due && writer_turn(l->writer) != 0)
            rebuild(l);
    return NULL;
}

enum rc liker_open(struct site *site, struct writer *writer, struct liker **ret,
                   struct fault *fault)
{
    struct liker *l = calloc(1, sizeof *l);
    if (l == NULL)
        abort();
    l->site = site;
    l->writer = writer;
    l->due = clock_monotonic_ms() + FIRST_MS;
    sleeper_init(&l->sleeper);
    enum rc rc = sleeper_start(&l->sleeper, liker_thread, l, "relates works", fault);
    if (rc != RC_OK) {
        sleeper_free(&l->sleeper);
        free(l);
        return rc;
    }
    *ret = l;
    return RC_OK;
}

void liker_close(struct liker *l)
{
    if (l == NULL)
        return;
    sleeper_stop(&l->sleeper);
    sleeper_free(&l->sleeper);
    free(l);
}
