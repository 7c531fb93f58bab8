/* What does not agree between sales orders, payments, ledger, stock and libraries. */
#ifndef COLOPHON_STORE_SALES_CHECK_H
#define COLOPHON_STORE_SALES_CHECK_H

#include "domain/sales_check.h"
#include "store/store.h"

/* All that is found, at most `room` of each kind. */
enum rc sales_check_rows(struct store_conn *conn, struct arena *arena, size_t room,
                         sales_findings *ret, struct fault *fault) MUST_CHECK;

#endif
