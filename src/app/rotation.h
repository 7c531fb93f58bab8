/* Going over to a new key (docs/keys.md): it is made beforehand (prepare), given to
 * every node that is to sign, and then ordered. Who leads and has both keys does it:
 * the entries, signed by both, and checkpoints of both logs, signed by both, are one
 * batch; from there on the new key signs alone. Until then nothing has happened. */
#ifndef COLOPHON_APP_ROTATION_H
#define COLOPHON_APP_ROTATION_H

#include "app/site.h"
#include "app/writer.h"

/* A new key beside the old one, or the one in the file `from` (NULL: a new one).
 * RC_CONFLICT where another is prepared already. The verifier keys, of the decisions and the
 * voices, lie in `arena`. */
enum rc key_prepare(struct site *site, const char *from, struct arena *arena,
                    struct str ret_vkeys[2], struct fault *fault) MUST_CHECK;

/* Orders it and waits until it is published: *ret_index, of the decisions. `wanted`: the key that
 * it has to be, of the decisions; empty: whichever is prepared. RC_CONFLICT where whoever signs
 * would go over to another one. */
enum rc key_rotate(struct site *site, struct writer *writer, struct arena *arena, struct str wanted,
                   struct str ret_vkeys[2], uint64_t *ret_index, struct fault *fault) MUST_CHECK;

#endif
