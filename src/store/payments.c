#include "store/payments.h"

#include "base/encode.h"
#include "domain/payment_reference.h"
#include "store/db.h"

static int64_t below(uint64_t before)
{
    return before == 0 ? INT64_MAX : (int64_t)before;
}

/* ---- payments ---- */

static enum rc read_payment(const struct query *q, struct arena *arena, void *ret,
                            struct fault *fault)
{
    (void)fault;
    *(struct payment_row *)ret = (struct payment_row){.id = (uint64_t)query_get_int(q, 0),
                                                      .purchase = (uint64_t)query_get_int(q, 1),
                                                      .method = query_get_str(q, 2, arena),
                                                      .reference = query_get_str(q, 3, arena),
                                                      .provider_id = query_get_str(q, 4, arena),
                                                      .currency = query_get_str(q, 5, arena),
                                                      .amount = query_get_int(q, 6),
                                                      .received = query_get_int(q, 7),
                                                      .refunded = query_get_int(q, 8),
                                                      .state = query_get_str(q, 9, arena),
                                                      .created = query_get_int(q, 10),
                                                      .ended = query_get_int(q, 11)};
    return RC_OK;
}

static enum rc add_payment(struct store_conn *conn, const struct payment_row *row, bool *ret_new,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_int(&q, 2, (int64_t)row->purchase);
    query_str(&q, 3, row->method);
    query_str(&q, 4, row->reference);
    query_str(&q, 5, row->currency);
    query_int(&q, 6, row->amount);
    query_int(&q, 7, row->created);
    enum rc rc = query_run(&q, fault);
    *ret_new = query_changes(&q) > 0;
    return rc;
}

enum rc payment_row_add(struct store_conn *conn, struct arena *arena, struct payment_row *row,
                        struct fault *fault)
{
    char reference[PAYMENT_REFERENCE + 1];
    bool new = false;
    enum rc rc = store_take_ids(conn, "payment", 1, &row->id, fault);
    while (rc == RC_OK && !new) {
        uint64_t chance;
        random_bytes(&chance, sizeof chance);
        payment_reference_make(chance, reference);
        row->reference = arena_str(arena, str_of(reference));
        row->state = STR(PAYMENT_WAITING);
        rc = add_payment(conn, row, &new, fault);
    }
    return rc;
}

static enum rc one_by_id(struct store_conn *conn, struct arena *arena, enum statement name,
                         uint64_t id, row_reader read, void *ret, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read(&q, arena, ret, fault) : rc;
}

static enum rc one_by_text(struct store_conn *conn, struct arena *arena, enum statement name,
                           struct str text, row_reader read, void *ret, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_str(&q, 1, text);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read(&q, arena, ret, fault) : rc;
}

enum rc payment_row_get(struct store_conn *conn, struct arena *arena, uint64_t id,
                        struct payment_row *ret, struct fault *fault)
{
    return one_by_id(conn, arena, SQL_PAYMENT_BY_ID, id, read_payment, ret, fault);
}

enum rc payment_row_by_reference(struct store_conn *conn, struct arena *arena, struct str reference,
                                 struct payment_row *ret, struct fault *fault)
{
    return one_by_text(conn, arena, SQL_PAYMENT_BY_REFERENCE, reference, read_payment, ret, fault);
}

enum rc payment_row_of_purchase(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                                struct payment_row *ret, struct fault *fault)
{
    return one_by_id(conn, arena, SQL_PAYMENT_OF_PURCHASE, purchase, read_payment, ret, fault);
}

enum rc payment_row_by_method(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                              struct str method, struct payment_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_BY_METHOD);
    query_int(&q, 1, (int64_t)purchase);
    query_str(&q, 2, method);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_payment(&q, arena, ret, fault) : rc;
}

enum rc payment_rows_of_purchase(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                                 size_t room, payment_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENTS_OF_PURCHASE);
    query_int(&q, 1, (int64_t)purchase);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_payment, &ret->v, &ret->n, fault);
}

enum rc payment_rows_read(struct store_conn *conn, struct arena *arena, struct str state,
                          uint64_t before, size_t room, payment_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENTS_BEFORE);
    query_int(&q, 1, below(before));
    query_str(&q, 2, state);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_payment, &ret->v, &ret->n, fault);
}

