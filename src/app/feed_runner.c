#include "app/feed_runner.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/feed_inbox.h"
#include "app/feeds.h"
#include "app/import.h"
#include "app/mail_queue.h"
#include "app/wake.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/encode.h"
#include "base/priority.h"
#include "base/utf8.h"
#include "base/wait.h"
#include "store/feeds.h"
#include "store/lease.h"
#include "store/staff_rows.h"
#include "store/store.h"

#define LEASE "import"

enum {
    LOOK_MS = 1000,
    TELL_MS = 500,          /* how far it has come; the lease's beat is in it */
    EXPIRES_MS = 5000,      /* a beat that stands still so long is nobody's */
    FINDINGS_AT_ONCE = 500, /* rows in one transaction */
    FEEDS_AT_ONCE = 200,    /* rows of the queue */
    FAILURES_MAX = 5,
    KILLS_MAX = 20,              /* as often it was begun, and never came to any end */
    ELSEWHERE_S = 7 * 24 * 3600, /* another node has the file, or nobody after so long */
    SWEEP_MS = 3600 * 1000,
    ORPHAN_S = 600, /* nobody has written to it for so long */
    PARTNERS_MAX = 100,
    KINDS_MAX = 256,
};

/* Findings that are not stored yet. */
struct found {
    struct arena arena;
    struct finding_row *v;
    size_t n, room;
};

struct feed_runner {
    struct site *site;
    struct writer *writer;
    struct store_conn *conn; /* the thread's; NULL while there is none */
    struct feed_inbox *inbox;
    struct sleeper sleeper;
    struct lease seen; /* another's */
    int64_t seen_at;   /* since when it has looked like that */
    char holder[17];
    uint64_t term; /* of our own */
    struct str node;
    struct arena node_arena;
    uint64_t last_shop; /* whose turn it was */
    int64_t sweep_at;   /* by the monotonic clock */
    /* Of the feed that is being imported. */
    struct feed_row feed;
    struct stat was; /* its file, as it was opened */
    char path[32];   /* by which the import reads it */
    struct import_progress progress;
    pthread_mutex_t lock; /* of `found`, which the import's threads add to */
    struct found found;
    uint64_t told;        /* findings so far */
    struct found telling; /* the teller's: taken out of `found`, the first of them stored */
    size_t stored;
    struct arena kinds_arena;
    struct {
        struct str element, code;
    } kinds[KINDS_MAX]; /* of information that was told */
    size_t kinds_n;
    atomic_bool done; /* the import is: who tells of it ends */
    atomic_bool lost; /* another node has the lease */
};

/* ---- findings ---- */

static struct str kept_text(struct arena *arena, struct str s)
{
    return arena_str(arena, utf8_cut(s, 500));
}

/* An element that is left out of one record is left out of all: it is told of once, with the
 * first, so that it takes no room from what can be mended. */
static bool is_told(struct feed_runner *r, const struct import_finding *f)
{
    if (strcmp(f->severity, "information") != 0)
        return false;
    for (size_t i = 0; i < r->kinds_n; i++)
        if (str_eq(r->kinds[i].element, f->element) && str_eq(r->kinds[i].code, f->code))
            return true;
    if (r->kinds_n == KINDS_MAX)
        return true;
    r->kinds[r->kinds_n].element = arena_str(&r->kinds_arena, f->element);
    r->kinds[r->kinds_n++].code = arena_str(&r->kinds_arena, f->code);
    return false;
}

/* What is wrong is told without the name that the file has for us alone. */
static struct str without_path(const struct feed_runner *r, struct str text)
{
    struct str path = str_of(r->path);
    while (str_starts(text, path) && str_starts(str_sub(text, path.n, text.n), STR(": ")))
        text = str_sub(text, path.n + 2, text.n);
    return text;
}

static void on_finding(void *context, const struct import_finding *f)
{
    struct feed_runner *r = context;
    pthread_mutex_lock(&r->lock);
    struct found *found = &r->found;
    if (r->told < FINDINGS_MAX && !is_told(r, f)) {
        if (found->n == found->room) {
            size_t room = found->room == 0 ? FINDINGS_AT_ONCE : 2 * found->room;
            struct finding_row *v = ARENA_ARRAY(&found->arena, struct finding_row, room);
            if (found->n > 0)
                memcpy(v, found->v, found->n * sizeof *v);
            found->v = v;
            found->room = room;
        }
        found->v[found->n++] =
            (struct finding_row){.n = ++r->told,
                                 .severity = str_of(f->severity),
                                 .line = f->line,
                                 .reference = kept_text(&found->arena, f->reference),
                                 .isbn = kept_text(&found->arena, f->isbn),
                                 .element = kept_text(&found->arena, f->element),
                                 .code = kept_text(&found->arena, f->code),
                                 .reason = kept_text(&found->arena, without_path(r, f->reason))};
    }
    pthread_mutex_unlock(&r->lock);
}

