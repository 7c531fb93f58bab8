/* An edition's facts as bytes for one column, and back: CBOR, integer keys.
 *
 * Absent fields are left out and unknown keys skipped, so that older and newer
 * programs read each other's records; the version changes only where a key
 * would change its meaning. */
#ifndef COLOPHON_STORE_PACK_H
#define COLOPHON_STORE_PACK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "domain/edition.h"

/* What a packed edition may take at most: a product as large as the reader
 * lets through, and the bytes around its fields. */
#define PACK_MAX (8u << 20)

/* Adds the bytes to `out`; its cap decides how large an edition may be. */
void pack_edition(const struct edition *e, struct buf *out);

/* Strings of the edition point into `bytes`, lists lie in the arena. RC_CORRUPT
 * for bytes that pack_edition did not make; hostile bytes do no harm. */
enum rc unpack_edition(struct str bytes, struct arena *arena, struct edition *ret,
                       struct fault *fault) MUST_CHECK;

#endif
