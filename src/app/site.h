/* One shop's data folder, opened: database, keys, locks.
 *
 *   DIR/colophon.db       everything true, or
 *   DIR/database          the URL of the PostgreSQL database that holds it (database.h)
 *   DIR/key               the Record's signing key, mode 0600
 *   DIR/index/            the search index, derived
 *   DIR/files/            covers, where no other place is named (site_files.h)
 *   DIR/lifts.journal     lifts that wait for the log (lifting.h)
 *   DIR/….lock, DIR/wake    who sequences, who indexes; how to wake them */
#ifndef COLOPHON_APP_SITE_H
#define COLOPHON_APP_SITE_H

#include "base/arena.h"
#include "base/fault.h"

struct site;
struct store;
struct store_conn;

enum rc site_open(const char *dir, struct site **ret, struct fault *fault) MUST_CHECK;
/* The folder over another database than the one it names: for moving there. */
enum rc site_open_at(const char *dir, const char *address, struct site **ret,
                     struct fault *fault) MUST_CHECK;
void site_close(struct site *site);

/* A reading connection for one thread, to make pages with: where the database has
 * roles, it is the reader's, who sees no password and no text that was taken back.
 * The other one sees everything. */
enum rc site_connect(struct site *site, struct store_conn **ret, struct fault *fault) MUST_CHECK;
enum rc site_connect_wholly(struct site *site, struct store_conn **ret,
                            struct fault *fault) MUST_CHECK;
/* One look at everything, on a connection of its own. */
typedef enum rc (*site_look)(void *context, struct store_conn *conn, struct fault *fault);
enum rc site_look_wholly(struct site *site, site_look look, void *context,
                         struct fault *fault) MUST_CHECK;
/* A replica of the database, to read pages from; before any connection is made.
 * RC_INVALID where the shop is a file, or `url` no PostgreSQL's. */
enum { SITE_REPLICAS_MAX = 16 };
enum rc site_add_replica(struct site *site, struct str url, struct fault *fault) MUST_CHECK;
size_t site_replicas(const struct site *site);
/* To the replica `at`, counted from 0. */
enum rc site_connect_replica(struct site *site, size_t at, struct store_conn **ret,
                             struct fault *fault) MUST_CHECK;
void site_disconnect(struct store_conn *conn);
/* How far the database that the connection sees has come, within its snapshot:
 * grows with every commit that pages show; the same number on a replica. */
uint64_t site_state(struct store_conn *conn);
/* What such a connection reads from here to the end is one state of the database;
 * that spares each statement the locks of its own, too. */
enum rc site_snapshot(struct store_conn *conn, struct fault *fault) MUST_CHECK;
void site_snapshot_end(struct store_conn *conn);

struct counters;
/* What is counted of this shop in this process (counters.h). */
struct counters *site_counters(struct site *site);

/* Everything that this process writes from here on is this act of the staff's, for the
 * trail (trail.h): said once, before a writer is opened. Kept by who calls. */
struct store_act;
void site_act(struct site *site, struct store_act *act);

/* Where the Record's key is: DIR/key, or the file it was told. */
const char *site_key_path(const struct site *site);
void site_use_key(struct site *site, const char *path);
/* The socket of the process that signs (signer.h); NULL: the key is in its file. */
const char *site_signer_path(const struct site *site);
void site_use_signer(struct site *site, const char *path);
/* Where the last checkpoints are kept apart (head_file.h): as told, else as DIR/head-file
 * says; NULL: nowhere. */
const char *site_head_path(const struct site *site);
void site_use_head(struct site *site, const char *path);

/* The verifier key of the decisions log, as the database names it, for nodes that do
 * not have the key itself; empty before anything was signed. */
struct str site_public_key(const struct site *site);
#define SITE_PUBLIC_KEY "public-key" /* the setting */

struct store *site_store(const struct site *site);
bool site_is_shared(const struct site *site); /* the database is no file beside us */
const char *site_dir(const struct site *site);
struct str site_origin(const struct site *site);
/* DIR/lifts.journal, which every request looks at. */
const char *site_lifts_path(const struct site *site);
/* DIR/name, in the arena, NUL-terminated. */
char *site_path(const struct site *site, struct arena *arena, const char *name);

/* An exclusive lock of DIR/name.lock, held until closed or the process ends.
 * RC_BUSY where another process holds it. */
enum rc site_lock(const struct site *site, const char *name, int *ret_fd,
                  struct fault *fault) MUST_CHECK;
/* The same, for a server: commands hold locks for a moment, it waits for those. */
enum rc site_lock_soon(const struct site *site, const char *name, int *ret_fd,
                       struct fault *fault) MUST_CHECK;
void site_unlock(int fd);

#endif