static struct found take_found(struct feed_runner *r)
{
    pthread_mutex_lock(&r->lock);
    struct found taken = r->found;
    r->found = (struct found){.arena = ARENA_INIT};
    pthread_mutex_unlock(&r->lock);
    return taken;
}

/* ---- telling how far it has come ---- */

/* One short transaction: the beat, the progress, some findings. RC_CONFLICT: another node has
 * the lease. */
static enum rc tell_some(struct feed_runner *r, struct store_conn *conn,
                         const struct finding_row *rows, size_t n, struct fault *fault)
{
    int64_t at = 0;
    enum rc rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = store_clock(conn, &at, fault);
    if (rc == RC_OK)
        rc = lease_beat(conn, LEASE, r->term, at, fault);
    if (rc == RC_OK)
        rc = feed_row_progress(conn, r->feed.id, atomic_load(&r->progress.bytes),
                               atomic_load(&r->progress.bytes_all),
                               atomic_load(&r->progress.records), fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = finding_row_add(conn, r->feed.id, &rows[i], fault);
    if (rc == RC_OK)
        return store_commit(conn, fault);
    store_rollback(conn);
    return rc;
}

static void forget_telling(struct feed_runner *r)
{
    arena_free(&r->telling.arena);
    r->telling = (struct found){.arena = ARENA_INIT};
    r->stored = 0;
}

/* What a transaction that failed did not store is kept for the next. */
static enum rc tell(struct feed_runner *r, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = RC_OK;
    do {
        if (r->stored == r->telling.n) {
            forget_telling(r);
            r->telling = take_found(r);
        }
        size_t left = r->telling.n - r->stored,
               n = left < FINDINGS_AT_ONCE ? left : FINDINGS_AT_ONCE;
        rc = tell_some(r, conn, n > 0 ? r->telling.v + r->stored : NULL, n, fault);
        if (rc == RC_OK)
            r->stored += n;
    } while (rc == RC_OK && r->stored < r->telling.n);
    return rc;
}

static void *tell_thread(void *context)
{
    struct feed_runner *r = context;
    struct store_conn *conn = NULL;
    struct fault fault;
    int64_t next = 0;
    while (!atomic_load(&r->done)) {
        if (sleeper_ended(&r->sleeper))
            atomic_store(&r->progress.stop, true);
        if (clock_monotonic_ms() < next) {
            usleep(20000);
            continue;
        }
        next = clock_monotonic_ms() + TELL_MS;
        enum rc rc = RC_OK;
        if (conn == NULL)
            rc = store_connect(site_store(r->site), true, &conn, &fault);
        if (rc == RC_OK)
            rc = tell(r, conn, &fault);
        if (rc == RC_CONFLICT) {
            atomic_store(&r->lost, true);
            atomic_store(&r->progress.stop, true);
        } else if (rc != RC_OK) { /* a database that went away: the import finds out, too */
            store_disconnect(conn);
            conn = NULL;
        }
    }
    store_disconnect(conn);
    return NULL;
}

/* ---- the end of one ---- */

static enum rc tell_partners(struct feed_runner *r, struct store_conn *conn,
                             const struct feed_row *feed, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t *accounts;
    size_t n;
    struct str slug;
    if (feed->refused == 0 && !str_eq(feed->state, STR("held")))
        return RC_OK;
    enum rc rc = feed_shop_slug(conn, &arena, r->feed.shop, &slug, fault);
    if (rc == RC_OK)
        rc = partner_rows(conn, &arena, r->feed.shop, PARTNERS_MAX, &accounts, &n, fault);
    if (rc != RC_OK)
        return rc;
    JSON_AUTO *values =
        json_pack("{s:o, s:I, s:b, s:o, s:o}", "name", json_from_str(r->feed.name), "refused",
                  (json_int_t)feed->refused, "held", (int)str_eq(feed->state, STR("held")),
                  "reason", json_from_str(feed->reason), "path",
                  json_from_str(arena_printf(&arena, "/desk/partner/%.*s/feeds/%llu", STR_ARG(slug),
                                             (unsigned long long)feed->id)));
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct letter letter = {.kind = "feed", .account = accounts[i], .values = values};
        rc = mail_queue(conn, &letter, fault);
    }
    return rc;
}

