/* Covers that feeds name are fetched, one after the other, and kept as covers are (cover.h).
 *
 * What is to be fetched stands in the database (store/cover_queue.h): it is filled from the
 * change feed, outlives a restart, and is one queue for all nodes; each row is claimed, and so
 * is its server, before anybody asks it. Both the fetching and the decoding are done by limited
 * processes (outside.h, thumbnail.h). What fails changes nothing but its row, which says why,
 * and is tried again, later each time. A cover that somebody gave stands over one of a feed. */
#ifndef COLOPHON_APP_COVER_FETCH_H
#define COLOPHON_APP_COVER_FETCH_H

#include "app/site.h"
#include "app/writer.h"

struct cover_fetching {
    bool loopback; /* servers on this machine, too: tests' */
    /* Of cover_fetch_all alone: what failed is due now; so is everything else. */
    bool again, all;
    void *context;
    bool (*stop)(void *context);                 /* may be NULL */
    void (*tell)(void *context, uint64_t count); /* may be NULL */
};
struct cover_fetched {
    uint64_t fetched, unchanged, failed;
};
/* All that are due, in this thread. */
enum rc cover_fetch_all(struct site *site, struct writer *writer,
                        const struct cover_fetching *fetching, struct cover_fetched *ret,
                        struct fault *fault) MUST_CHECK;

/* The thread of a server that does so whenever some are due, on the node that leads. */
struct cover_fetcher;
enum rc cover_fetcher_open(struct site *site, struct writer *writer, bool loopback,
                           struct cover_fetcher **ret, struct fault *fault) MUST_CHECK;
void cover_fetcher_wake(struct cover_fetcher *fetcher); /* records changed; NULL is harmless */
void cover_fetcher_close(struct cover_fetcher *fetcher);

/* What is known of an edition's link; `said` is one of: "" (not yet), "fetched", "given",
 * "link", "address", "unreachable", "slow", "large", "status", "picture". */
struct cover_news {
    struct str link, said;
    unsigned status;       /* HTTP's, of "status" */
    int64_t checked, next; /* when it was tried, and will be; 0: never */
};
/* False where its record names none, or nobody has looked yet. */
bool cover_news(struct store_conn *conn, struct arena *arena, uint64_t edition,
                struct cover_news *ret);

#endif
