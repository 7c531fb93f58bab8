/* Writing: every change of the database that a person waits for goes through
 * here, and is answered after it is committed and every entry it made stands
 * under a published checkpoint.
 *
 * In the server one thread does all of it: it takes what waits, runs each piece
 * of work in one transaction, appends the entries to the logs, signs, commits,
 * answers. Where another node leads (lead.h), it commits the entries unsigned and
 * waits until that one has published them. A command beside a running server commits its own
 * transaction, wakes the server and waits until its entries are published; where no server runs it
 * takes the sequencer's lock and does as the server does, so that what cannot be
 * published is not written. Callers do not see the difference. */
#ifndef COLOPHON_APP_WRITER_H
#define COLOPHON_APP_WRITER_H

#include "app/site.h"

struct writer;

/* Work inside the write transaction. Anything but RC_OK undoes this piece
 * alone, and is what writer_run returns. It may run on another thread; `conn`
 * must not be kept. */
typedef enum rc (*write_work)(void *context, struct store_conn *conn, struct fault *fault);

/* What a writer does besides what it is asked for, handed in by who knows of it
 * (restrict_duties.h: lifts that wait, sets that grew). */
struct writer_duties {
    /* How much waits that goes into the log before everything else. */
    size_t (*waiting)(const struct site *site);
    /* It, first of all in a transaction whose entries can be signed. */
    enum rc (*first)(struct site *site, struct store_conn *conn, struct fault *fault);
    /* Afterwards, once that is committed and published. */
    enum rc (*settled)(struct site *site, struct store_conn *conn, struct fault *fault);
    /* Run by who signs in each batch with a head, every 45 seconds and more, with the site as
     * its context. Whatever becomes of it, the batch goes on. */
    write_work with_head;
};

/* `serve`: take the sequencer's lock and start the thread; RC_BUSY where another
 * process has it. Otherwise a command's writer, which starts nothing. */
enum rc writer_open(struct site *site, bool serve, const struct writer_duties *duties,
                    struct writer **ret, struct fault *fault) MUST_CHECK;
/* Finishes what waits, stops. */
void writer_close(struct writer *writer);

/* 0 where another process signs, or nobody can; else a number that is another one
 * with every lead this process takes. A server's alone; never waits. */
uint64_t writer_turn(const struct writer *writer);

/* Why nobody signs here, though no other node leads, either; false where all is well.
 * A server's alone; never waits. */
#define WRITER_WHY_MAX 400
bool writer_cannot_sign(struct writer *writer, char ret_why[WRITER_WHY_MAX]);

/* How much waits to be written. */
size_t writer_waiting(struct writer *writer);

/* RC_BUSY where the queue is full (answer 503), or where the work makes entries
 * and the log cannot sign now; otherwise what the work returned. */
enum rc writer_run(struct writer *writer, write_work work, void *context,
                   struct fault *fault) MUST_CHECK;
/* The same for what no page is made of, as letters on their way: pages that are kept stay good. */
enum rc writer_run_aside(struct writer *writer, write_work work, void *context,
                         struct fault *fault) MUST_CHECK;

/* A command's: asks `look`, which only reads, again and again until *done, and meanwhile
 * does the server's part where none is there to. RC_BUSY after so many ms. */
enum rc writer_until(struct writer *writer, write_work look, void *context, const bool *done,
                     int ms, struct fault *fault) MUST_CHECK;

/* What this thread has written by writer_run, from here to writer_act_end, is this
 * act's: its row is in the transaction of the first piece of work that succeeds.
 * A server's; commands say it once (site_act). */
struct store_act;
void writer_act_begin(struct writer *writer, struct store_act *act);
void writer_act_end(struct writer *writer);

/* A piece of work that no thread waits for: thousands may be on their way. It is
 * its owner's to keep until `done` is called, once, on the writing thread, which
 * must not be kept waiting; it may post the job again. */
struct write_job {
    write_work work;
    write_work published; /* NULL, or what it reads once its entries are published */
    void *context;        /* of both */
    struct fault *fault;
    void (*done)(struct write_job *job);
    /* Where all it changes is voices of one work: which one, known once it has run. NULL:
     * it may change anything. */
    const uint64_t *voices_of;
    bool aside;             /* it changes nothing that a page is made of */
    struct store_act *act;  /* NULL: nobody's of the staff */
    enum rc rc;             /* as writer_run would return */
    struct write_job *next; /* the writer's own */
    bool log_down;          /* it ran while nothing could be published */
    uint64_t latest;        /* the writer's own: its latest entry, where that waits for witnesses */
};
/* A server's writer alone takes these. */
void writer_post(struct writer *writer, struct write_job *job);

/* Something was published (the gate reloads) or, in a server, another process
 * committed. Called on the writing thread, after the commit and before anybody is
 * answered; where it returns false, it is called again until it could take it in.
 * `voices`: the jobs of this process that were committed, where nothing changed since
 * the last call but the voices they name (or nothing, where they name none); NULL: anything may
 * have. */
typedef bool (*commit_hook)(void *context, const struct write_job *voices);
void writer_on_commit(struct writer *writer, commit_hook hook, void *context);

/* A server's: work for when other processes have changed the catalogue and rest; until it
 * is said, that waits. RC_CONFLICT: once more, after what was committed was told again. */
void writer_at_rest(struct writer *writer, write_work work, void *context);

#endif
