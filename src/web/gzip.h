/* Bodies in gzip form. */
#ifndef COLOPHON_WEB_GZIP_H
#define COLOPHON_WEB_GZIP_H

#include "base/str.h"

/* The tables of compressors (gzip_fast.h), 100 or 200 KiB each, kept between pages: as many as were
 * ever in use at once, eight at most. */
struct gzip_pool;

struct gzip_pool *gzip_pool_new(void);
void gzip_pool_free(struct gzip_pool *pool);

/* malloc'ed; NULL where it would not be shorter. `thorough`: for what is made once and
 * sent for ever. */
void *gzip_make(struct gzip_pool *pool, struct str bytes, bool thorough, size_t *ret_n);
/* What gzip_make made it of, `n` bytes; malloc'ed. */
void *gzip_undo(struct str packed, size_t n);

#endif
