#include "store/follows.h"

#include "statements.h"
#include "store/db.h"

static struct str kind_of(bool series)
{
    return series ? STR("series") : STR("contributor");
}

static bool is_series(const struct query *q, int column)
{
    return str_is(query_peek(q, column), "series");
}

/* ---- when editions came ---- */

enum rc arrival_of(struct store_conn *conn, uint64_t edition, int64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ARRIVAL_OF);
    query_int(&q, 1, (int64_t)edition);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0);
    return rc;
}

enum rc arrival_last(struct store_conn *conn, uint64_t *ret_edition, int64_t *ret_at,
                     struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ARRIVAL_LAST);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK) {
        *ret_edition = (uint64_t)query_get_int(&q, 0);
        *ret_at = query_get_int(&q, 1);
    }
    return rc;
}

enum rc arrival_until(struct store_conn *conn, int64_t at, uint64_t *ret_edition,
                      struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ARRIVAL_UNTIL);
    query_int(&q, 1, at);
    return query_number(&q, ret_edition, fault);
}

enum rc arrival_add(struct store_conn *conn, uint64_t last, int64_t at, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ARRIVAL_ADD);
    query_int(&q, 1, (int64_t)last);
    query_int(&q, 2, at);
    return query_post(&q, fault);
}

/* ---- what is followed ---- */

static enum rc read_follow(const struct query *q, struct arena *arena, void *ret,
                           struct fault *fault)
{
    (void)fault;
    *(struct follow_row *)ret = (struct follow_row){.series = is_series(q, 0),
                                                    .target = (uint64_t)query_get_int(q, 1),
                                                    .created = query_get_int(q, 2),
                                                    .key = query_get_str(q, 3, arena),
                                                    .name = query_get_str(q, 4, arena),
                                                    .slug = query_get_str(q, 5, arena),
                                                    .works = (size_t)query_get_int(q, 6)};
    return RC_OK;
}

enum rc follow_rows(struct store_conn *conn, struct arena *arena, uint64_t account, size_t room,
                    size_t works_max, struct follow_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FOLLOW_LIST);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)room);
    query_int(&q, 3, (int64_t)works_max + 1);
    return QUERY_ROWS(&q, arena, room, read_follow, ret, ret_n, fault);
}

enum rc follow_works(struct store_conn *conn, bool series, uint64_t target, size_t works_max,
                     size_t *ret, struct fault *fault)
{
    QUERY q =
        query_start(conn, series ? SQL_FOLLOW_WORKS_OF_SERIES : SQL_FOLLOW_WORKS_OF_CONTRIBUTOR);
    query_int(&q, 1, (int64_t)target);
    query_int(&q, 2, (int64_t)works_max + 1);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (size_t)query_get_int(&q, 0);
    return rc;
}

enum rc follow_row_has(struct store_conn *conn, uint64_t account, bool series, uint64_t target,
                       struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FOLLOW_HAS);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, kind_of(series));
    query_int(&q, 3, (int64_t)target);
    return query_step(&q, fault);
}

enum rc follow_row_put(struct store_conn *conn, uint64_t account, bool series, uint64_t target,
                       bool follow, int64_t now, struct fault *fault)
{
    QUERY q = query_start(conn, follow ? SQL_FOLLOW_ADD : SQL_FOLLOW_REMOVE);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, kind_of(series));
    query_int(&q, 3, (int64_t)target);
    if (follow)
        query_int(&q, 4, now);
    return query_run(&q, fault);
}

static enum rc read_news(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)arena, (void)fault;
    *(struct news_row *)ret = (struct news_row){.edition = (uint64_t)query_get_int(q, 0),
                                                .series = is_series(q, 1),
                                                .target = (uint64_t)query_get_int(q, 2)};
    return RC_OK;
}

enum rc news_rows(struct store_conn *conn, struct arena *arena, uint64_t account, uint64_t after,
                  size_t works_max, size_t room, struct news_row **ret, size_t *ret_n,
                  struct fault *fault)
{
    QUERY q = query_start(conn, SQL_NEWS_OF_ACCOUNT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)after);
    query_int(&q, 3, (int64_t)room);
    query_int(&q, 4, (int64_t)works_max + 1);
    return QUERY_ROWS(&q, arena, room, read_news, ret, ret_n, fault);
}

