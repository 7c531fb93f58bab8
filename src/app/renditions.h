/* Inside app/: one picture made into all the forms that pages show of a cover. */
#ifndef COLOPHON_APP_RENDITIONS_H
#define COLOPHON_APP_RENDITIONS_H

#include "app/thumbnail.h"
#include "domain/rendition.h"

/* The first is a JPEG as large as covers are kept (cover.h); after it AVIF, WebP and JPEG in
 * up to four widths, none wider than the first. Their bytes, one behind the other, are added
 * to `ret`. Fails as thumbnail_make does; a form that libvips cannot make here is left out, and
 * counted. */
enum rc renditions_make(struct arena *arena, struct str bytes, struct buf *ret,
                        rendition_list *ret_list, size_t *ret_missing,
                        struct fault *fault) MUST_CHECK;

#endif
