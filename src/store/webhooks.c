#include "store/webhooks.h"

#include <stdio.h>

#include "store/db.h"

enum rc webhook_row_shown(struct store_conn *conn, struct arena *arena, uint64_t shop,
                          struct webhook *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WEBHOOK_URL);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct webhook){.url = query_get_str(&q, 0, arena), .made = query_get_int(&q, 1)};
    return rc;
}

enum rc webhook_row_get(struct store_conn *conn, struct arena *arena, uint64_t shop,
                        struct webhook *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WEBHOOK_GET);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct webhook){.url = query_get_str(&q, 0, arena),
                                .secret = query_get_str(&q, 1, arena)};
    return rc;
}

static enum rc run_of_shop(struct store_conn *conn, enum statement name, uint64_t shop,
                           struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)shop);
    return query_run(&q, fault);
}

enum rc webhook_row_put(struct store_conn *conn, uint64_t shop, const struct webhook *webhook,
                        struct fault *fault)
{
    if (webhook->url.n == 0) {
        enum rc rc = run_of_shop(conn, SQL_WEBHOOK_REMOVE, shop, fault);
        return rc == RC_OK ? run_of_shop(conn, SQL_WEBHOOK_EVENTS_END, shop, fault) : rc;
    }
    QUERY q = query_start(conn, SQL_WEBHOOK_PUT);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, webhook->url);
    query_str(&q, 3, webhook->secret);
    query_int(&q, 4, webhook->made);
    return query_run(&q, fault);
}

/* ---- what happened ---- */

static enum rc add_event(struct store_conn *conn, uint64_t shop, struct str kind,
                         struct str subject, int64_t at, struct fault *fault)
{
    uint64_t id;
    QUERY there = query_start(conn, SQL_WEBHOOK_EVENT_IS_THERE);
    query_int(&there, 1, (int64_t)shop);
    query_str(&there, 2, kind);
    query_str(&there, 3, subject);
    query_int(&there, 4, at);
    enum rc rc = query_number(&there, &id, fault);
    if (rc != RC_NOT_FOUND)
        return rc;
    rc = store_take_ids(conn, "webhook_event", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_WEBHOOK_EVENT_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)shop);
    query_str(&q, 3, kind);
    query_str(&q, 4, subject);
    query_int(&q, 5, at);
    return query_run(&q, fault);
}

enum rc webhook_tell(struct store_conn *conn, uint64_t shop, const char *kind, struct str subject,
                     int64_t at, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct webhook webhook;
    enum rc rc = webhook_row_shown(conn, &arena, shop, &webhook, fault);
    return rc == RC_OK          ? add_event(conn, shop, str_of(kind), subject, at, fault)
           : rc == RC_NOT_FOUND ? RC_OK
                                : rc;
}

enum rc webhook_tell_order(struct store_conn *conn, uint64_t order, struct str what, int64_t at,
                           struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    QUERY q = query_start(conn, SQL_WEBHOOK_SHOP_OF_ORDER);
    query_int(&q, 1, (int64_t)order);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    return add_event(conn, (uint64_t)query_get_int(&q, 0),
                     arena_printf(&arena, "order.%.*s", STR_ARG(what)),
                     query_get_str(&q, 1, &arena), at, fault);
}

/* ---- telling it ---- */

static struct webhook_event event_of(const struct query *q, struct arena *arena)
{
    return (struct webhook_event){.id = (uint64_t)query_get_int(q, 0),
                                  .shop = (uint64_t)query_get_int(q, 1),
                                  .kind = query_get_str(q, 2, arena),
                                  .subject = query_get_str(q, 3, arena),
                                  .at = query_get_int(q, 4),
                                  .due = query_get_int(q, 5),
                                  .attempts = (unsigned)query_get_int(q, 6),
                                  .tried = query_get_int(q, 7),
                                  .said = query_get_str(q, 8, arena),
                                  .status = (unsigned)query_get_int(q, 9)};
}

enum rc webhook_event_next(struct store_conn *conn, struct arena *arena, int64_t now,
                           struct webhook_event *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WEBHOOK_EVENT_NEXT);
    query_int(&q, 1, now);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = event_of(&q, arena);
    return rc;
}

enum rc webhook_event_claim(struct store_conn *conn, const struct webhook_event *event,
                            int64_t until, bool *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WEBHOOK_EVENT_CLAIM);
    query_int(&q, 1, (int64_t)event->id);
    query_int(&q, 2, until);
    query_int(&q, 3, event->due);
    enum rc rc = query_run(&q, fault);
    *ret = rc == RC_OK && query_changes(&q) > 0;
    return rc;
}

enum rc webhook_event_end(struct store_conn *conn, const struct webhook_event *event,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WEBHOOK_EVENT_END);
    query_int(&q, 1, (int64_t)event->id);
    query_int(&q, 2, event->due);
    query_int(&q, 3, event->attempts);
    query_int(&q, 4, event->tried);
    query_str(&q, 5, event->said);
    query_int(&q, 6, event->status);
    return query_run(&q, fault);
}

enum rc webhook_event_again(struct store_conn *conn, uint64_t shop, uint64_t id, int64_t now,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WEBHOOK_EVENT_AGAIN);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)shop);
    query_int(&q, 3, now);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0
               ? fault_set(fault, RC_NOT_FOUND, "there is no such event")
               : rc;
}

enum rc webhook_events_of(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                          webhook_events *ret, struct fault *fault)
{
    enum rc rc = RC_OK;
    *ret = (webhook_events){ARENA_ARRAY(arena, struct webhook_event, room), 0};
    QUERY q = query_start(conn, SQL_WEBHOOK_EVENT_LIST);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)room);
    while (ret->n < room && (rc = query_step(&q, fault)) == RC_OK)
        ret->v[ret->n++] = event_of(&q, arena);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc webhook_events_forget(struct store_conn *conn, int64_t before, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WEBHOOK_EVENTS_FORGET);
    query_int(&q, 1, before);
    return query_run(&q, fault);
}
