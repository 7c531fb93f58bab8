#include "app/indexer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "app/index_await.h"
#include "app/index_fill.h"
#include "app/index_generation.h"
#include "base/clock.h"
#include "base/priority.h"
#include "store/store.h"

enum {
    FOLLOW_ROOM = 500,
    POLL_MS = 250, /* news that nobody told of */
    REST_MS = 50,  /* readers' stars come one by one: each pass takes many */
    FLUSHING_MS = 20,
    FLUSH_MS = 400, /* what was put is made durable this late, as a rule */
    /* Groonga looks through all its files for what to write. Under a stream of changes a
     * flush begins when so many times its own length have passed since the last. */
    FLUSH_REST = 20,
    FLUSH_REST_MS = 10000, /* at most */
    QUIET_MS = 300,        /* a bulk load that pauses this long has ended */
    BULK_CHANGES = 200,
    RETRY_MS = 2000,
};

struct indexer {
    struct site *site;
    int lock_fd;
    int wake;
    pthread_t thread;
    bool running;
    bool library; /* of searching, started */
    atomic_bool stopping;
    atomic_bool ended; /* of a follower: nothing more is coming */
    struct filling filling;
    pthread_mutex_t lock;
    struct generation *current;
    atomic_uint_fast64_t moves;    /* how often what is found may have changed */
    atomic_uint_fast64_t position; /* the filling's, for others to see */
    bool follower;                 /* of a command that writes; it says when it has ended */
    /* A server's flush, beside what is put meanwhile. */
    pthread_t flusher;
    atomic_bool flushed; /* its thread is done */
    bool flushing;
    int64_t flush_begun, flush_next; /* ms; the next one begins no earlier */
    enum rc flush_rc;
    struct search_mark flush_mark;
    struct fault fault; /* of a follower's thread */
    enum rc rc;
};

/* ---- searching ---- */

static void publish(struct indexer *ix, struct generation *g)
{
    pthread_mutex_lock(&ix->lock);
    struct generation *before = ix->current;
    ix->current = g;
    pthread_mutex_unlock(&ix->lock);
    atomic_store(&ix->position, ix->filling.position);
    atomic_fetch_add(&ix->moves, 1);
    generation_drop(before);
}

/* A reader of the generation that is searched in now, which is held. */
struct hold {
    struct generation *generation;
    struct search_reader *reader;
};

static enum rc hold_reader(struct indexer *ix, struct hold *ret, struct fault *fault)
{
    pthread_mutex_lock(&ix->lock);
    struct generation *g = ix->current;
    if (g != NULL)
        generation_hold(g);
    pthread_mutex_unlock(&ix->lock);
    if (g == NULL)
        return fault_set(fault, RC_BUSY, "the search index is being built; try again in a moment");
    ret->generation = g;
    enum rc rc = generation_reader_take(g, &ret->reader, fault);
    if (rc != RC_OK)
        generation_drop(g);
    return rc;
}

static void let_go(struct hold *hold)
{
    generation_reader_give(hold->generation, hold->reader);
    generation_drop(hold->generation);
}

enum rc indexer_search(struct indexer *ix, struct arena *arena, const struct search_query *query,
                       const struct search_filter *filter, struct search_result *ret,
                       struct fault *fault)
{
    struct hold hold;
    enum rc rc = hold_reader(ix, &hold, fault);
    if (rc != RC_OK)
        return rc;
    rc = search_run(hold.reader, arena, query, filter, ret, fault);
    let_go(&hold);
    return rc;
}

enum rc indexer_instead(struct indexer *ix, struct arena *arena, const struct search_query *query,
                        const struct search_filter *filter, struct search_instead *ret,
                        struct fault *fault)
{
    struct hold hold;
    enum rc rc = hold_reader(ix, &hold, fault);
    if (rc != RC_OK)
        return rc;
    rc = search_instead(hold.reader, arena, query, filter, ret, fault);
    let_go(&hold);
    return rc;
}

enum rc indexer_names(struct indexer *ix, struct arena *arena, enum directory_kind kind,
                      struct str language, struct str letter, size_t offset, size_t limit,
                      struct directory_page *ret, struct fault *fault)
{
    struct hold hold;
    enum rc rc = hold_reader(ix, &hold, fault);
    if (rc != RC_OK)
        return rc;
    rc = directory_read(hold.reader, arena, kind, language, letter, offset, limit, ret, fault);
    let_go(&hold);
    return rc;
}

