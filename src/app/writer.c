#include "app/writer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "app/counters.h"
#include "app/lead.h"
#include "app/policy.h"
#include "app/sequencer.h"
#include "app/standing.h"
#include "app/wake.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/knob.h"
#include "store/candidates.h"
#include "store/held.h"
#include "store/store.h"

enum {
    TELL_MS = 3000,   /* so long an answer waits until the gate has taken in what it is about */
    LISTEN_MS = 2000, /* before a lost connection for news is made again */
    QUEUE_MAX = 4096, /* more than this waiting: answer "busy"; COLOPHON_QUEUE in tests */
    BATCH_JOBS_MAX = 512,
    POLL_MS = 200, /* how late another process's commit may be seen */
    LEADER_POLL_MS = 20,
    LEADER_WAIT_MS = 6000,
    PAUSE_US = 20000,
    PUBLISH_WAIT_MS = 30000,
    TAKE_IN_MS = 5000, /* that a server beside a command takes to show what was published */
    REST_MS = 1000,    /* after the last commit of an import */
};

struct writer {
    struct site *site;
    struct store_conn *conn;
    const struct writer_duties *duties;
    write_work rest; /* under the lock, like the hook */
    void *rest_context;
    /* The server's part. */
    bool serve;
    struct sequencer *sequencer;
    pthread_t thread;
    struct store_conn *news; /* commits of other nodes; NULL where there are none */
    int64_t listen_at;       /* when to try that again */
    int wake_socket;
    struct wake_askers askers; /* who waits to hear that all of this is taken in */
    int wake_event;            /* a job was queued, or the end has come */
    pthread_mutex_t lock;
    struct write_job *first, **last;
    size_t waiting, room;
    bool stopping;
    atomic_uint_fast64_t turn; /* writer_turn */
    struct fault cannot;       /* why nothing can be signed; empty: it can, or another does */
    atomic_bool ending;        /* the same, for who waits for another node */
    bool settling; /* what was taken from the lift journal is committed, and stands there still */
    commit_hook hook;
    void *hook_context;
    struct acting *acting; /* threads whose writes are somebody's act */
};

/* One of them. */
struct acting {
    pthread_t thread;
    struct store_act *act;
    struct acting *next;
};

/* ---- the work of one transaction ---- */

/* How work is run. */
struct terms {
    const struct fault *why; /* what stands against entries; NULL: they can be published */
    bool hold;               /* effects wait until the entries are published (store/held.h) */
};

/* *ret_latest: the latest entry that it made, 0 for none; told where it is held. */
static enum rc run_held(struct store_conn *conn, write_work work, void *context,
                        uint64_t *ret_latest, struct fault *fault)
{
    uint64_t before = 0, after = 0;
    enum rc rc = record_log_pending_latest(conn, &before, fault);
    if (rc != RC_OK)
        return rc;
    held_begin(conn);
    rc = work(context, conn, fault);
    if (rc == RC_OK)
        rc = record_log_pending_latest(conn, &after, fault);
    *ret_latest = after > before ? after : 0;
    if (rc == RC_OK)
        rc = held_end(conn, *ret_latest, fault);
    held_drop(conn);
    return rc;
}

static enum rc run_marked(struct store_conn *conn, struct write_job *job, const struct terms *terms,
                          struct fault *fault)
{
    const struct fault *why = terms->why;
    uint64_t before = 0, after = 0;
    job->latest = 0;
    enum rc rc = why == NULL ? RC_OK : record_log_pending_latest(conn, &before, fault);
    if (rc == RC_OK)
        rc = store_mark(conn, fault);
    if (rc != RC_OK)
        return rc;
    rc = terms->hold ? run_held(conn, job->work, job->context, &job->latest, fault)
                     : job->work(job->context, conn, fault);
    if (rc == RC_OK)
        rc = store_act_note(conn, job->act, fault);
    /* Whoever waits for an entry cannot be answered while the log is down. */
    if (rc == RC_OK && why != NULL) {
        rc = record_log_pending_latest(conn, &after, fault);
        if (rc == RC_OK && after > before)
            rc = fault_set(fault, RC_BUSY,
                           "nothing was changed: the Record cannot be written now: %s", why->text);
    }
    /* What the work only posted may fail as late as here. */
    if (rc == RC_OK)
        rc = store_mark_release(conn, fault);
    if (rc != RC_OK)
        store_mark_undo(conn);
    return rc;
}

