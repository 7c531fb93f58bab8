#include "store/card_sessions.h"

#include "store/db.h"

static enum rc read_session(const struct query *q, struct arena *arena, void *ret,
                            struct fault *fault)
{
    (void)fault;
    *(struct card_session_row *)ret =
        (struct card_session_row){.payment = (uint64_t)query_get_int(q, 0),
                                  .attempt = (unsigned)query_get_int(q, 1),
                                  .session = query_get_str(q, 2, arena),
                                  .intent = query_get_str(q, 3, arena),
                                  .state = query_get_str(q, 4, arena),
                                  .begun = query_get_int(q, 5),
                                  .ask = query_get_int(q, 6)};
    return RC_OK;
}

enum rc card_session_row_add(struct store_conn *conn, const struct card_session_row *row,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CARD_SESSION_ADD);
    query_int(&q, 1, (int64_t)row->payment);
    query_int(&q, 2, row->attempt);
    query_str(&q, 3, row->session);
    query_str(&q, 4, row->intent);
    query_str(&q, 5, row->state);
    query_int(&q, 6, row->begun);
    query_int(&q, 7, row->ask);
    return query_run(&q, fault);
}

enum rc card_session_row_set(struct store_conn *conn, const struct card_session_row *row,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CARD_SESSION_SET);
    query_int(&q, 1, (int64_t)row->payment);
    query_int(&q, 2, row->attempt);
    query_str(&q, 3, row->session);
    query_str(&q, 4, row->intent);
    query_str(&q, 5, row->state);
    query_int(&q, 6, row->ask);
    return query_run(&q, fault);
}

enum rc card_session_row_latest(struct store_conn *conn, struct arena *arena, uint64_t payment,
                                struct card_session_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CARD_SESSION_LATEST);
    query_int(&q, 1, (int64_t)payment);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_session(&q, arena, ret, fault) : rc;
}

enum rc card_session_row_by_number(struct store_conn *conn, struct arena *arena, struct str number,
                                   struct card_session_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CARD_SESSION_BY_NUMBER);
    query_str(&q, 1, number);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_session(&q, arena, ret, fault) : rc;
}

enum rc card_session_rows_due(struct store_conn *conn, struct arena *arena, int64_t now,
                              size_t room, card_session_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CARD_SESSIONS_DUE);
    query_int(&q, 1, now);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_session, &ret->v, &ret->n, fault);
}