enum rc indexer_all_names(struct indexer *ix, struct arena *arena, enum directory_kind kind,
                          size_t offset, size_t limit, struct directory_page *ret,
                          struct fault *fault)
{
    struct hold hold;
    enum rc rc = hold_reader(ix, &hold, fault);
    if (rc != RC_OK)
        return rc;
    rc = directory_all(hold.reader, arena, kind, offset, limit, ret, fault);
    let_go(&hold);
    return rc;
}

enum rc indexer_namesakes(struct indexer *ix, struct arena *arena,
                          const struct directory_name *name, size_t most,
                          struct directory_page *ret, struct fault *fault)
{
    struct hold hold;
    enum rc rc = hold_reader(ix, &hold, fault);
    if (rc != RC_OK)
        return rc;
    rc = directory_same(hold.reader, arena, name, most, ret, fault);
    let_go(&hold);
    return rc;
}

enum rc indexer_count_houses(struct indexer *ix, const struct search_filter *filter,
                             struct directory_count *counts, size_t n, struct fault *fault)
{
    struct hold hold;
    enum rc rc = hold_reader(ix, &hold, fault);
    if (rc != RC_OK)
        return rc;
    rc = directory_count(hold.reader, filter, counts, n, fault);
    let_go(&hold);
    return rc;
}

enum rc indexer_better(struct indexer *ix, struct arena *arena, const struct search_query *query,
                       const struct search_filter *filter, uint64_t works, struct str *ret,
                       struct fault *fault)
{
    struct hold hold;
    enum rc rc = hold_reader(ix, &hold, fault);
    if (rc != RC_OK)
        return rc;
    rc = search_better(hold.reader, arena, query, filter, works, ret, fault);
    let_go(&hold);
    return rc;
}

/* ---- the filling thread ---- */

static void drain(int fd)
{
    uint64_t n;
    while (read(fd, &n, sizeof n) > 0)
        continue;
}

static void wait_for_news(struct indexer *ix, int ms)
{
    struct pollfd pollfd = {ix->wake, POLLIN, 0};
    poll(&pollfd, 1, ms);
    drain(ix->wake);
}

/* While a bulk load goes on beside the build, the build takes it along. */
static bool more_coming(void *context, size_t taken)
{
    struct indexer *ix = context;
    (void)taken;
    if (atomic_load(&ix->stopping))
        return false;
    uint64_t latest, before = ix->filling.position;
    int64_t end = clock_monotonic_ms() + QUIET_MS;
    do {
        if (ix->filling.fresh != NULL && fresh_editions_any(ix->filling.fresh))
            return true;
        if (store_change_latest(ix->filling.conn, &latest, NULL) != RC_OK)
            return false;
        if (latest >= before + (ix->follower ? 1 : BULK_CHANGES))
            return true;
        if (ix->follower && atomic_load(&ix->ended))
            return latest > before;
        wait_for_news(ix, 20);
    } while (ix->follower || clock_monotonic_ms() < end);
    return false;
}

/* A server that ends does not finish what the next start makes anew; what a command writes for
 * itself it finishes. */
static bool still_wanted(void *context)
{
    const struct indexer *ix = context;
    return ix->follower || !atomic_load(&ix->stopping);
}

/* ---- flushing ---- */

static void *flush_thread(void *context)
{
    struct indexer *ix = context;
    ix->flush_rc = search_flush_files(ix->filling.index, NULL);
    atomic_store(&ix->flushed, true);
    return NULL;
}

/* Stores how far the flush has come, once it is done; waits for that where `wait`. */
static void flush_end(struct indexer *ix, bool wait)
{
    if (!ix->flushing || (!wait && !atomic_load(&ix->flushed)))
        return;
    pthread_join(ix->flusher, NULL);
    ix->flushing = false;
    int64_t now = clock_monotonic_ms(), rest = (now - ix->flush_begun) * FLUSH_REST;
    ix->flush_next = now + (rest < FLUSH_REST_MS ? rest : FLUSH_REST_MS);
    if (ix->flush_rc == RC_OK)
        (void)!search_flush_settle(ix->filling.index, ix->flush_mark, NULL);
}

/* The disk may take seconds; what arrives meanwhile must not wait for it. */
static void flush_begin(struct indexer *ix)
{
    ix->flush_mark = search_flush_mark(ix->filling.index, ix->filling.position);
    ix->flush_begun = clock_monotonic_ms();
    atomic_store(&ix->flushed, false);
    ix->flushing = pthread_create(&ix->flusher, NULL, flush_thread, ix) == 0;
}

struct building {
    struct filling *filling;
    const struct build_watch *watch;
    struct fault *fault;
    enum rc rc;
};

