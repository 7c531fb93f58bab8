/* A proof of absence, checked by somebody who has only the proof and the key. */
#ifndef COLOPHON_AUDIT_ABSENCE_H
#define COLOPHON_AUDIT_ABSENCE_H

#include "base/arena.h"
#include "base/fault.h"
#include "domain/absence.h"

/* A proof is never larger. */
#define ABSENCE_FILE_MAX (8u << 20)

/* `list`: as at /record/vkeys, the keys before and after this one; may be empty.
 * RC_INVALID with what is wrong. Slices lie in `arena`. */
enum rc absence_verify(struct arena *arena, struct str text, struct str vkey, struct str list,
                       struct absence_result *ret, struct fault *fault) MUST_CHECK;

#endif
