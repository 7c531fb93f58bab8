#include <unistd.h>

#include "app/feed_runner_parts.h"
#include "app/feeds.h"
#include "app/site.h"
#include "base/clock.h"
#include "base/knob.h"
#include "base/utf8.h"
#include "onix/onix.h"
#include "store/store.h"

enum {
    TELL_MS = 500,          /* how far it has come; the lease's beat is in it */
    FINDINGS_AT_ONCE = 500, /* rows in one transaction */
};

/* ---- findings ---- */

static struct str kept_text(struct arena *arena, struct str s)
{
    return arena_str(arena, utf8_cut(s, 500));
}

/* An element that is left out of one record is left out of all, and who says no rights of one says
 * none of many: it is told of once, with the first, so that it takes no room from what can be
 * mended, and counted. */
static bool is_told(struct feed_runner *r, const struct import_finding *f)
{
    if (strcmp(f->severity, "information") != 0 && !str_eq(f->code, STR(ONIX_RIGHTS_MISSING)))
        return false;
    for (size_t i = 0; i < r->kinds_n; i++)
        if (str_eq(r->kinds[i].element, f->element) && str_eq(r->kinds[i].code, f->code)) {
            r->kinds[i].times++;
            return true;
        }
    if (r->kinds_n == FEED_KINDS_MAX || r->told >= r->findings_max)
        return true;
    size_t at = r->kinds_n++;
    r->kinds[at].element = arena_str(&r->kinds_arena, f->element);
    r->kinds[at].code = arena_str(&r->kinds_arena, f->code);
    r->kinds[at].n = r->told + 1; /* it is told next */
    r->kinds[at].times = 1;
    return false;
}

enum rc feed_tell_times(struct feed_runner *r, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < r->kinds_n; i++)
        if (r->kinds[i].times > 1)
            rc = finding_row_times(conn, r->feed.id, r->kinds[i].n, r->kinds[i].times, fault);
    return rc;
}

struct str feed_without_path(const struct feed_runner *r, struct str text)
{
    struct str path = str_of(r->path);
    while (str_starts(text, path) && str_starts(str_sub(text, path.n, text.n), STR(": ")))
        text = str_sub(text, path.n + 2, text.n);
    return text;
}

void feed_finding(void *context, const struct import_finding *f)
{
    struct feed_runner *r = context;
    pthread_mutex_lock(&r->lock);
    struct found *found = &r->found;
    /* It counts on where no more are told. */
    if (!is_told(r, f) && r->told < r->findings_max) {
        if (found->n == found->room) {
            size_t room = found->room == 0 ? FINDINGS_AT_ONCE : 2 * found->room;
            struct finding_row *v = ARENA_ARRAY(&found->arena, struct finding_row, room);
            if (found->n > 0)
                memcpy(v, found->v, found->n * sizeof *v);
            found->v = v;
            found->room = room;
        }
        found->v[found->n++] = (struct finding_row){
            .n = ++r->told,
            .severity = str_of(f->severity),
            .line = f->line,
            .reference = kept_text(&found->arena, f->reference),
            .isbn = kept_text(&found->arena, f->isbn),
            .element = kept_text(&found->arena, f->element),
            .code = kept_text(&found->arena, f->code),
            .reason = kept_text(&found->arena, feed_without_path(r, f->reason))};
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
    bool halted = false;
    enum rc rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = store_clock(conn, &at, fault);
    if (rc == RC_OK)
        rc = lease_beat(conn, FEED_LEASE, r->term, at, fault);
    if (rc == RC_OK)
        rc = feed_row_progress(conn, r->feed.id, atomic_load(&r->progress.bytes),
                               atomic_load(&r->progress.bytes_all),
                               atomic_load(&r->progress.records), fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = finding_row_add(conn, r->feed.id, &rows[i], fault);
    if (rc == RC_OK)
        rc = feed_row_halted(conn, r->feed.id, &halted, fault);
    if (rc == RC_OK)
        rc = store_commit(conn, fault);
    else
        store_rollback(conn);
    if (rc == RC_OK && halted) {
        atomic_store(&r->halted, true);
        atomic_store(&r->progress.stop, true);
    }
    return rc;
}

static void forget_telling(struct feed_runner *r)
{
    arena_free(&r->telling.arena);
    r->telling = (struct found){.arena = ARENA_INIT};
    r->stored = 0;
}

enum rc feed_tell(struct feed_runner *r, struct store_conn *conn, struct fault *fault)
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

void *feed_tell_thread(void *context)
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
            rc = feed_tell(r, conn, &fault);
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

void feed_tell_begin(struct feed_runner *r)
{
    atomic_store(&r->done, false);
    atomic_store(&r->lost, false);
    atomic_store(&r->halted, r->feed.halted);
    memset(&r->progress, 0, sizeof r->progress);
    struct found before = take_found(r);
    arena_free(&before.arena);
    forget_telling(r);
    r->told = 0;
    r->findings_max = knob("COLOPHON_FINDINGS", FINDINGS_MAX);
    arena_reset(&r->kinds_arena);
    r->kinds_n = 0;
}