static void count_batch(struct writer *w, const struct write_job *jobs, enum rc rc, int64_t begun)
{
    struct counters *counters = site_counters(w->site);
    uint64_t n = 0;
    for (; jobs != NULL; jobs = jobs->next)
        n++;
    durations_add(&counters->batches, (uint64_t)(clock_monotonic_us() - begun));
    count(&counters->batch_jobs, n);
    if (rc != RC_OK)
        count(&counters->batches_failed, 1);
}

static void fail_jobs(struct write_job *jobs, enum rc rc, const struct fault *fault)
{
    for (struct write_job *job = jobs; job != NULL; job = job->next) {
        if (job->rc != RC_OK && job->rc != rc)
            continue; /* it has a reason of its own */
        job->rc = rc;
        if (job->fault != NULL)
            *job->fault = *fault;
    }
}

/* What they want to know of their entries, which are published by now. */
static void read_published(struct writer *w, struct write_job *jobs)
{
    for (struct write_job *job = jobs; job != NULL; job = job->next)
        if (job->rc == RC_OK && job->published != NULL)
            job->rc = job->published(job->context, w->conn, job->fault);
}

/* Lifts need no signature: where the database is shared, they go there as soon as it
 * can be written, so that every node knows of them. */
static bool takes_lifts(const struct writer *w, bool can_sign)
{
    return can_sign || store_is_shared(site_store(w->site));
}

/* What became of a batch. */
struct batch {
    bool committed;
    bool signed_here;
    bool unread;   /* what is published is still to be read */
    uint64_t left; /* the latest entry left for another node to publish; 0: none */
};

/* Whether some ask for entries that others left pending: their next try would find
 * them so again. */
static bool wants_earlier(const struct write_job *jobs)
{
    for (; jobs != NULL; jobs = jobs->next)
        if (jobs->rc == RC_BUSY || jobs->published != NULL)
            return true;
    return false;
}

/* ---- where witnesses are asked ---- */

/* Asks them for the candidates that stand, and publishes those. RC_BUSY where the
 * quorum is missing: they stand on. */
static enum rc complete(struct writer *w, struct sequencer *sequencer, struct fault *fault)
{
    enum rc rc = sequencer_ask(sequencer, w->conn, fault);
    if (rc != RC_OK)
        return rc;
    rc = store_begin(w->conn, fault);
    if (rc == RC_OK)
        rc = sequencer_publish(sequencer, w->conn, fault);
    crash_point("before-publish");
    if (rc == RC_OK)
        rc = store_commit(w->conn, fault);
    else
        store_rollback(w->conn);
    crash_point("published");
    sequencer_done(sequencer, rc == RC_OK);
    return rc;
}

/* Their entries wait with the candidate: they may be published later, and have no
 * effect until then. */
static void fail_unpublished(struct write_job *jobs, const struct fault *why)
{
    for (struct write_job *job = jobs; job != NULL; job = job->next)
        if (job->rc == RC_OK && job->latest > 0)
            job->rc = fault_set(job->fault, RC_BUSY,
                                "written, but not published, and of no effect until it is: %s",
                                why->text);
}

/* Runs all jobs in one transaction and publishes their entries with it, or, where
 * witnesses are asked, in a second one. What each job returned is in it; a failure of
 * the whole is every job's failure. */
