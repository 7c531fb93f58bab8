/* A witness for other logs (C2SP tlog-witness): it keeps for each the largest
 * checkpoint it saw, and cosigns what continues that and nothing else. A folder of
 * its own, beside no shop:
 *
 *     DIR/witness.key       the key, mode 0600
 *     DIR/<sha256>          of the log's origin: its last checkpoint, cosigned
 *     DIR/witness.lock      one process at a time
 *
 * What was cosigned is durable before it is answered, so that neither a kill nor two
 * requests at once take it back. */
#ifndef COLOPHON_APP_WITNESS_H
#define COLOPHON_APP_WITNESS_H

#include "base/arena.h"
#include "base/fault.h"

struct witness;

/* Makes the folder, where it is not there, and a key in it; *ret_vkey lies in
 * `arena`. RC_CONFLICT where there is a key. */
enum rc witness_key_create(const char *dir, struct str name, struct arena *arena,
                           struct str *ret_vkey, struct fault *fault) MUST_CHECK;
/* `vkeys` of the logs it cosigns. RC_BUSY where another process has the folder. */
enum rc witness_open(const char *dir, const struct str *vkeys, size_t n, struct witness **ret,
                     struct fault *fault) MUST_CHECK;
void witness_close(struct witness *witness);

struct witness_answer {
    int status; /* of HTTP, as the specification says */
    const char *content_type;
    struct str body; /* in the arena */
};
/* From any thread; one after another. */
struct witness_answer witness_add_checkpoint(struct witness *witness, struct arena *arena,
                                             struct str body);
/* Our own addition: the list of a log's keys (record/key_chain.h), so that a witness
 * which trusts one of them follows to the one that signs now. */
struct witness_answer witness_add_key(struct witness *witness, struct arena *arena,
                                      struct str body);
/* What monitors read: the last checkpoint of the log whose origin has this SHA-256. */
struct witness_answer witness_checkpoint(struct witness *witness, struct arena *arena,
                                         struct str origin_hex);

#endif
