#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "app/sequencer.h"
#include "app/standing.h"
#include "app/writer_parts.h"
#include "base/clock.h"
#include "store/store.h"

enum {
    TELL_MS = 3000,   /* so long an answer waits until the gate has taken in what it is about */
    LISTEN_MS = 2000, /* before a lost connection for news is made again */
    BATCH_JOBS_MAX = 512,
    POLL_MS = 200, /* how late another process's commit may be seen */
    LEADER_POLL_MS = 20,
    REST_MS = 1000, /* after the last commit of an import */
};

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
    (void)writer_batch(w, w->sequencer, &job, false);
    if (job.rc == RC_OK)
        r->looked = latest;
    r->due = job.rc == RC_CONFLICT;
    r->since = now;
    return true;
}

/* The jobs, where the batch changed nothing of pages but voices of the works they name: only one
 * process writes here, and nobody rang to say that another has. */
static const struct write_job *only_voices(const struct writer *w, const struct batch *batch,
                                           const struct write_job *jobs, bool head, bool woken)
{
    if (!batch->committed || !batch->signed_here || head || woken || w->settling ||
        store_is_shared(site_store(w->site)))
        return NULL;
    for (const struct write_job *job = jobs; job != NULL; job = job->next)
        if (job->rc == RC_OK && job->voices_of == NULL && !job->aside)
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
    writer_settle(w);
    return true;
}

/* Nobody is answered before the gate has taken in what the answer is about; but for
 * ever nobody waits. */
static bool tell_soon(struct writer *w, const struct write_job *voices)
{
    int64_t end = clock_monotonic_ms() + TELL_MS;
    bool told = tell(w, voices);
    while (!told && clock_monotonic_ms() < end) {
        usleep(WRITER_PAUSE_US);
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
    int64_t end = clock_monotonic_ms() + WRITER_PUBLISH_MS;
    uint64_t version = store_version(w->conn);
    struct standing standing = {0, 0};
    struct fault fault = {""};
    while (!atomic_load(&w->ending)) {
        uint64_t waiting = 1;
        enum rc rc = record_log_pending_until(w->conn, latest, &waiting, NULL);
        if (rc == RC_OK && waiting == 0)
            return;
        if (rc == RC_OK && standing_too_long(w->conn, &standing, &fault)) {
            writer_fail(jobs, RC_BUSY, &fault);
            return;
        }
        if (clock_monotonic_ms() > end)
            break;
        if (rc == RC_OK && sequencer_ready(w->sequencer, w->conn, NULL) == RC_OK)
            (void)writer_batch(w, w->sequencer, NULL, false);
        else
            wait_for_news(w, LEADER_POLL_MS);
        (void)!eventfd_read(w->wake_event, &(eventfd_t){0}); /* the rest is taken up afterwards */
        /* What other nodes commit meanwhile concerns every reader of this one. */
        uint64_t seen = store_version(w->conn);
        if (seen != 0 && seen != version && tell(w, NULL))
            version = seen;
    }
    writer_fail(jobs,
                fault_set(&fault, RC_BUSY,
                          "written, but not published within %d s; it has no effect until it is",
                          WRITER_PUBLISH_MS / 1000),
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
           (writer_takes_lifts(w, can_sign && !stands) && w->duties->waiting(w->site) > 0);
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

void *writer_thread(void *context)
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
            batch = writer_batch(w, w->sequencer, jobs, head);
        else if (can_sign)
            wrote = run_when_at_rest(w, &resting, stirred);
        if (batch.left > 0)
            await_leader(w, jobs, batch.left);
        if (batch.committed && (!batch.signed_here || batch.unread))
            writer_read_published(w, jobs);
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
