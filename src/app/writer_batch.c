#include "app/counters.h"
#include "app/policy.h"
#include "app/sequencer.h"
#include "app/writer_parts.h"
#include "base/clock.h"
#include "base/crash.h"
#include "store/candidates.h"
#include "store/held.h"
#include "store/store.h"

/* How work is run. */
struct terms {
    const struct fault *why; /* what stands against entries; NULL: they can be published */
    bool hold;               /* effects wait until the entries are published (store/held.h) */
};

enum rc writer_run_held(struct store_conn *conn, write_work work, void *context,
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
    rc = terms->hold ? writer_run_held(conn, job->work, job->context, &job->latest, fault)
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

void writer_fail(struct write_job *jobs, enum rc rc, const struct fault *fault)
{
    for (struct write_job *job = jobs; job != NULL; job = job->next) {
        if (job->rc != RC_OK && job->rc != rc)
            continue; /* it has a reason of its own */
        job->rc = rc;
        if (job->fault != NULL)
            *job->fault = *fault;
    }
}

void writer_read_published(struct writer *w, struct write_job *jobs)
{
    for (struct write_job *job = jobs; job != NULL; job = job->next)
        if (job->rc == RC_OK && job->published != NULL)
            job->rc = job->published(job->context, w->conn, job->fault);
}

bool writer_takes_lifts(const struct writer *w, bool can_sign)
{
    return can_sign || store_is_shared(site_store(w->site));
}

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

struct batch writer_batch(struct writer *w, struct sequencer *sequencer, struct write_job *jobs,
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
    size_t published, waiting = writer_takes_lifts(w, can_sign) ? w->duties->waiting(w->site) : 0;
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
        writer_read_published(w, jobs);
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
        writer_fail(jobs, rc, &fault);
    return batch;
}

void writer_settle(struct writer *w)
{
    if (w->settling)
        (void)!w->duties->settled(w->site, w->conn, NULL); /* else at the next batch */
    w->settling = false;
}