enum rc payment_rows_count(struct store_conn *conn, struct str state, uint64_t *ret,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_COUNT);
    query_str(&q, 1, state);
    return query_number(&q, ret, fault);
}

enum rc payment_row_set(struct store_conn *conn, const struct payment_row *row, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_SET);
    query_int(&q, 1, (int64_t)row->id);
    query_str(&q, 2, row->provider_id);
    query_int(&q, 3, row->received);
    query_int(&q, 4, row->refunded);
    query_str(&q, 5, row->state);
    query_int(&q, 6, row->ended);
    return query_run(&q, fault);
}

/* ---- what was told ---- */

static enum rc read_event(const struct query *q, struct arena *arena, void *ret,
                          struct fault *fault)
{
    (void)fault;
    *(struct payment_event *)ret = (struct payment_event){.method = query_get_str(q, 0, arena),
                                                          .event = query_get_str(q, 1, arena),
                                                          .payment = (uint64_t)query_get_int(q, 2),
                                                          .kind = query_get_str(q, 3, arena),
                                                          .currency = query_get_str(q, 4, arena),
                                                          .amount = query_get_int(q, 5),
                                                          .text = query_get_str(q, 6, arena),
                                                          .outcome = query_get_str(q, 7, arena),
                                                          .told = query_get_int(q, 8),
                                                          .taken = query_get_int(q, 9)};
    return RC_OK;
}

enum rc payment_event_add(struct store_conn *conn, const struct payment_event *event, bool *ret_new,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_EVENT_ADD);
    query_str(&q, 1, event->method);
    query_str(&q, 2, event->event);
    query_int(&q, 3, (int64_t)event->payment);
    query_str(&q, 4, event->kind);
    query_str(&q, 5, event->currency);
    query_int(&q, 6, event->amount);
    query_str(&q, 7, event->text);
    query_str(&q, 8, event->outcome);
    query_int(&q, 9, event->told);
    query_int(&q, 10, event->taken);
    enum rc rc = query_run(&q, fault);
    *ret_new = query_changes(&q) > 0;
    return rc;
}

enum rc payment_event_get(struct store_conn *conn, struct arena *arena, struct str method,
                          struct str event, struct payment_event *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_EVENT_GET);
    query_str(&q, 1, method);
    query_str(&q, 2, event);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_event(&q, arena, ret, fault) : rc;
}

enum rc payment_events_of(struct store_conn *conn, struct arena *arena, uint64_t payment,
                          size_t room, payment_events *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_EVENTS_OF);
    query_int(&q, 1, (int64_t)payment);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_event, &ret->v, &ret->n, fault);
}

enum rc payment_events_held(struct store_conn *conn, struct arena *arena, size_t room,
                            payment_events *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_EVENTS_HELD);
    query_int(&q, 1, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_event, &ret->v, &ret->n, fault);
}

enum rc payment_events_held_count(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_EVENTS_HELD_COUNT);
    return query_number(&q, ret, fault);
}

enum rc payment_event_set(struct store_conn *conn, const struct payment_event *event,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_EVENT_SET);
    query_str(&q, 1, event->method);
    query_str(&q, 2, event->event);
    query_int(&q, 3, (int64_t)event->payment);
    query_str(&q, 4, event->outcome);
    return query_run(&q, fault);
}

static struct query query_said(struct store_conn *conn, enum statement name,
                               const struct payment_event *event)
{
    struct query q = query_start(conn, name);
    query_str(&q, 1, event->method);
    query_int(&q, 2, (int64_t)event->payment);
    query_str(&q, 3, event->currency);
    query_int(&q, 4, event->amount);
    query_str(&q, 5, event->kind);
    query_str(&q, 6, event->text);
    return q;
}

enum rc payment_event_said(struct store_conn *conn, const struct payment_event *event, bool *ret,
                           struct fault *fault)
{
    uint64_t n = 0;
    QUERY q = query_said(conn, SQL_PAYMENT_EVENT_SAID, event);
    enum rc rc = query_number(&q, &n, fault);
    *ret = n > 0;
    return rc;
}

enum rc payment_event_confirm(struct store_conn *conn, const struct payment_event *event, bool *ret,
                              struct fault *fault)
{
    QUERY q = query_said(conn, SQL_PAYMENT_EVENT_CONFIRM, event);
    enum rc rc = query_run(&q, fault);
    *ret = rc == RC_OK && query_changes(&q) > 0;
    return rc;
}

