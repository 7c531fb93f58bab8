/* Answers kept in the process for viewers who are not signed in. A key holds the
 * view's version and the index's, so that any commit, restriction, lift or
 * boundary of time makes all of them stale at once. */
#ifndef COLOPHON_WEB_PAGE_CACHE_H
#define COLOPHON_WEB_PAGE_CACHE_H

#include "base/str.h"
#include "web/reply.h"

struct page_cache;
struct page_cache *page_cache_new(size_t bytes_max);
void page_cache_free(struct page_cache *cache);

/* The reply, held for the caller; NULL where there is none of this version. Who asks
 * `again` for the same request is not counted. */
struct reply *page_cache_get(struct page_cache *cache, struct str key, uint64_t version,
                             bool again);
/* The last reply that was put for this request, of whatever version, where
 * nothing was taken back since (`standing`) and it is no older than a failover takes: for
 * when nothing newer can be made. NULL where there is none. */
struct reply *page_cache_last(struct page_cache *cache, struct str key, uint64_t standing);
struct page_cache_state {
    uint64_t hits, misses;
    size_t bytes, pages;
};
struct page_cache_state page_cache_read(struct page_cache *cache);
void page_cache_put(struct page_cache *cache, struct str key, uint64_t version, uint64_t standing,
                    struct reply *reply);

#endif
