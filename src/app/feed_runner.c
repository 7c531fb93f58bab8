#include "app/feed_runner.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "app/feed_inbox.h"
#include "app/feed_runner_parts.h"
#include "app/feeds.h"
#include "app/site.h"
#include "app/stock.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/priority.h"
#include "store/store.h"

enum {
    LOOK_MS = 1000,
    KILLS_MAX = 20, /* as often it was begun, and never came to any end */
    SWEEP_MS = 3600 * 1000,
    ORPHAN_S = 600, /* nobody has written to it for so long */
};

/* ---- counts ---- */

static bool is_counts(struct str name)
{
    return name.n > 4 && str_eq_nocase(str_sub(name, name.n - 4, name.n), STR(".csv"));
}

struct counting {
    struct feed_runner *r;
    struct stock_summary summary;
};

static void tell_count(void *context, uint64_t line, const char *why)
{
    const struct counting *c = context;
    struct import_finding finding = {.line = line,
                                     .severity = c->summary.wrong > 0 ? "error" : "warning",
                                     .code = STR("stock"),
                                     .reason = str_of(why)};
    feed_finding(c->r, &finding);
}

/* A file of counts in the place of a catalogue: whole, or not at all. */
static enum rc run_counts(struct feed_runner *r, const char *path, struct import_summary *ret,
                          struct fault *fault)
{
    enum { COUNTS_MAX = 20 << 20 };
    ARENA_AUTO arena = ARENA_INIT;
    struct counting c = {.r = r};
    struct stock_watch watch = {&c, tell_count, NULL};
    struct str text;
    enum rc rc = file_read(path, COUNTS_MAX, &arena, &text, fault);
    if (rc == RC_OK)
        rc = stock_import(r->writer, r->feed.shop, text, &watch, &c.summary, fault);
    ret->records = c.summary.rows;
    ret->changed = c.summary.changed;
    ret->unchanged = c.summary.same;
    ret->refused = c.summary.wrong;
    ret->warnings = c.summary.passed;
    /* Sent once more it is as wrong. */
    ret->broken_files = rc == RC_INVALID || rc == RC_LIMIT;
    return ret->broken_files > 0 ? RC_OK : rc;
}

/* ---- catalogues ---- */

/* True where it is tried again later. */
static bool run_feed(struct feed_runner *r)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct fault fault = {""};
    struct import_summary summary = {0};
    struct str slug;
    pthread_t teller;
    feed_tell_begin(r);
    /* What is imported is what was opened, whatever becomes of its name meanwhile. */
    int fd = feed_file_open(r->site, r->feed.file, &r->was);
    const char *path = r->path;
    snprintf(r->path, sizeof r->path, "/proc/self/fd/%d", fd);
    enum rc rc = feed_shop_slug(r->conn, &arena, r->feed.shop, &slug, &fault);
    if (rc == RC_OK && fd < 0)
        rc = fault_set(&fault, RC_NOT_FOUND, "its file is gone");
    if (rc == RC_OK && r->feed.attempts >= r->feed.failures + KILLS_MAX) {
        r->feed.failures = FEED_FAILURES_MAX;
        rc = fault_set(&fault, RC_CORRUPT, "it was begun %d times and never came to its end",
                       KILLS_MAX);
    }
    bool telling = rc == RC_OK && pthread_create(&teller, NULL, feed_tell_thread, r) == 0;
    if (rc == RC_OK && !telling)
        rc = fault_set(&fault, RC_IO, "no thread for the progress");
    struct import_order order = {.shop = slug,
                                 .files = &path,
                                 .file_count = 1,
                                 .progress = &r->progress,
                                 .index_later = true,
                                 .finding = feed_finding,
                                 .context = r};
    crash_point("feed-begun");
    if (rc == RC_OK && r->feed.halted)
        summary.stopped = true;
    else if (rc == RC_OK && is_counts(r->feed.name))
        rc = run_counts(r, path, &summary, &fault);
    else if (rc == RC_OK)
        rc = import_run(r->site, r->writer, &order, &summary, &fault);
    atomic_store(&r->done, true);
    if (telling)
        pthread_join(teller, NULL);
    if (fd >= 0)
        close(fd);
    return feed_end(r, rc, &summary, &fault);
}

/* Now and then: files that no feed names. What a form brings in this moment was written to a
 * while ago at most. */
