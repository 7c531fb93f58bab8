/* Sellers, and the papers of what was sold, as they are stored. Changing needs an open write
 * transaction. */
#ifndef COLOPHON_STORE_PAPERS_H
#define COLOPHON_STORE_PAPERS_H

#include "base/encode.h"
#include "base/list.h"
#include "domain/seller.h"
#include "store/store.h"

/* RC_NOT_FOUND where the shop is no seller yet; not on a connection that makes pages. */
enum rc seller_row_get(struct store_conn *conn, struct arena *arena, uint64_t shop,
                       struct seller *ret, struct fault *fault) MUST_CHECK;
/* The same without what is no reader's: account and fee. */
enum rc seller_row_shown(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         struct seller *ret, struct fault *fault) MUST_CHECK;
enum rc seller_row_put(struct store_conn *conn, const struct seller *s,
                       struct fault *fault) MUST_CHECK;

/* ---- invoices and credit notes ---- */

struct invoice_row {
    uint64_t id, shop;
    struct str series;
    uint64_t number;
    struct str kind; /* PAPER_INVOICE, PAPER_CREDIT_NOTE */
    uint64_t order, refund;
    struct str currency;
    int64_t total, tax;
    struct str facts; /* JSON */
    int64_t issued;
};
typedef LIST(struct invoice_row) invoice_rows;

/* The next number of the series, from 1. Its row is the lock: what is rolled back leaves no gap. */
enum rc invoice_series_take(struct store_conn *conn, uint64_t shop, struct str series,
                            uint64_t *ret, struct fault *fault) MUST_CHECK;
struct invoice_series {
    uint64_t shop;
    struct str series;
    uint64_t last, count, highest; /* taken; there; the highest that is there */
};
typedef LIST(struct invoice_series) invoice_series_list;
enum rc invoice_series_read(struct store_conn *conn, struct arena *arena, size_t room,
                            invoice_series_list *ret, struct fault *fault) MUST_CHECK;
/* Takes its id. */
enum rc invoice_row_add(struct store_conn *conn, struct invoice_row *row,
                        struct fault *fault) MUST_CHECK;
/* Of a sales order, as they were issued. */
enum rc invoice_rows_of(struct store_conn *conn, struct arena *arena, uint64_t order, size_t room,
                        invoice_rows *ret, struct fault *fault) MUST_CHECK;
/* Of a shop, behind that id. */
enum rc invoice_rows_after(struct store_conn *conn, struct arena *arena, uint64_t shop,
                           uint64_t after, size_t room, invoice_rows *ret,
                           struct fault *fault) MUST_CHECK;
/* Of a shop: what was paid and has no invoice, what was given back and has no credit note. */
typedef LIST(uint64_t) paper_ids;
enum rc orders_without_invoice(struct store_conn *conn, struct arena *arena, uint64_t shop,
                               size_t room, paper_ids *ret, struct fault *fault) MUST_CHECK;
enum rc refunds_without_note(struct store_conn *conn, struct arena *arena, uint64_t shop,
                             size_t room, paper_ids *ret, struct fault *fault) MUST_CHECK;

/* For letters: what left last, and what was given back last. RC_NOT_FOUND where nothing was. */
struct shipment_content {
    struct str title;
    int64_t quantity;
};
struct shipment_told {
    uint64_t id;
    struct str carrier, tracking;
    int64_t sent;
    LIST(struct shipment_content) content;
};
enum rc shipment_row_latest(struct store_conn *conn, struct arena *arena, uint64_t order,
                            size_t room, struct shipment_told *ret, struct fault *fault) MUST_CHECK;
enum rc refund_row_latest(struct store_conn *conn, struct arena *arena, uint64_t order,
                          int64_t *ret_amount, struct str *ret_reason,
                          struct fault *fault) MUST_CHECK;

/* Purchases whose account went while they were under way, and that have ended: without address and
 * e-mail from here on. */
enum rc purchases_forget(struct store_conn *conn, struct fault *fault) MUST_CHECK;
/* Guests' purchases that nobody paid and that were placed before `unpaid`, and those that ended
 * before `ended`, lose address and e-mail, and the words that were stated of them. */
enum rc purchases_of_guests_forget(struct store_conn *conn, int64_t unpaid, int64_t ended,
                                   struct fault *fault) MUST_CHECK;

/* What opens a purchase's page, by the hash of a secret in a letter. */
enum rc purchase_link_row_add(struct store_conn *conn, const struct hash *hash, uint64_t purchase,
                              int64_t now, struct fault *fault) MUST_CHECK;
enum rc purchase_link_row_get(struct store_conn *conn, const struct hash *hash, uint64_t *ret,
                              struct fault *fault) MUST_CHECK;

#endif
