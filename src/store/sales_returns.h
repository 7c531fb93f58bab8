/* What buyers state of what they bought, as it is stored; on a connection that sees everything. */
#ifndef COLOPHON_STORE_SALES_RETURNS_H
#define COLOPHON_STORE_SALES_RETURNS_H

#include "domain/sale_desk.h"
#include "store/store.h"

enum { RETURN_LINES_MAX = 500 }; /* of all that was stated of one sales order */

/* Within a write transaction; gives the row its id. */
enum rc sales_return_row_add(struct store_conn *conn, struct sales_return *row,
                             struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where nothing was stated under that key. */
enum rc sales_return_row_by_key(struct store_conn *conn, struct str key,
                                struct fault *fault) MUST_CHECK;
/* Of a sales order, in the order in which it was stated. */
enum rc sales_return_rows_of(struct store_conn *conn, struct arena *arena, uint64_t order,
                             sales_returns *ret, struct fault *fault) MUST_CHECK;
enum rc sales_return_row_came(struct store_conn *conn, uint64_t id, uint64_t line, int64_t quantity,
                              struct fault *fault) MUST_CHECK;
/* RETURN_RECEIVED where all of it came, else nothing; RETURN_CLOSED. *ret_ended: whether it did. */
enum rc sales_return_row_end(struct store_conn *conn, uint64_t id, uint64_t order,
                             const char *state, int64_t now, bool *ret_ended,
                             struct fault *fault) MUST_CHECK;
/* How many are expected; of all shops (0) or of one. */
enum rc sales_returns_count(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                            struct fault *fault) MUST_CHECK;
/* What the cheapest delivery that was offered cost; -1: nobody kept it. */
enum rc sales_order_least_put(struct store_conn *conn, uint64_t order, int64_t amount,
                              struct fault *fault) MUST_CHECK;
enum rc sales_order_least(struct store_conn *conn, uint64_t order, int64_t *ret,
                          struct fault *fault) MUST_CHECK;

#endif
