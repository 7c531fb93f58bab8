#include "app/acknowledge.h"

#include "app/beside.h"
#include "base/clock.h"
#include "store/demands.h"
#include "store/record_log.h"

enum { AT_ONCE = 20 };

struct acknowledge_work {
    struct site *site;
    struct demand_told told[AT_ONCE];
    size_t n;
    bool alone; /* by staff: what is wrong is said */
    uint64_t entry_id;
};

/* When the demand's published entry was made and, at the latest, when it came in. */
static enum rc demand_times(struct store_conn *conn, struct arena *arena, uint64_t id,
                            struct entry *ret, struct fault *fault)
{
    struct demand_row row;
    enum rc rc = demands_get(conn, arena, id, &row, fault);
    if (rc == RC_OK && row.index == LOG_PENDING)
        rc = fault_set(fault, RC_BUSY, "demand %llu is not published", (unsigned long long)id);
    return rc == RC_OK ? entry_read(arena, row.bytes, ret, fault) : rc;
}

static enum rc put(struct acknowledge_work *w, struct store_conn *conn,
                   const struct demand_told *told, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct entry demand, e = {.type = ENTRY_ACKNOWLEDGED, .at = clock_now()};
    uint64_t before;
    enum rc rc = demands_acknowledged(conn, told->demand, &before, fault);
    if (rc == RC_OK && before != 0)
        return w->alone ? fault_set(fault, RC_CONFLICT,
                                    "an entry says already when demand %llu was "
                                    "acknowledged",
                                    (unsigned long long)told->demand)
                        : RC_OK;
    if (rc == RC_OK)
        rc = demand_times(conn, &arena, told->demand, &demand, fault);
    if (rc == RC_OK && w->alone && date_of(told->sent) < date_of(demand.demand.received))
        rc = fault_set(fault, RC_INVALID, "sent: that is before it came in");
    if (rc != RC_OK)
        return rc;
    e.at = e.at < demand.at ? demand.at : e.at;
    e.acknowledged = (struct acknowledged_entry){
        told->demand, told->sent < demand.demand.received ? demand.demand.received : told->sent};
    rc = beside_entry(w->site, conn, &e, NULL, STR_NONE, &w->entry_id, fault);
    return rc == RC_OK ? demands_acknowledge(conn, told->demand, w->entry_id, fault) : rc;
}

static enum rc acknowledge_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct acknowledge_work *w = context;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < w->n; i++)
        rc = put(w, conn, &w->told[i], fault);
    return rc;
}

enum rc acknowledge_demand(struct site *site, struct writer *writer, uint64_t demand,
                           struct str sent, uint64_t *ret_index, struct fault *fault)
{
    struct acknowledge_work work = {.site = site, .n = 1, .alone = true};
    work.told[0].demand = demand;
    if (!time_or_date_parse(sent, false, &work.told[0].sent))
        return fault_set(fault, RC_INVALID, "sent: a date is needed, as 2026-12-31");
    if (work.told[0].sent > clock_now())
        return fault_set(fault, RC_INVALID, "sent: it has not come yet");
    enum rc rc = writer_run(writer, acknowledge_work, &work, fault);
    return rc == RC_OK ? entry_published(site, work.entry_id, ret_index, fault) : rc;
}

struct asking {
    uint64_t demand, entry_id;
};

static enum rc look(void *context, struct store_conn *conn, struct fault *fault)
{
    struct asking *a = context;
    return demands_acknowledged(conn, a->demand, &a->entry_id, fault);
}

enum rc acknowledged_is(struct site *site, uint64_t demand, bool *ret, struct fault *fault)
{
    struct asking asking = {.demand = demand};
    enum rc rc = site_look_wholly(site, look, &asking, fault);
    if (rc == RC_OK)
        *ret = asking.entry_id != 0;
    return rc;
}

enum rc acknowledge_letters(struct site *site, struct writer *writer, struct store_conn *conn,
                            bool *ret_more, struct fault *fault)
{
    struct acknowledge_work work = {.site = site};
    enum rc rc = demands_told(conn, work.told, AT_ONCE, &work.n, fault);
    if (rc == RC_OK && work.n > 0)
        rc = writer_run(writer, acknowledge_work, &work, fault);
    if (rc == RC_OK)
        *ret_more = work.n == AT_ONCE;
    return rc;
}