static struct batch run_batch(struct writer *w, struct sequencer *sequencer, struct write_job *jobs,
                              bool head)
{
    struct fault fault = {""}, why = {""};
    int64_t begun = clock_monotonic_us();
    struct batch batch = {0};
    bool can_sign = sequencer_ready(sequencer, w->conn, &why) == RC_OK;
    if (can_sign && sequencer_stands(sequencer))
        can_sign = complete(w, sequencer, &why) == RC_OK &&
                   sequencer_ready(sequencer, w->conn, &why) == RC_OK;
    if (can_sign && sequencer_hands_over(sequencer, w->conn))
        head = true;
    else if (can_sign) /* it may have left the lead to who can */
        can_sign = sequencer_ready(sequencer, w->conn, &why) == RC_OK;
    bool leave = !can_sign && sequencer_is_elsewhere(sequencer), proposed = false;
    size_t published, waiting = takes_lifts(w, can_sign) ? w->duties->waiting(w->site) : 0;
    struct terms terms = {.why = can_sign || leave ? NULL : &why};
    uint64_t before = 0;
    enum rc rc = store_begin(w->conn, &fault);
    if (rc == RC_OK)
        rc = policy_asks(w->conn, &terms.hold, &fault);
    terms.hold = terms.hold || leave || (can_sign && sequencer_in_two_steps(sequencer));
    if (rc == RC_OK && leave)
        rc = record_log_pending_latest(w->conn, &before, &fault);
    if (rc == RC_OK && waiting > 0)
        rc = w->duties->first(w->site, w->conn, &fault);
    for (struct write_job *job = jobs; rc == RC_OK && job != NULL; job = job->next) {
        job->rc = run_marked(w->conn, job, &terms, job->fault);
        job->log_down = terms.why != NULL;
    }
    crash_point("work-done");
    if (rc == RC_OK && can_sign && head && w->duties != NULL && w->duties->with_head != NULL) {
        struct write_job job = {.work = w->duties->with_head, .context = w->site};
        (void)!run_marked(w->conn, &job, &terms, NULL);
    }
    if (rc == RC_OK && can_sign && terms.hold)
        rc = sequencer_propose(sequencer, w->conn, head, &proposed, &fault);
    else if (rc == RC_OK && can_sign)
        rc = sequencer_run(sequencer, w->conn, head, &published, &fault);
    if (rc == RC_OK && can_sign && !terms.hold)
        read_published(w, jobs);
    if (rc == RC_OK && leave)
        rc = record_log_pending_latest(w->conn, &batch.left, &fault);
    crash_point("before-commit");
    if (rc == RC_OK)
        rc = store_commit(w->conn, &fault);
    else
        store_rollback(w->conn);
    crash_point("committed");
    sequencer_done(sequencer, rc == RC_OK);
    w->settling = w->settling || (rc == RC_OK && waiting > 0);
    batch.committed = rc == RC_OK;
    batch.signed_here = can_sign;
    batch.unread = can_sign && terms.hold;
    if (proposed && rc == RC_OK)
        crash_point("candidate-committed");
    if (proposed && rc == RC_OK && complete(w, sequencer, &why) != RC_OK)
        fail_unpublished(jobs, &why);
    count_batch(w, jobs, rc, begun);
    if (rc != RC_OK || (batch.left == before && !wants_earlier(jobs)))
        batch.left = 0;
    for (struct write_job *job = jobs; rc != RC_OK && job != NULL; job = job->next) {
        job->rc = RC_OK; /* what it found was undone with the rest */
        if (job->act != NULL)
            job->act->noted = false;
    }
    if (rc != RC_OK)
        fail_jobs(jobs, rc, &fault);
    return batch;
}

/* ---- the server's thread ---- */

static struct write_job *take_jobs(struct writer *w)
{
    struct write_job *jobs = w->first, **end = &w->first;
    for (size_t n = 0; n < BATCH_JOBS_MAX && *end != NULL; n++) {
        end = &(*end)->next;
        w->waiting--;
    }
    w->first = *end;
    if (w->first == NULL)
        w->last = &w->first;
    *end = NULL;
    return jobs;
}

static void answer(struct write_job *jobs)
{
    for (struct write_job *job = jobs, *next; job != NULL; job = next) {
        next = job->next; /* its owner may go on at once */
        job->done(job);
    }
}

static bool head_due(const struct writer *w)
{
    int64_t last = sequencer_last_head(w->sequencer), now = clock_now();
    return now >= last + HEAD_INTERVAL || now < last;
}

/* Others changed the catalogue, an import perhaps, which may have been killed
 * before it said which works joined restricted sets: seen to once they rest. */
struct resting {
    int64_t since;   /* of the last commit by another process; ms */
    bool due;        /* something happened since the last look */
    uint64_t looked; /* the change feed's end at that look */
};

