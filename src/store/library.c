#include "store/library.h"

#include "statements.h"
#include "store/db.h"

static enum rc read_row(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct library_row *)ret = (struct library_row){.edition = (uint64_t)query_get_int(q, 0),
                                                      .work = (uint64_t)query_get_int(q, 1),
                                                      .isbn = query_get_str(q, 2, arena),
                                                      .title = query_get_str(q, 3, arena),
                                                      .contributor = query_get_str(q, 4, arena),
                                                      .language = query_get_str(q, 5, arena),
                                                      .shop = query_get_str(q, 6, arena),
                                                      .source = query_get_str(q, 7, arena),
                                                      .since = query_get_int(q, 8),
                                                      .hidden = query_get_int(q, 9) != 0,
                                                      .opened = query_get_int(q, 10),
                                                      .place = (uint64_t)query_get_int(q, 11)};
    return RC_OK;
}

static enum rc read_one(struct query *q, struct arena *arena, row_reader read, void *ret,
                        struct fault *fault)
{
    enum rc rc = query_step(q, fault);
    return rc == RC_OK ? read(q, arena, ret, fault) : rc;
}

static enum rc read_count(struct query *q, uint64_t *ret, struct fault *fault)
{
    enum rc rc = query_step(q, fault);
    if (rc == RC_OK)
        *ret = (uint64_t)query_get_int(q, 0);
    return rc;
}

enum rc library_row_add(struct store_conn *conn, const struct library_row *row, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIBRARY_ADD);
    query_int(&q, 1, (int64_t)row->account);
    query_int(&q, 2, (int64_t)row->edition);
    query_str(&q, 3, row->source);
    query_int(&q, 4, (int64_t)row->line);
    query_int(&q, 5, row->since);
    query_int(&q, 6, (int64_t)row->work);
    query_str(&q, 7, row->isbn);
    query_str(&q, 8, row->title);
    query_str(&q, 9, row->contributor);
    query_str(&q, 10, row->language);
    query_str(&q, 11, row->shop);
    query_str(&q, 12, row->words);
    query_bytes(&q, 13, row->sorted, sizeof row->sorted);
    return query_run(&q, fault);
}

/* A statement on what an account has, with one value more. */
static enum rc change(struct store_conn *conn, enum statement name, uint64_t account, uint64_t id,
                      int64_t value, bool *ret_any, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)id);
    query_int(&q, 3, value);
    enum rc rc = query_run(&q, fault);
    if (ret_any != NULL)
        *ret_any = rc == RC_OK && query_changes(&q) > 0;
    return rc;
}

enum rc library_row_end(struct store_conn *conn, uint64_t account, uint64_t edition, int64_t now,
                        struct fault *fault)
{
    return change(conn, SQL_LIBRARY_END, account, edition, now, NULL, fault);
}

enum rc library_row_hide(struct store_conn *conn, uint64_t account, uint64_t edition, bool hidden,
                         bool *ret_any, struct fault *fault)
{
    return change(conn, SQL_LIBRARY_HIDE, account, edition, hidden, ret_any, fault);
}

enum rc library_shop_of_line(struct store_conn *conn, struct arena *arena, uint64_t line,
                             struct str *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIBRARY_SHOP_OF_LINE);
    query_int(&q, 1, (int64_t)line);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

enum rc library_readers_of(struct store_conn *conn, uint64_t edition, uint64_t shop, uint64_t *ret,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIBRARY_READERS_OF);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, (int64_t)shop);
    return read_count(&q, ret, fault);
}

enum rc library_row_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                        uint64_t edition, struct library_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIBRARY_GET);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)edition);
    return read_one(&q, arena, read_row, ret, fault);
}

enum rc library_row_by_isbn(struct store_conn *conn, struct arena *arena, uint64_t account,
                            struct str isbn, struct library_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIBRARY_BY_ISBN);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, isbn);
    return read_one(&q, arena, read_row, ret, fault);
}

static void bind_question(struct query *q, const struct library_question *question)
{
    query_int(q, 1, (int64_t)question->account);
    query_int(q, 2, question->hidden);
    query_str(q, 3, question->like);
}

