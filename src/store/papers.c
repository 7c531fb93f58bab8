#include "store/papers.h"

#include "store/db.h"

static struct seller read_shown(const struct query *q, struct arena *arena, uint64_t shop)
{
    return (struct seller){.shop = shop,
                           .name = query_get_str(q, 0, arena),
                           .address = query_get_str(q, 1, arena),
                           .country = query_get_str(q, 2, arena),
                           .email = query_get_str(q, 3, arena),
                           .tax_number = query_get_str(q, 4, arena)};
}

enum rc seller_row_get(struct store_conn *conn, struct arena *arena, uint64_t shop,
                       struct seller *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SELLER_GET);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    *ret = read_shown(&q, arena, shop);
    ret->account = query_get_str(&q, 5, arena);
    ret->fee = query_get_int(&q, 6);
    ret->changed = query_get_int(&q, 7);
    ret->remits = query_get_str(&q, 8, arena);
    return RC_OK;
}

enum rc seller_row_shown(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         struct seller *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SELLER_SHOWN);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_shown(&q, arena, shop);
    return rc;
}

enum rc seller_row_put(struct store_conn *conn, const struct seller *s, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SELLER_PUT);
    query_int(&q, 1, (int64_t)s->shop);
    query_str(&q, 2, s->name);
    query_str(&q, 3, s->address);
    query_str(&q, 4, s->country);
    query_str(&q, 5, s->email);
    query_str(&q, 6, s->tax_number);
    query_str(&q, 7, s->account);
    query_int(&q, 8, s->fee);
    query_int(&q, 9, s->changed);
    query_str(&q, 10, s->remits);
    return query_run(&q, fault);
}

/* ---- invoices and credit notes ---- */

enum rc invoice_series_take(struct store_conn *conn, uint64_t shop, struct str series,
                            uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_INVOICE_SERIES_TAKE);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, series);
    return query_number(&q, ret, fault);
}

enum rc invoice_series_read(struct store_conn *conn, struct arena *arena, size_t room,
                            invoice_series_list *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_INVOICE_SERIES_ALL);
    enum rc rc = RC_OK;
    *ret = (invoice_series_list){ARENA_ARRAY(arena, struct invoice_series, room), 0};
    while (ret->n < room && (rc = query_step(&q, fault)) == RC_OK)
        ret->v[ret->n++] =
            (struct invoice_series){(uint64_t)query_get_int(&q, 0), query_get_str(&q, 1, arena),
                                    (uint64_t)query_get_int(&q, 2), (uint64_t)query_get_int(&q, 3),
                                    (uint64_t)query_get_int(&q, 4)};
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc invoice_row_add(struct store_conn *conn, struct invoice_row *row, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "invoice", 1, &row->id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_INVOICE_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_int(&q, 2, (int64_t)row->shop);
    query_str(&q, 3, row->series);
    query_int(&q, 4, (int64_t)row->number);
    query_str(&q, 5, row->kind);
    query_int(&q, 6, (int64_t)row->order);
    query_int(&q, 7, (int64_t)row->refund);
    query_str(&q, 8, row->currency);
    query_int(&q, 9, row->total);
    query_int(&q, 10, row->tax);
    query_str(&q, 11, row->facts);
    query_int(&q, 12, row->issued);
    return query_run(&q, fault);
}

static enum rc read_invoices(struct query *q, struct arena *arena, size_t room, invoice_rows *ret,
                             struct fault *fault)
{
    enum rc rc = RC_OK;
    *ret = (invoice_rows){ARENA_ARRAY(arena, struct invoice_row, room), 0};
    while (ret->n < room && (rc = query_step(q, fault)) == RC_OK)
        ret->v[ret->n++] = (struct invoice_row){.id = (uint64_t)query_get_int(q, 0),
                                                .shop = (uint64_t)query_get_int(q, 1),
                                                .series = query_get_str(q, 2, arena),
                                                .number = (uint64_t)query_get_int(q, 3),
                                                .kind = query_get_str(q, 4, arena),
                                                .order = (uint64_t)query_get_int(q, 5),
                                                .refund = (uint64_t)query_get_int(q, 6),
                                                .currency = query_get_str(q, 7, arena),
                                                .total = query_get_int(q, 8),
                                                .tax = query_get_int(q, 9),
                                                .facts = query_get_str(q, 10, arena),
                                                .issued = query_get_int(q, 11)};
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc invoice_rows_of(struct store_conn *conn, struct arena *arena, uint64_t order, size_t room,
                        invoice_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_INVOICES_OF_ORDER);
    query_int(&q, 1, (int64_t)order);
    query_int(&q, 2, (int64_t)room);
    return read_invoices(&q, arena, room, ret, fault);
}

enum rc invoice_rows_after(struct store_conn *conn, struct arena *arena, uint64_t shop,
                           uint64_t after, size_t room, invoice_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_INVOICES_OF_SHOP);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)after);
    query_int(&q, 3, (int64_t)room);
    return read_invoices(&q, arena, room, ret, fault);
}

