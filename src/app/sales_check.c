#include "app/sales_check.h"

#include "base/clock.h"
#include "store/sales_check.h"

enum { FOUND_MAX = 100 };

enum rc sales_check(struct store_conn *conn, struct arena *arena, size_t room, sales_findings *ret,
                    struct fault *fault)
{
    return sales_check_rows(conn, arena, room, ret, fault);
}

struct keeping {
    const sales_findings *found;
    int64_t at;
};

static enum rc keep_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct keeping *k = context;
    return sales_checked_row_put(conn, k->at, k->found, fault);
}

enum rc sales_check_daily(struct store_conn *conn, struct writer *writer, bool *ret_made,
                          struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    sales_findings found = {NULL, 0};
    struct keeping keep = {&found, clock_now()};
    int64_t before = 0;
    bool any = false;
    *ret_made = false;
    enum rc rc = sales_checked_row(conn, &before, &any, fault);
    if (rc != RC_OK || !any || date_of(before) == date_of(keep.at))
        return rc;
    rc = sales_check_rows(conn, &arena, FOUND_MAX, &found, fault);
    if (rc == RC_OK)
        rc = writer_run_aside(writer, keep_work, &keep, fault);
    *ret_made = rc == RC_OK;
    return rc;
}

enum rc sales_check_kept(struct store_conn *conn, struct arena *arena, size_t room,
                         sales_findings *ret, int64_t *ret_at, struct fault *fault)
{
    bool any = false;
    enum rc rc = sales_checked_row(conn, ret_at, &any, fault);
    return rc == RC_OK ? sales_finding_rows(conn, arena, room, ret, fault) : rc;
}

enum rc sales_check_count(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    return sales_finding_rows_count(conn, ret, fault);
}
