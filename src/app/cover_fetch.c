#include "app/cover_fetch.h"

#include <stdio.h>
#include <unistd.h>

#include "app/cover.h"
#include "app/cover_fill.h"
#include "app/outside.h"
#include "app/thumbnail.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/knob.h"
#include "base/wait.h"
#include "store/cover_queue.h"
#include "store/covers.h"
#include "store/store.h"

enum {
    LOOK_MS = 2000,
    PAUSE_MS = 200,  /* between two files */
    REST_MS = 10000, /* where it is our own trouble */
    SECONDS = 30,    /* for one file */
    CLAIM_S = 600,   /* whoever claimed it is taken for gone after so long */
    BUSY_S = 60,     /* a server that asks for a rest, and does not say how long */
    AGAIN_S = 30 * 86400,
};
#define NEVER INT64_C(253402300799) /* the end of the year 9999 */

/* One after the other fails so often. */
static int64_t pause_after(unsigned failures)
{
    static const int64_t pauses[] = {3600, 6 * 3600, 86400, 3 * 86400, 7 * 86400, AGAIN_S};
    enum { N = sizeof pauses / sizeof *pauses };
    return pauses[failures < 1 ? 0 : failures > N ? N - 1 : failures - 1];
}

struct round {
    struct site *site;
    struct writer *writer;
    struct store_conn *conn; /* for reading */
    const struct cover_fetching *fetching;
    struct cover_fetched done;
};

static bool is_stopping(void *context)
{
    const struct cover_fetching *f = context;
    return f->stop != NULL && f->stop(f->context);
}

/* ---- one row ---- */

struct claim {
    struct arena *arena;
    uint64_t edition;
    struct cover_fetch_row row;
    bool taken; /* somebody else claimed it, or its server, meanwhile */
    bool given; /* somebody gave another cover: nothing is fetched */
};

static enum rc claim_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct claim *c = context;
    struct cover_row cover;
    int64_t now = clock_machine();
    enum rc rc = cover_fetch_claim(conn, c->arena, c->edition, now, now + CLAIM_S, &c->row, fault);
    c->taken = rc == RC_NOT_FOUND;
    if (rc != RC_OK)
        return c->taken ? RC_OK : rc;
    rc = cover_row_get(conn, c->arena, c->row.edition, &cover, fault);
    c->given = rc == RC_OK && str_eq(cover.source, STR("given"));
    if (rc == RC_NOT_FOUND && c->row.has_digest) { /* removed behind our back */
        c->row.has_digest = false;
        c->row.etag = c->row.modified = STR_NONE;
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* What became of it, for the transaction that notes it. */
struct ending {
    struct cover_fetch_row row;
    int64_t host_free;
};

/* Without the picture itself no page changes: what became of a fetch is on desks alone, which
 * nobody keeps. */
static enum rc end_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct ending *e = context;
    return cover_fetch_end(conn, &e->row, e->host_free, fault);
}

static void set_failed(struct ending *e, const char *said, unsigned status, int64_t now)
{
    e->row.failures++;
    e->row.said = str_of(said);
    e->row.status = status;
    e->row.due = now + pause_after(e->row.failures);
}

/* Everything but a 200: no picture came. */
static void judge(struct ending *e, const struct outside_answer *a, int64_t now)
{
    static const char *const words[] = {
        [OUTSIDE_LINK] = "link",
        [OUTSIDE_NOT_PUBLIC] = "address",
        [OUTSIDE_UNREACHABLE] = "unreachable",
        [OUTSIDE_SLOW] = "slow",
        [OUTSIDE_LARGE] = "large",
    };
    bool busy = a->status == 429 || a->status == 503;
    if (a->end == OUTSIDE_STOPPED) {
        e->row.due = now;
        return;
    }
    e->row.checked = now;
    if (a->end != OUTSIDE_ANSWERED) {
        set_failed(e, words[a->end], 0, now);
        if (a->end == OUTSIDE_LINK)
            e->row.due = NEVER;
    } else if (a->status == 304 && e->row.has_digest) {
        e->row.failures = 0;
        e->row.said = STR("fetched");
        e->row.due = now + AGAIN_S;
    } else {
        set_failed(e, "status", a->status, now);
        if (busy) /* all of its files wait, not this one alone */
            e->host_free = e->row.due = now + (a->retry_after > 0 ? a->retry_after : BUSY_S);
    }
}

