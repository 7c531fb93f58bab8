#include "store/targets.h"

#include "base/list.h"
#include "store/db.h"

static enum rc not_found(enum target_kind kind, struct str key, struct fault *fault)
{
    return fault_set(fault, RC_NOT_FOUND, "there is no %s %.*s here", target_name(kind),
                     STR_ARG(key));
}

static enum rc bind_key(struct query *q, bool number, struct str key)
{
    uint64_t id;
    if (!number) {
        query_str(q, 1, key);
        return RC_OK;
    }
    if (!str_to_u64(key, &id) || id > INT64_MAX)
        return RC_NOT_FOUND;
    query_int(q, 1, (int64_t)id);
    return RC_OK;
}

static enum rc one_work(struct arena *arena, uint64_t work, struct target *ret)
{
    uint64_t *v = ARENA_NEW(arena, uint64_t);
    *v = work;
    ret->works = (struct work_set){v, 1};
    return RC_OK;
}

static enum rc read_works(struct query *q, struct arena *arena, struct work_set *ret,
                          struct fault *fault)
{
    uint64_t *v = NULL;
    size_t n = 0, room = 0;
    enum rc rc;
    while ((rc = query_step(q, fault)) == RC_OK) {
        ARENA_ROOM(arena, v, n, room);
        v[n++] = (uint64_t)query_get_int(q, 0);
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = (struct work_set){v, n};
    return RC_OK;
}

enum rc target_find(struct store_conn *conn, struct arena *arena, enum target_kind kind,
                    struct str key, struct target *ret, struct fault *fault)
{
    static const struct {
        enum statement find, works;
        bool number;
    } statements[TARGET_COUNT] = {
        [TARGET_EDITION] = {SQL_TARGET_EDITION, STATEMENT_COUNT, false},
        [TARGET_WORK] = {SQL_TARGET_WORK, STATEMENT_COUNT, true},
        [TARGET_COLLECTION] = {SQL_TARGET_COLLECTION, SQL_TARGET_COLLECTION_WORKS, false},
        [TARGET_CONTRIBUTOR] = {SQL_TARGET_CONTRIBUTOR, SQL_TARGET_CONTRIBUTOR_WORKS, true},
        [TARGET_SHOP] = {SQL_TARGET_SHOP, SQL_TARGET_SHOP_WORKS, false},
        [TARGET_REVIEW] = {SQL_TARGET_REVIEW, STATEMENT_COUNT, true},
        [TARGET_COMMENT] = {SQL_TARGET_COMMENT, STATEMENT_COUNT, true},
    };
    struct target target = {STR_NONE, {NULL, 0}};
    if (kind == TARGET_ACCOUNT)
        return not_found(kind, key, fault);
    QUERY find = query_start(conn, statements[kind].find);
    if (bind_key(&find, statements[kind].number, key) != RC_OK)
        return not_found(kind, key, fault);
    enum rc rc = query_step(&find, fault);
    if (rc == RC_NOT_FOUND)
        return not_found(kind, key, fault);
    uint64_t work = 0;
    if (rc == RC_OK && (kind == TARGET_EDITION || target_is_voice(kind)))
        rc = one_work(arena, (uint64_t)query_get_int(&find, 0), &target);
    else if (rc == RC_OK && kind == TARGET_WORK)
        rc = str_to_u64(key, &work) ? one_work(arena, work, &target) : RC_NOT_FOUND;
    else if (rc == RC_OK) {
        target.name = query_get_str(&find, 0, arena);
        QUERY works = query_start(conn, statements[kind].works);
        rc = bind_key(&works, statements[kind].number, key);
        if (rc == RC_OK)
            rc = read_works(&works, arena, &target.works, fault);
    }
    if (rc == RC_OK)
        *ret = target;
    return rc;
}

enum rc target_voice(struct store_conn *conn, enum target_kind kind, uint64_t index,
                     struct voice_target *ret, struct fault *fault)
{
    if (index > INT64_MAX)
        return RC_NOT_FOUND;
    QUERY q = query_start(conn, kind == TARGET_REVIEW ? SQL_TARGET_REVIEW : SQL_TARGET_COMMENT);
    query_int(&q, 1, (int64_t)index);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret =
            (struct voice_target){(uint64_t)query_get_int(&q, 0), (uint64_t)query_get_int(&q, 1),
                                  (uint64_t)query_get_int(&q, 2), (unsigned)query_get_int(&q, 3)};
    return rc;
}

enum rc target_account(struct store_conn *conn, struct str commitment, uint64_t *ret,
                       struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TARGET_ACCOUNT);
    query_str(&q, 1, commitment);
    return query_number(&q, ret, fault);
}

enum rc target_account_put(struct store_conn *conn, struct str commitment, uint64_t account,
                           const uint8_t salt[32], struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TARGET_ACCOUNT_PUT);
    query_str(&q, 1, commitment);
    query_int(&q, 2, (int64_t)account);
    query_bytes(&q, 3, salt, 32);
    return query_run(&q, fault);
}

enum rc target_created(struct store_conn *conn, enum target_kind kind, struct str key, int64_t *ret,
                       struct fault *fault)
{
    QUERY q = query_start(conn, kind == TARGET_REVIEW    ? SQL_TARGET_REVIEW_CREATED
                                : kind == TARGET_COMMENT ? SQL_TARGET_COMMENT_CREATED
                                : kind == TARGET_ACCOUNT ? SQL_TARGET_ACCOUNT_CREATED
                                                         : SQL_TARGET_SHOP_CREATED);
    enum rc rc = bind_key(&q, target_is_voice(kind), key);
    if (rc == RC_OK)
        rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0);
    return rc;
}
