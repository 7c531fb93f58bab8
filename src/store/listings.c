#include "store/listings.h"

#include "store/db.h"

enum rc listing_row_put(struct store_conn *conn, uint64_t entry_id, struct str storefront,
                        const struct hash *root, struct str titles, struct str changes,
                        unsigned kept, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LISTING_PUT);
    query_int(&q, 1, (int64_t)entry_id);
    query_str(&q, 2, storefront);
    query_bytes(&q, 3, root->b, sizeof root->b);
    query_bytes(&q, 4, titles.p, titles.n);
    query_bytes(&q, 5, changes.p, changes.n);
    enum rc rc = query_run(&q, fault);
    if (rc != RC_OK)
        return rc;
    QUERY prune = query_start(conn, SQL_LISTING_PRUNE);
    query_str(&prune, 1, storefront);
    query_int(&prune, 2, (int64_t)kept - 1);
    return query_run(&prune, fault);
}

static enum rc read_root(const struct query *q, struct hash *ret, struct fault *fault)
{
    struct str bytes = query_peek(q, 0);
    if (bytes.n != sizeof ret->b)
        return fault_set(fault, RC_CORRUPT, "a list's root has %zu bytes", bytes.n);
    memcpy(ret->b, bytes.p, sizeof ret->b);
    return RC_OK;
}

enum rc listing_row_latest(struct store_conn *conn, struct arena *arena, struct str storefront,
                           struct listing_row *ret, struct fault *fault)
{
    struct listing_row row;
    QUERY q = query_start(conn, SQL_LISTING_LATEST);
    query_str(&q, 1, storefront);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        rc = read_root(&q, &row.root, fault);
    if (rc != RC_OK)
        return rc;
    row.titles = query_get_str(&q, 1, arena);
    row.entry = query_get_str(&q, 2, arena);
    *ret = row;
    return RC_OK;
}

static enum rc read_lines(struct store_conn *conn, enum statement name, struct arena *arena,
                          const struct hash *root, struct str *ret, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_bytes(&q, 1, root->b, sizeof root->b);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "no list with this root, or not any more");
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

enum rc listing_row_titles(struct store_conn *conn, struct arena *arena, const struct hash *root,
                           struct str *ret, struct fault *fault)
{
    return read_lines(conn, SQL_LISTING_TITLES, arena, root, ret, fault);
}

enum rc listing_row_changes(struct store_conn *conn, struct arena *arena, const struct hash *root,
                            struct str *ret, struct fault *fault)
{
    return read_lines(conn, SQL_LISTING_CHANGES, arena, root, ret, fault);
}

enum rc listing_rows(struct store_conn *conn,
                     void (*each)(void *context, const struct hash *root, uint64_t index,
                                  struct str entry),
                     void *context, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LISTING_ALL);
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        struct hash root;
        rc = read_root(&q, &root, fault);
        if (rc != RC_OK)
            return rc;
        each(context, &root, (uint64_t)query_get_int(&q, 1), query_peek(&q, 2));
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc each_edition(struct query *q,
                            void (*each)(void *context, uint64_t edition, uint64_t work,
                                         struct str key),
                            void *context, struct fault *fault)
{
    enum rc rc;
    while ((rc = query_step(q, fault)) == RC_OK)
        each(context, (uint64_t)query_get_int(q, 0), (uint64_t)query_get_int(q, 1),
             query_peek(q, 2));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc listing_editions(struct store_conn *conn,
                         void (*each)(void *context, uint64_t edition, uint64_t work,
                                      struct str key),
                         void *context, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LISTING_EDITIONS);
    return each_edition(&q, each, context, fault);
}

enum rc listing_range(struct store_conn *conn, uint64_t after, uint64_t until,
                      void (*each)(void *context, uint64_t edition, uint64_t work, struct str key),
                      void *context, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LISTING_RANGE);
    query_int(&q, 1, (int64_t)after);
    query_int(&q, 2, (int64_t)until);
    return each_edition(&q, each, context, fault);
}

enum rc listing_edition_last(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LISTING_EDITION_LAST);
    return query_number(&q, ret, fault);
}

enum rc listing_names_last(struct store_conn *conn, enum listing_names of, uint64_t *ret,
                           struct fault *fault)
{
    QUERY q =
        query_start(conn, of == LISTING_PEOPLE ? SQL_LISTING_PEOPLE_LAST : SQL_LISTING_SETS_LAST);
    return query_number(&q, ret, fault);
}

enum rc listing_names_range(struct store_conn *conn, enum listing_names of, uint64_t after,
                            uint64_t until,
                            void (*each)(void *context, uint64_t id, uint64_t work, struct str slug,
                                         struct str part),
                            void *context, struct fault *fault)
{
    QUERY q = query_start(conn, of == LISTING_PEOPLE ? SQL_LISTING_PEOPLE : SQL_LISTING_SETS);
    query_int(&q, 1, (int64_t)after);
    query_int(&q, 2, (int64_t)until);
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK)
        each(context, (uint64_t)query_get_int(&q, 0), (uint64_t)query_get_int(&q, 1),
             query_peek(&q, 2), query_peek(&q, 3));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
