#include "store/feeds.h"

#include "store/db.h"

enum rc feed_row_add(struct store_conn *conn, const struct feed_row *row, uint64_t *ret_id,
                     struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "feed", 1, ret_id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_FEED_ADD);
    query_int(&q, 1, (int64_t)*ret_id);
    query_int(&q, 2, (int64_t)row->shop);
    query_str(&q, 3, row->name);
    query_str(&q, 4, row->file);
    query_str(&q, 5, row->source);
    query_int(&q, 6, (int64_t)row->account);
    query_int(&q, 7, row->received);
    query_int(&q, 8, (int64_t)row->bytes_all);
    query_str(&q, 9, row->node);
    return query_run(&q, fault);
}

static struct feed_row read_feed(const struct query *q, struct arena *arena)
{
    return (struct feed_row){
        .id = (uint64_t)query_get_int(q, 0),
        .shop = (uint64_t)query_get_int(q, 1),
        .name = query_get_str(q, 2, arena),
        .file = query_get_str(q, 3, arena),
        .source = query_get_str(q, 4, arena),
        .account = (uint64_t)query_get_int(q, 5),
        .received = query_get_int(q, 6),
        .state = query_get_str(q, 7, arena),
        .attempts = (unsigned)query_get_int(q, 8),
        .started = query_get_int(q, 9),
        .ended = query_get_int(q, 10),
        .bytes = (uint64_t)query_get_int(q, 11),
        .bytes_all = (uint64_t)query_get_int(q, 12),
        .records = (uint64_t)query_get_int(q, 13),
        .added = (uint64_t)query_get_int(q, 14),
        .changed = (uint64_t)query_get_int(q, 15),
        .unchanged = (uint64_t)query_get_int(q, 16),
        .deleted = (uint64_t)query_get_int(q, 17),
        .refused = (uint64_t)query_get_int(q, 18),
        .reason = query_get_str(q, 19, arena),
        .node = query_get_str(q, 20, arena),
        .failures = (unsigned)query_get_int(q, 21),
        .halted = query_get_int(q, 22) != 0,
    };
}

static enum rc read_feeds(struct query *q, struct arena *arena, size_t room, struct feed_row **ret,
                          size_t *ret_n, struct fault *fault)
{
    struct feed_row *rows = ARENA_ARRAY(arena, struct feed_row, room);
    size_t n = 0;
    enum rc rc = RC_OK;
    while (n < room && (rc = query_step(q, fault)) == RC_OK)
        rows[n++] = read_feed(q, arena);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc feed_row_get(struct store_conn *conn, struct arena *arena, uint64_t id,
                     struct feed_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_BY_ID);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_feed(&q, arena);
    return rc;
}

enum rc feed_rows_of_shop(struct store_conn *conn, struct arena *arena, uint64_t shop,
                          size_t offset, size_t room, struct feed_row **ret, size_t *ret_n,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_OF_SHOP);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)room);
    query_int(&q, 3, (int64_t)offset);
    return read_feeds(&q, arena, room, ret, ret_n, fault);
}

enum rc feed_row_before(struct store_conn *conn, struct arena *arena, uint64_t shop,
                        struct str name, uint64_t id, struct feed_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_BEFORE);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, name);
    query_int(&q, 3, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_feed(&q, arena);
    return rc;
}

enum rc finding_rows_beyond(struct store_conn *conn, uint64_t feed, uint64_t other, uint64_t *ret,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_FINDING_BEYOND);
    query_int(&q, 1, (int64_t)feed);
    query_int(&q, 2, (int64_t)other);
    return query_number(&q, ret, fault);
}

enum rc feed_row_count(struct store_conn *conn, uint64_t shop, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_COUNT);
    query_int(&q, 1, (int64_t)shop);
    return query_number(&q, ret, fault);
}

static enum rc read_trouble(const struct query *q, struct arena *arena, void *ret,
                            struct fault *fault)
{
    (void)fault;
    *(struct feed_trouble *)ret = (struct feed_trouble){.shop = query_get_str(q, 0, arena),
                                                        .name = query_get_str(q, 1, arena),
                                                        .held = (uint64_t)query_get_int(q, 2),
                                                        .late = (uint64_t)query_get_int(q, 3)};
    return RC_OK;
}

enum rc feed_troubles(struct store_conn *conn, struct arena *arena, int64_t held_since,
                      int64_t late_before, size_t room, struct feed_trouble **ret, size_t *ret_n,
                      struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_TROUBLE);
    query_int(&q, 1, held_since);
    query_int(&q, 2, late_before);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_trouble, ret, ret_n, fault);
}

enum rc feed_rows_open(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                       struct feed_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_OPEN);
    query_int(&q, 1, (int64_t)after);
    query_int(&q, 2, (int64_t)room);
    return read_feeds(&q, arena, room, ret, ret_n, fault);
}

enum rc feed_rows_open_of(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                          struct feed_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_OPEN_OF_SHOP);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)room);
    return read_feeds(&q, arena, room, ret, ret_n, fault);
}

enum rc feed_file_named(struct store_conn *conn, struct str file, bool *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_FILE_NAMED);
    query_str(&q, 1, file);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0) > 0;
    return rc;
}

enum rc feed_shop_slug(struct store_conn *conn, struct arena *arena, uint64_t shop, struct str *ret,
                       struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_SHOP_SLUG);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

static enum rc clear_findings(struct store_conn *conn, uint64_t id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_FINDING_CLEAR);
    query_int(&q, 1, (int64_t)id);
    return query_run(&q, fault);
}