static enum rc commit_end(struct feed_runner *r, const struct feed_row *end, struct fault *fault)
{
    bool over = !str_eq(end->state, STR("waiting"));
    enum rc rc = store_begin(r->conn, fault);
    if (rc == RC_OK)
        rc = feed_row_end(r->conn, end, fault);
    if (rc == RC_OK && over)
        rc = tell_partners(r, r->conn, end, fault);
    if (rc == RC_OK && over)
        rc = feed_rows_forget(r->conn, r->feed.shop, FEEDS_KEPT, fault);
    if (rc == RC_OK)
        rc = lease_end(r->conn, LEASE, r->term, fault);
    if (rc == RC_OK)
        return store_commit(r->conn, fault);
    store_rollback(r->conn);
    return rc;
}

/* What is over needs its file no more; what was dropped stays where its sender finds it. */
static void put_file_away(struct feed_runner *r, bool held)
{
    ARENA_AUTO arena = ARENA_INIT;
    if (str_eq(r->feed.source, STR("folder")))
        feed_inbox_put_away(r->inbox, r->feed.file, &r->was, held);
    else
        unlink(site_path(r->site, &arena, arena_z(&arena, r->feed.file)));
}

/* True where it is tried again, and not at once. */
static bool end_feed(struct feed_runner *r, enum rc rc, const struct import_summary *s,
                     const struct fault *why)
{
    struct fault fault = {""};
    bool busy = rc == RC_BUSY, failed = rc != RC_OK && !busy;
    unsigned failures = r->feed.failures + failed;
    bool again = busy || (failed && failures < FAILURES_MAX);
    bool held = (failed && !again) || s->broken_files > 0;
    bool stopped = rc == RC_OK && s->stopped;
    struct feed_row end = {.id = r->feed.id,
                           .state = stopped || again ? STR("waiting")
                                    : held           ? STR("held")
                                                     : STR("taken"),
                           .attempts = r->feed.attempts + !(stopped || busy),
                           .failures = failures,
                           .ended = stopped || again ? 0 : clock_now(),
                           .records = s->records,
                           .added = s->added,
                           .changed = s->changed,
                           .unchanged = s->unchanged,
                           .deleted = s->deleted,
                           .refused = s->refused,
                           .reason = held || again ? without_path(r, str_of(why->text)) : STR_NONE};
    if (atomic_load(&r->lost))
        return false; /* another node's to tell of */
    rc = tell(r, r->conn, &fault);
    if (rc == RC_OK)
        rc = commit_end(r, &end, &fault);
    if (rc != RC_OK) /* its row runs on: it is taken up again */
        fprintf(stderr, "colophon: feed %llu: %s\n", (unsigned long long)r->feed.id, fault.text);
    else if (!stopped && !again)
        put_file_away(r, held);
    site_wake(r->site); /* letters may wait */
    return again;
}

/* ---- one of them ---- */

static void begin_telling(struct feed_runner *r)
{
    atomic_store(&r->done, false);
    atomic_store(&r->lost, false);
    memset(&r->progress, 0, sizeof r->progress);
    struct found before = take_found(r);
    arena_free(&before.arena);
    forget_telling(r);
    r->told = 0;
    arena_reset(&r->kinds_arena);
    r->kinds_n = 0;
}

/* True where it is tried again later. */
static bool run_feed(struct feed_runner *r)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct fault fault = {""};
    struct import_summary summary = {0};
    struct str slug;
    pthread_t teller;
    begin_telling(r);
    /* What is imported is what was opened, whatever becomes of its name meanwhile. */
    int fd = feed_file_open(r->site, r->feed.file, &r->was);
    const char *path = r->path;
    snprintf(r->path, sizeof r->path, "/proc/self/fd/%d", fd);
    enum rc rc = feed_shop_slug(r->conn, &arena, r->feed.shop, &slug, &fault);
    if (rc == RC_OK && fd < 0)
        rc = fault_set(&fault, RC_NOT_FOUND, "its file is gone");
    if (rc == RC_OK && r->feed.attempts >= r->feed.failures + KILLS_MAX) {
        r->feed.failures = FAILURES_MAX;
        rc = fault_set(&fault, RC_CORRUPT, "it was begun %d times and never came to its end",
                       KILLS_MAX);
    }
    bool telling = rc == RC_OK && pthread_create(&teller, NULL, tell_thread, r) == 0;
    if (rc == RC_OK && !telling)
        rc = fault_set(&fault, RC_IO, "no thread for the progress");
    struct import_order order = {.shop = slug,
                                 .files = &path,
                                 .file_count = 1,
                                 .progress = &r->progress,
                                 .index_later = true,
                                 .finding = on_finding,
                                 .context = r};
    crash_point("feed-begun");
    if (rc == RC_OK)
        rc = import_run(r->site, r->writer, &order, &summary, &fault);
    atomic_store(&r->done, true);
    if (telling)
        pthread_join(teller, NULL);
    if (fd >= 0)
        close(fd);
    return end_feed(r, rc, &summary, &fault);
}

