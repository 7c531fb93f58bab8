#include "store/sales.h"

#include "statements.h"
#include "store/db.h"
#include "store/webhooks.h"

/* ---- writing ---- */

enum rc purchase_row_add(struct store_conn *conn, struct purchase_row *row, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "purchase", 1, &row->id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_PURCHASE_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_bytes(&q, 2, row->token.b, sizeof row->token.b);
    query_bytes(&q, 3, row->secret.b, sizeof row->secret.b);
    query_int(&q, 4, (int64_t)row->account);
    query_int(&q, 5, row->storefront);
    query_str(&q, 6, row->country);
    query_str(&q, 7, row->currency);
    query_str(&q, 8, row->language);
    query_str(&q, 9, row->email);
    query_str(&q, 10, row->delivery);
    query_str(&q, 11, row->billing);
    query_str(&q, 12, row->evidence);
    query_int(&q, 13, row->consent);
    query_str(&q, 14, row->consent_text);
    query_str(&q, 15, row->method);
    query_int(&q, 16, row->total);
    query_str(&q, 17, row->state);
    query_int(&q, 18, row->placed);
    query_int(&q, 19, row->expires);
    return query_run(&q, fault);
}

enum rc sales_order_row_add(struct store_conn *conn, struct sales_order_row *row,
                            struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "sales_order", 1, &row->id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_SALES_ORDER_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_str(&q, 2, row->number);
    query_int(&q, 3, (int64_t)row->purchase);
    query_int(&q, 4, (int64_t)row->shop);
    query_str(&q, 5, row->currency);
    query_int(&q, 6, row->goods);
    query_int(&q, 7, row->discount);
    query_int(&q, 8, row->shipping);
    query_int(&q, 9, row->tax);
    query_int(&q, 10, row->total);
    query_str(&q, 11, row->shipping_name);
    query_int(&q, 12, row->shipping_tax);
    query_int(&q, 13, row->shipping_rate);
    query_str(&q, 14, row->state);
    query_int(&q, 15, row->placed);
    return query_run(&q, fault);
}

enum rc sales_line_row_add(struct store_conn *conn, struct sales_line_row *row, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "sales_line", 1, &row->id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_SALES_LINE_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_int(&q, 2, (int64_t)row->order);
    query_int(&q, 3, (int64_t)row->edition);
    query_int(&q, 4, (int64_t)row->work);
    query_str(&q, 5, row->isbn);
    query_str(&q, 6, row->title);
    query_str(&q, 7, row->contributor);
    query_str(&q, 8, row->kind);
    query_int(&q, 9, row->digital);
    query_int(&q, 10, row->quantity);
    query_int(&q, 11, row->unit);
    query_int(&q, 12, row->discount);
    query_int(&q, 13, row->total);
    query_int(&q, 14, row->tax);
    query_int(&q, 15, row->rate);
    query_str(&q, 16, row->tax_country);
    query_str(&q, 17, row->tax_code);
    query_int(&q, 18, (int64_t)row->tax_id);
    query_str(&q, 19, row->price_type);
    query_int(&q, 20, row->fixed);
    query_int(&q, 21, row->available);
    return query_run(&q, fault);
}

enum rc sales_event_row_add(struct store_conn *conn, const struct sales_event_row *row,
                            struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "sales_event", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_SALES_EVENT_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)row->order);
    query_int(&q, 3, (int64_t)row->line);
    query_str(&q, 4, row->kind);
    query_int(&q, 5, row->quantity);
    query_int(&q, 6, row->amount);
    query_str(&q, 7, row->actor);
    query_int(&q, 8, (int64_t)row->account);
    query_str(&q, 9, row->note);
    query_int(&q, 10, row->at);
    rc = query_run(&q, fault);
    /* What staff note, and what is not paid yet, is nothing to be told. */
    bool told = !str_is(row->kind, SALES_EVENT_NOTE) && !str_is(row->kind, SALES_EVENT_PLACED);
    return rc == RC_OK && told ? webhook_tell_order(conn, row->order, row->kind, row->at, fault)
                               : rc;
}