/* ---- refunds ---- */

static enum rc read_refund(const struct query *q, struct arena *arena, void *ret,
                           struct fault *fault)
{
    (void)fault;
    *(struct refund_row *)ret = (struct refund_row){.id = (uint64_t)query_get_int(q, 0),
                                                    .key = query_get_str(q, 1, arena),
                                                    .order = (uint64_t)query_get_int(q, 2),
                                                    .payment = (uint64_t)query_get_int(q, 3),
                                                    .currency = query_get_str(q, 4, arena),
                                                    .amount = query_get_int(q, 5),
                                                    .reason = query_get_str(q, 6, arena),
                                                    .state = query_get_str(q, 7, arena),
                                                    .provider_id = query_get_str(q, 8, arena),
                                                    .created = query_get_int(q, 9),
                                                    .ended = query_get_int(q, 10),
                                                    .intent = query_get_str(q, 11, arena),
                                                    .asked = query_get_int(q, 12) != 0};
    return RC_OK;
}

enum rc refund_row_add(struct store_conn *conn, struct refund_row *row, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "refund", 1, &row->id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_REFUND_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_str(&q, 2, row->key);
    query_int(&q, 3, (int64_t)row->order);
    query_int(&q, 4, (int64_t)row->payment);
    query_str(&q, 5, row->currency);
    query_int(&q, 6, row->amount);
    query_str(&q, 7, row->reason);
    query_int(&q, 8, row->created);
    query_str(&q, 9, row->intent);
    return query_run(&q, fault);
}

enum rc refund_row_get(struct store_conn *conn, struct arena *arena, uint64_t id,
                       struct refund_row *ret, struct fault *fault)
{
    return one_by_id(conn, arena, SQL_REFUND_BY_ID, id, read_refund, ret, fault);
}

enum rc refund_row_by_key(struct store_conn *conn, struct arena *arena, struct str key,
                          struct refund_row *ret, struct fault *fault)
{
    return one_by_text(conn, arena, SQL_REFUND_BY_KEY, key, read_refund, ret, fault);
}

enum rc refund_rows_of_payment(struct store_conn *conn, struct arena *arena, uint64_t payment,
                               size_t room, refund_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REFUNDS_OF_PAYMENT);
    query_int(&q, 1, (int64_t)payment);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_refund, &ret->v, &ret->n, fault);
}

enum rc refund_rows_read(struct store_conn *conn, struct arena *arena, struct str state,
                         uint64_t after, size_t room, refund_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REFUNDS_AFTER);
    query_str(&q, 1, state);
    query_int(&q, 2, (int64_t)after);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_refund, &ret->v, &ret->n, fault);
}

enum rc refund_rows_of_order(struct store_conn *conn, struct arena *arena, uint64_t order,
                             struct str state, size_t room, refund_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REFUNDS_OF_ORDER);
    query_int(&q, 1, (int64_t)order);
    query_str(&q, 2, state);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_refund, &ret->v, &ret->n, fault);
}

enum rc refund_row_by_provider(struct store_conn *conn, struct arena *arena, struct str id,
                               struct refund_row *ret, struct fault *fault)
{
    return one_by_text(conn, arena, SQL_REFUND_BY_PROVIDER, id, read_refund, ret, fault);
}

enum rc refund_rows_by_card(struct store_conn *conn, struct arena *arena, uint64_t after,
                            size_t room, refund_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REFUNDS_BY_CARD);
    query_int(&q, 1, (int64_t)after);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_refund, &ret->v, &ret->n, fault);
}

enum rc refund_row_set(struct store_conn *conn, const struct refund_row *row, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REFUND_SET);
    query_int(&q, 1, (int64_t)row->id);
    query_str(&q, 2, row->state);
    query_str(&q, 3, row->provider_id);
    query_int(&q, 4, row->ended);
    query_int(&q, 5, row->asked);
    return query_run(&q, fault);
}

/* ---- where money goes ---- */

static enum rc read_account(const struct query *q, struct arena *arena, void *ret,
                            struct fault *fault)
{
    (void)fault;
    *(struct bank_account *)ret = (struct bank_account){.currency = query_get_str(q, 0, arena),
                                                        .holder = query_get_str(q, 1, arena),
                                                        .account = query_get_str(q, 2, arena),
                                                        .bank = query_get_str(q, 3, arena),
                                                        .changed = query_get_int(q, 4)};
    return RC_OK;
}