static void *build_thread(void *context)
{
    struct building *b = context;
    priority_lower(PRIORITY_LATER);
    b->rc = filling_build(b->filling, b->watch, b->fault);
    return NULL;
}

/* On a thread that gives way to readers; priority that was given up cannot be taken
 * back, and single changes should be found at once. */
static enum rc build_beside_readers(struct filling *filling, const struct build_watch *watch,
                                    struct fault *fault)
{
    struct building building = {filling, watch, fault, RC_OK};
    pthread_t thread;
    if (pthread_create(&thread, NULL, build_thread, &building) != 0)
        return fault_set(fault, RC_IO, "starting the thread that builds the index: %s",
                         strerror(errno));
    pthread_join(thread, NULL);
    return building.rc;
}

static enum rc build(struct indexer *ix, const struct index_progress *progress, struct fault *fault)
{
    struct build_watch watch = {ix, more_coming, still_wanted, progress};
    flush_end(ix, true);
    struct search_index *before = ix->filling.index;
    struct generation *held = ix->current;
    /* Searching goes on in the old one meanwhile, which must outlive us. */
    if (generation_own(held, before, true))
        ix->filling.index = NULL;
    enum rc rc = build_beside_readers(&ix->filling, &watch, fault);
    if (rc == RC_OK)
        publish(ix, generation_new(ix->filling.index, false));
    else if (before != NULL && generation_own(held, before, false))
        ix->filling.index = before;
    return rc;
}

static enum rc start_filling(struct indexer *ix, struct fault *fault)
{
    struct search_index *old;
    enum rc rc = filling_resume(&ix->filling, fault);
    if (rc == RC_OK) {
        publish(ix, generation_new(ix->filling.index, false));
        return RC_OK;
    }
    /* In doubt: what is there may be read until a sound one takes its place. */
    if (rc == RC_CORRUPT && search_open(ix->filling.folder, false, &old, NULL) == RC_OK)
        publish(ix, generation_new(old, true));
    return build(ix, NULL, fault);
}

/* Takes in all there is. */
static enum rc follow_all(struct indexer *ix, bool *ret_any, struct fault *fault)
{
    enum rc rc = RC_OK;
    if (!ix->follower && !index_has_room(ix->site))
        return RC_OK; /* later; searching goes on in what there is */
    for (size_t n = 1; rc == RC_OK && n > 0 && !atomic_load(&ix->stopping);) {
        bool must_build = false;
        n = 0;
        rc = filling_must_build(&ix->filling, &must_build, fault);
        if (rc == RC_OK && must_build) {
            rc = build(ix, NULL, fault);
            n = 1; /* and what came meanwhile */
        } else if (rc == RC_OK && index_has_room(ix->site)) {
            rc = filling_follow(&ix->filling, FOLLOW_ROOM, &n, fault);
        }
        atomic_store(&ix->position, ix->filling.position);
        if (n > 0) {
            *ret_any = true;
            atomic_fetch_add(&ix->moves, 1);
        }
    }
    return rc;
}

static void *serve_thread(void *context)
{
    struct indexer *ix = context;
    int64_t flush_at = 0; /* 0: all that was put is flushed, or being so */
    bool ready = false;
    while (!atomic_load(&ix->stopping)) {
        struct fault fault;
        bool any = false;
        enum rc rc = ready ? RC_OK : start_filling(ix, &fault);
        ready = rc == RC_OK;
        /* From here on the index is searched in, and stays open whatever fails: a
         * full disk may be free again, a database back. */
        if (ready)
            rc = follow_all(ix, &any, &fault);
        if (ready && rc == RC_CORRUPT)
            rc = build(ix, NULL, &fault);
        flush_end(ix, false);
        int64_t now = clock_monotonic_ms();
        if (any && flush_at == 0)
            flush_at = now + FLUSH_MS;
        if (rc != RC_OK) {
            wait_for_news(ix, RETRY_MS);
            continue;
        }
        if (flush_at != 0 && !ix->flushing && (!any || now >= flush_at) && now >= ix->flush_next) {
            flush_begin(ix);
            flush_at = ix->flushing ? 0 : now + FLUSH_MS;
        }
        if (any && !atomic_load(&ix->stopping))
            usleep(REST_MS * 1000);
        wait_for_news(ix, flush_at != 0 || ix->flushing ? FLUSHING_MS : POLL_MS);
    }
    flush_end(ix, true);
    if (ready)
        (void)!search_flush(ix->filling.index, ix->filling.position, NULL);
    return NULL;
}