/* Of an update that finds its row only as it should be. */
static enum rc run_or_conflict(struct query *q, const char *what, uint64_t id, struct fault *fault)
{
    enum rc rc = query_run(q, fault);
    if (rc == RC_OK && query_changes(q) == 0)
        rc = fault_set(fault, RC_CONFLICT, "%s %llu is not as it was any more", what,
                       (unsigned long long)id);
    return rc;
}

enum rc sales_act_row_take(struct store_conn *conn, uint64_t order, struct str key,
                           const struct hash *asked, int64_t at, bool *ret_there, bool *ret_same,
                           struct fault *fault)
{
    uint64_t same = 0;
    QUERY q = query_start(conn, SQL_SALES_ACT_ADD);
    query_int(&q, 1, (int64_t)order);
    query_str(&q, 2, key);
    query_bytes(&q, 3, asked->b, sizeof asked->b);
    query_int(&q, 4, at);
    enum rc rc = query_run(&q, fault);
    if (rc != RC_OK)
        return rc;
    *ret_there = query_changes(&q) == 0;
    QUERY s = query_start(conn, SQL_SALES_ACT_SAME);
    query_int(&s, 1, (int64_t)order);
    query_str(&s, 2, key);
    query_bytes(&s, 3, asked->b, sizeof asked->b);
    rc = *ret_there ? query_number(&s, &same, fault) : RC_OK;
    *ret_same = same > 0;
    return rc;
}

enum rc purchase_row_state(struct store_conn *conn, uint64_t id, struct str from, struct str to,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PURCHASE_STATE_PUT);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, from);
    query_str(&q, 3, to);
    return run_or_conflict(&q, "purchase", id, fault);
}

enum rc purchase_row_method(struct store_conn *conn, uint64_t id, struct str method,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PURCHASE_METHOD_PUT);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, method);
    return query_run(&q, fault);
}

enum rc sales_order_row_state(struct store_conn *conn, uint64_t id, struct str from, struct str to,
                              int64_t at, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_ORDER_STATE_PUT);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, from);
    query_str(&q, 3, to);
    query_int(&q, 4, at);
    return run_or_conflict(&q, "sales order", id, fault);
}

enum rc sales_line_row_change(struct store_conn *conn, uint64_t id,
                              const struct sales_line_change *change, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_LINE_CHANGE);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, change->sent);
    query_int(&q, 3, change->cancelled);
    query_int(&q, 4, change->returned);
    query_int(&q, 5, change->refunded);
    return run_or_conflict(&q, "line", id, fault);
}

enum rc sales_order_row_refund(struct store_conn *conn, uint64_t id, int64_t amount,
                               struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_ORDER_REFUND);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, amount);
    return run_or_conflict(&q, "sales order", id, fault);
}

/* ---- reading ---- */

static enum rc read_hash(const struct query *q, int column, struct hash *ret, struct fault *fault)
{
    struct str bytes = query_peek(q, column);
    if (bytes.n != sizeof ret->b)
        return fault_set(fault, RC_CORRUPT, "a purchase's hash has %zu bytes", bytes.n);
    memcpy(ret->b, bytes.p, sizeof ret->b);
    return RC_OK;
}

static enum rc read_purchase(const struct query *q, struct arena *arena, void *ret,
                             struct fault *fault)
{
    struct purchase_row *p = ret;
    *p = (struct purchase_row){.id = (uint64_t)query_get_int(q, 0),
                               .account = (uint64_t)query_get_int(q, 3),
                               .storefront = (unsigned)query_get_int(q, 4),
                               .country = query_get_str(q, 5, arena),
                               .currency = query_get_str(q, 6, arena),
                               .language = query_get_str(q, 7, arena),
                               .email = query_get_str(q, 8, arena),
                               .delivery = query_get_str(q, 9, arena),
                               .billing = query_get_str(q, 10, arena),
                               .evidence = query_get_str(q, 11, arena),
                               .consent = query_get_int(q, 12),
                               .consent_text = query_get_str(q, 13, arena),
                               .method = query_get_str(q, 14, arena),
                               .total = query_get_int(q, 15),
                               .state = query_get_str(q, 16, arena),
                               .placed = query_get_int(q, 17),
                               .expires = query_get_int(q, 18)};
    enum rc rc = read_hash(q, 1, &p->token, fault);
    return rc == RC_OK ? read_hash(q, 2, &p->secret, fault) : rc;
}

