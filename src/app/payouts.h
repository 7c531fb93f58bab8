/* What is owed to shops, and how it is paid out; the ledger as people look at it. */
#ifndef COLOPHON_APP_PAYOUTS_H
#define COLOPHON_APP_PAYOUTS_H

#include <stdio.h>

#include "app/writer.h"
#include "domain/ledger.h"
#include "domain/payment.h"

/* A payout for each currency in which a shop (by slug; empty: each shop) is owed anything. */
enum rc payout_make(struct writer *writer, struct arena *arena, struct str shop, payout_rows *ret,
                    struct fault *fault) MUST_CHECK;
/* The money left. RC_CONFLICT where it did before, or there is no such payout. */
enum rc payouts_sent(struct writer *writer, struct arena *arena, const uint64_t *ids, size_t n,
                     struct fault *fault) MUST_CHECK;

/* The operator has paid a country what was kept of its tax up to a day (included), for the shops
 * that do not pay it themselves: booked for each, once for that day. RC_CONFLICT where nothing is
 * kept; RC_INVALID names the field. */
struct tax_remittance {
    struct str country, currency, until; /* until: "2026-12-31" */
};
enum rc taxes_remitted(struct writer *writer, struct arena *arena,
                       const struct tax_remittance *what, int64_t *ret_amount,
                       struct fault *fault) MUST_CHECK;

/* What is kept of taxes now, by country, currency and shop. */
struct tax_line {
    struct ledger_sum sum; /* below nought, as a credit is */
    struct str slug, name;
    bool shops_own; /* it is paid out to the shop, which pays it */
};
typedef LIST(struct tax_line) tax_lines;
enum rc taxes_kept(struct store_conn *conn, struct arena *arena, struct str shop, tax_lines *ret,
                   struct fault *fault) MUST_CHECK;

/* On a connection that sees everything; `shop` by slug, empty: all. */
enum rc payouts_list(struct store_conn *conn, struct arena *arena, struct str shop, bool unsent,
                     size_t room, payout_rows *ret, struct fault *fault) MUST_CHECK;
enum rc shop_statement(struct store_conn *conn, struct arena *arena, struct str shop, int64_t from,
                       int64_t until, size_t room, ledger_statement *ret,
                       struct fault *fault) MUST_CHECK;
/* With its balances, as CSV with a head. */
void ledger_statement_csv(FILE *out, struct arena *arena, const ledger_statement *s);
enum rc ledger_accounts(struct store_conn *conn, struct arena *arena, int64_t from, int64_t until,
                        size_t room, ledger_sums *ret, struct fault *fault) MUST_CHECK;

#endif
