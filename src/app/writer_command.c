#include <unistd.h>

#include "app/lead.h"
#include "app/policy.h"
#include "app/sequencer.h"
#include "app/standing.h"
#include "app/writer_parts.h"
#include "base/clock.h"
#include "base/crash.h"
#include "store/candidates.h"
#include "store/store.h"

enum {
    LEADER_WAIT_MS = 6000,
    TAKE_IN_MS = 5000, /* that a server beside a command takes to show what was published */
};

/* Nobody serves: work, entries, tiles and checkpoint in one transaction. *ret_left:
 * what is left to a node that has taken the lead meanwhile; 0: nothing. */
static enum rc run_alone(struct writer *w, struct sequencer *sequencer, write_work work,
                         void *context, uint64_t *ret_left, struct fault *fault)
{
    struct write_job job = {.work = work, .context = context, .fault = fault};
    struct batch batch = writer_batch(w, sequencer, &job, false);
    *ret_left = batch.left;
    if (batch.committed && batch.unread)
        writer_read_published(w, &job);
    writer_settle(w); /* there is no gate here */
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
    int64_t end = clock_monotonic_ms() + WRITER_PUBLISH_MS;
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
                           WRITER_PUBLISH_MS / 1000);
            break;
        }
        site_wake(w->site);
        usleep(pause);
        if (pause < WRITER_PAUSE_US)
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
        usleep(WRITER_PAUSE_US);
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
        usleep(WRITER_PAUSE_US);
    enum rc rc = store_begin(w->conn, fault);
    if (rc == RC_OK)
        rc = policy_asks(w->conn, &hold, fault);
    if (rc == RC_OK)
        rc = record_log_pending_latest(w->conn, &before, fault);
    if (rc == RC_OK)
        rc = hold ? writer_run_held(w->conn, work, context, &latest, fault)
                  : work(context, w->conn, fault);
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

enum rc writer_run_command(struct writer *w, write_work work, void *context, struct fault *fault)
{
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