static enum rc one_purchase(struct query *q, struct arena *arena, struct purchase_row *ret,
                            struct fault *fault)
{
    enum rc rc = query_step(q, fault);
    return rc == RC_OK ? read_purchase(q, arena, ret, fault) : rc;
}

enum rc purchase_row(struct store_conn *conn, struct arena *arena, uint64_t id,
                     struct purchase_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PURCHASE_BY_ID);
    query_int(&q, 1, (int64_t)id);
    return one_purchase(&q, arena, ret, fault);
}

enum rc purchase_row_by_token(struct store_conn *conn, struct arena *arena,
                              const struct hash *token, struct purchase_row *ret,
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PURCHASE_BY_TOKEN);
    query_bytes(&q, 1, token->b, sizeof token->b);
    return one_purchase(&q, arena, ret, fault);
}

enum rc purchase_row_by_secret(struct store_conn *conn, struct arena *arena,
                               const struct hash *secret, struct purchase_row *ret,
                               struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PURCHASE_BY_SECRET);
    query_bytes(&q, 1, secret->b, sizeof secret->b);
    return one_purchase(&q, arena, ret, fault);
}

static int64_t below(uint64_t before)
{
    return before == 0 ? INT64_MAX : (int64_t)before;
}

enum rc purchase_rows_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                         uint64_t before, size_t room, struct purchase_row **ret, size_t *ret_n,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PURCHASES_OF_ACCOUNT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, below(before));
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_purchase, ret, ret_n, fault);
}

static enum rc read_id(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)arena;
    (void)fault;
    *(uint64_t *)ret = (uint64_t)query_get_int(q, 0);
    return RC_OK;
}

enum rc purchases_expired(struct store_conn *conn, struct arena *arena, int64_t now, uint64_t after,
                          size_t room, uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PURCHASES_EXPIRED);
    query_int(&q, 1, now);
    query_int(&q, 2, (int64_t)after);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_id, ret, ret_n, fault);
}

enum rc purchases_undeliverable(struct store_conn *conn, struct arena *arena, uint64_t account,
                                uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    enum { WAITING_MAX = 1000 };
    QUERY q = query_start(conn, SQL_PURCHASES_OF_ACCOUNT_UNDELIVERABLE);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, WAITING_MAX);
    return QUERY_ROWS(&q, arena, WAITING_MAX, read_id, ret, ret_n, fault);
}

enum rc purchases_waiting(struct store_conn *conn, struct str email, uint64_t *ret,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PURCHASES_WAITING);
    query_str(&q, 1, email);
    return query_number(&q, ret, fault);
}

static enum rc read_order(const struct query *q, struct arena *arena, void *ret,
                          struct fault *fault)
{
    (void)fault;
    *(struct sales_order_row *)ret =
        (struct sales_order_row){.id = (uint64_t)query_get_int(q, 0),
                                 .number = query_get_str(q, 1, arena),
                                 .purchase = (uint64_t)query_get_int(q, 2),
                                 .shop = (uint64_t)query_get_int(q, 3),
                                 .currency = query_get_str(q, 4, arena),
                                 .goods = query_get_int(q, 5),
                                 .discount = query_get_int(q, 6),
                                 .shipping = query_get_int(q, 7),
                                 .tax = query_get_int(q, 8),
                                 .total = query_get_int(q, 9),
                                 .shipping_name = query_get_str(q, 10, arena),
                                 .shipping_tax = query_get_int(q, 11),
                                 .shipping_rate = (int32_t)query_get_int(q, 12),
                                 .state = query_get_str(q, 13, arena),
                                 .refunded = query_get_int(q, 14),
                                 .placed = query_get_int(q, 15),
                                 .paid = query_get_int(q, 16),
                                 .ended = query_get_int(q, 17),
                                 .shop_slug = query_get_str(q, 18, arena),
                                 .shop_name = query_get_str(q, 19, arena)};
    return RC_OK;
}