static enum rc sweep(struct feed_runner *r, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *folder;
    if (clock_monotonic_ms() < r->sweep_at)
        return RC_OK;
    r->sweep_at = clock_monotonic_ms() + SWEEP_MS;
    DIR *dir = feeds_folder(r->site, &arena, &folder, NULL) == RC_OK ? opendir(folder) : NULL;
    enum rc rc = RC_OK;
    for (const struct dirent *e; rc == RC_OK && dir != NULL && (e = readdir(dir)) != NULL;) {
        struct stat st;
        bool named = true;
        if (fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(st.st_mode) ||
            clock_machine() - st.st_mtim.tv_sec < ORPHAN_S)
            continue;
        rc = feed_file_named(r->conn, arena_printf(&arena, "feeds/%s", e->d_name), &named, fault);
        if (rc == RC_OK && !named)
            unlinkat(dirfd(dir), e->d_name, 0);
    }
    if (dir != NULL)
        closedir(dir);
    return rc;
}

static enum rc look(struct feed_runner *r, bool *ret_more, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct feed_row *rows, chosen;
    size_t n = 0;
    bool free = false, any = false;
    *ret_more = false;
    enum rc rc = RC_OK;
    if (r->conn == NULL)
        rc = store_connect(site_store(r->site), true, &r->conn, fault);
    if (rc == RC_OK)
        rc = sweep(r, fault);
    if (rc == RC_OK)
        rc = feed_inbox_look(r->inbox, r->conn, fault);
    if (rc == RC_OK)
        rc = feed_rows_open(r->conn, &arena, 0, 1, &rows, &n, fault);
    if (rc == RC_OK && n > 0)
        rc = feed_look_at_lease(r, &free, fault);
    if (rc == RC_OK && free)
        rc = feed_choose(r, &arena, &chosen, &any, fault);
    if (rc == RC_OK && any) {
        r->feed = chosen;
        rc = feed_claim(r, fault);
    }
    if (rc == RC_CONFLICT) /* another node was faster */
        return RC_OK;
    if (rc != RC_OK || !any)
        return rc;
    r->last_shop = chosen.shop;
    *ret_more = !run_feed(r);
    return RC_OK;
}

static void *runner_thread(void *context)
{
    struct feed_runner *r = context;
    bool more = false;
    priority_lower(PRIORITY_LATER); /* readers first */
    while (sleeper_rest(&r->sleeper, more ? 0 : LOOK_MS)) {
        struct fault fault = {""};
        if (look(r, &more, &fault) == RC_OK)
            continue;
        fprintf(stderr, "colophon: feeds are not imported: %s\n", fault.text);
        store_disconnect(r->conn); /* perhaps the database went away */
        r->conn = NULL;
        more = false;
    }
    store_disconnect(r->conn);
    return NULL;
}

enum rc feed_runner_open(struct site *site, struct writer *writer, struct feed_runner **ret,
                         struct fault *fault)
{
    struct feed_runner *r = calloc(1, sizeof *r);
    if (r == NULL)
        abort();
    ARENA_AUTO arena = ARENA_INIT;
    uint8_t id[8];
    random_bytes(id, sizeof id);
    memcpy(r->holder, hex_str(&arena, id, sizeof id).p, 16);
    r->site = site;
    r->writer = writer;
    r->inbox = feed_inbox_new(site);
    r->found.arena = r->kinds_arena = r->telling.arena = r->node_arena = ARENA_INIT;
    pthread_mutex_init(&r->lock, NULL);
    sleeper_init(&r->sleeper);
    const char *folder;
    enum rc rc = feeds_folder(site, &arena, &folder, fault);
    if (rc == RC_OK)
        rc = feeds_node(site, &r->node_arena, &r->node, fault);
    if (rc == RC_OK)
        rc = sleeper_start(&r->sleeper, runner_thread, r, "imports feeds", fault);
    *ret = r;
    if (rc != RC_OK) {
        feed_runner_close(r);
        *ret = NULL;
    }
    return rc;
}

void feed_runner_wake(struct feed_runner *runner)
{
    sleeper_wake(&runner->sleeper);
}

void feed_runner_close(struct feed_runner *r)
{
    if (r == NULL)
        return;
    sleeper_stop(&r->sleeper);
    sleeper_free(&r->sleeper);
    feed_inbox_free(r->inbox);
    arena_free(&r->found.arena);
    arena_free(&r->telling.arena);
    arena_free(&r->kinds_arena);
    arena_free(&r->node_arena);
    pthread_mutex_destroy(&r->lock);
    free(r);
}