/* True where it wrote. */
static bool run_when_at_rest(struct writer *w, struct resting *r, bool stirred)
{
    int64_t now = clock_monotonic_ms();
    uint64_t latest;
    if (stirred) {
        r->since = now;
        r->due = true;
    }
    pthread_mutex_lock(&w->lock);
    struct write_job job = {.work = w->rest, .context = w->rest_context};
    pthread_mutex_unlock(&w->lock);
    if (job.work == NULL || !r->due || now < r->since + REST_MS)
        return false;
    r->due = false;
    if (store_change_latest(w->conn, &latest, NULL) != RC_OK || latest == r->looked)
        return false;
    (void)run_batch(w, w->sequencer, &job, false);
    if (job.rc == RC_OK)
        r->looked = latest;
    r->due = job.rc == RC_CONFLICT;
    r->since = now;
    return true;
}

/* The journal keeps its lifts until the gate has them from the database: never in
 * neither of the two. */
static void settle(struct writer *w)
{
    if (w->settling)
        (void)!w->duties->settled(w->site, w->conn, NULL); /* else at the next batch */
    w->settling = false;
}

/* The jobs, where the batch changed nothing but voices of the works they name: only one
 * process writes here, and nobody rang to say that another has. */
static const struct write_job *only_voices(const struct writer *w, const struct batch *batch,
                                           const struct write_job *jobs, bool head, bool woken)
{
    if (!batch->committed || !batch->signed_here || head || woken || w->settling ||
        store_is_shared(site_store(w->site)))
        return NULL;
    for (const struct write_job *job = jobs; job != NULL; job = job->next)
        if (job->rc == RC_OK && job->voices_of == NULL)
            return NULL;
    return jobs;
}

/* Whether what was committed is taken in. */
static bool tell(struct writer *w, const struct write_job *voices)
{
    pthread_mutex_lock(&w->lock);
    commit_hook hook = w->hook;
    void *context = w->hook_context;
    pthread_mutex_unlock(&w->lock);
    if (hook != NULL && !hook(context, voices))
        return false;
    settle(w);
    return true;
}

/* Nobody is answered before the gate has taken in what the answer is about; but for
 * ever nobody waits. */
static bool tell_soon(struct writer *w, const struct write_job *voices)
{
    int64_t end = clock_monotonic_ms() + TELL_MS;
    bool told = tell(w, voices);
    while (!told && clock_monotonic_ms() < end) {
        usleep(PAUSE_US);
        told = tell(w, NULL);
    }
    return told;
}

/* What other nodes committed is told by the database, where it can. */
static int news_fd(struct writer *w)
{
    int64_t now = clock_monotonic_ms();
    if (w->news == NULL)
        return -1;
    int fd = store_news_fd(w->news);
    if (fd < 0 && now >= w->listen_at) {
        w->listen_at = now + LISTEN_MS;
        (void)!store_listen(w->news, NULL);
        fd = store_news_fd(w->news);
    }
    return fd;
}

static void wait_for_news(struct writer *w, int ms)
{
    /* A negative descriptor is passed over. */
    struct pollfd fds[] = {
        {w->wake_event, POLLIN, 0}, {w->wake_socket, POLLIN, 0}, {news_fd(w), POLLIN, 0}};
    poll(fds, 3, ms);
    if (fds[2].revents != 0)
        (void)store_news_take(w->news);
}

/* Until the node that leads has published what was left to it; or this one, where
 * it has taken the lead meanwhile. */
