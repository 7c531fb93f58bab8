#include "store/epub_uploads.h"

#include "store/db.h"

static enum rc read_upload(const struct query *q, struct arena *arena, void *ret,
                           struct fault *fault)
{
    (void)fault;
    *(struct epub_upload_row *)ret =
        (struct epub_upload_row){.id = (uint64_t)query_get_int(q, 0),
                                 .edition = (uint64_t)query_get_int(q, 1),
                                 .shop = (uint64_t)query_get_int(q, 2),
                                 .account = (uint64_t)query_get_int(q, 3),
                                 .node = query_get_str(q, 4, arena),
                                 .file = query_get_str(q, 5, arena),
                                 .bytes = (uint64_t)query_get_int(q, 6),
                                 .received = query_get_int(q, 7),
                                 .begun = (uint64_t)query_get_int(q, 8),
                                 .state = query_get_str(q, 9, arena),
                                 .ended = query_get_int(q, 10),
                                 .reason = query_get_str(q, 11, arena),
                                 .problems = query_get_str(q, 12, arena),
                                 .isbn = query_get_str(q, 13, arena)};
    return RC_OK;
}

static enum rc forget(struct store_conn *conn, uint64_t edition, uint64_t shop, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_UPLOAD_FORGET);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, (int64_t)shop);
    return query_run(&q, fault);
}

enum rc epub_upload_add(struct store_conn *conn, struct epub_upload_row *row, struct fault *fault)
{
    enum rc rc = forget(conn, row->edition, row->shop, fault);
    if (rc == RC_OK)
        rc = store_take_ids(conn, "epub_upload", 1, &row->id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_EPUB_UPLOAD_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_int(&q, 2, (int64_t)row->edition);
    query_int(&q, 3, (int64_t)row->shop);
    query_int(&q, 4, (int64_t)row->account);
    query_str(&q, 5, row->node);
    query_str(&q, 6, row->file);
    query_int(&q, 7, (int64_t)row->bytes);
    query_int(&q, 8, row->received);
    return query_run(&q, fault);
}

enum rc epub_upload_next(struct store_conn *conn, struct arena *arena, struct str node, int64_t now,
                         struct epub_upload_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_UPLOAD_NEXT);
    query_str(&q, 1, node);
    query_int(&q, 2, now);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_upload(&q, arena, ret, fault) : rc;
}

enum rc epub_upload_latest(struct store_conn *conn, struct arena *arena, uint64_t edition,
                           uint64_t shop, struct epub_upload_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_UPLOAD_LATEST);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_upload(&q, arena, ret, fault) : rc;
}

enum rc epub_upload_begin(struct store_conn *conn, uint64_t id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_UPLOAD_BEGIN);
    query_int(&q, 1, (int64_t)id);
    return query_run(&q, fault);
}

enum rc epub_upload_later(struct store_conn *conn, uint64_t id, int64_t due, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_UPLOAD_LATER);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, due);
    return query_run(&q, fault);
}

enum rc epub_upload_end(struct store_conn *conn, const struct epub_upload_row *row,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_UPLOAD_END);
    query_int(&q, 1, (int64_t)row->id);
    query_str(&q, 2, row->state);
    query_int(&q, 3, row->ended);
    query_str(&q, 4, row->reason);
    query_str(&q, 5, row->problems);
    return query_run(&q, fault);
}

enum rc epub_uploads_give_up(struct store_conn *conn, int64_t before, int64_t now,
                             struct str reason, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_UPLOADS_GIVE_UP);
    query_int(&q, 1, before);
    query_int(&q, 2, now);
    query_str(&q, 3, reason);
    return query_run(&q, fault);
}

enum rc epub_uploads_open(struct store_conn *conn, uint64_t shop, uint64_t *ret_n,
                          uint64_t *ret_bytes, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_UPLOADS_OPEN);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK) {
        *ret_n = (uint64_t)query_get_int(&q, 0);
        *ret_bytes = (uint64_t)query_get_int(&q, 1);
    }
    return rc;
}

enum rc epub_upload_named(struct store_conn *conn, struct str file, bool *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_UPLOAD_NAMED);
    query_str(&q, 1, file);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0) > 0;
    return rc;
}
