/* Answers kept in the process for viewers who are not signed in. What is kept says of
 * which state it was made: any commit, restriction, lift or boundary of time makes all
 * of them stale at once, but for pages of one work, which outlive what is said of others. */
#ifndef COLOPHON_WEB_PAGE_CACHE_H
#define COLOPHON_WEB_PAGE_CACHE_H

#include "base/str.h"
#include "web/reply.h"

struct page_cache;

/* What an answer was made of. */
struct page_state {
    uint64_t version;  /* of the view, and of the index */
    uint64_t view;     /* of the view alone */
    uint64_t standing; /* as gate_view has it */
    /* It rests on the catalogue, the decisions and this work's voices alone; 0: on more. */
    uint64_t work;
};

/* `good`: whether what rests on one work is so still, some versions of the view later. */
typedef bool (*page_good)(void *context, uint64_t view, uint64_t work);
struct page_cache *page_cache_new(size_t bytes_max, page_good good, void *context);
void page_cache_free(struct page_cache *cache);

/* The reply, held for the caller; NULL where there is none that is good now. Who asks
 * `again` for the same request is not counted. */
struct reply *page_cache_get(struct page_cache *cache, struct str key, const struct page_state *now,
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
void page_cache_put(struct page_cache *cache, struct str key, const struct page_state *made,
                    struct reply *reply);

#endif
