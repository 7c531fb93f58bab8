/* The Record as everybody gets it: checkpoints, tiles, lists, proofs. Bytes as
 * C2SP tlog-tiles lays them down. */
#ifndef COLOPHON_APP_PUBLICATION_H
#define COLOPHON_APP_PUBLICATION_H

#include "app/site.h"
#include "base/encode.h"
#include "domain/edition.h"

enum public_log { PUBLIC_DECISIONS, PUBLIC_VOICES };

struct published_head {
    uint64_t size;
    int64_t signed_at;
    struct str note; /* the signed checkpoint */
};
enum rc publication_head(struct store_conn *conn, struct arena *arena, enum public_log log,
                         struct published_head *ret, struct fault *fault) MUST_CHECK;

/* `path` is what follows "tile/". RC_NOT_FOUND for tiles beyond the head or
 * paths that are none; *ret_full: it will never change. */
enum rc publication_tile(struct store_conn *conn, struct arena *arena, enum public_log log,
                         struct str path, struct str *ret, bool *ret_full,
                         struct fault *fault) MUST_CHECK;

/* The work ids behind a root, one a line in decimal. */
enum rc publication_list(struct store_conn *conn, struct arena *arena, struct str root_hex,
                         struct str *ret, struct fault *fault) MUST_CHECK;

struct tile_trees;

struct published_entry {
    uint64_t index;
    struct str json;
    uint64_t size;   /* of the tree the proof is for: the last checkpoint's */
    struct str note; /* that checkpoint, signed */
    struct hash leaf;
    LIST(struct hash) path;
};
/* `trees` (tile_trees.h) are those that the server keeps; NULL: tiles are read and hashed anew. */
enum rc publication_entry(struct store_conn *conn, struct tile_trees *trees, struct arena *arena,
                          enum public_log log, uint64_t index, struct published_entry *ret,
                          struct fault *fault) MUST_CHECK;

/* The verifier key that signs a log now, as "origin+id+base64". `conn` NULL: over a
 * connection of its own. */
enum rc publication_vkey(struct site *site, struct store_conn *conn, struct arena *arena,
                         enum public_log log, struct str *ret, struct fault *fault) MUST_CHECK;
/* All that ever did, of both logs, as a list that proves itself (record/key_chain.h). */
enum rc publication_vkeys(struct site *site, struct store_conn *conn, struct arena *arena,
                          struct str *ret, struct fault *fault) MUST_CHECK;
/* The same, each as "origin+id+base64" on a line. */
enum rc publication_all_vkeys(struct site *site, struct store_conn *conn, struct arena *arena,
                              struct str *ret, struct fault *fault) MUST_CHECK;

/* The JSON Schema of a kind of entry, and the list of all of them with their
 * logs and addresses, as JSON. RC_NOT_FOUND for a kind that there is none of. */
enum rc publication_schema(struct arena *arena, struct str kind, struct str *ret,
                           struct fault *fault) MUST_CHECK;
struct str publication_schemas(struct arena *arena);

/* The witness policy in force, as its file was; RC_NOT_FOUND where none was ever set. */
enum rc publication_policy(struct store_conn *conn, struct arena *arena, struct str *ret,
                           struct fault *fault) MUST_CHECK;
/* Whether the published checkpoints of both logs have its quorum. */
enum rc publication_verify_quorum(struct site *site, struct fault *fault) MUST_CHECK;

/* What is stored, checked whole: every entry against its tile, tiles against
 * the root, the root against the signature. */
enum rc publication_verify(struct site *site, uint64_t ret_sizes[2],
                           struct fault *fault) MUST_CHECK;

/* A restored copy may sign again once its head was compared with the last
 * checkpoint that is known to be public: the files hold one of each log. */
enum rc publication_resume(struct site *site, const char *const *files, size_t n,
                           struct fault *fault) MUST_CHECK;

#endif
