/* The queue of covers that feeds name (app/cover_fetch.h). Times are seconds of the machine's
 * clock. What changes needs an open write transaction. */
#ifndef COLOPHON_STORE_COVER_QUEUE_H
#define COLOPHON_STORE_COVER_QUEUE_H

#include "base/arena.h"
#include "base/encode.h"
#include "base/fault.h"
#include "store/store.h"

struct cover_fetch_row {
    uint64_t edition;
    struct str link, host;
    int64_t due;
    unsigned failures; /* one after the other */
    struct str said;   /* empty: it was not fetched yet */
    unsigned status;   /* HTTP's; 0: none */
    struct str etag, modified;
    bool has_digest;
    struct hash digest; /* of the bytes that came last */
    int64_t checked;    /* when it was tried last; 0: never */
};

/* Due at once where the link is another than before, else nothing changes. */
enum rc cover_fetch_put(struct store_conn *conn, uint64_t edition, struct str link, struct str host,
                        int64_t due, struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the record names none. */
enum rc cover_fetch_get(struct store_conn *conn, struct arena *arena, uint64_t edition,
                        struct cover_fetch_row *ret, struct fault *fault) MUST_CHECK;
/* The next one that is due and whose host is free, RC_NOT_FOUND. It walks past all that wait for
 * others: not for the writer's transactions. */
enum rc cover_fetch_next(struct store_conn *conn, int64_t now, uint64_t *ret_edition,
                         struct fault *fault) MUST_CHECK;
/* Claimed: it is due again `until` then, and so long nobody asks its host. RC_NOT_FOUND where it
 * is not due any more, or its host not free. */
enum rc cover_fetch_claim(struct store_conn *conn, struct arena *arena, uint64_t edition,
                          int64_t now, int64_t until, struct cover_fetch_row *ret,
                          struct fault *fault) MUST_CHECK;
/* What became of it, unless the record names another by now; its host is free from then on. */
enum rc cover_fetch_end(struct store_conn *conn, const struct cover_fetch_row *row,
                        int64_t host_free, struct fault *fault) MUST_CHECK;
enum rc cover_fetch_remove(struct store_conn *conn, uint64_t edition,
                           struct fault *fault) MUST_CHECK;
/* As if it had never been fetched; harmless where there is none. */
enum rc cover_fetch_anew(struct store_conn *conn, uint64_t edition, int64_t due,
                         struct fault *fault) MUST_CHECK;
enum rc cover_fetch_failed_anew(struct store_conn *conn, int64_t due,
                                struct fault *fault) MUST_CHECK;
/* Also those that came: their servers are asked whether they are still so. */
enum rc cover_fetch_all_anew(struct store_conn *conn, int64_t due, struct fault *fault) MUST_CHECK;
/* Whoever had claimed any is gone. */
enum rc cover_fetch_release(struct store_conn *conn, int64_t now, struct fault *fault) MUST_CHECK;

#endif