enum rc news_rows_of(struct store_conn *conn, struct arena *arena, bool series, uint64_t target,
                     size_t room, struct news_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, series ? SQL_NEWS_OF_SERIES : SQL_NEWS_OF_CONTRIBUTOR);
    query_int(&q, 1, (int64_t)target);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_news, ret, ret_n, fault);
}

/* ---- how they hear of it ---- */

enum rc follower_row(struct store_conn *conn, struct arena *arena, uint64_t account,
                     struct str *ret_feed, struct str *ret_storefront, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FOLLOWER_OF);
    query_int(&q, 1, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK) {
        *ret_feed = query_get_str(&q, 0, arena);
        *ret_storefront = query_get_str(&q, 1, arena);
    }
    return rc;
}

static enum rc account_of(struct store_conn *conn, enum statement by, struct str secret,
                          uint64_t *ret_account, struct fault *fault)
{
    QUERY q = query_start(conn, by);
    query_str(&q, 1, secret);
    return query_number(&q, ret_account, fault);
}

enum rc follower_of_feed(struct store_conn *conn, struct str feed, uint64_t *ret_account,
                         struct fault *fault)
{
    return account_of(conn, SQL_FOLLOWER_BY_FEED, feed, ret_account, fault);
}

enum rc follower_of_stop(struct store_conn *conn, struct str stop, uint64_t *ret_account,
                         struct fault *fault)
{
    return account_of(conn, SQL_FOLLOWER_BY_STOP, stop, ret_account, fault);
}

enum rc follower_row_add(struct store_conn *conn, uint64_t account, struct str feed,
                         struct str stop, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FOLLOWER_ADD);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, feed);
    query_str(&q, 3, stop);
    return query_run(&q, fault);
}

enum rc follower_row_feed(struct store_conn *conn, uint64_t account, struct str feed,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FOLLOWER_FEED_PUT);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, feed);
    return query_run(&q, fault);
}

enum rc follower_row_mail(struct store_conn *conn, uint64_t account, struct str storefront,
                          struct str root, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FOLLOWER_MAIL_PUT);
    query_int(&q, 1, (int64_t)account);
    query_str(&q, 2, storefront);
    query_str(&q, 3, root);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? news_owed_clear(conn, account, fault) : rc;
}

enum rc news_owed_add(struct store_conn *conn, uint64_t account, uint64_t edition,
                      struct fault *fault)
{
    QUERY q = query_start(conn, SQL_NEWS_OWED_ADD);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)edition);
    return query_run(&q, fault);
}

enum rc news_owed_clear(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_NEWS_OWED_CLEAR);
    query_int(&q, 1, (int64_t)account);
    return query_run(&q, fault);
}

static enum rc read_due(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct follower_due *)ret = (struct follower_due){.account = (uint64_t)query_get_int(q, 0),
                                                        .storefront = query_get_str(q, 1, arena),
                                                        .root = query_get_str(q, 2, arena),
                                                        .stop = query_get_str(q, 3, arena),
                                                        .told = (uint64_t)query_get_int(q, 4),
                                                        .owed = (size_t)query_get_int(q, 5)};
    return RC_OK;
}

enum rc follower_rows_due(struct store_conn *conn, struct arena *arena, int64_t mailed,
                          uint64_t latest, bool owed, uint64_t after, size_t room,
                          struct follower_due **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FOLLOWER_DUE);
    query_int(&q, 1, mailed);
    query_int(&q, 2, (int64_t)latest);
    query_int(&q, 3, (int64_t)after);
    query_int(&q, 4, (int64_t)room);
    query_int(&q, 5, owed);
    return QUERY_ROWS(&q, arena, room, read_due, ret, ret_n, fault);
}

enum rc follower_row_told(struct store_conn *conn, uint64_t account, uint64_t before,
                          uint64_t edition, int64_t at, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_FOLLOWER_TOLD);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)before);
    query_int(&q, 3, (int64_t)edition);
    enum rc rc = query_run(&q, fault);
    if (rc == RC_OK && query_changes(&q) == 0)
        return RC_NOT_FOUND;
    if (rc != RC_OK || at == 0)
        return rc;
    QUERY mailed = query_start(conn, SQL_FOLLOWER_MAILED);
    query_int(&mailed, 1, (int64_t)account);
    query_int(&mailed, 2, at);
    return query_run(&mailed, fault);
}