/* The bytes of a picture, or of something else. */
static enum rc take_bytes(struct round *r, struct ending *e, const struct outside_answer *a,
                          struct str bytes, int64_t now, struct fault *fault)
{
    struct hash digest = sha256(bytes.n > 0 ? bytes.p : "", bytes.n);
    struct fault why = {""};
    struct ending good = *e;
    bool same = e->row.has_digest && hash_eq(&digest, &e->row.digest);
    good.row.failures = good.row.status = 0;
    good.row.said = STR("fetched");
    good.row.etag = a->etag;
    good.row.modified = a->modified;
    good.row.has_digest = true;
    good.row.digest = digest;
    good.row.due = now + AGAIN_S;
    good.row.checked = now;
    enum rc rc = same ? writer_run_aside(r->writer, end_work, &good, fault)
                      : cover_take(r->site, r->writer, e->row.edition, COVER_OF_FEED, bytes,
                                   end_work, &good, &why);
    if (rc == RC_OK) {
        r->done.unchanged += same;
        r->done.fetched += !same;
        return RC_OK;
    }
    if (rc != RC_INVALID && rc != RC_LIMIT)
        return fault_set(fault, rc, "%s", why.text);
    e->row.checked = now;
    set_failed(e, "picture", 0, now);
    r->done.failed++;
    return writer_run_aside(r->writer, end_work, e, fault);
}

static enum rc fetch_one(struct round *r, struct arena *arena, struct cover_fetch_row *row,
                         struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(PICTURE_BYTES_MAX);
    struct outside_answer a;
    struct outside_order order = {.url = row->link,
                                  .etag = row->etag,
                                  .modified = row->modified,
                                  .bytes_max = PICTURE_BYTES_MAX,
                                  .seconds = (unsigned)knob("COLOPHON_FETCH_SECONDS", SECONDS),
                                  .loopback = r->fetching->loopback,
                                  .stop = is_stopping,
                                  .context = (void *)r->fetching};
    struct fault broke = {""};
    enum rc rc = outside_fetch(arena, &order, &bytes, &a, &broke);
    if (rc == RC_CORRUPT) { /* this file's trouble: the others go on */
        fprintf(stderr, "colophon: a cover, %.*s: %s\n", STR_ARG(row->link), broke.text);
        a = (struct outside_answer){.end = OUTSIDE_UNREACHABLE};
    } else if (rc != RC_OK) {
        return fault_set(fault, rc, "%s", broke.text);
    }
    crash_point("cover-fetched");
    int64_t now = clock_machine();
    struct ending e = {*row, now};
    if (a.end == OUTSIDE_ANSWERED && a.status == 200)
        return take_bytes(r, &e, &a, buf_str(&bytes), now, fault);
    judge(&e, &a, now);
    r->done.unchanged += e.row.failures == 0;
    r->done.failed += e.row.failures > row->failures;
    return writer_run_aside(r->writer, end_work, &e, fault);
}

/* RC_NOT_FOUND where none is due. */
static enum rc step(struct round *r, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct claim c = {.arena = &arena};
    enum rc rc = cover_fetch_next(r->conn, clock_machine(), &c.edition, fault);
    if (rc == RC_OK)
        rc = writer_run_aside(r->writer, claim_work, &c, fault);
    if (rc != RC_OK || c.taken)
        return rc;
    if (!c.given)
        return fetch_one(r, &arena, &c.row, fault);
    struct ending e = {c.row, clock_machine()};
    e.row.said = STR("given");
    e.row.failures = 0;
    e.row.due = NEVER;
    return writer_run_aside(r->writer, end_work, &e, fault);
}