enum rc library_rows_of(struct store_conn *conn, struct arena *arena,
                        const struct library_question *question, size_t offset, size_t room,
                        library_rows *ret, struct fault *fault)
{
    static const enum statement orders[LIBRARY_ORDER_COUNT] = {
        [LIBRARY_OPENED] = SQL_LIBRARY_BY_OPENED,
        [LIBRARY_SINCE] = SQL_LIBRARY_BY_SINCE,
        [LIBRARY_TITLE] = SQL_LIBRARY_BY_TITLE,
    };
    QUERY q = query_start(conn, orders[question->order]);
    bind_question(&q, question);
    query_int(&q, 4, (int64_t)room);
    query_int(&q, 5, (int64_t)offset);
    return QUERY_ROWS(&q, arena, room, read_row, &ret->v, &ret->n, fault);
}

enum rc library_count_of(struct store_conn *conn, const struct library_question *question,
                         uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIBRARY_COUNT);
    bind_question(&q, question);
    return read_count(&q, ret, fault);
}

enum rc library_rows_begun(struct store_conn *conn, struct arena *arena, uint64_t account,
                           uint64_t end, size_t room, library_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIBRARY_BEGUN);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)end);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_row, &ret->v, &ret->n, fault);
}

/* ---- places ---- */

static enum rc read_place(const struct query *q, struct arena *arena, void *ret,
                          struct fault *fault)
{
    (void)fault;
    *(struct place_row *)ret = (struct place_row){.edition = (uint64_t)query_get_int(q, 0),
                                                  .kind = query_get_str(q, 1, arena),
                                                  .millionths = (uint64_t)query_get_int(q, 2),
                                                  .locator = query_get_str(q, 3, arena),
                                                  .device = query_get_str(q, 4, arena),
                                                  .device_id = query_get_str(q, 5, arena),
                                                  .at = query_get_int(q, 6)};
    return RC_OK;
}

static enum rc note_opened(struct store_conn *conn, uint64_t account, const struct place_row *row,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIBRARY_OPENED_AT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)row->edition);
    query_int(&q, 3, row->at);
    query_int(&q, 4, (int64_t)row->millionths);
    return query_run(&q, fault);
}

enum rc place_row_put(struct store_conn *conn, uint64_t account, const struct place_row *row,
                      struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READING_PLACE_PUT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)row->edition);
    query_str(&q, 3, row->kind);
    query_int(&q, 4, (int64_t)row->millionths);
    query_str(&q, 5, row->locator);
    query_str(&q, 6, row->device);
    query_str(&q, 7, row->device_id);
    query_int(&q, 8, row->at);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? note_opened(conn, account, row, fault) : rc;
}

enum rc place_row_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                      uint64_t edition, struct str kind, struct place_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, kind.n > 0 ? SQL_READING_PLACE_OF_KIND : SQL_READING_PLACE_LATEST);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)edition);
    if (kind.n > 0)
        query_str(&q, 3, kind);
    return read_one(&q, arena, read_place, ret, fault);
}

enum rc place_rows_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                      uint64_t after, size_t room, place_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READING_PLACES_OF);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)after);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_place, &ret->v, &ret->n, fault);
}

enum rc reading_off_get(struct store_conn *conn, uint64_t account, bool *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READING_IS_OFF);
    query_int(&q, 1, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rc == RC_OK;
    return RC_OK;
}

static enum rc run_of(struct store_conn *conn, enum statement name, uint64_t account,
                      struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)account);
    return query_run(&q, fault);
}

enum rc reading_off_put(struct store_conn *conn, uint64_t account, bool off, int64_t now,
                        struct fault *fault)
{
    if (!off)
        return run_of(conn, SQL_READING_OFF_END, account, fault);
    QUERY q = query_start(conn, SQL_READING_OFF_SET);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, now);
    return query_run(&q, fault);
}

