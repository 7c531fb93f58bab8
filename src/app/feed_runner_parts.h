/* Inside feed_runner: what its parts share. */
#ifndef COLOPHON_APP_FEED_RUNNER_PARTS_H
#define COLOPHON_APP_FEED_RUNNER_PARTS_H

#include <pthread.h>
#include <sys/stat.h>

#include "app/feed_runner.h"
#include "app/import.h"
#include "base/wait.h"
#include "store/feeds.h"
#include "store/lease.h"

#define FEED_LEASE "import"
enum { FEED_FAILURES_MAX = 5, FEED_KINDS_MAX = 256 };

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
    uint64_t told; /* findings so far */
    uint64_t findings_max;
    struct found telling; /* the teller's: taken out of `found`, the first of them stored */
    size_t stored;
    struct arena kinds_arena;
    struct {
        struct str element, code;
        uint64_t n, times;   /* the finding that tells of it, and how many records it is told for */
    } kinds[FEED_KINDS_MAX]; /* of information that was told */
    size_t kinds_n;
    atomic_bool done;   /* the import is: who tells of it ends */
    atomic_bool lost;   /* another node has the lease */
    atomic_bool halted; /* somebody at the desk wants it to end */
};

/* ---- telling how far it has come (feed_telling.c) ---- */

/* The import's, from its threads. */
void feed_finding(void *runner, const struct import_finding *finding);
/* What is wrong is told without the name that the file has for us alone. */
struct str feed_without_path(const struct feed_runner *runner, struct str text);
void feed_tell_begin(struct feed_runner *runner);
/* Beside the import, until it is done. */
void *feed_tell_thread(void *runner);
/* What a transaction that failed did not store is kept for the next. RC_CONFLICT: another node
 * has the lease. */
enum rc feed_tell(struct feed_runner *runner, struct store_conn *conn,
                  struct fault *fault) MUST_CHECK;

/* For how many records each of them stands, once all are told; within a transaction. */
enum rc feed_tell_times(struct feed_runner *runner, struct store_conn *conn,
                        struct fault *fault) MUST_CHECK;

/* ---- whose turn it is (feed_turn.c) ---- */

/* Whether nobody imports: the lease was given back, or its beat stands still. */
enum rc feed_look_at_lease(struct feed_runner *runner, bool *ret_free,
                           struct fault *fault) MUST_CHECK;
/* Takes the lease for `feed`, as often as need be: each end of a feed gives the lease back, and so
 * makes it another. RC_CONFLICT: another node imports. */
enum rc feed_claim(struct feed_runner *runner, struct fault *fault) MUST_CHECK;
/* Shops take turns: the oldest feed of the shop that comes after the one whose turn it was.
 * `*ret_any` false: there is none whose file is here. Of the lease's holder alone. */
enum rc feed_choose(struct feed_runner *runner, struct arena *arena, struct feed_row *ret,
                    bool *ret_any, struct fault *fault) MUST_CHECK;

/* ---- the end of one (feed_end.c) ---- */

/* True where it is tried again, and not at once. */
bool feed_end(struct feed_runner *runner, enum rc rc, const struct import_summary *summary,
              const struct fault *why);
/* Its row, its lease and the letters of what is over. */
enum rc feed_commit_end(struct feed_runner *runner, const struct feed_row *end,
                        struct fault *fault) MUST_CHECK;

#endif