enum rc sales_order_row(struct store_conn *conn, struct arena *arena, uint64_t id,
                        struct sales_order_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_ORDER_BY_ID);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_order(&q, arena, ret, fault) : rc;
}

enum rc sales_order_row_by_number(struct store_conn *conn, struct arena *arena, struct str number,
                                  struct sales_order_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_ORDER_BY_NUMBER);
    query_str(&q, 1, number);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_order(&q, arena, ret, fault) : rc;
}

enum rc sales_order_rows_of(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                            size_t room, struct sales_order_row **ret, size_t *ret_n,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_ORDERS_OF_PURCHASE);
    query_int(&q, 1, (int64_t)purchase);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_order, ret, ret_n, fault);
}

enum rc sales_order_rows(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         struct str state, uint64_t before, size_t room,
                         struct sales_order_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_ORDERS_LIST);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, state);
    query_int(&q, 3, below(before));
    query_int(&q, 4, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_order, ret, ret_n, fault);
}

static enum rc read_line(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct sales_line_row *)ret =
        (struct sales_line_row){.id = (uint64_t)query_get_int(q, 0),
                                .order = (uint64_t)query_get_int(q, 1),
                                .edition = (uint64_t)query_get_int(q, 2),
                                .work = (uint64_t)query_get_int(q, 3),
                                .isbn = query_get_str(q, 4, arena),
                                .title = query_get_str(q, 5, arena),
                                .contributor = query_get_str(q, 6, arena),
                                .kind = query_get_str(q, 7, arena),
                                .digital = query_get_int(q, 8) != 0,
                                .quantity = query_get_int(q, 9),
                                .unit = query_get_int(q, 10),
                                .discount = query_get_int(q, 11),
                                .total = query_get_int(q, 12),
                                .tax = query_get_int(q, 13),
                                .rate = (int32_t)query_get_int(q, 14),
                                .tax_country = query_get_str(q, 15, arena),
                                .tax_code = query_get_str(q, 16, arena),
                                .tax_id = (uint64_t)query_get_int(q, 17),
                                .price_type = query_get_str(q, 18, arena),
                                .fixed = query_get_int(q, 19) != 0,
                                .available = (int32_t)query_get_int(q, 20),
                                .sent = query_get_int(q, 21),
                                .cancelled = query_get_int(q, 22),
                                .returned = query_get_int(q, 23),
                                .refunded = query_get_int(q, 24)};
    return RC_OK;
}

enum rc sales_line_rows(struct store_conn *conn, struct arena *arena, uint64_t order, size_t room,
                        struct sales_line_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_LINES);
    query_int(&q, 1, (int64_t)order);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_line, ret, ret_n, fault);
}

static enum rc read_event(const struct query *q, struct arena *arena, void *ret,
                          struct fault *fault)
{
    (void)fault;
    *(struct sales_event_row *)ret =
        (struct sales_event_row){.id = (uint64_t)query_get_int(q, 0),
                                 .order = (uint64_t)query_get_int(q, 1),
                                 .line = (uint64_t)query_get_int(q, 2),
                                 .kind = query_get_str(q, 3, arena),
                                 .quantity = query_get_int(q, 4),
                                 .amount = query_get_int(q, 5),
                                 .actor = query_get_str(q, 6, arena),
                                 .account = (uint64_t)query_get_int(q, 7),
                                 .note = query_get_str(q, 8, arena),
                                 .at = query_get_int(q, 9)};
    return RC_OK;
}

enum rc sales_event_rows(struct store_conn *conn, struct arena *arena, uint64_t order, size_t room,
                         struct sales_event_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_EVENTS);
    query_int(&q, 1, (int64_t)order);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_event, ret, ret_n, fault);
}

enum rc library_row_has(struct store_conn *conn, uint64_t account, uint64_t edition,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LIBRARY_HAS);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)edition);
    return query_step(&q, fault);
}