static void await_leader(struct writer *w, struct write_job *jobs, uint64_t latest)
{
    int64_t end = clock_monotonic_ms() + PUBLISH_WAIT_MS;
    uint64_t version = store_version(w->conn);
    struct standing standing = {0, 0};
    struct fault fault = {""};
    while (!atomic_load(&w->ending)) {
        uint64_t waiting = 1;
        enum rc rc = record_log_pending_until(w->conn, latest, &waiting, NULL);
        if (rc == RC_OK && waiting == 0)
            return;
        if (rc == RC_OK && standing_too_long(w->conn, &standing, &fault)) {
            fail_jobs(jobs, RC_BUSY, &fault);
            return;
        }
        if (clock_monotonic_ms() > end)
            break;
        if (rc == RC_OK && sequencer_ready(w->sequencer, w->conn, NULL) == RC_OK)
            (void)run_batch(w, w->sequencer, NULL, false);
        else
            wait_for_news(w, LEADER_POLL_MS);
        (void)!eventfd_read(w->wake_event, &(eventfd_t){0}); /* the rest is taken up afterwards */
        /* What other nodes commit meanwhile concerns every reader of this one. */
        uint64_t seen = store_version(w->conn);
        if (seen != 0 && seen != version && tell(w, NULL))
            version = seen;
    }
    fail_jobs(jobs,
              fault_set(&fault, RC_BUSY,
                        "written, but not published within %d s; it has no effect until it is",
                        PUBLISH_WAIT_MS / 1000),
              &fault);
}

/* Whether there is something to do for a transaction. */
static bool batch_due(struct writer *w, const struct write_job *jobs, bool can_sign, bool *ret_head)
{
    uint64_t pending = 0;
    /* While candidates stand, nothing else is signed. */
    bool stands = can_sign && sequencer_stands(w->sequencer);
    *ret_head = false;
    if (stands && sequencer_ask_due(w->sequencer))
        return true;
    *ret_head = can_sign && !stands && (sequencer_hands_over(w->sequencer, w->conn) || head_due(w));
    if (can_sign && !stands && record_log_pending_latest(w->conn, &pending, NULL) != RC_OK)
        pending = 0;
    return jobs != NULL || pending > 0 || *ret_head ||
           (takes_lifts(w, can_sign && !stands) && w->duties->waiting(w->site) > 0);
}

/* And has it known why not. */
static bool look_whether_ready(struct writer *w)
{
    struct fault why = {""};
    bool can_sign = sequencer_ready(w->sequencer, w->conn, &why) == RC_OK;
    if (can_sign && sequencer_stands(w->sequencer))
        sequencer_stands_why(w->sequencer, &why);
    else if (can_sign || sequencer_is_elsewhere(w->sequencer))
        why.text[0] = 0;
    pthread_mutex_lock(&w->lock);
    w->cannot = why;
    pthread_mutex_unlock(&w->lock);
    return can_sign;
}

static void *write_thread(void *context)
{
    struct writer *w = context;
    struct resting resting = {.due = true, .since = clock_monotonic_ms(), .looked = UINT64_MAX};
    uint64_t version = 0;
    bool told = true;
    for (;;) {
        pthread_mutex_lock(&w->lock);
        bool idle = w->first == NULL && !w->stopping;
        pthread_mutex_unlock(&w->lock);
        if (idle)
            wait_for_news(w, POLL_MS);
        (void)!eventfd_read(w->wake_event, &(eventfd_t){0});
        bool woken = wake_take(w->wake_socket, &w->askers), head;
        pthread_mutex_lock(&w->lock);
        struct write_job *jobs = take_jobs(w);
        bool stop = w->stopping && jobs == NULL;
        pthread_mutex_unlock(&w->lock);
        if (stop)
            return NULL;
        uint64_t seen = store_version(w->conn);
        bool can_sign = look_whether_ready(w);
        atomic_store(&w->turn, can_sign ? 1 + sequencer_term(w->sequencer) : 0);
        bool stirred = seen != 0 && seen != version, wrote = false;
        struct batch batch = {0};
        if (batch_due(w, jobs, can_sign, &head))
            batch = run_batch(w, w->sequencer, jobs, head);
        else if (can_sign)
            wrote = run_when_at_rest(w, &resting, stirred);
        if (batch.left > 0)
            await_leader(w, jobs, batch.left);
        if (batch.committed && (!batch.signed_here || batch.unread))
            read_published(w, jobs);
        if (batch.committed)
            told = tell_soon(w, told ? only_voices(w, &batch, jobs, head, woken) : NULL);
        else if (wrote || woken || stirred || !told)
            told = tell(w, NULL);
        if (seen != 0)
            version = seen;
        answer(jobs);
        if (told)
            wake_answer(w->wake_socket, &w->askers);
    }
}

