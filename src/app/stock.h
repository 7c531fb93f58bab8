/* Stock: what shops counted of their editions, and what of it is promised. An edition that nobody
 * counted is ordered from its supplier, as the feed says; of one that was, no more is sold than
 * there is. `promised` is what is open of the sales orders that were placed or paid. */
#ifndef COLOPHON_APP_STOCK_H
#define COLOPHON_APP_STOCK_H

#include "app/writer.h"
#include "domain/stock.h"

/* ---- inside an open write transaction ---- */

/* For a purchase that waits for its payment. RC_CONFLICT: there are not so many. RC_OK also where
 * the edition is not counted, here and below. */
enum rc stock_promise(struct store_conn *conn, uint64_t purchase, uint64_t shop, uint64_t edition,
                      uint64_t quantity, int64_t expires, struct fault *fault) MUST_CHECK;
/* It was paid: what it holds is promised without an end. */
enum rc stock_keep(struct store_conn *conn, uint64_t purchase, struct fault *fault) MUST_CHECK;
/* It ended unpaid. */
enum rc stock_give_back(struct store_conn *conn, uint64_t purchase, struct fault *fault) MUST_CHECK;
/* Paid, and cancelled before it left. */
enum rc stock_unpromise(struct store_conn *conn, uint64_t shop, uint64_t edition, uint64_t quantity,
                        struct fault *fault) MUST_CHECK;
/* Sent. RC_CONFLICT where fewer were counted. */
enum rc stock_leave(struct store_conn *conn, uint64_t shop, uint64_t edition, uint64_t quantity,
                    struct fault *fault) MUST_CHECK;
/* Taken back, to be sold once more. */
enum rc stock_come_back(struct store_conn *conn, uint64_t shop, uint64_t edition, uint64_t quantity,
                        struct fault *fault) MUST_CHECK;

/* ---- counting ---- */

/* So many of an edition that the shop has a record of, by ISBN or product key. RC_NOT_FOUND;
 * RC_INVALID for an e-book. */
enum rc stock_count(struct writer *writer, uint64_t shop, struct str key, uint64_t on_hand,
                    struct fault *fault) MUST_CHECK;
/* It is ordered from its supplier again. */
enum rc stock_uncount(struct writer *writer, uint64_t shop, struct str key,
                      struct fault *fault) MUST_CHECK;

struct stock_watch {
    void *context;
    /* Of a line, as a sentence: the file is wrong, or it was passed over. */
    void (*told)(void *context, uint64_t line, const char *why);
    void (*going)(void *context, uint64_t done, uint64_t all); /* may be NULL */
};
struct stock_summary {
    uint64_t rows, wrong, changed, same, passed;
};
/* CSV with the columns isbn and stock. It is read whole first: with a line that is wrong nothing is
 * changed (RC_INVALID). What the shop has no record of, and e-books, are passed over. Then in short
 * transactions; a file that was cut off half way is sent once more. */
enum rc stock_import(struct writer *writer, uint64_t shop, struct str text,
                     const struct stock_watch *watch, struct stock_summary *ret,
                     struct fault *fault) MUST_CHECK;

/* ---- looking ---- */

struct stock_line {
    struct stock_row row;
    struct str title, language; /* empty where the shop has no record of it any more */
};
typedef LIST(struct stock_line) stock_lines;
struct stock_wish {
    struct str key; /* this one alone; empty: all */
    int64_t left;   /* of which at most so many are left */
    uint64_t after; /* an edition */
    size_t room;
};
#define STOCK_ANY INT64_MAX
enum rc stock_read(struct store_conn *conn, struct arena *arena, uint64_t shop,
                   const struct stock_wish *wish, stock_lines *ret, struct stock_sums *ret_sums,
                   struct fault *fault) MUST_CHECK;

#endif