enum rc places_remove(struct store_conn *conn, uint64_t account, bool marks, struct fault *fault)
{
    enum rc rc = run_of(conn, SQL_READING_PLACES_REMOVE, account, fault);
    if (rc == RC_OK)
        rc = run_of(conn, SQL_LIBRARY_FORGET_PLACES, account, fault);
    if (rc == RC_OK)
        rc = run_of(conn, SQL_SYNC_PLACES_OF_ACCOUNT_REMOVE, account, fault);
    return rc == RC_OK && marks ? run_of(conn, SQL_READING_MARKS_OF_ACCOUNT_REMOVE, account, fault)
                                : rc;
}

/* ---- marks ---- */

static enum rc read_mark(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct mark_row *)ret = (struct mark_row){.id = (uint64_t)query_get_int(q, 0),
                                                .edition = (uint64_t)query_get_int(q, 1),
                                                .kind = query_get_str(q, 2, arena),
                                                .locator = query_get_str(q, 3, arena),
                                                .millionths = (uint64_t)query_get_int(q, 4),
                                                .excerpt = query_get_str(q, 5, arena),
                                                .note = query_get_str(q, 6, arena),
                                                .created = query_get_int(q, 7)};
    return RC_OK;
}

enum rc mark_row_add(struct store_conn *conn, uint64_t account, struct mark_row *row,
                     struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "reading_mark", 1, &row->id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_READING_MARK_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_int(&q, 2, (int64_t)account);
    query_int(&q, 3, (int64_t)row->edition);
    query_str(&q, 4, row->kind);
    query_str(&q, 5, row->locator);
    query_int(&q, 6, (int64_t)row->millionths);
    query_str(&q, 7, row->excerpt);
    query_str(&q, 8, row->note);
    query_int(&q, 9, row->created);
    return query_run(&q, fault);
}

static enum rc found(const struct query *q, enum rc rc, struct fault *fault)
{
    return rc == RC_OK && query_changes(q) == 0
               ? fault_set(fault, RC_NOT_FOUND, "there is no such mark of yours")
               : rc;
}

enum rc mark_row_note(struct store_conn *conn, uint64_t account, uint64_t id, struct str note,
                      struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READING_MARK_NOTE);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)id);
    query_str(&q, 3, note);
    return found(&q, query_run(&q, fault), fault);
}

enum rc mark_row_remove(struct store_conn *conn, uint64_t account, uint64_t id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READING_MARK_REMOVE);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)id);
    return found(&q, query_run(&q, fault), fault);
}

enum rc mark_rows_count(struct store_conn *conn, uint64_t account, uint64_t edition, uint64_t *ret,
                        struct fault *fault)
{
    QUERY q = query_start(conn, edition != 0 ? SQL_READING_MARK_COUNT : SQL_READING_MARK_COUNT_ALL);
    query_int(&q, 1, (int64_t)account);
    if (edition != 0)
        query_int(&q, 2, (int64_t)edition);
    return read_count(&q, ret, fault);
}

enum rc mark_rows_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                     uint64_t edition, uint64_t after, size_t room, mark_rows *ret,
                     struct fault *fault)
{
    bool all = edition == 0;
    QUERY q = query_start(conn, all ? SQL_READING_MARKS_ALL : SQL_READING_MARKS);
    query_int(&q, 1, (int64_t)account);
    if (!all)
        query_int(&q, 2, (int64_t)edition);
    query_int(&q, all ? 2 : 3, (int64_t)after);
    query_int(&q, all ? 3 : 4, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_mark, &ret->v, &ret->n, fault);
}

static enum rc read_left_mark(const struct query *q, struct arena *arena, void *ret,
                              struct fault *fault)
{
    struct mark_row *mark = ret;
    enum rc rc = read_mark(q, arena, mark, fault);
    mark->title = query_get_str(q, 8, arena);
    return rc;
}

enum rc mark_rows_left(struct store_conn *conn, struct arena *arena, uint64_t account,
                       uint64_t after, size_t room, mark_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_READING_MARKS_LEFT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)after);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_left_mark, &ret->v, &ret->n, fault);
}
