#include "store/shop_titles.h"

#include "store/db.h"
#include "store/pack.h"

static enum rc read_title(const struct query *q, struct arena *arena, struct shop_title_row *ret,
                          struct fault *fault)
{
    *ret = (struct shop_title_row){.edition = (uint64_t)query_get_int(q, 0),
                                   .work = (uint64_t)query_get_int(q, 1),
                                   .key = query_get_str(q, 2, arena),
                                   .record = (uint64_t)query_get_int(q, 3),
                                   .cover = query_get_int(q, 5) > 0,
                                   .file = query_get_int(q, 7) > 0};
    ret->describes = (uint64_t)query_get_int(q, 6) == ret->record;
    return unpack_edition(query_get_str(q, 4, arena), arena, &ret->facts, fault);
}

enum rc shop_titles_after(struct store_conn *conn, struct arena *arena, uint64_t shop,
                          uint64_t after, size_t room, struct shop_title_row **ret, size_t *ret_n,
                          uint64_t *ret_after, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_TITLES_AFTER);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)after);
    query_int(&q, 3, (int64_t)room);
    struct shop_title_row *rows = ARENA_ARRAY(arena, struct shop_title_row, room);
    size_t n = 0, read = 0;
    enum rc rc = RC_OK;
    uint64_t last = 0;
    while (read < room && (rc = query_step(&q, fault)) == RC_OK) {
        uint64_t edition = (uint64_t)query_get_int(&q, 0);
        read++;
        if (edition == last) /* an edition's rows come best first */
            continue;
        last = edition;
        rc = read_title(&q, arena, &rows[n++], fault);
        if (rc != RC_OK)
            return rc;
    }
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    *ret_after = read == room ? last : 0;
    return RC_OK;
}

enum rc shop_title_by_key(struct store_conn *conn, struct arena *arena, uint64_t shop,
                          struct str key, struct shop_title_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_TITLE_BY_KEY);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, key);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_title(&q, arena, ret, fault) : rc;
}
