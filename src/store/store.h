/* The database behind one interface: SQLite (WAL), or PostgreSQL. SQL lives in
 * store/ only, and is the same for both.
 *
 * A store is opened once per process; each thread takes connections of its own
 * from it. Writers begin a transaction, which waits for its turn; what
 * was begun and not committed when a connection ends is rolled back. A commit that returned RC_OK
 * survives kill -9 and power loss (synchronous=FULL; synchronous_commit). */
#ifndef COLOPHON_STORE_STORE_H
#define COLOPHON_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

struct store;
struct store_conn;

/* `address`: the path of a database file, or postgresql://… for a database that
 * is there already. `create` makes the file; otherwise a missing one is
 * RC_NOT_FOUND. An older schema is migrated. RC_CORRUPT for a schema newer than
 * this program, or migrations that were changed. */
bool store_is_url(struct str address);
enum rc store_open(const char *address, bool create, struct store **ret,
                   struct fault *fault) MUST_CHECK;
void store_close(struct store *store);

/* Something that staff do, for the trail (trail.h). */
struct store_act {
    uint64_t account; /* 0: on the command line */
    struct str who, what, subject;
    bool noted; /* its row is in the trail */
};
/* What is changed over connections made from here on is this act's: the first
 * transaction that changes anything holds its row. The act outlives the store. */
void store_act(struct store *store, struct store_act *act);

/* A connection for one thread; `write` ones may begin transactions, others
 * cannot change anything. */
enum rc store_connect(struct store *store, bool write, struct store_conn **ret,
                      struct fault *fault) MUST_CHECK;
void store_disconnect(struct store_conn *conn);

/* A reading connection to a database at another URL than the store's: by a role
 * that makes pages, of a replica. PostgreSQL alone. Where the database has the
 * views of the schema `gate`, statements read those. */
enum rc store_connect_at(const char *url, struct store_conn **ret, struct fault *fault) MUST_CHECK;

/* Three roles instead of one, of which each can do its duty alone: as `owner`,
 * whose tables these are, migrates what is missing, makes the views that pages
 * are made of, and lets the writer's role change rows and the reader's look at the
 * views. The roles are those that the three URLs log in as; they must exist.
 * RC_INVALID where they would be no wall. Done again after every upgrade. */
enum rc store_grant(const char *owner, const char *writer, const char *reader,
                    struct fault *fault) MUST_CHECK;

/* A read snapshot or a write transaction, by the kind of connection. RC_CONFLICT
 * for writing to a database whose setting STORE_MOVED says that the shop left. */
#define STORE_MOVED "moved"
enum rc store_begin(struct store_conn *conn, struct fault *fault) MUST_CHECK;
enum rc store_commit(struct store_conn *conn, struct fault *fault) MUST_CHECK;
/* The same for what no person does (who leads, whose turn it is): in no trail. */
enum rc store_commit_quietly(struct store_conn *conn, struct fault *fault) MUST_CHECK;
void store_rollback(struct store_conn *conn); /* harmless where nothing is open */
/* Part of a transaction that can be undone alone. */
enum rc store_mark(struct store_conn *conn, struct fault *fault) MUST_CHECK;
enum rc store_mark_release(struct store_conn *conn, struct fault *fault) MUST_CHECK;
void store_mark_undo(struct store_conn *conn);
/* Within a transaction, after what the act did: its row, once. */
enum rc store_act_note(struct store_conn *conn, struct store_act *act,
                       struct fault *fault) MUST_CHECK;

/* A transaction that rests for some seconds between two statements is ended by the
 * database where others wait for it, so that a machine that was cut off holds
 * nobody up; after this, the open one may rest for as long as it takes. */
enum rc store_may_rest(struct store_conn *conn, struct fault *fault) MUST_CHECK;

/* After much was written, outside of a transaction: an engine that plans by what it knows
 * of its tables looks at them, or every read goes through all of them until it does so by
 * itself. Where this role may not, it will. */
void store_analyze(struct store_conn *conn);
/* Of a writer alone, whose transactions are long: some 64 MiB of memory spare it time. */
void store_expect_much(struct store_conn *conn);

/* A number that is another one whenever somebody else committed since; 0 where the
 * database does not answer. */
uint64_t store_version(struct store_conn *conn);

/* Whether several machines may have this database open. */
bool store_is_shared(const struct store *store);
/* The database's own clock, in seconds since 1970: the one that all machines see. */
enum rc store_clock(struct store_conn *conn, int64_t *ret, struct fault *fault) MUST_CHECK;

/* News of commits as they happen, on a reading connection that does nothing else.
 * store_news_fd is to be polled; it is -1 where the engine tells nothing or the
 * connection was lost: whoever must know asks store_version from time to time
 * in any case, and may listen again. store_news_take: whether there was news. */
enum rc store_listen(struct store_conn *conn, struct fault *fault) MUST_CHECK;
int store_news_fd(const struct store_conn *conn);
bool store_news_take(struct store_conn *conn);

/* Copies the whole database into a file, consistently, while others write. */
enum rc store_backup(struct store *store, const char *to_path, struct fault *fault) MUST_CHECK;

/* Settings: origin, public names. RC_NOT_FOUND where unset. */
enum rc store_setting(struct store_conn *conn, struct arena *arena, const char *name,
                      struct str *ret, struct fault *fault) MUST_CHECK;
enum rc store_setting_put(struct store_conn *conn, const char *name, struct str value,
                          struct fault *fault) MUST_CHECK;

enum rc store_setting_remove(struct store_conn *conn, const char *name,
                             struct fault *fault) MUST_CHECK;

/* Takes `count` ids of a counter; *ret is the first. Within a transaction. */
enum rc store_take_ids(struct store_conn *conn, const char *counter, uint64_t count, uint64_t *ret,
                       struct fault *fault) MUST_CHECK;
/* Adds to the change feed. Within a transaction. */
enum rc store_change(struct store_conn *conn, const char *kind, uint64_t key,
                     struct fault *fault) MUST_CHECK;

/* The change feed, in commit order. */
struct change {
    uint64_t seq;
    struct str kind;
    uint64_t key;
};
/* At most `room` changes after `seq`. */
enum rc store_changes(struct store_conn *conn, struct arena *arena, uint64_t after,
                      struct change *ret, size_t room, size_t *ret_n,
                      struct fault *fault) MUST_CHECK;
/* RC_OK where something after `seq` changed all documents at once, else RC_NOT_FOUND. */
enum rc store_changed_all(struct store_conn *conn, uint64_t seq, struct fault *fault) MUST_CHECK;
enum rc store_change_latest(struct store_conn *conn, uint64_t *ret, struct fault *fault) MUST_CHECK;

#endif