static struct indexer *indexer_new(struct site *site)
{
    struct indexer *ix = calloc(1, sizeof *ix);
    if (ix == NULL)
        abort();
    ix->site = site;
    ix->lock_fd = ix->wake = -1;
    pthread_mutex_init(&ix->lock, NULL);
    return ix;
}

enum rc indexer_open(struct site *site, struct indexer **ret, struct fault *fault)
{
    struct indexer *ix = indexer_new(site);
    enum rc rc = search_library_start(fault);
    ix->library = rc == RC_OK;
    if (rc == RC_OK)
        rc = site_lock_soon(site, "index", &ix->lock_fd, fault);
    if (rc == RC_OK)
        rc = filling_open(site, &ix->filling, fault);
    if (rc == RC_OK && (ix->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
        rc = fault_set(fault, RC_IO, "eventfd: %s", strerror(errno));
    if (rc == RC_OK && pthread_create(&ix->thread, NULL, serve_thread, ix) != 0)
        rc = fault_set(fault, RC_IO, "starting the index's thread: %s", strerror(errno));
    ix->running = rc == RC_OK;
    if (rc != RC_OK) {
        indexer_close(ix);
        return rc;
    }
    *ret = ix;
    return RC_OK;
}

void indexer_close(struct indexer *ix)
{
    if (ix == NULL)
        return;
    atomic_store(&ix->stopping, true);
    indexer_wake(ix);
    if (ix->running)
        pthread_join(ix->thread, NULL);
    generation_drop(ix->current);
    if (ix->filling.site != NULL)
        filling_close(&ix->filling);
    site_unlock(ix->lock_fd);
    if (ix->wake >= 0)
        close(ix->wake);
    if (ix->library)
        search_library_end();
    pthread_mutex_destroy(&ix->lock);
    free(ix);
}

void indexer_wake(struct indexer *ix)
{
    if (ix != NULL && ix->wake >= 0)
        (void)!write(ix->wake, &(uint64_t){1}, sizeof(uint64_t));
}

uint64_t indexer_moves(const struct indexer *ix)
{
    return atomic_load(&ix->moves);
}

uint64_t indexer_position(const struct indexer *ix)
{
    return atomic_load(&ix->position);
}

bool indexer_present(struct indexer *ix)
{
    pthread_mutex_lock(&ix->lock);
    bool present = ix->current != NULL;
    pthread_mutex_unlock(&ix->lock);
    return present;
}

/* ---- commands ---- */

struct index_follower {
    struct site *site;
    struct indexer *ix; /* NULL where a server does it */
};

/* Beside an import a build holds what is not committed yet: where that came to nothing, all of
 * it is thrown away, and made of what there is. */
static enum rc build_beside(struct indexer *ix)
{
    enum rc rc = build(ix, NULL, &ix->fault);
    if (rc == RC_CONFLICT && ix->filling.fresh != NULL && fresh_editions_broken(ix->filling.fresh))
        rc = build(ix, NULL, &ix->fault);
    return rc;
}

static void *follow_thread(void *context)
{
    struct indexer *ix = context;
    ix->rc = filling_resume(&ix->filling, &ix->fault);
    bool must_build = ix->rc != RC_OK || search_count(ix->filling.index) == 0;
    ix->rc = RC_OK;
    if (must_build)
        ix->rc = build_beside(ix);
    bool any = false;
    while (ix->rc == RC_OK && !atomic_load(&ix->ended)) {
        /* A load that is worth a new index is indexed beside it, not after it. */
        wait_for_news(ix, POLL_MS);
        ix->rc = filling_must_build(&ix->filling, &must_build, &ix->fault);
        if (ix->rc == RC_OK && must_build)
            ix->rc = build_beside(ix);
    }
    if (ix->rc == RC_OK)
        ix->rc = follow_all(ix, &any, &ix->fault);
    if (ix->rc == RC_OK)
        ix->rc = search_flush(ix->filling.index, ix->filling.position, &ix->fault);
    return NULL;
}

static enum rc follower_start(struct indexer *ix, bool fresh, struct fault *fault)
{
    enum rc rc = search_library_start(fault);
    ix->library = rc == RC_OK;
    if (rc == RC_OK)
        rc = filling_open(ix->site, &ix->filling, fault);
    if (rc == RC_OK && fresh)
        ix->filling.fresh = fresh_editions_new();
    if (rc == RC_OK && (ix->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
        rc = fault_set(fault, RC_IO, "eventfd: %s", strerror(errno));
    if (rc == RC_OK && pthread_create(&ix->thread, NULL, follow_thread, ix) != 0)
        rc = fault_set(fault, RC_IO, "starting the index's thread: %s", strerror(errno));
    ix->running = rc == RC_OK;
    return rc;
}

enum rc index_follow(struct site *site, struct index_follower **ret,
                     struct fresh_editions **ret_fresh, struct fault *fault)
{
    struct index_follower *follower = calloc(1, sizeof *follower);
    if (follower == NULL)
        abort();
    follower->site = site;
    struct indexer *ix = indexer_new(site);
    ix->follower = true;
    if (ret_fresh != NULL)
        *ret_fresh = NULL;
    enum rc rc = site_lock(site, "index", &ix->lock_fd, fault);
    if (rc == RC_BUSY) {
        pthread_mutex_destroy(&ix->lock);
        free(ix);
        *ret = follower;
        return RC_OK;
    }
    if (rc == RC_OK)
        rc = follower_start(ix, ret_fresh != NULL, fault);
    if (rc != RC_OK) {
        indexer_close(ix);
        free(follower);
        return rc;
    }
    follower->ix = ix;
    if (ret_fresh != NULL)
        *ret_fresh = ix->filling.fresh;
    *ret = follower;
    return RC_OK;
}

enum rc index_follow_end(struct index_follower *follower, const atomic_bool *hurry,
                         struct fault *fault)
{
    enum rc rc;
    uint64_t position = 0;
    if (follower->ix == NULL) {
        rc = index_latest_change(follower->site, &position, fault);
        if (rc == RC_OK)
            rc = index_await(follower->site, position, hurry, fault);
        if (rc == RC_NOT_FOUND)
            rc = indexer_catch_up(follower->site, fault);
    } else {
        struct indexer *ix = follower->ix;
        atomic_store(&ix->ended, true);
        indexer_wake(ix);
        pthread_join(ix->thread, NULL);
        ix->running = false;
        rc = ix->rc;
        if (rc != RC_OK && fault != NULL)
            *fault = ix->fault;
        indexer_close(ix);
    }
    free(follower);
    return rc;
}

enum rc indexer_catch_up(struct site *site, struct fault *fault)
{
    struct index_follower *follower;
    enum rc rc = index_follow(site, &follower, NULL, fault);
    return rc == RC_OK ? index_follow_end(follower, NULL, fault) : rc;
}

static enum rc ask_for_rebuild(struct site *site, struct fault *fault)
{
    struct store_conn *conn = NULL;
    uint64_t position;
    enum rc rc = store_connect(site_store(site), true, &conn, fault);
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = store_change(conn, "rebuild", 0, fault);
    if (rc == RC_OK)
        rc = store_commit(conn, fault);
    if (rc == RC_OK)
        rc = store_change_latest(conn, &position, fault);
    store_disconnect(conn);
    if (rc == RC_OK)
        rc = index_await(site, position, NULL, fault);
    /* The one that was asked is gone: what it left is brought up to date, and
     * with that the rebuilding asked for is done. */
    return rc == RC_NOT_FOUND ? indexer_catch_up(site, fault) : rc;
}

static bool nothing_more(void *context, size_t taken)
{
    (void)context;
    (void)taken;
    return false;
}

enum rc indexer_rebuild(struct site *site, const struct index_progress *progress,
                        struct fault *fault)
{
    int lock;
    struct filling filling;
    struct build_watch watch = {NULL, nothing_more, NULL, progress};
    enum rc rc = site_lock(site, "index", &lock, fault);
    if (rc == RC_BUSY)
        return ask_for_rebuild(site, fault);
    if (rc != RC_OK)
        return rc;
    rc = search_library_start(fault);
    if (rc == RC_OK) {
        rc = filling_open(site, &filling, fault);
        if (rc == RC_OK) {
            rc = filling_build(&filling, &watch, fault);
            filling_close(&filling);
        }
        search_library_end();
    }
    site_unlock(lock);
    return rc;
}

enum rc index_works(struct site *site, struct arena *arena, struct str text, uint64_t **ret,
                    size_t *ret_n, struct fault *fault)
{
    ARENA_AUTO own = ARENA_INIT;
    struct search_index *index = NULL;
    struct search_reader *reader = NULL;
    enum rc rc = indexer_catch_up(site, fault);
    if (rc == RC_OK)
        rc = search_library_start(fault);
    if (rc != RC_OK)
        return rc;
    rc = search_open(site_path(site, &own, "index"), false, &index, fault);
    if (rc == RC_OK)
        rc = search_reader_open(index, &reader, fault);
    if (rc == RC_OK)
        rc = search_works(reader, arena, text, ret, ret_n, fault);
    search_reader_close(reader);
    search_close(index);
    search_library_end();
    return rc;
}
