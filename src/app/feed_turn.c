#include <unistd.h>

#include "app/feed_inbox.h"
#include "app/feed_runner_parts.h"
#include "app/site.h"
#include "app/wake.h"
#include "base/clock.h"
#include "store/store.h"

enum {
    EXPIRES_MS = 5000,           /* a beat that stands still so long is nobody's */
    FEEDS_AT_ONCE = 200,         /* rows of the queue */
    ELSEWHERE_S = 7 * 24 * 3600, /* another node has the file, or nobody after so long */
};

/* The lease and the feed's new state are one transaction. */
static enum rc claim(struct feed_runner *r, struct fault *fault)
{
    int64_t at = 0;
    enum rc rc = store_begin(r->conn, fault);
    if (rc == RC_OK)
        rc = store_clock(r->conn, &at, fault);
    if (rc == RC_OK)
        rc = lease_take(r->conn, FEED_LEASE, str_of(r->holder), &r->seen, at, &r->term, fault);
    if (rc == RC_OK)
        rc = feed_row_begin(r->conn, r->feed.id, clock_now(), fault);
    if (rc == RC_OK)
        return store_commit(r->conn, fault);
    store_rollback(r->conn);
    return rc;
}

enum rc feed_look_at_lease(struct feed_runner *r, bool *ret_free, struct fault *fault)
{
    struct lease now;
    enum rc rc = lease_look(r->conn, FEED_LEASE, &now, fault);
    if (rc != RC_OK)
        return rc;
    int64_t ms = clock_monotonic_ms();
    if (r->seen_at == 0 || now.term != r->seen.term || now.beat != r->seen.beat)
        r->seen_at = ms;
    r->seen = now;
    *ret_free = !now.held || ms - r->seen_at >= EXPIRES_MS;
    return RC_OK;
}

enum rc feed_claim(struct feed_runner *r, struct fault *fault)
{
    bool free = false;
    enum rc rc = feed_look_at_lease(r, &free, fault);
    if (rc == RC_OK && !free)
        return fault_set(fault, RC_CONFLICT, "another node imports");
    return rc == RC_OK ? claim(r, fault) : rc;
}

static bool has_file(const struct feed_runner *r, const struct feed_row *feed)
{
    struct stat st;
    int fd = feed_file_open(r->site, feed->file, &st);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Its file is not here, and will not come. */
static bool is_gone(const struct feed_runner *r, const struct feed_row *feed)
{
    return str_eq(feed->node, r->node) || clock_now() - feed->received > ELSEWHERE_S;
}

/* Its sender took it back, or it was lost: nobody waits for it. */
static enum rc end_gone(struct feed_runner *r, const struct feed_row *feed, struct fault *fault)
{
    bool dropped = str_eq(feed->source, STR("folder"));
    struct feed_row end = {.id = feed->id,
                           .state = STR("held"),
                           .attempts = feed->attempts,
                           .failures = feed->failures,
                           .ended = clock_now(),
                           .reason = dropped ? STR("the file was taken back out of the folder")
                                             : STR("the file is gone; send it once more")};
    r->feed = *feed;
    feed_tell_begin(r); /* nothing was found in it */
    enum rc rc = feed_claim(r, fault);
    if (rc == RC_OK)
        rc = feed_commit_end(r, &end, fault);
    site_wake(r->site);
    return rc;
}

enum rc feed_choose(struct feed_runner *r, struct arena *arena, struct feed_row *ret, bool *ret_any,
                    struct fault *fault)
{
    struct feed_row *rows;
    size_t n = FEEDS_AT_ONCE;
    enum rc rc = RC_OK;
    *ret_any = false;
    for (uint64_t after = 0; rc == RC_OK && n == FEEDS_AT_ONCE;
         after = n > 0 ? rows[n - 1].id : 0) {
        rc = feed_rows_open(r->conn, arena, after, FEEDS_AT_ONCE, &rows, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            uint64_t turn = rows[i].shop - r->last_shop - 1; /* those before it come last */
            if (has_file(r, &rows[i])) {
                if (!*ret_any || turn < ret->shop - r->last_shop - 1)
                    *ret = rows[i];
                *ret_any = true;
            } else if (is_gone(r, &rows[i])) {
                rc = end_gone(r, &rows[i], fault);
            }
        }
    }
    return rc;
}
