#include "store/shop_texts.h"

#include "store/catalogue.h"
#include "store/db.h"

enum rc shop_text_rows(struct store_conn *conn, struct arena *arena, shop_text_list *ret,
                       struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_TEXT_ALL);
    shop_text_list list = {NULL, 0};
    size_t room = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        ARENA_ROOM(arena, list.v, list.n, room);
        struct shop_text *t = &list.v[list.n];
        *t = (struct shop_text){.storefront = (unsigned)query_get_int(&q, 0),
                                .language = query_get_str(&q, 2, arena),
                                .version = (uint64_t)query_get_int(&q, 3),
                                .from = query_get_int(&q, 4),
                                .saved = query_get_int(&q, 5),
                                .gone = query_get_int(&q, 6) != 0,
                                .line = query_get_str(&q, 7, arena)};
        list.n += text_kind_parse(query_peek(&q, 1), &t->kind);
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    return RC_OK;
}

static void name_it(struct query *q, const struct shop_text *which, int first)
{
    query_int(q, first, which->storefront);
    query_str(q, first + 1, str_of(text_kind_name(which->kind)));
    query_str(q, first + 2, which->language);
}

enum rc shop_text_versions(struct store_conn *conn, struct arena *arena,
                           const struct shop_text *which, text_version_list *ret,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_TEXT_VERSIONS);
    name_it(&q, which, 1);
    query_int(&q, 4, SHOP_TEXT_VERSIONS_MAX);
    text_version_list list = {NULL, 0};
    size_t room = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        ARENA_ROOM(arena, list.v, list.n, room);
        list.v[list.n++] = (struct text_version){
            (uint64_t)query_get_int(&q, 0), query_get_int(&q, 1), query_get_int(&q, 2),
            query_get_int(&q, 3) != 0, query_get_str(&q, 4, arena)};
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    return RC_OK;
}

enum rc shop_text_body(struct store_conn *conn, struct arena *arena, const struct shop_text *which,
                       struct str *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_TEXT_BODY);
    name_it(&q, which, 1);
    query_int(&q, 4, (int64_t)which->version);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

enum rc shop_text_add(struct store_conn *conn, const struct shop_text *text, struct str body,
                      uint64_t account, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "shop_text", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_SHOP_TEXT_ADD);
    query_int(&q, 1, (int64_t)id);
    name_it(&q, text, 2);
    query_int(&q, 5, (int64_t)text->version);
    query_str(&q, 6, body);
    query_int(&q, 7, text->gone);
    query_int(&q, 8, text->from);
    query_int(&q, 9, text->saved);
    query_int(&q, 10, (int64_t)account);
    rc = query_run(&q, fault);
    return rc == RC_OK ? catalogue_storefronts_changed(conn, fault) : rc;
}
