/* The ledger as it is stored (domain/ledger.h says what it is). Adding needs an open write
 * transaction, and is the only change there is. */
#ifndef COLOPHON_STORE_LEDGER_H
#define COLOPHON_STORE_LEDGER_H

#include "domain/ledger.h"
#include "store/store.h"

/* Once: a key that is there already changes nothing, and is RC_OK. Without lines nothing is added.
 * RC_CORRUPT where they do not sum to nought. */
enum rc ledger_add(struct store_conn *conn, const struct ledger_entry *entry,
                   const struct ledger_lines *lines, struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where nothing has the key. */
enum rc ledger_has(struct store_conn *conn, struct str key, struct fault *fault) MUST_CHECK;

/* What the transaction did to an account; RC_NOT_FOUND where there is none such. */
enum rc ledger_amount(struct store_conn *conn, struct str key, struct str account, int64_t *ret,
                      struct fault *fault) MUST_CHECK;

/* From `from` to before `until`. */
enum rc ledger_sums_read(struct store_conn *conn, struct arena *arena, int64_t from, int64_t until,
                         size_t room, ledger_sums *ret, struct fault *fault) MUST_CHECK;
/* What is owed to a shop (0: to each), by currency: below nought, as a credit is. */
enum rc ledger_balances(struct store_conn *conn, struct arena *arena, uint64_t shop, int64_t before,
                        size_t room, ledger_sums *ret, struct fault *fault) MUST_CHECK;

/* What is kept of taxes of transactions before `before`, by shop (0: of each), country and
 * currency; what was remitted counts whenever that was. */
enum rc ledger_taxes(struct store_conn *conn, struct arena *arena, uint64_t shop, int64_t before,
                     size_t room, ledger_sums *ret, struct fault *fault) MUST_CHECK;

enum rc ledger_statement_read(struct store_conn *conn, struct arena *arena, uint64_t shop,
                              int64_t from, int64_t until, size_t room, ledger_statement *ret,
                              struct fault *fault) MUST_CHECK;

/* All lines of transactions behind `after`, a page; the last transaction may be cut. */
enum rc ledger_rows_read(struct store_conn *conn, struct arena *arena, int64_t from, int64_t until,
                         uint64_t after, size_t room, ledger_rows *ret,
                         struct fault *fault) MUST_CHECK;
/* Transactions whose lines do not sum to nought: none, ever. */
enum rc ledger_unbalanced(struct store_conn *conn, struct arena *arena, size_t room,
                          ledger_rows *ret, struct fault *fault) MUST_CHECK;

#endif
