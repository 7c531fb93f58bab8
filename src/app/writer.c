#include "app/writer.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "app/sequencer.h"
#include "app/writer_parts.h"
#include "base/knob.h"
#include "store/store.h"

enum { QUEUE_MAX = 4096 }; /* more than this waiting: answer "busy"; COLOPHON_QUEUE in tests */

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
    if (w->wake_event < 0 || pthread_create(&w->thread, NULL, writer_thread, w) != 0)
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

static enum rc run_queued(struct writer *w, write_work work, void *context, bool aside,
                          struct fault *fault)
{
    struct waiting_thread t = {.job = {.work = work,
                                       .context = context,
                                       .fault = fault,
                                       .done = wake_thread,
                                       .aside = aside,
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

enum rc writer_run(struct writer *w, write_work work, void *context, struct fault *fault)
{
    return w->serve ? run_queued(w, work, context, false, fault)
                    : writer_run_command(w, work, context, fault);
}

enum rc writer_run_aside(struct writer *w, write_work work, void *context, struct fault *fault)
{
    return w->serve ? run_queued(w, work, context, true, fault)
                    : writer_run_command(w, work, context, fault);
}
