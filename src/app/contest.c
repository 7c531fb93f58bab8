#include "app/contest.h"

#include "app/beside.h"
#include "app/decide.h"
#include "app/lifting.h"
#include "domain/demand.h"
#include "record/entry.h"
#include "store/record_log.h"

enum rc contest_decision(struct arena *arena, const struct demand_row *row, int64_t *ret,
                         struct fault *fault)
{
    struct entry decision;
    if (!row->decided)
        return fault_set(fault, RC_CONFLICT, "demand %llu is not decided",
                         (unsigned long long)row->id);
    enum rc rc = entry_read(arena, row->decision_bytes, &decision, fault);
    if (rc == RC_OK && decision.decision.outcome == OUTCOME_GRANTED)
        rc = fault_set(fault, RC_CONFLICT, "demand %llu was neither refused nor narrowed",
                       (unsigned long long)row->id);
    if (rc == RC_OK && row->decision_index == LOG_PENDING)
        rc = fault_set(fault, RC_BUSY, "the decision waits for publication");
    if (rc == RC_OK)
        *ret = decision.at;
    return rc;
}

static enum rc undo(struct site *site, struct store_conn *conn, const struct contested *what,
                    struct str reasons, int64_t at, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct demand_row row;
    struct entry demand;
    if (what->demand == 0)
        return restriction_lift_put(site, conn, what->restriction, reasons, fault);
    enum rc rc = demands_get(conn, &arena, what->demand, &row, fault);
    if (rc == RC_OK)
        rc = entry_read(&arena, row.bytes, &demand, fault);
    return rc == RC_OK ? demands_reopen(conn, what->demand, what->about,
                                        demand_due(demand.demand.sender, at), fault)
                       : rc;
}

enum rc contest_answer(struct site *site, struct store_conn *conn, const struct contest_answer *a,
                       uint64_t *ret_entry_id, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct beside approval = beside_make(site, &arena, "approval", decide_who(&arena, a->staff));
    *a->approval = approval.commitment;
    enum rc rc = beside_entry(site, conn, a->entry, a->domain, a->text, ret_entry_id, fault);
    if (rc == RC_OK)
        rc = beside_put(conn, *ret_entry_id, &approval, fault);
    if (rc == RC_OK && a->wrong != NULL)
        rc = undo(site, conn, a->wrong, a->reasons, a->entry->at, fault);
    return rc;
}
