#include "store/trail.h"

#include "base/clock.h"
#include "store/db.h"

enum { ROW_MAX = 16 << 10 };

static void part_add(struct buf *b, struct str s)
{
    buf_be(b, s.n, 8);
    buf_str_add(b, s);
}

struct hash trail_row_hash(const struct trail_row *row, const struct hash *before)
{
    BUF_AUTO b = BUF_INIT(4 * ROW_MAX);
    BUF_LIT(&b, "colophon/trail\n");
    buf_add(&b, before->b, sizeof before->b);
    buf_be(&b, row->id, 8);
    buf_be(&b, (uint64_t)row->at, 8);
    buf_be(&b, row->account, 8);
    part_add(&b, row->who);
    part_add(&b, row->what);
    part_add(&b, row->subject);
    return sha256(b.p, b.n);
}

static enum rc read_hash(const struct query *q, int column, struct hash *ret, struct fault *fault)
{
    struct str bytes = query_peek(q, column);
    if (bytes.n != sizeof ret->b)
        return fault_set(fault, RC_CORRUPT, "the trail: a hash has %zu bytes", bytes.n);
    memcpy(ret->b, bytes.p, sizeof ret->b);
    return RC_OK;
}

static enum rc find_last(struct store_conn *conn, uint64_t *ret_id, struct hash *ret,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TRAIL_LAST);
    enum rc rc = query_step(&q, fault);
    *ret_id = 0;
    *ret = (struct hash){{0}};
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc != RC_OK)
        return rc;
    *ret_id = (uint64_t)query_get_int(&q, 0);
    return read_hash(&q, 1, ret, fault);
}

enum rc trail_row_add(struct store_conn *conn, const struct store_act *act, struct fault *fault)
{
    uint64_t last;
    struct hash before;
    struct trail_row row = {.at = clock_now(),
                            .account = act->account,
                            .who = str_sub(act->who, 0, ROW_MAX / 4),
                            .what = str_sub(act->what, 0, ROW_MAX / 4),
                            .subject = str_sub(act->subject, 0, ROW_MAX / 4)};
    enum rc rc = find_last(conn, &last, &before, fault);
    if (rc != RC_OK)
        return rc;
    row.id = last + 1;
    row.hash = trail_row_hash(&row, &before);
    QUERY q = query_start(conn, SQL_TRAIL_ADD);
    query_int(&q, 1, (int64_t)row.id);
    query_int(&q, 2, row.at);
    query_int(&q, 3, (int64_t)row.account);
    query_str(&q, 4, row.who);
    query_str(&q, 5, row.what);
    query_str(&q, 6, row.subject);
    query_bytes(&q, 7, row.hash.b, sizeof row.hash.b);
    return query_run(&q, fault);
}

static enum rc read_rows(struct query *q, struct arena *arena, size_t room, struct trail_row **ret,
                         size_t *ret_n, struct fault *fault)
{
    struct trail_row *rows = ARENA_ARRAY(arena, struct trail_row, room);
    size_t n = 0;
    enum rc rc = RC_OK;
    while (n < room && (rc = query_step(q, fault)) == RC_OK) {
        struct trail_row *r = &rows[n++];
        *r = (struct trail_row){.id = (uint64_t)query_get_int(q, 0),
                                .at = query_get_int(q, 1),
                                .account = (uint64_t)query_get_int(q, 2),
                                .who = query_get_str(q, 3, arena),
                                .what = query_get_str(q, 4, arena),
                                .subject = query_get_str(q, 5, arena)};
        rc = read_hash(q, 6, &r->hash, fault);
        if (rc != RC_OK)
            return rc;
    }
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc trail_rows_after(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                         struct trail_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TRAIL_AFTER);
    query_int(&q, 1, (int64_t)after);
    query_int(&q, 2, (int64_t)room);
    return read_rows(&q, arena, room, ret, ret_n, fault);
}

static void bind_choice(struct query *q, struct str who, int64_t since, int64_t until)
{
    query_str(q, 1, who);
    query_int(q, 2, since);
    query_int(q, 3, until);
}

enum rc trail_rows(struct store_conn *conn, struct arena *arena, struct str who, int64_t since,
                   int64_t until, size_t offset, size_t room, struct trail_row **ret, size_t *ret_n,
                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TRAIL_LIST);
    bind_choice(&q, who, since, until);
    query_int(&q, 4, (int64_t)room);
    query_int(&q, 5, (int64_t)offset);
    return read_rows(&q, arena, room, ret, ret_n, fault);
}

enum rc trail_row_count(struct store_conn *conn, struct str who, int64_t since, int64_t until,
                        uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TRAIL_COUNT);
    bind_choice(&q, who, since, until);
    return query_number(&q, ret, fault);
}
