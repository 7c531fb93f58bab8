#include <stdio.h>
#include <unistd.h>

#include "app/feed_inbox.h"
#include "app/feed_runner_parts.h"
#include "app/feeds.h"
#include "app/mail_queue.h"
#include "app/site.h"
#include "app/wake.h"
#include "base/clock.h"
#include "store/staff_rows.h"
#include "store/store.h"
#include "store/webhooks.h"

#define HALTED "it was stopped at the desk; what was read of it before stays"

enum { PARTNERS_MAX = 100 };

static enum rc tell_partners(struct feed_runner *r, struct store_conn *conn,
                             const struct feed_row *feed, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t *accounts;
    size_t n;
    struct str slug;
    if (feed->refused == 0 && !str_eq(feed->state, STR("held")))
        return RC_OK;
    enum rc rc = feed_shop_slug(conn, &arena, r->feed.shop, &slug, fault);
    if (rc == RC_OK)
        rc = partner_rows(conn, &arena, r->feed.shop, PARTNERS_MAX, &accounts, &n, fault);
    if (rc != RC_OK)
        return rc;
    JSON_AUTO *values =
        json_pack("{s:o, s:I, s:b, s:o, s:o}", "name", json_from_str(r->feed.name), "refused",
                  (json_int_t)feed->refused, "held", (int)str_eq(feed->state, STR("held")),
                  "reason", json_from_str(feed->reason), "path",
                  json_from_str(arena_printf(&arena, "/desk/partner/%.*s/feeds/%llu", STR_ARG(slug),
                                             (unsigned long long)feed->id)));
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct letter letter = {.kind = "feed", .account = accounts[i], .values = values};
        rc = mail_queue(conn, &letter, fault);
    }
    return rc;
}

static enum rc tell_program(const struct feed_runner *r, struct store_conn *conn,
                            const struct feed_row *feed, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    return webhook_tell(conn, r->feed.shop, "feed.ended",
                        arena_printf(&arena, "%llu", (unsigned long long)feed->id), clock_now(),
                        fault);
}

enum rc feed_commit_end(struct feed_runner *r, const struct feed_row *end, struct fault *fault)
{
    bool over = !str_eq(end->state, STR("waiting"));
    enum rc rc = store_begin(r->conn, fault);
    if (rc == RC_OK)
        rc = feed_row_end(r->conn, end, fault);
    if (rc == RC_OK && over)
        rc = feed_tell_times(r, r->conn, fault);
    if (rc == RC_OK && over)
        rc = tell_partners(r, r->conn, end, fault);
    if (rc == RC_OK && over)
        rc = tell_program(r, r->conn, end, fault);
    if (rc == RC_OK && over)
        rc = feed_rows_forget(r->conn, r->feed.shop, FEEDS_KEPT, fault);
    if (rc == RC_OK)
        rc = lease_end(r->conn, FEED_LEASE, r->term, fault);
    if (rc == RC_OK)
        return store_commit(r->conn, fault);
    store_rollback(r->conn);
    return rc;
}

/* What is over needs its file no more; what was dropped stays where its sender finds it. */
static void put_file_away(struct feed_runner *r, bool held)
{
    ARENA_AUTO arena = ARENA_INIT;
    if (str_eq(r->feed.source, STR("folder")))
        feed_inbox_put_away(r->inbox, r->feed.file, &r->was, held);
    else
        unlink(site_path(r->site, &arena, arena_z(&arena, r->feed.file)));
}

bool feed_end(struct feed_runner *r, enum rc rc, const struct import_summary *s,
              const struct fault *why)
{
    struct fault fault = {""};
    bool busy = rc == RC_BUSY, failed = rc != RC_OK && !busy;
    unsigned failures = r->feed.failures + failed;
    bool again = busy || (failed && failures < FEED_FAILURES_MAX);
    bool halted = rc == RC_OK && atomic_load(&r->halted) && s->stopped;
    bool held = (failed && !again) || s->broken_files > 0 || halted;
    bool stopped = rc == RC_OK && s->stopped && !halted;
    struct feed_row end = {.id = r->feed.id,
                           .state = stopped || again ? STR("waiting")
                                    : held           ? STR("held")
                                                     : STR("taken"),
                           .attempts = r->feed.attempts + !(stopped || busy),
                           .failures = failures,
                           .ended = stopped || again ? 0 : clock_now(),
                           .records = s->records,
                           .added = s->added,
                           .changed = s->changed,
                           .unchanged = s->unchanged,
                           .deleted = s->deleted,
                           .refused = s->refused,
                           .reason = halted          ? STR(HALTED)
                                     : held || again ? feed_without_path(r, str_of(why->text))
                                                     : STR_NONE};
    if (atomic_load(&r->lost))
        return false; /* another node's to tell of */
    rc = feed_tell(r, r->conn, &fault);
    if (rc == RC_OK)
        rc = feed_commit_end(r, &end, &fault);
    if (rc != RC_OK) /* its row runs on: it is taken up again */
        fprintf(stderr, "colophon: feed %llu: %s\n", (unsigned long long)r->feed.id, fault.text);
    else if (!stopped && !again)
        put_file_away(r, held);
    site_wake(r->site); /* letters may wait */
    return again;
}
