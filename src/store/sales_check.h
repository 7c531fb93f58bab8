/* The comparisons behind `sales check` (app/sales_check.h), and what the daily one found. */
#ifndef COLOPHON_STORE_SALES_CHECK_H
#define COLOPHON_STORE_SALES_CHECK_H

#include "domain/sales_check.h"
#include "store/store.h"

/* Each comparison is one statement, so that it sees one moment, and finds no more than `room`. */
enum rc sales_check_rows(struct store_conn *conn, struct arena *arena, size_t room,
                         sales_findings *ret, struct fault *fault) MUST_CHECK;

/* When the daily check was made last; 0: never. *ret_any: whether anything was ever sold. */
enum rc sales_checked_row(struct store_conn *conn, int64_t *ret, bool *ret_any,
                          struct fault *fault) MUST_CHECK;
/* What it found instead of what it found before; in an open write transaction. */
enum rc sales_checked_row_put(struct store_conn *conn, int64_t at, const sales_findings *found,
                              struct fault *fault) MUST_CHECK;
/* That, by kind. */
enum rc sales_finding_rows(struct store_conn *conn, struct arena *arena, size_t room,
                           sales_findings *ret, struct fault *fault) MUST_CHECK;
enum rc sales_finding_rows_count(struct store_conn *conn, uint64_t *ret,
                                 struct fault *fault) MUST_CHECK;

#endif
