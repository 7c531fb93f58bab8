/* Bytes by a name that goes with them, in memory, so many of them; who was used least lately goes
 * first. For any number of threads. */
#ifndef COLOPHON_APP_BYTE_CACHE_H
#define COLOPHON_APP_BYTE_CACHE_H

#include "base/buf.h"

struct byte_cache;
struct byte_cache *byte_cache_new(size_t most, size_t bytes_max);
void byte_cache_free(struct byte_cache *cache);
/* Adds them to `ret`. */
bool byte_cache_get(struct byte_cache *cache, const char *name, struct buf *ret);
/* What is larger than all of it may be is not kept. */
void byte_cache_put(struct byte_cache *cache, const char *name, struct str bytes);

#endif