static enum rc start_serving(struct writer *w, struct fault *fault)
{
    enum rc rc = sequencer_open(w->site, true, &w->sequencer, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "another `colophon serve` runs on this folder");
    rc = site_wake_open(w->site, &w->wake_socket, fault);
    if (rc == RC_OK && store_is_shared(site_store(w->site))) {
        rc = store_connect(site_store(w->site), false, &w->news, fault);
        if (rc == RC_OK)
            (void)!store_listen(w->news, NULL); /* else there is no news, and POLL_MS counts */
    }
    if (rc != RC_OK)
        return rc;
    w->wake_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (w->wake_event < 0 || pthread_create(&w->thread, NULL, write_thread, w) != 0)
        return fault_set(fault, RC_IO, "starting the writing thread: %s", strerror(errno));
    w->serve = true;
    return RC_OK;
}

enum rc writer_open(struct site *site, bool serve, const struct writer_duties *duties,
                    struct writer **ret, struct fault *fault)
{
    struct writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    w->site = site;
    w->duties = duties;
    w->wake_socket = w->wake_event = -1;
    w->last = &w->first;
    w->room = knob("COLOPHON_QUEUE", QUEUE_MAX);
    pthread_mutex_init(&w->lock, NULL);
    enum rc rc = store_connect(site_store(site), true, &w->conn, fault);
    if (rc == RC_OK && serve)
        rc = start_serving(w, fault);
    if (rc != RC_OK) {
        writer_close(w);
        return rc;
    }
    *ret = w;
    return RC_OK;
}

