/* What is owed to shops, and how it is paid out; the ledger as people look at it. */
#ifndef COLOPHON_APP_PAYOUTS_H
#define COLOPHON_APP_PAYOUTS_H

#include "app/writer.h"
#include "domain/ledger.h"
#include "domain/payment.h"

/* A payout for each currency in which a shop (by slug; empty: each shop) is owed anything. */
enum rc payout_make(struct writer *writer, struct arena *arena, struct str shop, payout_rows *ret,
                    struct fault *fault) MUST_CHECK;
/* The money left. RC_CONFLICT where it did before, or there is no such payout. */
enum rc payouts_sent(struct writer *writer, struct arena *arena, const uint64_t *ids, size_t n,
                     struct fault *fault) MUST_CHECK;

/* On a connection that sees everything; `shop` by slug, empty: all. */
enum rc payouts_list(struct store_conn *conn, struct arena *arena, struct str shop, bool unsent,
                     size_t room, payout_rows *ret, struct fault *fault) MUST_CHECK;
enum rc shop_statement(struct store_conn *conn, struct arena *arena, struct str shop, int64_t from,
                       int64_t until, size_t room, ledger_statement *ret,
                       struct fault *fault) MUST_CHECK;
enum rc ledger_accounts(struct store_conn *conn, struct arena *arena, int64_t from, int64_t until,
                        size_t room, ledger_sums *ret, struct fault *fault) MUST_CHECK;

#endif
