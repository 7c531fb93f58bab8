/* The forms one cover is kept in: formats and widths, one behind the other in one file. */
#ifndef COLOPHON_DOMAIN_RENDITION_H
#define COLOPHON_DOMAIN_RENDITION_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/list.h"
#include "domain/picture.h"

struct rendition {
    enum picture_format format;
    unsigned width, height;
    uint64_t at, bytes; /* where it lies in the file */
    struct hash digest;
};
typedef LIST(struct rendition) rendition_list;
enum { RENDITIONS_MAX = 16 };

/* As one column: a fixed number of bytes each, in the order they lie in. */
void renditions_pack(const rendition_list *list, struct buf *ret);
/* False for bytes that renditions_pack did not make; none are no renditions. */
bool renditions_unpack(struct arena *arena, struct str bytes, rendition_list *ret);

#endif