void writer_close(struct writer *w)
{
    if (w == NULL)
        return;
    if (w->serve) {
        pthread_mutex_lock(&w->lock);
        w->stopping = true;
        atomic_store(&w->ending, true);
        pthread_mutex_unlock(&w->lock);
        (void)!write(w->wake_event, &(uint64_t){1}, 8);
        pthread_join(w->thread, NULL);
    }
    sequencer_close(w->sequencer, w->conn);
    store_disconnect(w->news);
    if (w->wake_socket >= 0)
        close(w->wake_socket);
    if (w->wake_event >= 0)
        close(w->wake_event);
    store_disconnect(w->conn);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void writer_on_commit(struct writer *w, commit_hook hook, void *context)
{
    pthread_mutex_lock(&w->lock);
    w->hook = hook;
    w->hook_context = context;
    pthread_mutex_unlock(&w->lock);
}

void writer_at_rest(struct writer *writer, write_work work, void *context)
{
    pthread_mutex_lock(&writer->lock);
    writer->rest = work;
    writer->rest_context = context;
    pthread_mutex_unlock(&writer->lock);
}

uint64_t writer_turn(const struct writer *w)
{
    return atomic_load(&w->turn);
}

bool writer_cannot_sign(struct writer *w, char ret_why[WRITER_WHY_MAX])
{
    pthread_mutex_lock(&w->lock);
    snprintf(ret_why, WRITER_WHY_MAX, "%s", w->cannot.text);
    pthread_mutex_unlock(&w->lock);
    return ret_why[0] != 0;
}

size_t writer_waiting(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    size_t n = w->waiting;
    pthread_mutex_unlock(&w->lock);
    return n;
}

void writer_post(struct writer *w, struct write_job *job)
{
    job->rc = RC_OK;
    job->next = NULL;
    pthread_mutex_lock(&w->lock);
    bool taken = w->serve && !w->stopping && w->waiting < w->room, idle = w->first == NULL;
    if (taken) {
        *w->last = job;
        w->last = &job->next;
        w->waiting++;
    }
    pthread_mutex_unlock(&w->lock);
    if (!taken) {
        job->rc =
            fault_set(job->fault, RC_BUSY, "too much waits to be written; try again in a moment");
        job->done(job);
    } else if (idle) {
        (void)!write(w->wake_event, &(uint64_t){1}, 8);
    }
}

/* ---- whose work it is ---- */

void writer_act_begin(struct writer *w, struct store_act *act)
{
    struct acting *a = calloc(1, sizeof *a);
    if (a == NULL)
        abort();
    *a = (struct acting){.thread = pthread_self(), .act = act};
    pthread_mutex_lock(&w->lock);
    a->next = w->acting;
    w->acting = a;
    pthread_mutex_unlock(&w->lock);
}

void writer_act_end(struct writer *w)
{
    struct acting **at, *found;
    pthread_mutex_lock(&w->lock);
    for (at = &w->acting; *at != NULL && !pthread_equal((*at)->thread, pthread_self());)
        at = &(*at)->next;
    found = *at;
    if (found != NULL)
        *at = found->next;
    pthread_mutex_unlock(&w->lock);
    free(found);
}

static struct store_act *act_of_thread(struct writer *w)
{
    struct store_act *act = NULL;
    pthread_mutex_lock(&w->lock);
    for (struct acting *a = w->acting; a != NULL && act == NULL; a = a->next)
        if (pthread_equal(a->thread, pthread_self()))
            act = a->act;
    pthread_mutex_unlock(&w->lock);
    return act;
}

/* A thread that waits for its job. */
struct waiting_thread {
    struct write_job job;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done;
};

static void wake_thread(struct write_job *job)
{
    struct waiting_thread *t = (struct waiting_thread *)job;
    pthread_mutex_lock(&t->lock);
    t->done = true;
    pthread_cond_signal(&t->answered);
    pthread_mutex_unlock(&t->lock);
}

static enum rc run_queued(struct writer *w, write_work work, void *context, struct fault *fault)
{
    struct waiting_thread t = {.job = {.work = work,
                                       .context = context,
                                       .fault = fault,
                                       .done = wake_thread,
                                       .act = act_of_thread(w)}};
    pthread_mutex_init(&t.lock, NULL);
    pthread_cond_init(&t.answered, NULL);
    writer_post(w, &t.job);
    pthread_mutex_lock(&t.lock);
    while (!t.done)
        pthread_cond_wait(&t.answered, &t.lock);
    pthread_mutex_unlock(&t.lock);
    pthread_cond_destroy(&t.answered);
    pthread_mutex_destroy(&t.lock);
    return t.job.rc;
}

/* ---- a command's writer ---- */

/* Nobody serves: work, entries, tiles and checkpoint in one transaction. *ret_left:
 * what is left to a node that has taken the lead meanwhile; 0: nothing. */
static enum rc run_alone(struct writer *w, struct sequencer *sequencer, write_work work,
                         void *context, uint64_t *ret_left, struct fault *fault)
{
    struct write_job job = {.work = work, .context = context, .fault = fault};
    struct batch batch = run_batch(w, sequencer, &job, false);
    *ret_left = batch.left;
    if (batch.committed && batch.unread)
        read_published(w, &job);
    settle(w); /* there is no gate here */
    return job.rc;
}

static enum rc nothing_more(void *context, struct store_conn *conn, struct fault *fault)
{
    (void)context;
    (void)conn;
    (void)fault;
    return RC_OK;
}

/* Until every entry up to `latest` is published: by the server that is woken, by
 * the node that leads, or by ourselves once nobody does. */
static enum rc await_published(struct writer *w, uint64_t latest, struct fault *fault)
{
    int64_t end = clock_monotonic_ms() + PUBLISH_WAIT_MS;
    useconds_t pause = 1000;
    struct sequencer *sequencer = NULL;
    struct standing standing = {0, 0};
    enum rc rc;
    for (;;) {
        uint64_t waiting;
        rc = record_log_pending_until(w->conn, latest, &waiting, fault);
        if (rc != RC_OK || waiting == 0)
            break;
        if (sequencer == NULL)
            (void)!sequencer_open(w->site, false, &sequencer, NULL);
        rc = sequencer == NULL ? RC_BUSY : sequencer_ready(sequencer, w->conn, fault);
        if (rc == RC_OK)
            rc = run_alone(w, sequencer, nothing_more, NULL, &waiting, fault);
        else if (sequencer == NULL || sequencer_is_elsewhere(sequencer))
            rc = RC_OK; /* it will be published */
        if (rc != RC_OK) {
            rc = fault_prefix(fault, rc, "written, but not published yet");
            break;
        }
        if (standing_too_long(w->conn, &standing, fault)) {
            rc = RC_BUSY;
            break;
        }
        if (clock_monotonic_ms() > end) {
            rc = fault_set(fault, RC_BUSY,
                           "written, but not published within %d s; it has no effect until it is",
                           PUBLISH_WAIT_MS / 1000);
            break;
        }
        site_wake(w->site);
        usleep(pause);
        if (pause < PAUSE_US)
            pause *= 2;
    }
    sequencer_close(sequencer, w->conn);
    return rc;
}

static enum rc look_once(struct writer *w, write_work look, void *context, struct fault *fault)
{
    enum rc rc = store_begin(w->conn, fault);
    if (rc == RC_OK)
        rc = look(context, w->conn, fault);
    store_rollback(w->conn);
    return rc;
}

enum rc writer_until(struct writer *w, write_work look, void *context, const bool *done, int ms,
                     struct fault *fault)
{
    int64_t end = clock_monotonic_ms() + ms;
    struct sequencer *sequencer = NULL;
    struct fault why = {"nobody signs"};
    enum rc rc;
    while ((rc = look_once(w, look, context, fault)) == RC_OK && !*done) {
        uint64_t left;
        if (clock_monotonic_ms() > end) {
            rc = fault_set(fault, RC_BUSY, "%s", why.text);
            break;
        }
        if (sequencer == NULL)
            (void)!sequencer_open(w->site, false, &sequencer, NULL);
        if (sequencer != NULL && sequencer_ready(sequencer, w->conn, &why) == RC_OK)
            (void)!run_alone(w, sequencer, nothing_more, NULL, &left, &why);
        site_wake(w->site);
        usleep(PAUSE_US);
    }
    sequencer_close(sequencer, w->conn);
    return rc;
}

/* A server, or another node, signs: it publishes what is committed here. */
static enum rc run_beside(struct writer *w, write_work work, void *context, struct fault *fault)
{
    uint64_t before = 0, latest = 0;
    bool hold = false;
    struct fault why = {""};
    /* Who was killed leaves the lead to be taken by the next within some seconds. */
    int64_t end = clock_monotonic_ms() + LEADER_WAIT_MS;
    while (lead_check_lives(w->site, w->conn, NULL) == RC_BUSY && clock_monotonic_ms() < end)
        usleep(PAUSE_US);
    enum rc rc = store_begin(w->conn, fault);
    if (rc == RC_OK)
        rc = policy_asks(w->conn, &hold, fault);
    if (rc == RC_OK)
        rc = record_log_pending_latest(w->conn, &before, fault);
    if (rc == RC_OK)
        rc =
            hold ? run_held(w->conn, work, context, &latest, fault) : work(context, w->conn, fault);
    if (rc == RC_OK)
        rc = record_log_pending_latest(w->conn, &latest, fault);
    if (rc == RC_OK && latest == before)
        latest = 0; /* nothing of ours waits */
    if (rc == RC_OK && latest > 0 && lead_check_lives(w->site, w->conn, &why) != RC_OK)
        rc = fault_set(fault, RC_BUSY, "nothing was changed: the Record cannot be written now: %s",
                       why.text);
    crash_point("work-done");
    if (rc == RC_OK)
        rc = store_commit(w->conn, fault);
    else
        store_rollback(w->conn);
    if (rc != RC_OK)
        return rc;
    crash_point("entry-pending");
    site_wake(w->site);
    if (latest > 0)
        rc = await_published(w, latest, fault);
    if (rc == RC_OK)
        site_wake_wait(w->site, TAKE_IN_MS);
    return rc;
}

enum rc writer_run(struct writer *w, write_work work, void *context, struct fault *fault)
{
    if (w->serve)
        return run_queued(w, work, context, fault);
    struct sequencer *sequencer;
    enum rc rc = sequencer_open(w->site, false, &sequencer, fault);
    if (rc == RC_BUSY)
        return run_beside(w, work, context, fault);
    if (rc != RC_OK)
        return rc;
    bool beside =
        sequencer_ready(sequencer, w->conn, NULL) != RC_OK && sequencer_is_elsewhere(sequencer);
    uint64_t left = 0;
    if (!beside)
        rc = run_alone(w, sequencer, work, context, &left, fault);
    sequencer_close(sequencer, w->conn);
    if (beside)
        return run_beside(w, work, context, fault);
    return rc == RC_OK && left > 0 ? await_published(w, left, fault) : rc;
}
