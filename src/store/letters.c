#include "store/letters.h"

#include "store/db.h"

enum rc letter_row_add(struct store_conn *conn, const struct letter_row *l, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "letter", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_LETTER_ADD);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, l->message_id);
    query_str(&q, 3, l->kind);
    query_int(&q, 4, (int64_t)l->account);
    query_str(&q, 5, l->recipient);
    query_str(&q, 6, l->language);
    query_str(&q, 7, l->content);
    query_int(&q, 8, (int64_t)l->entry_id);
    query_int(&q, 9, l->created);
    query_int(&q, 10, l->until);
    rc = query_run(&q, fault);
    return rc == RC_OK && l->reason.n > 0
               ? letter_row_failed(conn, id, l->created, l->reason, fault)
               : rc;
}

static void read_row(const struct query *q, struct arena *arena, struct letter_row *l)
{
    *l = (struct letter_row){.id = (uint64_t)query_get_int(q, 0),
                             .message_id = query_get_str(q, 1, arena),
                             .kind = query_get_str(q, 2, arena),
                             .account = (uint64_t)query_get_int(q, 3),
                             .recipient = query_get_str(q, 4, arena),
                             .language = query_get_str(q, 5, arena),
                             .content = query_get_str(q, 6, arena),
                             .entry_id = (uint64_t)query_get_int(q, 7),
                             .state = query_get_str(q, 8, arena),
                             .created = query_get_int(q, 9),
                             .due = query_get_int(q, 10),
                             .until = query_get_int(q, 11),
                             .attempts = (unsigned)query_get_int(q, 12),
                             .ended = query_get_int(q, 13),
                             .reason = query_get_str(q, 14, arena)};
}

static enum rc read_rows(struct query *q, struct arena *arena, size_t room, struct letter_row **ret,
                         size_t *ret_n, struct fault *fault)
{
    struct letter_row *rows = ARENA_ARRAY(arena, struct letter_row, room);
    size_t n = 0;
    enum rc rc = RC_OK;
    while (n < room && (rc = query_step(q, fault)) == RC_OK)
        read_row(q, arena, &rows[n++]);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc letter_rows_due(struct store_conn *conn, struct arena *arena, int64_t now, size_t room,
                        struct letter_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LETTER_DUE);
    query_int(&q, 1, now);
    query_int(&q, 2, (int64_t)room);
    return read_rows(&q, arena, room, ret, ret_n, fault);
}

enum rc letter_rows(struct store_conn *conn, struct arena *arena, uint64_t before, struct str state,
                    size_t room, struct letter_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LETTER_LIST);
    query_int(&q, 1, before > INT64_MAX ? INT64_MAX : (int64_t)before);
    query_str(&q, 2, state);
    query_int(&q, 3, (int64_t)room);
    return read_rows(&q, arena, room, ret, ret_n, fault);
}

enum rc letter_row_count(struct store_conn *conn, struct str state, uint64_t *ret,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LETTER_COUNT);
    query_str(&q, 1, state);
    return query_number(&q, ret, fault);
}

enum rc letter_row_claim(struct store_conn *conn, uint64_t id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LETTER_CLAIM);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_run(&q, fault);
    if (rc == RC_OK && query_changes(&q) == 0)
        rc = fault_set(fault, RC_CONFLICT, "letter %llu: somebody else has it",
                       (unsigned long long)id);
    return rc;
}

enum rc letter_rows_release(struct store_conn *conn, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LETTER_RELEASE);
    return query_run(&q, fault);
}

enum rc letter_row_sent(struct store_conn *conn, uint64_t id, int64_t now, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LETTER_SENT);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, now);
    return query_run(&q, fault);
}

static enum rc end_attempt(struct store_conn *conn, enum statement name, uint64_t id, int64_t at,
                           struct str reason, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, at);
    query_str(&q, 3, reason);
    return query_run(&q, fault);
}

enum rc letter_row_later(struct store_conn *conn, uint64_t id, int64_t due, struct str reason,
                         struct fault *fault)
{
    return end_attempt(conn, SQL_LETTER_LATER, id, due, reason, fault);
}

enum rc letter_row_failed(struct store_conn *conn, uint64_t id, int64_t now, struct str reason,
                          struct fault *fault)
{
    return end_attempt(conn, SQL_LETTER_FAILED, id, now, reason, fault);
}

enum rc letter_row_retry(struct store_conn *conn, uint64_t id, int64_t now, int64_t until,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LETTER_RETRY);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, now);
    query_int(&q, 3, until);
    enum rc rc = query_run(&q, fault);
    if (rc == RC_OK && query_changes(&q) == 0)
        rc = fault_set(fault, RC_NOT_FOUND, "there is no letter %llu that could be sent again",
                       (unsigned long long)id);
    return rc;
}

enum rc letter_rows_forget(struct store_conn *conn, int64_t before, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LETTER_FORGET);
    query_int(&q, 1, before);
    return query_run(&q, fault);
}

enum rc account_contact(struct store_conn *conn, struct arena *arena, uint64_t account,
                        struct contact *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_CONTACT);
    query_int(&q, 1, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct contact){query_get_str(&q, 0, arena), query_get_str(&q, 1, arena),
                                query_get_int(&q, 2) != 0};
    return rc;
}

enum rc account_confirmed_put(struct store_conn *conn, uint64_t account, int64_t at,
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_CONFIRMED_PUT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, at);
    return query_run(&q, fault);
}
