#include "store/disputes.h"

#include "store/db.h"

static enum rc read_dispute(const struct query *q, struct arena *arena, void *ret,
                            struct fault *fault)
{
    (void)fault;
    *(struct dispute_row *)ret =
        (struct dispute_row){.id = (uint64_t)query_get_int(q, 0),
                             .restriction = (uint64_t)query_get_int(q, 1),
                             .demand = (uint64_t)query_get_int(q, 2),
                             .about = (uint64_t)query_get_int(q, 3),
                             .complaint = (uint64_t)query_get_int(q, 4),
                             .body = query_get_str(q, 5, arena),
                             .submitted = query_get_int(q, 6),
                             .index = query_get_int(q, 7),
                             .settled = query_get_int(q, 8),
                             .outcome = query_get_str(q, 9, arena),
                             .settlement_index = query_get_int(q, 10),
                             .settling = query_get_int(q, 11) != 0,
                             .correcting = query_get_int(q, 13) != 0 && query_get_int(q, 12) < 0,
                             .correction_index = query_get_int(q, 12),
                             .none = query_get_int(q, 14) != 0};
    return RC_OK;
}

enum rc dispute_add_row(struct store_conn *conn, const struct dispute_row *d, uint64_t entry_id,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DISPUTE_ADD);
    query_int(&q, 1, (int64_t)d->id);
    query_int(&q, 2, (int64_t)d->restriction);
    query_int(&q, 3, (int64_t)d->demand);
    query_int(&q, 4, (int64_t)d->about);
    query_int(&q, 5, (int64_t)d->complaint);
    query_str(&q, 6, d->body);
    query_int(&q, 7, d->submitted);
    query_int(&q, 8, (int64_t)entry_id);
    return query_run(&q, fault);
}

enum rc dispute_get_row(struct store_conn *conn, struct arena *arena, uint64_t id,
                        struct dispute_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DISPUTE_GET);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = id <= INT64_MAX ? query_step(&q, fault) : RC_NOT_FOUND;
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no dispute %llu", (unsigned long long)id);
    return rc == RC_OK ? read_dispute(&q, arena, ret, fault) : rc;
}

enum rc dispute_list_rows(struct store_conn *conn, struct arena *arena, size_t room,
                          struct dispute_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DISPUTE_LIST);
    query_int(&q, 1, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_dispute, ret, ret_n, fault);
}

enum rc dispute_rows_of_complaint(struct store_conn *conn, struct arena *arena, uint64_t complaint,
                                  size_t room, struct dispute_row **ret, size_t *ret_n,
                                  struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DISPUTE_OF_COMPLAINT);
    query_int(&q, 1, (int64_t)complaint);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_dispute, ret, ret_n, fault);
}

static enum rc note_correcting(struct store_conn *conn, uint64_t id, uint64_t entry_id,
                               struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DISPUTE_CORRECTING);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)entry_id);
    return query_run(&q, fault);
}

enum rc dispute_correct_row(struct store_conn *conn, const struct dispute_row *d, uint64_t entry_id,
                            struct fault *fault)
{
    enum rc rc = note_correcting(conn, d->id, entry_id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_DISPUTE_CORRECT);
    query_int(&q, 1, (int64_t)d->id);
    query_str(&q, 2, d->body);
    query_int(&q, 3, d->submitted);
    query_int(&q, 4, d->none || d->outcome.n > 0 ? (int64_t)entry_id : 0);
    query_int(&q, 5, d->settled);
    query_str(&q, 6, d->outcome);
    query_int(&q, 7, d->none);
    return query_run(&q, fault);
}

enum rc dispute_settle_row(struct store_conn *conn, uint64_t id, uint64_t entry_id, int64_t settled,
                           const char *outcome, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DISPUTE_SETTLE);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)entry_id);
    query_int(&q, 3, settled);
    query_str(&q, 4, str_of(outcome));
    return query_run(&q, fault);
}
