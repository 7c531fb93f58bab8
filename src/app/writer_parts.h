/* Inside app/: the writer's own state, of writer.c, writer_batch.c, writer_thread.c and
 * writer_command.c. */
#ifndef COLOPHON_APP_WRITER_PARTS_H
#define COLOPHON_APP_WRITER_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "app/wake.h"
#include "app/writer.h"

struct sequencer;

enum {
    WRITER_PAUSE_US = 20000,
    WRITER_PUBLISH_MS = 30000, /* that entries of ours may take to be published by others */
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

/* ---- one transaction (writer_batch.c) ---- */

/* What became of a batch. */
struct batch {
    bool committed;
    bool signed_here;
    bool unread;   /* what is published is still to be read */
    uint64_t left; /* the latest entry left for another node to publish; 0: none */
};

/* Runs all jobs in one transaction and publishes their entries with it, or, where
 * witnesses are asked, in a second one. What each job returned is in it; a failure of
 * the whole is every job's failure. */
struct batch writer_batch(struct writer *writer, struct sequencer *sequencer,
                          struct write_job *jobs, bool head);
/* Work whose effects wait for its entries (store/held.h). *ret_latest: the latest entry that it
 * made, 0 for none. */
enum rc writer_run_held(struct store_conn *conn, write_work work, void *context,
                        uint64_t *ret_latest, struct fault *fault) MUST_CHECK;
/* Those that have no failure of their own yet. */
void writer_fail(struct write_job *jobs, enum rc rc, const struct fault *fault);
/* What they want to know of their entries, which are published by now. */
void writer_read_published(struct writer *writer, struct write_job *jobs);
/* Lifts need no signature: where the database is shared, they go there as soon as it
 * can be written, so that every node knows of them. */
bool writer_takes_lifts(const struct writer *writer, bool can_sign);
/* The journal keeps its lifts until the gate has them from the database: never in
 * neither of the two. */
void writer_settle(struct writer *writer);

/* The server's (writer_thread.c). */
void *writer_thread(void *writer);

/* ---- a command's (writer_command.c) ---- */

/* Nobody serves: work, entries, tiles and checkpoint in one transaction. What is left to a node
 * that has taken the lead meanwhile is awaited. */
enum rc writer_run_command(struct writer *writer, write_work work, void *context,
                           struct fault *fault) MUST_CHECK;

#endif
