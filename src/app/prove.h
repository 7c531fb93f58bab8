/* Proofs that people take home: any published entry of either log as a C2SP
 * tlog-proof under the last checkpoint, with the entry in it, and what opens its
 * commitment where it is theirs. Such a file is checked by `colophon receipt
 * verify`, by /record/check and by others' tools, without this shop. */
#ifndef COLOPHON_APP_PROVE_H
#define COLOPHON_APP_PROVE_H

#include "app/publication.h"

/* What a commitment in the entry is of: commitment_make(domain, salt, content). */
struct proof_opening {
    struct str domain; /* "books.example/review/v1" */
    uint8_t salt[32];
    struct str content; /* UTF-8; empty: the salt alone is given */
};

/* The text of the .tlog-proof, in the arena. `opening` may be NULL, and `trees` as in
 * publication_entry. RC_NOT_FOUND where the log has no such entry yet. */
enum rc entry_prove(struct store_conn *conn, struct tile_trees *trees, struct arena *arena,
                    enum public_log log, uint64_t index, const struct proof_opening *opening,
                    struct str *ret, struct fault *fault) MUST_CHECK;

#endif
