#include "store/voices.h"

#include "statements.h"
#include "store/db.h"

enum { KINDS = 3 };

static const enum statement by_entry[KINDS] = {SQL_VOICE_OF_RATING, SQL_VOICE_OF_REVIEW,
                                               SQL_VOICE_OF_COMMENT};
static const enum statement erasing[KINDS] = {SQL_RATING_ERASE, SQL_REVIEW_ERASE,
                                              SQL_COMMENT_ERASE};

enum rc voices_by_entry(struct store_conn *conn, struct arena *arena, int kind, uint64_t entry_id,
                        struct voice_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, by_entry[kind]);
    query_int(&q, 1, (int64_t)entry_id);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    struct voice_row row = {.kind = kind,
                            .id = (uint64_t)query_get_int(&q, 0),
                            .account = (uint64_t)query_get_int(&q, 1),
                            .work = (uint64_t)query_get_int(&q, 2),
                            .stars = (unsigned)query_get_int(&q, 3),
                            .title = query_get_str(&q, 4, arena),
                            .text = query_get_str(&q, 5, arena),
                            .language = query_get_str(&q, 6, arena),
                            .isbn13 = query_get_str(&q, 7, arena),
                            .state = query_get_str(&q, 8, arena),
                            .created = query_get_int(&q, 9),
                            .entry_id = (uint64_t)query_get_int(&q, 10),
                            .said_entry_id = (uint64_t)query_get_int(&q, 11)};
    struct str salt = query_get_str(&q, 12, arena);
    if (salt.n == sizeof row.salt)
        memcpy(row.salt, salt.p, sizeof row.salt);
    *ret = row;
    return RC_OK;
}

enum rc voices_of_account(struct store_conn *conn, struct arena *arena, uint64_t account,
                          size_t offset, size_t room, struct own_voice **ret, size_t *ret_n,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_VOICES_OF_ACCOUNT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)room);
    query_int(&q, 3, (int64_t)offset);
    struct own_voice *rows = ARENA_ARRAY(arena, struct own_voice, room);
    size_t n = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK && n < room)
        rows[n++] = (struct own_voice){.kind = (int)query_get_int(&q, 0),
                                       .id = (uint64_t)query_get_int(&q, 1),
                                       .work = (uint64_t)query_get_int(&q, 2),
                                       .stars = (unsigned)query_get_int(&q, 3),
                                       .title = query_get_str(&q, 4, arena),
                                       .text = query_get_str(&q, 5, arena),
                                       .state = query_get_str(&q, 6, arena),
                                       .created = query_get_int(&q, 7),
                                       .index = query_get_int(&q, 8),
                                       .said_index = query_get_int(&q, 9),
                                       .language = query_get_str(&q, 10, arena),
                                       .isbn13 = query_get_str(&q, 11, arena)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc voices_to_erase(struct store_conn *conn, struct arena *arena, uint64_t account, size_t room,
                        struct voice_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_VOICES_TO_ERASE);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)room);
    struct voice_row *rows = ARENA_ARRAY(arena, struct voice_row, room);
    size_t n = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK && n < room)
        rows[n++] = (struct voice_row){.kind = (int)query_get_int(&q, 0),
                                       .entry_id = (uint64_t)query_get_int(&q, 1)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc voices_erase(struct store_conn *conn, int kind, uint64_t id, uint64_t entry_id,
                     const uint8_t salt[32], int64_t now, struct fault *fault)
{
    QUERY q = query_start(conn, erasing[kind]);
    query_int(&q, 1, (int64_t)id);
    query_bytes(&q, 2, salt, 32);
    query_int(&q, 3, (int64_t)entry_id);
    if (kind != 2) /* a comment has no time of its last change */
        query_int(&q, 4, now);
    enum rc rc = query_run(&q, fault);
    if (rc != RC_OK || kind != 1)
        return rc;
    QUERY votes = query_start(conn, SQL_HELPFUL_OF_REVIEW_REMOVE);
    query_int(&votes, 1, (int64_t)id);
    return query_run(&votes, fault);
}

enum rc voices_account_remove(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    static const enum statement all[] = {SQL_RATINGS_LEAVE,
                                         SQL_REVIEWS_LEAVE,
                                         SQL_COMMENTS_LEAVE,
                                         SQL_SESSION_REMOVE_ALL,
                                         SQL_LETTERS_OF_ACCOUNT_REMOVE,
                                         SQL_TOKENS_OF_ACCOUNT_REMOVE,
                                         SQL_ADDRESS_CHANGE_REMOVE_OF,
                                         SQL_PASSKEYS_OF_ACCOUNT_REMOVE,
                                         SQL_DEVICES_OF_ACCOUNT_REMOVE,
                                         SQL_SYNC_PLACES_OF_ACCOUNT_REMOVE,
                                         SQL_COMMITMENTS_OF_ACCOUNT_REMOVE,
                                         SQL_READER_LISTS_OF_ACCOUNT_EMPTY,
                                         SQL_READER_LISTS_OF_ACCOUNT_REMOVE,
                                         SQL_FOLLOWS_OF_ACCOUNT_REMOVE,
                                         SQL_FOLLOWER_OF_ACCOUNT_REMOVE,
                                         SQL_NEWS_OWED_CLEAR,
                                         SQL_HELPFUL_OF_ACCOUNT_UNCOUNT,
                                         SQL_HELPFUL_OF_ACCOUNT_REMOVE,
                                         SQL_READING_PLACES_REMOVE,
                                         SQL_READING_MARKS_OF_ACCOUNT_REMOVE,
                                         SQL_READING_OFF_END,
                                         SQL_LIBRARY_OF_ACCOUNT_REMOVE,
                                         SQL_BASKET_LINES_OF_ACCOUNT_REMOVE,
                                         SQL_BASKETS_OF_ACCOUNT_REMOVE,
                                         SQL_SALES_RETURNS_OF_ACCOUNT_FORGET,
                                         SQL_PURCHASES_OF_ACCOUNT_CLOSE,
                                         SQL_PURCHASES_OF_ACCOUNT_REMEMBER,
                                         SQL_PURCHASES_OF_ACCOUNT_LEAVE,
                                         SQL_SALES_EVENTS_OF_ACCOUNT_LEAVE,
                                         SQL_DEMANDS_LEAVE,
                                         SQL_PROPOSALS_OF_ACCOUNT_DROP,
                                         SQL_ACCOUNT_REMOVE};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof all / sizeof *all; i++) {
        QUERY q = query_start(conn, all[i]);
        query_int(&q, 1, (int64_t)account);
        rc = query_run(&q, fault);
    }
    return rc;
}

enum rc voices_taken_known(struct store_conn *conn, const struct hash *mark, bool *ret,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_VOICE_TAKEN_KNOWN);
    query_bytes(&q, 1, mark->b, sizeof mark->b);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0) > 0;
    return rc;
}

enum rc voices_taken_add(struct store_conn *conn, const struct hash *mark, uint64_t number,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_VOICE_TAKEN_ADD);
    query_bytes(&q, 1, mark->b, sizeof mark->b);
    query_int(&q, 2, (int64_t)number);
    return query_run(&q, fault);
}

enum rc voices_account_leaving(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_LEAVING);
    query_int(&q, 1, (int64_t)account);
    return query_run(&q, fault);
}

enum rc voices_account_stays(struct store_conn *conn, uint64_t account, bool *ret,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_STAYS);
    query_int(&q, 1, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0) == 1;
    return rc;
}
