#include "app/index_await.h"

#include <unistd.h>

#include "app/index_fill.h"
#include "app/wake.h"
#include "base/clock.h"
#include "store/store.h"

enum { CATCH_UP_MS = 120000 };

/* Whether no server follows the change feed any more. */
static bool nobody_follows(struct site *site)
{
    int lock;
    if (site_lock(site, "index", &lock, NULL) != RC_OK)
        return false;
    site_unlock(lock);
    return true;
}

enum rc index_await(struct site *site, uint64_t position, const atomic_bool *hurry,
                    struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *folder = site_path(site, &arena, "index");
    int64_t end = clock_monotonic_ms() + CATCH_UP_MS;
    uint64_t reached = 0;
    for (unsigned tries = 1;; tries++) {
        if (search_stored_position(folder, &reached, NULL) == RC_OK && reached >= position)
            return RC_OK;
        if (hurry != NULL && atomic_load(hurry))
            return RC_OK;
        if (tries % 50 == 0 && !index_has_room(site))
            return index_check_room(site, fault);
        if (tries % 50 == 0 && nobody_follows(site))
            return fault_set(fault, RC_NOT_FOUND, "the server has ended");
        if (clock_monotonic_ms() > end)
            return fault_set(fault, RC_BUSY,
                             "the running server has not brought its index up to date");
        site_wake(site);
        usleep(10000);
    }
}

enum rc index_latest_change(struct site *site, uint64_t *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = store_change_latest(conn, ret, fault);
    site_disconnect(conn);
    return rc;
}
