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

/* RC_DENIED where others may read it; one that is not there is nobody's. */
enum rc key_check_private(const char *path, struct fault *fault) MUST_CHECK;

/* Any key's file: written whole or not at all, and never over another (RC_CONFLICT). */
enum rc key_write(const char *path, struct str text, struct fault *fault) MUST_CHECK;
/* RC_DENIED where others may read it. The text, in `arena`, is the caller's to wipe. */
enum rc key_read(const char *path, struct arena *arena, struct str *ret,
                 struct fault *fault) MUST_CHECK;

#endif
