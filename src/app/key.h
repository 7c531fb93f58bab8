/* The Record's signing key: a file of mode 0600 that `init` makes and that no
 * backup holds. */
#ifndef COLOPHON_APP_KEY_H
#define COLOPHON_APP_KEY_H

#include "base/arena.h"
#include "base/fault.h"
#include "record/note.h"

/* RC_CONFLICT where the file exists. */
enum rc key_create(const char *path, struct str origin, struct fault *fault) MUST_CHECK;
/* RC_DENIED where others may read the file. The signer's name lies in `arena`. */
enum rc key_load(const char *path, struct arena *arena, struct note_signer *ret,
                 struct fault *fault) MUST_CHECK;

#endif
