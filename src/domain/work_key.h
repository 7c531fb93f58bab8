/* Which editions are one work: keys that two editions of a work share.
 * Pure text rules. */
#ifndef COLOPHON_DOMAIN_WORK_KEY_H
#define COLOPHON_DOMAIN_WORK_KEY_H

#include "base/arena.h"
#include "domain/edition.h"

/* Lower-cased letters and digits only, accents dropped (ICU), for matching. */
struct str work_key_fold(struct arena *arena, struct str s);

/* At most `room` keys, strongest first:
 *   "work:<type>:<value>"      RelatedWork 01, manifestation of
 *   "isbn:<isbn13>"            RelatedProduct 06, 13, 27 and the edition's own
 *   "title:<title>|<part>|<first contributor>|<language>"
 * A title without a named contributor takes the publisher in its place; one
 * without either gets no title key. Returns how many. */
size_t work_keys(struct arena *arena, const struct edition *e, struct str *ret, size_t room);

#endif
