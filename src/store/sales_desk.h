/* Sales orders at the desk, as they are stored; on a connection that sees everything. */
#ifndef COLOPHON_STORE_SALES_DESK_H
#define COLOPHON_STORE_SALES_DESK_H

#include "domain/sale_desk.h"
#include "store/store.h"

/* Ids of sales orders. */
enum rc sales_desk_ids(struct store_conn *conn, struct arena *arena, const struct sales_seek *seek,
                       uint64_t **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
enum rc sales_desk_waiting(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                           struct fault *fault) MUST_CHECK;
/* What can be sent by that day, by title. */
enum rc sales_desk_picks(struct store_conn *conn, struct arena *arena, uint64_t shop, int32_t day,
                         size_t room, sales_picks *ret, struct fault *fault) MUST_CHECK;
/* Within a write transaction. */
enum rc shipment_row_add(struct store_conn *conn, uint64_t order, struct str carrier,
                         struct str tracking, int64_t now, uint64_t *ret_id,
                         struct fault *fault) MUST_CHECK;
enum rc shipment_line_row_add(struct store_conn *conn, uint64_t shipment, uint64_t line,
                              int64_t quantity, struct fault *fault) MUST_CHECK;
enum rc shipped_lines_of(struct store_conn *conn, struct arena *arena, uint64_t order,
                         shipped_lines *ret, struct fault *fault) MUST_CHECK;

#endif
