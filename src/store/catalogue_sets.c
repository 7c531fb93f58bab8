/* Sets of works: contributors and collections. */
#include "base/clock.h"
#include "domain/work_key.h"
#include "store/catalogue.h"
#include "store/catalogue_rows.h"
#include "store/catalogue_write.h"
#include "store/db.h"

/* ---- contributors ---- */

struct str catalogue_contributor_key(struct arena *arena, const struct contributor *c)
{
    if (c->identifier.n > 0)
        return c->identifier;
    struct str folded = work_key_fold(arena, c->name);
    if (folded.n == 0)
        return STR_NONE;
    return arena_printf(arena, "name:%.*s", STR_ARG(folded));
}

static struct contributor_row read_contributor(const struct query *q, struct arena *arena)
{
    return (struct contributor_row){(uint64_t)query_get_int(q, 0), query_get_str(q, 1, arena),
                                    query_get_str(q, 2, arena)};
}

enum rc catalogue_contributor(struct store_conn *conn, struct arena *arena, uint64_t id,
                              struct contributor_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CONTRIBUTOR_BY_ID);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_contributor(&q, arena);
    return rc;
}

enum rc catalogue_contributors_named(struct store_conn *conn, struct arena *arena, struct str name,
                                     struct contributor_row **ret, size_t *ret_n,
                                     struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CONTRIBUTOR_ALL);
    ARENA_AUTO scratch = ARENA_INIT;
    struct str wanted = work_key_fold(arena, name);
    struct contributor_row *list = NULL;
    size_t n = 0, room = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        if (str_eq(work_key_fold(&scratch, query_peek(&q, 2)), wanted)) {
            ARENA_ROOM(arena, list, n, room);
            list[n++] = read_contributor(&q, arena);
        }
        arena_reset(&scratch);
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    *ret_n = n;
    return RC_OK;
}

enum rc catalogue_contributor_works(struct store_conn *conn, struct arena *arena,
                                    uint64_t contributor, uint64_t **ret, size_t *ret_n,
                                    struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CONTRIBUTOR_WORKS);
    query_int(&q, 1, (int64_t)contributor);
    return rows_ids(&q, arena, ret, ret_n, fault);
}

enum rc catalogue_work_contributors(struct store_conn *conn, struct arena *arena, uint64_t work,
                                    struct contributor_row **ret, size_t *ret_n,
                                    struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CONTRIBUTOR_OF_WORK);
    query_int(&q, 1, (int64_t)work);
    struct contributor_row *list = NULL;
    size_t n = 0, room = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        ARENA_ROOM(arena, list, n, room);
        list[n++] = read_contributor(&q, arena);
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    *ret_n = n;
    return RC_OK;
}

/* Into as many places as there are keys. */
static enum rc works_of_keys(struct store_conn *conn, struct arena *arena, enum statement name,
                             size_t most, const struct str *keys, size_t n, struct named_works *ret,
                             size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    size_t found = 0, room = 0;
    enum rc rc;
    if (n > CATALOGUE_KEYS_AT_ONCE)
        return fault_set(fault, RC_LIMIT, "at most %d names at once", CATALOGUE_KEYS_AT_ONCE);
    for (size_t i = 0; i < CATALOGUE_KEYS_AT_ONCE; i++)
        query_str(&q, 1 + (int)i, i < n ? keys[i] : STR_NONE);
    query_int(&q, 1 + CATALOGUE_KEYS_AT_ONCE, (int64_t)most);
    while ((rc = query_step(&q, fault)) == RC_OK) {
        uint64_t id = (uint64_t)query_get_int(&q, 1);
        if (found == 0 || ret[found - 1].id != id) {
            ret[found++] = (struct named_works){
                .key = query_get_str(&q, 0, arena), .slug = query_get_str(&q, 2, arena), .id = id};
            room = 0;
        }
        struct named_works *last = &ret[found - 1];
        ARENA_ROOM(arena, last->works.v, last->works.n, room);
        last->works.v[last->works.n++] = (uint64_t)query_get_int(&q, 3);
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret_n = found;
    return RC_OK;
}

enum rc catalogue_works_of_contributors(struct store_conn *conn, struct arena *arena, size_t most,
                                        const struct str *keys, size_t n, struct named_works *ret,
                                        size_t *ret_n, struct fault *fault)
{
    return works_of_keys(conn, arena, SQL_CONTRIBUTOR_WORKS_OF_KEYS, most, keys, n, ret, ret_n,
                         fault);
}

enum rc catalogue_works_of_collections(struct store_conn *conn, struct arena *arena, size_t most,
                                       const struct str *keys, size_t n, struct named_works *ret,
                                       size_t *ret_n, struct fault *fault)
{
    return works_of_keys(conn, arena, SQL_COLLECTION_WORKS_OF_KEYS, most, keys, n, ret, ret_n,
                         fault);
}

/* ---- collections ---- */

struct str catalogue_collection_key(struct arena *arena, struct str name)
{
    struct str folded = work_key_fold(arena, name);
    return arena_printf(arena, FEED_COLLECTION "%.*s", STR_ARG(folded.n > 0 ? folded : name));
}

static struct collection read_collection(const struct query *q, struct arena *arena)
{
    return (struct collection){(uint64_t)query_get_int(q, 0), query_get_str(q, 1, arena),
                               query_get_str(q, 2, arena), query_get_int(q, 3)};
}

enum rc catalogue_collection_add(struct store_conn *conn, const struct collection *c,
                                 const uint64_t *works, size_t n, uint64_t *ret_id,
                                 struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t id;
    enum rc rc = store_take_ids(conn, "collection", 1, &id, fault);
    if (rc == RC_OK)
        rc = catalogue_collection_put(conn, id, c->slug, c->name,
                                      arena_printf(&arena, "own:%.*s", STR_ARG(c->slug)), fault);
    if (rc == RC_CONFLICT)
        return fault_set(fault, rc, "collection %.*s: there is one already", STR_ARG(c->slug));
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = catalogue_collection_work_put(conn, id, works[i], STR_NONE, fault);
    if (rc == RC_OK)
        rc = store_change(conn, "collection", id, fault);
    if (rc == RC_OK)
        *ret_id = id;
    return rc;
}

enum rc catalogue_collection(struct store_conn *conn, struct arena *arena, struct str slug,
                             struct collection *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_BY_SLUG);
    query_str(&q, 1, slug);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK) {
        *ret = read_collection(&q, arena);
        ret->own = query_get_int(&q, 4) != 0;
    }
    return rc;
}