static enum rc read_ids(struct store_conn *conn, struct arena *arena, enum statement name,
                        uint64_t shop, size_t room, paper_ids *ret, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    enum rc rc = RC_OK;
    *ret = (paper_ids){ARENA_ARRAY(arena, uint64_t, room), 0};
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)room);
    while (ret->n < room && (rc = query_step(&q, fault)) == RC_OK)
        ret->v[ret->n++] = (uint64_t)query_get_int(&q, 0);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc orders_without_invoice(struct store_conn *conn, struct arena *arena, uint64_t shop,
                               size_t room, paper_ids *ret, struct fault *fault)
{
    return read_ids(conn, arena, SQL_ORDERS_WITHOUT_INVOICE, shop, room, ret, fault);
}

enum rc refunds_without_note(struct store_conn *conn, struct arena *arena, uint64_t shop,
                             size_t room, paper_ids *ret, struct fault *fault)
{
    return read_ids(conn, arena, SQL_REFUNDS_WITHOUT_NOTE, shop, room, ret, fault);
}

/* ---- links ---- */

enum rc purchase_link_row_add(struct store_conn *conn, const struct hash *hash, uint64_t purchase,
                              int64_t now, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "purchase_link", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_PURCHASE_LINK_ADD);
    query_int(&q, 1, (int64_t)id);
    query_bytes(&q, 2, hash->b, sizeof hash->b);
    query_int(&q, 3, (int64_t)purchase);
    query_int(&q, 4, now);
    return query_run(&q, fault);
}

enum rc purchase_link_row_get(struct store_conn *conn, const struct hash *hash, uint64_t *ret,
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PURCHASE_LINK_GET);
    query_bytes(&q, 1, hash->b, sizeof hash->b);
    return query_number(&q, ret, fault);
}

/* ---- for letters ---- */

static enum rc read_content(struct store_conn *conn, struct arena *arena, size_t room,
                            struct shipment_told *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHIPMENT_CONTENT);
    enum rc rc = RC_OK;
    query_int(&q, 1, (int64_t)ret->id);
    query_int(&q, 2, (int64_t)room);
    ret->content.v = ARENA_ARRAY(arena, struct shipment_content, room);
    while (ret->content.n < room && (rc = query_step(&q, fault)) == RC_OK)
        ret->content.v[ret->content.n++] =
            (struct shipment_content){query_get_str(&q, 0, arena), query_get_int(&q, 1)};
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc read_shipment(struct store_conn *conn, struct arena *arena, uint64_t order,
                             struct shipment_told *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHIPMENT_LATEST);
    query_int(&q, 1, (int64_t)order);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct shipment_told){.id = (uint64_t)query_get_int(&q, 0),
                                      .carrier = query_get_str(&q, 1, arena),
                                      .tracking = query_get_str(&q, 2, arena),
                                      .sent = query_get_int(&q, 3)};
    return rc;
}

enum rc shipment_row_latest(struct store_conn *conn, struct arena *arena, uint64_t order,
                            size_t room, struct shipment_told *ret, struct fault *fault)
{
    enum rc rc = read_shipment(conn, arena, order, ret, fault);
    return rc == RC_OK ? read_content(conn, arena, room, ret, fault) : rc;
}

enum rc refund_row_latest(struct store_conn *conn, struct arena *arena, uint64_t order,
                          int64_t *ret_amount, struct str *ret_reason, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REFUND_LATEST);
    query_int(&q, 1, (int64_t)order);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK) {
        *ret_amount = query_get_int(&q, 0);
        *ret_reason = query_get_str(&q, 1, arena);
    }
    return rc;
}

enum rc purchases_forget(struct store_conn *conn, struct fault *fault)
{
    QUERY count = query_start(conn, SQL_PURCHASES_TO_FORGET);
    enum rc rc = query_step(&count, fault);
    if (rc != RC_OK || query_get_int(&count, 0) == 0)
        return rc;
    static const enum statement both[] = {SQL_PURCHASES_FORGET, SQL_PURCHASES_FORGOTTEN};
    for (size_t i = 0; rc == RC_OK && i < 2; i++) {
        QUERY q = query_start(conn, both[i]);
        rc = query_run(&q, fault);
    }
    return rc;
}

enum rc purchases_of_guests_forget(struct store_conn *conn, int64_t unpaid, int64_t ended,
                                   struct fault *fault)
{
    const struct {
        enum statement statement;
        int64_t before;
    } both[] = {{SQL_PURCHASES_OF_GUESTS_UNPAID_FORGET, unpaid},
                {SQL_PURCHASES_OF_GUESTS_FORGET, ended}};
    int64_t changed = 0;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < 2; i++) {
        QUERY q = query_start(conn, both[i].statement);
        query_int(&q, 1, both[i].before);
        rc = query_run(&q, fault);
        changed += rc == RC_OK ? (int64_t)query_changes(&q) : 0;
    }
    if (rc != RC_OK || changed == 0)
        return rc;
    QUERY words = query_start(conn, SQL_SALES_RETURNS_FORGET);
    return query_run(&words, fault);
}