/* Until none is due, or it is to stop. */
static enum rc run_round(struct round *r, struct fault *fault)
{
    enum rc rc = RC_OK;
    if (r->conn == NULL)
        rc = site_connect_wholly(r->site, &r->conn, fault);
    if (rc == RC_OK)
        rc = cover_fill(r->writer, r->conn, is_stopping, (void *)r->fetching, fault);
    if (rc == RC_OK)
        rc = covers_sweep(r->site, r->writer, fault);
    while (rc == RC_OK && !is_stopping((void *)r->fetching)) {
        rc = step(r, fault);
        if (rc == RC_OK && r->fetching->tell != NULL)
            r->fetching->tell(r->fetching->context,
                              r->done.fetched + r->done.unchanged + r->done.failed);
        if (rc == RC_OK)
            usleep(PAUSE_MS * 1000);
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc again_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct cover_fetching *f = context;
    int64_t now = clock_machine();
    return f->all ? cover_fetch_all_anew(conn, now, fault)
                  : cover_fetch_failed_anew(conn, now, fault);
}

enum rc cover_fetch_all(struct site *site, struct writer *writer,
                        const struct cover_fetching *fetching, struct cover_fetched *ret,
                        struct fault *fault)
{
    struct round r = {.site = site, .writer = writer, .fetching = fetching};
    enum rc rc = fetching->again || fetching->all
                     ? writer_run(writer, again_work, (void *)fetching, fault)
                     : RC_OK;
    if (rc == RC_OK)
        rc = run_round(&r, fault);
    site_disconnect(r.conn);
    *ret = r.done;
    return rc;
}

/* ---- a server's ---- */

struct cover_fetcher {
    struct round round;
    struct cover_fetching fetching;
    struct sleeper sleeper;
    uint64_t turn; /* of the lead under which claims were looked at */
};

static bool fetcher_stops(void *context)
{
    const struct cover_fetcher *f = context;
    return sleeper_ended(&f->sleeper) || writer_turn(f->round.writer) == 0;
}

static enum rc release_work(void *context, struct store_conn *conn, struct fault *fault)
{
    (void)context;
    return cover_fetch_release(conn, clock_machine(), fault);
}

/* Who fetched under another lead than this one does so no more. */
static enum rc take_over(struct cover_fetcher *f, struct fault *fault)
{
    uint64_t turn = writer_turn(f->round.writer);
    if (turn == f->turn)
        return RC_OK;
    enum rc rc = writer_run(f->round.writer, release_work, NULL, fault);
    if (rc == RC_OK)
        f->turn = turn;
    return rc;
}

static void *fetcher_thread(void *context)
{
    struct cover_fetcher *f = context;
    int64_t rest = 0;
    while (sleeper_rest(&f->sleeper, rest)) {
        struct fault fault = {""};
        rest = LOOK_MS;
        if (fetcher_stops(f) ||
            (take_over(f, &fault) == RC_OK && run_round(&f->round, &fault) == RC_OK))
            continue;
        if (fault.text[0] != '\0')
            fprintf(stderr, "colophon: covers are not fetched: %s\n", fault.text);
        site_disconnect(f->round.conn); /* perhaps the database went away */
        f->round.conn = NULL;
        rest = REST_MS;
    }
    site_disconnect(f->round.conn);
    return NULL;
}

enum rc cover_fetcher_open(struct site *site, struct writer *writer, bool loopback,
                           struct cover_fetcher **ret, struct fault *fault)
{
    struct cover_fetcher *f = calloc(1, sizeof *f);
    if (f == NULL)
        abort();
    f->fetching =
        (struct cover_fetching){.loopback = loopback, .context = f, .stop = fetcher_stops};
    f->round = (struct round){.site = site, .writer = writer, .fetching = &f->fetching};
    sleeper_init(&f->sleeper);
    enum rc rc = sleeper_start(&f->sleeper, fetcher_thread, f, "fetches covers", fault);
    *ret = f;
    if (rc != RC_OK) {
        cover_fetcher_close(f);
        *ret = NULL;
    }
    return rc;
}

void cover_fetcher_wake(struct cover_fetcher *fetcher)
{
    if (fetcher != NULL)
        sleeper_wake(&fetcher->sleeper);
}

void cover_fetcher_close(struct cover_fetcher *fetcher)
{
    if (fetcher == NULL)
        return;
    sleeper_stop(&fetcher->sleeper);
    sleeper_free(&fetcher->sleeper);
    free(fetcher);
}

/* ---- telling of it ---- */

bool cover_news(struct store_conn *conn, struct arena *arena, uint64_t edition,
                struct cover_news *ret)
{
    struct cover_fetch_row row;
    if (cover_fetch_get(conn, arena, edition, &row, NULL) != RC_OK)
        return false;
    *ret = (struct cover_news){row.link, row.said, row.status, row.checked,
                               row.due == NEVER ? 0 : row.due};
    return true;
}