enum rc feed_row_begin(struct store_conn *conn, uint64_t id, int64_t now, struct fault *fault)
{
    enum rc rc = clear_findings(conn, id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_FEED_BEGIN);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, now);
    return query_run(&q, fault);
}

enum rc feed_row_progress(struct store_conn *conn, uint64_t id, uint64_t bytes, uint64_t bytes_all,
                          uint64_t records, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_PROGRESS);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)bytes);
    query_int(&q, 3, (int64_t)bytes_all);
    query_int(&q, 4, (int64_t)records);
    return query_run(&q, fault);
}

enum rc feed_row_halt(struct store_conn *conn, uint64_t id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_HALT);
    query_int(&q, 1, (int64_t)id);
    return query_run(&q, fault);
}

enum rc feed_row_halted(struct store_conn *conn, uint64_t id, bool *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_HALTED);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0) != 0;
    return rc;
}

enum rc feed_row_end(struct store_conn *conn, const struct feed_row *row, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_END);
    query_int(&q, 1, (int64_t)row->id);
    query_str(&q, 2, row->state);
    query_int(&q, 3, row->ended);
    query_int(&q, 4, (int64_t)row->records);
    query_int(&q, 5, (int64_t)row->added);
    query_int(&q, 6, (int64_t)row->changed);
    query_int(&q, 7, (int64_t)row->unchanged);
    query_int(&q, 8, (int64_t)row->deleted);
    query_int(&q, 9, (int64_t)row->refused);
    query_str(&q, 10, row->reason);
    query_int(&q, 11, row->attempts);
    query_int(&q, 12, row->failures);
    return query_run(&q, fault);
}

enum rc feed_rows_forget(struct store_conn *conn, uint64_t shop, size_t keep, struct fault *fault)
{
    enum { AT_ONCE = 100 };
    uint64_t ids[AT_ONCE];
    size_t n = 0;
    enum rc rc = RC_OK;
    {
        QUERY q = query_start(conn, SQL_FEED_OLD);
        query_int(&q, 1, (int64_t)shop);
        query_int(&q, 2, (int64_t)keep);
        while (n < AT_ONCE && (rc = query_step(&q, fault)) == RC_OK)
            ids[n++] = (uint64_t)query_get_int(&q, 0);
    }
    if (rc == RC_NOT_FOUND)
        rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        rc = clear_findings(conn, ids[i], fault);
        QUERY q = query_start(conn, SQL_FEED_REMOVE);
        query_int(&q, 1, (int64_t)ids[i]);
        if (rc == RC_OK)
            rc = query_run(&q, fault);
    }
    return rc;
}

enum rc finding_row_times(struct store_conn *conn, uint64_t feed, uint64_t n, uint64_t times,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_FINDING_TIMES);
    query_int(&q, 1, (int64_t)feed);
    query_int(&q, 2, (int64_t)n);
    query_int(&q, 3, (int64_t)times);
    return query_run(&q, fault);
}

enum rc finding_row_add(struct store_conn *conn, uint64_t feed, const struct finding_row *row,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_FINDING_ADD);
    query_int(&q, 1, (int64_t)feed);
    query_int(&q, 2, (int64_t)row->n);
    query_str(&q, 3, row->severity);
    query_int(&q, 4, (int64_t)row->line);
    query_str(&q, 5, row->reference);
    query_str(&q, 6, row->isbn);
    query_str(&q, 7, row->element);
    query_str(&q, 8, row->code);
    query_str(&q, 9, row->reason);
    return query_post(&q, fault);
}

enum rc finding_rows(struct store_conn *conn, struct arena *arena, uint64_t feed,
                     struct str severity, uint64_t after, size_t room, struct finding_row **ret,
                     size_t *ret_n, struct fault *fault)
{
    bool all = severity.n == 0;
    QUERY q = query_start(conn, all ? SQL_FEED_FINDINGS : SQL_FEED_FINDINGS_OF);
    query_int(&q, 1, (int64_t)feed);
    if (!all)
        query_str(&q, 2, severity);
    query_int(&q, all ? 2 : 3, (int64_t)after);
    query_int(&q, all ? 3 : 4, (int64_t)room);
    struct finding_row *rows = ARENA_ARRAY(arena, struct finding_row, room);
    size_t n = 0;
    enum rc rc = RC_OK;
    while (n < room && (rc = query_step(&q, fault)) == RC_OK)
        rows[n++] =
            (struct finding_row){(uint64_t)query_get_int(&q, 0), query_get_str(&q, 1, arena),
                                 (uint64_t)query_get_int(&q, 2), query_get_str(&q, 3, arena),
                                 query_get_str(&q, 4, arena),    query_get_str(&q, 5, arena),
                                 query_get_str(&q, 6, arena),    query_get_str(&q, 7, arena),
                                 (uint64_t)query_get_int(&q, 8)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc finding_row_counts(struct store_conn *conn, uint64_t feed, uint64_t *ret_errors,
                           uint64_t *ret_warnings, uint64_t *ret_informations, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FEED_FINDING_COUNT);
    query_int(&q, 1, (int64_t)feed);
    enum rc rc;
    *ret_errors = *ret_warnings = *ret_informations = 0;
    while ((rc = query_step(&q, fault)) == RC_OK)
        *(str_is(query_peek(&q, 0), "error")     ? ret_errors
          : str_is(query_peek(&q, 0), "warning") ? ret_warnings
                                                 : ret_informations) =
            (uint64_t)query_get_int(&q, 1);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