static bool has_file(const struct feed_runner *r, const struct feed_row *feed)
{
    struct stat st;
    int fd = feed_file_open(r->site, feed->file, &st);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Its file is not here, and will not come. */
static bool is_gone(const struct feed_runner *r, const struct feed_row *feed)
{
    return str_eq(feed->node, r->node) || clock_now() - feed->received > ELSEWHERE_S;
}

/* The lease and the feed's new state are one transaction. */
static enum rc claim(struct feed_runner *r, struct fault *fault)
{
    int64_t at = 0;
    enum rc rc = store_begin(r->conn, fault);
    if (rc == RC_OK)
        rc = store_clock(r->conn, &at, fault);
    if (rc == RC_OK)
        rc = lease_take(r->conn, LEASE, str_of(r->holder), &r->seen, at, &r->term, fault);
    if (rc == RC_OK)
        rc = feed_row_begin(r->conn, r->feed.id, clock_now(), fault);
    if (rc == RC_OK)
        return store_commit(r->conn, fault);
    store_rollback(r->conn);
    return rc;
}

/* Whether nobody imports: the lease was given back, or its beat stands still. */
static enum rc look_at_lease(struct feed_runner *r, bool *ret_free, struct fault *fault)
{
    struct lease now;
    enum rc rc = lease_look(r->conn, LEASE, &now, fault);
    if (rc != RC_OK)
        return rc;
    int64_t ms = clock_monotonic_ms();
    if (r->seen_at == 0 || now.term != r->seen.term || now.beat != r->seen.beat)
        r->seen_at = ms;
    r->seen = now;
    *ret_free = !now.held || ms - r->seen_at >= EXPIRES_MS;
    return RC_OK;
}

/* As often as need be: each end of a feed gives the lease back, and so makes it another. */
static enum rc claim_again(struct feed_runner *r, struct fault *fault)
{
    bool free = false;
    enum rc rc = look_at_lease(r, &free, fault);
    if (rc == RC_OK && !free)
        return fault_set(fault, RC_CONFLICT, "another node imports");
    return rc == RC_OK ? claim(r, fault) : rc;
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

/* Its sender took it back, or it was lost: nobody waits for it. */
static enum rc end_gone(struct feed_runner *r, const struct feed_row *feed, struct fault *fault)
{
    bool dropped = str_eq(feed->source, STR("folder"));
    struct feed_row end = {.id = feed->id,
                           .state = STR("held"),
                           .attempts = feed->attempts,
                           .failures = feed->failures,
                           .ended = clock_now(),
                           .reason = dropped ? STR("the file was taken back out of the folder")
                                             : STR("the file is gone; send it once more")};
    r->feed = *feed;
    enum rc rc = claim_again(r, fault);
    if (rc == RC_OK)
        rc = commit_end(r, &end, fault);
    site_wake(r->site);
    return rc;
}

/* Shops take turns: the oldest feed of the shop that comes after the one whose turn it was.
 * `*ret_any` false: there is none whose file is here. Of the lease's holder alone. */
static enum rc choose(struct feed_runner *r, struct arena *arena, struct feed_row *ret,
                      bool *ret_any, struct fault *fault)
{
    struct feed_row *rows;
    size_t n = FEEDS_AT_ONCE;
    enum rc rc = RC_OK;
    *ret_any = false;
    for (uint64_t after = 0; rc == RC_OK && n == FEEDS_AT_ONCE;
         after = n > 0 ? rows[n - 1].id : 0) {
        rc = feed_rows_open(r->conn, arena, after, FEEDS_AT_ONCE, &rows, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            uint64_t turn = rows[i].shop - r->last_shop - 1; /* those before it come last */
            if (has_file(r, &rows[i])) {
                if (!*ret_any || turn < ret->shop - r->last_shop - 1)
                    *ret = rows[i];
                *ret_any = true;
            } else if (is_gone(r, &rows[i])) {
                rc = end_gone(r, &rows[i], fault);
            }
        }
    }
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
        rc = look_at_lease(r, &free, fault);
    if (rc == RC_OK && free)
        rc = choose(r, &arena, &chosen, &any, fault);
    if (rc == RC_OK && any) {
        r->feed = chosen;
        rc = claim_again(r, fault);
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
