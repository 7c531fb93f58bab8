/* Inside onix/: records that pass by their bytes alone.
 *
 * A message is cut behind each end tag of a product. Where the parser stands between two
 * products, with nothing begun, what the next piece means depends on nothing but its bytes
 * and the basis: everything up to the root's start tag (encoding, DOCTYPE, release) and the
 * header's defaults. So a piece that was one whole record once is so again. Where the cut is
 * wrong (an end tag in a comment, say) the piece is no known one, and is parsed. */
#ifndef COLOPHON_ONIX_PASSING_H
#define COLOPHON_ONIX_PASSING_H

#include "base/buf.h"
#include "base/encode.h"
#include "onix/onix.h"
#include "onix/tree.h"

/* A message in pieces, each through the end tag of a product. */
struct pieces {
    struct buf kept; /* of a piece whose end has not come */
    bool taken;      /* it was given out */
};
#define PIECES_INIT ((struct pieces){.kept = BUF_INIT(2 * ONIX_PRODUCT_MAX)})

/* The next one, of what was kept and of what came, `*rest`, which it is taken from; empty
 * where its end has not come, and all of `*rest` is kept. What is longer than a product may be
 * comes without an end. It lives until the next call, or as long as `*rest`. */
struct str pieces_next(struct pieces *pieces, struct str *rest, bool short_tags);
/* What is kept at the end of the message. */
struct str pieces_rest(struct pieces *pieces);

/* What the meaning of all records rests on; `before_root` hashes the bytes up to the root;
 * `old`: they are read as ONIX 2.1, which the elements may have said. */
struct hash passing_basis(const struct hash *before_root, const struct header_defaults *defaults,
                          bool old);

void piece_digest(const struct hash *basis, struct str piece, uint8_t ret[16]);

uint64_t line_ends(struct str bytes);

#endif
