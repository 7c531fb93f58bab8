#include "app/pulse.h"

#include "app/counters.h"
#include "base/clock.h"
#include "base/wait.h"
#include "store/letters.h"
#include "store/record_log.h"
#include "store/store.h"

enum { INTERVAL_MS = 1000, ALIVE_MS = 5000 };

struct pulse {
    struct site *site;
    const struct indexer *indexer;
    struct sleeper sleeper;
    counter answered; /* ms of the monotonic clock, of the last answer */
    counter decisions, voices, position, letters_waiting, letters_failed;
    counter level; /* ms, when the index last had all there was */
};

static enum rc log_size(struct store_conn *conn, enum log_id log, counter *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct stored_checkpoint checkpoint = {0};
    enum rc rc = record_log_checkpoint(conn, &arena, log, &checkpoint, fault);
    if (rc == RC_OK)
        atomic_store(ret, checkpoint.size);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc look(struct pulse *p, struct store_conn *conn, struct fault *fault)
{
    uint64_t position = 0, waiting = 0, failed = 0;
    int64_t before = clock_monotonic_ms();
    enum rc rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = log_size(conn, LOG_DECISIONS, &p->decisions, fault);
    if (rc == RC_OK)
        rc = log_size(conn, LOG_VOICES, &p->voices, fault);
    if (rc == RC_OK)
        rc = store_change_latest(conn, &position, fault);
    if (rc == RC_OK)
        rc = letter_row_count(conn, STR("waiting"), &waiting, fault);
    if (rc == RC_OK)
        rc = letter_row_count(conn, STR("failed"), &failed, fault);
    store_rollback(conn);
    if (rc != RC_OK)
        return rc;
    atomic_store(&p->position, position);
    atomic_store(&p->letters_waiting, waiting);
    atomic_store(&p->letters_failed, failed);
    atomic_store(&p->answered, (uint64_t)clock_monotonic_ms());
    if (indexer_position(p->indexer) >= position)
        atomic_store(&p->level, (uint64_t)before);
    return RC_OK;
}

static void *pulse_thread(void *context)
{
    struct pulse *p = context;
    struct store_conn *conn = NULL;
    do {
        enum rc rc = conn != NULL ? RC_OK : store_connect(site_store(p->site), false, &conn, NULL);
        if (rc == RC_OK)
            rc = look(p, conn, NULL);
        if (rc != RC_OK)
            count(&site_counters(p->site)->probe_failures, 1);
    } while (sleeper_rest(&p->sleeper, INTERVAL_MS));
    store_disconnect(conn);
    return NULL;
}

enum rc pulse_open(struct site *site, const struct indexer *indexer, struct pulse **ret,
                   struct fault *fault)
{
    struct pulse *p = calloc(1, sizeof *p);
    if (p == NULL)
        abort();
    p->site = site;
    p->indexer = indexer;
    /* It was opened a moment ago, and answered then. */
    atomic_store(&p->answered, (uint64_t)clock_monotonic_ms());
    atomic_store(&p->level, counted(&p->answered));
    sleeper_init(&p->sleeper);
    enum rc rc = sleeper_start(&p->sleeper, pulse_thread, p, "watches", fault);
    if (rc != RC_OK) {
        sleeper_free(&p->sleeper);
        free(p);
        return rc;
    }
    *ret = p;
    return RC_OK;
}

void pulse_close(struct pulse *p)
{
    if (p == NULL)
        return;
    sleeper_stop(&p->sleeper);
    sleeper_free(&p->sleeper);
    free(p);
}

struct pulse_state pulse_read(const struct pulse *p)
{
    uint64_t now = (uint64_t)clock_monotonic_ms(), answered = counted(&p->answered);
    uint64_t position = counted(&p->position), indexed = indexer_position(p->indexer);
    struct pulse_state s = {.silent = now > answered ? (double)(now - answered) / 1000 : 0,
                            .alive = now <= answered + ALIVE_MS,
                            .decisions = counted(&p->decisions),
                            .voices = counted(&p->voices),
                            .position = position,
                            .letters_waiting = counted(&p->letters_waiting),
                            .letters_failed = counted(&p->letters_failed),
                            .changes = position > indexed ? position - indexed : 0};
    uint64_t level = counted(&p->level);
    s.behind = s.changes > 0 && now > level ? (double)(now - level) / 1000 : 0;
    return s;
}