enum rc bank_account_put(struct store_conn *conn, const struct bank_account *account,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_BANK_ACCOUNT_PUT);
    query_str(&q, 1, account->currency);
    query_str(&q, 2, account->holder);
    query_str(&q, 3, account->account);
    query_str(&q, 4, account->bank);
    query_int(&q, 5, account->changed);
    return query_run(&q, fault);
}

enum rc bank_account_get(struct store_conn *conn, struct arena *arena, struct str currency,
                         struct bank_account *ret, struct fault *fault)
{
    return one_by_text(conn, arena, SQL_BANK_ACCOUNT_GET, currency, read_account, ret, fault);
}

enum rc bank_accounts_read(struct store_conn *conn, struct arena *arena, size_t room,
                           bank_accounts *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_BANK_ACCOUNTS);
    query_int(&q, 1, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_account, &ret->v, &ret->n, fault);
}

/* ---- payouts ---- */

static enum rc read_payout(const struct query *q, struct arena *arena, void *ret,
                           struct fault *fault)
{
    (void)fault;
    *(struct payout_row *)ret = (struct payout_row){.id = (uint64_t)query_get_int(q, 0),
                                                    .shop = (uint64_t)query_get_int(q, 1),
                                                    .currency = query_get_str(q, 2, arena),
                                                    .amount = query_get_int(q, 3),
                                                    .until = (uint64_t)query_get_int(q, 4),
                                                    .reference = query_get_str(q, 5, arena),
                                                    .created = query_get_int(q, 6),
                                                    .sent = query_get_int(q, 7),
                                                    .shop_code = query_get_str(q, 8, arena),
                                                    .name = query_get_str(q, 9, arena),
                                                    .account = query_get_str(q, 10, arena),
                                                    .tax = query_get_int(q, 11),
                                                    .account_before = query_get_str(q, 12, arena)};
    return RC_OK;
}

enum rc payout_row_add(struct store_conn *conn, struct payout_row *row, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "payout", 1, &row->id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_PAYOUT_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_int(&q, 2, (int64_t)row->shop);
    query_str(&q, 3, row->currency);
    query_int(&q, 4, row->amount);
    query_int(&q, 5, (int64_t)row->until);
    query_str(&q, 6, row->reference);
    query_int(&q, 7, row->created);
    query_int(&q, 8, row->tax);
    return query_run(&q, fault);
}

enum rc payout_row_get(struct store_conn *conn, struct arena *arena, uint64_t id,
                       struct payout_row *ret, struct fault *fault)
{
    return one_by_id(conn, arena, SQL_PAYOUT_GET, id, read_payout, ret, fault);
}

enum rc payout_rows_read(struct store_conn *conn, struct arena *arena, uint64_t shop, bool unsent,
                         uint64_t before, size_t room, payout_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYOUTS_BEFORE);
    query_int(&q, 1, below(before));
    query_int(&q, 2, (int64_t)shop);
    query_int(&q, 3, unsent);
    query_int(&q, 4, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_payout, &ret->v, &ret->n, fault);
}

enum rc payout_row_sent(struct store_conn *conn, uint64_t id, int64_t at, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYOUT_SENT);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, at);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0
               ? fault_set(fault, RC_CONFLICT, "there is no such payout that waits to be sent")
               : rc;
}

enum rc sales_order_fee(struct store_conn *conn, uint64_t order, int64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ORDER_FEE);
    query_int(&q, 1, (int64_t)order);
    return query_number(&q, (uint64_t *)ret, fault);
}

enum rc payment_parts_held(struct store_conn *conn, uint64_t payment, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_PARTS_HELD);
    query_int(&q, 1, (int64_t)payment);
    return query_run(&q, fault);
}

enum rc payment_events_open(struct store_conn *conn, uint64_t payment, uint64_t *ret,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PAYMENT_OPEN_EVENTS);
    query_int(&q, 1, (int64_t)payment);
    return query_number(&q, ret, fault);
}

enum rc purchase_undeliverable(struct store_conn *conn, uint64_t purchase, uint64_t account,
                               bool *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PURCHASE_UNDELIVERABLE);
    query_int(&q, 1, (int64_t)purchase);
    query_int(&q, 2, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    *ret = rc == RC_OK;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
