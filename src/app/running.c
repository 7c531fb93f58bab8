#include "app/running.h"

#include <sys/statvfs.h>

#include "app/site.h"
#include "base/clock.h"
#include "store/feeds.h"

enum { HELD_S = 7 * 86400, LATE_S = 3600 };

enum rc running_read(const struct site *site, struct store_conn *conn, struct arena *arena,
                     struct running *ret, struct fault *fault)
{
    struct feed_trouble *rows;
    size_t n;
    int64_t now = clock_now();
    struct running running = {0};
    struct statvfs disk;
    enum rc rc =
        feed_troubles(conn, arena, now - HELD_S, now - LATE_S, RUNNING_SHOPS_MAX, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    running.shops.v = ARENA_ARRAY(arena, struct running_shop, n);
    for (size_t i = 0; i < n; i++)
        running.shops.v[running.shops.n++] =
            (struct running_shop){rows[i].shop, rows[i].name, rows[i].held, rows[i].late};
    if (statvfs(site_dir(site), &disk) == 0) {
        running.disk_free = (uint64_t)disk.f_bavail * disk.f_frsize;
        running.disk_all = (uint64_t)disk.f_blocks * disk.f_frsize;
    }
    *ret = running;
    return RC_OK;
}