enum rc catalogue_collections_latest(struct store_conn *conn, struct arena *arena, size_t most,
                                     struct collection **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_LATEST);
    query_int(&q, 1, (int64_t)most);
    struct collection *list = ARENA_ARRAY(arena, struct collection, most);
    size_t n = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK && n < most) {
        list[n] = read_collection(&q, arena);
        list[n++].own = query_get_int(&q, 4) != 0;
    }
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    *ret_n = n;
    return RC_OK;
}

enum rc catalogue_collection_works(struct store_conn *conn, struct arena *arena,
                                   uint64_t collection, uint64_t **ret, size_t *ret_n,
                                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_WORKS);
    query_int(&q, 1, (int64_t)collection);
    return rows_ids(&q, arena, ret, ret_n, fault);
}

enum rc catalogue_collection_members(struct store_conn *conn, struct arena *arena,
                                     uint64_t collection, size_t offset, size_t most,
                                     uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_MEMBERS);
    query_int(&q, 1, (int64_t)collection);
    query_int(&q, 2, (int64_t)most);
    query_int(&q, 3, (int64_t)offset);
    return rows_ids(&q, arena, ret, ret_n, fault);
}

enum rc catalogue_collection_has(struct store_conn *conn, uint64_t collection, uint64_t work,
                                 struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_HAS);
    query_int(&q, 1, (int64_t)collection);
    query_int(&q, 2, (int64_t)work);
    return query_step(&q, fault);
}

enum rc catalogue_collection_count(struct store_conn *conn, uint64_t collection, uint64_t *ret,
                                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_COUNT);
    query_int(&q, 1, (int64_t)collection);
    return query_number(&q, ret, fault);
}

enum rc catalogue_work_collections(struct store_conn *conn, struct arena *arena, uint64_t work,
                                   struct collection_place **ret, size_t *ret_n,
                                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_OF_WORK);
    query_int(&q, 1, (int64_t)work);
    struct collection_place *list = NULL;
    size_t n = 0, room = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        ARENA_ROOM(arena, list, n, room);
        list[n++] =
            (struct collection_place){read_collection(&q, arena), query_get_str(&q, 4, arena)};
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    *ret_n = n;
    return RC_OK;
}

enum rc catalogue_collection_next(struct store_conn *conn, struct arena *arena, uint64_t collection,
                                  uint64_t work, uint64_t *ret_work, struct str *ret_part,
                                  struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_NEXT);
    query_int(&q, 1, (int64_t)collection);
    query_int(&q, 2, (int64_t)work);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK) {
        *ret_work = (uint64_t)query_get_int(&q, 0);
        *ret_part = query_get_str(&q, 1, arena);
    }
    return rc;
}

enum rc catalogue_collection_by_id(struct store_conn *conn, struct arena *arena, uint64_t id,
                                   struct collection *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_BY_ID);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_collection(&q, arena);
    return rc;
}

enum rc catalogue_collection_parts(struct store_conn *conn, struct arena *arena,
                                   uint64_t collection, size_t offset, size_t room,
                                   struct collection_member **ret, size_t *ret_n,
                                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_PARTS);
    struct collection_member *list = ARENA_ARRAY(arena, struct collection_member, room);
    size_t n = 0;
    enum rc rc;
    query_int(&q, 1, (int64_t)collection);
    query_int(&q, 2, (int64_t)room);
    query_int(&q, 3, (int64_t)offset);
    while ((rc = query_step(&q, fault)) == RC_OK)
        list[n++] = (struct collection_member){(uint64_t)query_get_int(&q, 0),
                                               query_get_str(&q, 1, arena), query_get_int(&q, 2)};
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    *ret_n = n;
    return RC_OK;
}
