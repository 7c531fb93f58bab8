/* The compressor of pages that are made anew: fast before short. Of two files behind it the build
 * takes one: ISA-L's, where Debian has it for the machine, or libdeflate's lowest level.
 *
 * What ISA-L makes of a page depends on the machine's processor, so that of two nodes each may
 * have an ETag of its own for a page. Nothing but a 304 in the place of a 200 is lost. */
#ifndef COLOPHON_WEB_GZIP_FAST_H
#define COLOPHON_WEB_GZIP_FAST_H

#include "base/str.h"

/* For one thread at a time; it says the same of the same bytes, whatever it was given before. */
struct gzip_fast;

struct gzip_fast *gzip_fast_new(void);
void gzip_fast_free(struct gzip_fast *fast);

/* The bytes it wrote; 0: it takes more than `room`. */
size_t gzip_fast_make(struct gzip_fast *fast, struct str bytes, void *to, size_t room);

#endif
