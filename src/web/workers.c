#include "web/workers.h"

#include <pthread.h>
#include <stdatomic.h>

#include "app/counters.h"
#include "base/clock.h"

enum {
    IDLE_MAX = 32,  /* workers, each with a connection or two, that are kept for later */
    AWAY_MS = 2000, /* what could not be reached is not tried again for so long */
};

struct worker_pool {
    pthread_mutex_t lock;
    struct worker *idle;
    size_t idle_count;
    atomic_uint turn;                /* which replica the next new worker is for */
    atomic_uint_fast64_t away_state; /* how far the gate had come when it was away */
    atomic_int_fast64_t away_until, replica_away_until[SITE_REPLICAS_MAX];
};

struct worker_pool *workers_new(void)
{
    struct worker_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        abort();
    pthread_mutex_init(&pool->lock, NULL);
    return pool;
}

static void worker_free(struct worker *w)
{
    for (size_t i = 0; i < w->language_count; i++)
        language_free(w->languages[i]);
    site_disconnect(w->own);
    site_disconnect(w->replica);
    free(w);
}

void workers_free(struct worker_pool *pool)
{
    if (pool == NULL)
        return;
    for (struct worker *w = pool->idle, *next; w != NULL; w = next) {
        next = w->next;
        worker_free(w);
    }
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

static bool is_away(atomic_int_fast64_t *until)
{
    return clock_monotonic_ms() < atomic_load(until);
}

static void note_away(atomic_int_fast64_t *until)
{
    atomic_store(until, clock_monotonic_ms() + AWAY_MS);
}

/* ---- the database itself ---- */

static bool use_own(struct server *s, struct worker *w, struct fault *fault)
{
    struct counters *counters = site_counters(s->site);
    if (w->own == NULL && site_connect(s->site, &w->own, fault) != RC_OK) {
        count(&counters->connection_failures, 1);
        return false;
    }
    w->conn = w->own;
    w->on_replica = w->behind = w->begun = false;
    return true;
}

/* The same where it answers. One that was away is left alone for a moment, but for
 * the gate having heard of it since. */
static bool use_own_if_there(struct server *s, struct worker *w, uint64_t wanted)
{
    struct fault fault = {""};
    struct worker_pool *pool = s->workers;
    if (is_away(&pool->away_until) && atomic_load(&pool->away_state) == wanted)
        return false;
    bool made = w->own == NULL;
    /* A snapshot begins with what is read first. */
    if (!use_own(s, w, &fault) || site_snapshot(w->own, &fault) != RC_OK ||
        site_state(w->own) == 0) {
        atomic_store(&pool->away_state, wanted);
        note_away(&pool->away_until);
        return false;
    }
    if (made)
        count(&site_counters(s->site)->connections, 1);
    w->begun = true;
    return true;
}

/* ---- replicas ---- */

static void leave(struct worker *w)
{
    site_disconnect(w->replica);
    w->replica = NULL;
}

/* One state of a replica, and how far that has come. */
static bool begin_replica(struct server *s, struct worker *w, uint64_t *ret_state)
{
    struct fault fault = {""};
    struct worker_pool *pool = s->workers;
    struct counters *counters = site_counters(s->site);
    size_t n = site_replicas(s->site);
    for (size_t tried = 0; tried < n; tried++) {
        if (w->replica == NULL)
            w->replica_at = atomic_fetch_add(&pool->turn, 1) % n;
        atomic_int_fast64_t *away = &pool->replica_away_until[w->replica_at];
        if (is_away(away)) {
            leave(w);
            continue;
        }
        if ((w->replica != NULL ||
             site_connect_replica(s->site, w->replica_at, &w->replica, &fault) == RC_OK) &&
            site_snapshot(w->replica, &fault) == RC_OK &&
            (*ret_state = site_state(w->replica)) != 0)
            return true;
        count(&counters->replica_failures, 1);
        note_away(away);
        leave(w);
    }
    return false;
}

/* Where a replica is to be read, the worker reads it. */
static bool use_replica(struct server *s, struct worker *w, uint64_t wanted)
{
    struct counters *counters = site_counters(s->site);
    uint64_t state;
    if (!begin_replica(s, w, &state))
        return false;
    bool behind = state < wanted;
    atomic_store(&counters->replica_lag, behind ? wanted - state : 0);
    if (behind) {
        count(&counters->replica_behind, 1);
        struct store_conn *replica = w->replica;
        if (use_own_if_there(s, w, wanted)) {
            site_snapshot_end(replica);
            return true;
        }
    }
    w->conn = w->replica;
    w->on_replica = w->begun = true;
    w->behind = behind;
    count(&counters->replica_reads, 1);
    return true;
}

/* ---- workers ---- */

struct worker *worker_take(struct server *s, const uint64_t *state, struct fault *fault)
{
    struct worker_pool *pool = s->workers;
    pthread_mutex_lock(&pool->lock);
    struct worker *w = pool->idle;
    if (w != NULL) {
        pool->idle = w->next;
        pool->idle_count--;
    }
    pthread_mutex_unlock(&pool->lock);
    if (w == NULL && (w = calloc(1, sizeof *w)) == NULL)
        abort();
    if (state != NULL && site_replicas(s->site) > 0 && use_replica(s, w, *state))
        return w;
    bool made = w->own == NULL;
    if (!use_own(s, w, fault)) {
        worker_free(w);
        return NULL;
    }
    if (made)
        count(&site_counters(s->site)->connections, 1);
    return w;
}

void worker_give(struct server *s, struct worker *w)
{
    struct worker_pool *pool = s->workers;
    site_snapshot_end(w->conn);
    w->conn = NULL;
    w->on_replica = w->behind = w->begun = false;
    pthread_mutex_lock(&pool->lock);
    bool kept = pool->idle_count < IDLE_MAX;
    if (kept) {
        w->next = pool->idle;
        pool->idle = w;
        pool->idle_count++;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!kept)
        worker_free(w);
}

enum rc worker_snapshot(struct worker *w, struct fault *fault)
{
    return w->begun ? RC_OK : site_snapshot(w->conn, fault);
}

bool worker_leave_replica(struct server *s, struct worker *w)
{
    struct fault fault = {""};
    site_snapshot_end(w->replica);
    return use_own(s, w, &fault);
}

struct language *worker_language(struct worker *w, struct str tag)
{
    if (language_nearest(tag).n == 0)
        tag = language_offered(0);
    for (size_t i = 0; i < w->language_count; i++)
        if (str_eq(language_tag(w->languages[i]), tag))
            return w->languages[i];
    size_t room = sizeof w->languages / sizeof *w->languages;
    if (w->language_count == room)
        language_free(w->languages[--w->language_count]);
    return w->languages[w->language_count++] = language_new(tag);
}
