/* Stock as it is stored: what a shop counted of an edition, and how many of these are promised.
 * An edition without a row is not counted: it is ordered from its supplier. Changing needs an
 * open write transaction. */
#ifndef COLOPHON_STORE_STOCK_H
#define COLOPHON_STORE_STOCK_H

#include "domain/stock.h"
#include "store/store.h"

/* RC_NOT_FOUND where the shop does not count it. */
enum rc stock_row(struct store_conn *conn, uint64_t shop, uint64_t edition, struct stock_row *ret,
                  struct fault *fault) MUST_CHECK;
/* A hint (db.h, query_ask) that it comes. */
void stock_row_ask(struct store_conn *conn, uint64_t shop, uint64_t edition);
/* Those of which at most `left` are neither promised nor gone, by edition, after one. */
enum rc stock_rows_after(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         uint64_t after, int64_t left, size_t room, stock_rows *ret,
                         struct fault *fault) MUST_CHECK;
enum rc stock_row_by_key(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         struct str key, struct stock_row *ret, struct fault *fault) MUST_CHECK;
enum rc stock_rows_sum(struct store_conn *conn, uint64_t shop, struct stock_sums *ret,
                       struct fault *fault) MUST_CHECK;

/* So many were counted. The first time, what sales orders wait for is promised at once. */
enum rc stock_row_put(struct store_conn *conn, uint64_t shop, uint64_t edition, uint64_t on_hand,
                      int64_t now, struct fault *fault) MUST_CHECK;
/* It is not counted any more. RC_NOT_FOUND. */
enum rc stock_row_remove(struct store_conn *conn, uint64_t shop, uint64_t edition,
                         struct fault *fault) MUST_CHECK;

/* What app/stock.h says of each; RC_OK also where the edition is not counted. */
enum rc stock_row_promise(struct store_conn *conn, uint64_t purchase, uint64_t shop,
                          uint64_t edition, uint64_t quantity, int64_t expires,
                          struct fault *fault) MUST_CHECK;
/* The holds of a purchase end; `back`: what they held is free again. */
enum rc stock_holds_end(struct store_conn *conn, uint64_t purchase, bool back,
                        struct fault *fault) MUST_CHECK;
enum stock_move { STOCK_UNPROMISE, STOCK_LEAVE, STOCK_COME_BACK };
enum rc stock_row_move(struct store_conn *conn, enum stock_move move, uint64_t shop,
                       uint64_t edition, uint64_t quantity, struct fault *fault) MUST_CHECK;

#endif
