/* Feeds that partners sent, as they are stored: the queue, and the findings of each. Changing
 * needs an open write transaction. */
#ifndef COLOPHON_STORE_FEEDS_H
#define COLOPHON_STORE_FEEDS_H

#include "store/store.h"

struct feed_row {
    uint64_t id, shop;
    struct str name;   /* as it was sent */
    struct str file;   /* below the folder of the node that took it */
    struct str source; /* "form", "folder" */
    struct str node;   /* the one that took it */
    uint64_t account;  /* 0: whoever can write to the folder */
    int64_t received;
    struct str state;  /* "waiting", "running", "taken", "held" */
    unsigned attempts; /* begun so often; a server that ends in peace does not count */
    unsigned failures; /* of these, with an end that was told */
    int64_t started, ended;
    uint64_t bytes, bytes_all;
    uint64_t records, added, changed, unchanged, deleted, refused;
    struct str reason;
    bool halted; /* somebody wants it to end */
};

/* Of the row: shop, name, file, source, node, account, received, bytes_all. */
enum rc feed_row_add(struct store_conn *conn, const struct feed_row *row, uint64_t *ret_id,
                     struct fault *fault) MUST_CHECK;
enum rc feed_row_get(struct store_conn *conn, struct arena *arena, uint64_t id,
                     struct feed_row *ret, struct fault *fault) MUST_CHECK;
/* The newest first. */
enum rc feed_rows_of_shop(struct store_conn *conn, struct arena *arena, uint64_t shop,
                          size_t offset, size_t room, struct feed_row **ret, size_t *ret_n,
                          struct fault *fault) MUST_CHECK;
/* The last one of that name that was taken before `id`. RC_NOT_FOUND. */
enum rc feed_row_before(struct store_conn *conn, struct arena *arena, uint64_t shop,
                        struct str name, uint64_t id, struct feed_row *ret,
                        struct fault *fault) MUST_CHECK;
/* How many errors and warnings of one are not of the other. */
enum rc finding_rows_beyond(struct store_conn *conn, uint64_t feed, uint64_t other, uint64_t *ret,
                            struct fault *fault) MUST_CHECK;
enum rc feed_row_count(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                       struct fault *fault) MUST_CHECK;
struct feed_trouble {
    struct str shop, name; /* of the shop: slug and name */
    uint64_t held, late;
};
/* Shops of which feeds were held since `held_since` (not those that somebody stopped), or wait or
 * run since before `late_before`. */
enum rc feed_troubles(struct store_conn *conn, struct arena *arena, int64_t held_since,
                      int64_t late_before, size_t room, struct feed_trouble **ret, size_t *ret_n,
                      struct fault *fault) MUST_CHECK;
/* Those that wait or run, of all shops, after the id `after`, the oldest first. */
enum rc feed_rows_open(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                       struct feed_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* The same, of one shop. */
enum rc feed_rows_open_of(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                          struct feed_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* Whether one of those has this file. */
enum rc feed_file_named(struct store_conn *conn, struct str file, bool *ret,
                        struct fault *fault) MUST_CHECK;
enum rc feed_shop_slug(struct store_conn *conn, struct arena *arena, uint64_t shop, struct str *ret,
                       struct fault *fault) MUST_CHECK;

/* It is being imported, once more; what was found before is forgotten. */
enum rc feed_row_begin(struct store_conn *conn, uint64_t id, int64_t now,
                       struct fault *fault) MUST_CHECK;
enum rc feed_row_progress(struct store_conn *conn, uint64_t id, uint64_t bytes, uint64_t bytes_all,
                          uint64_t records, struct fault *fault) MUST_CHECK;
/* Nothing where it is over already. */
enum rc feed_row_halt(struct store_conn *conn, uint64_t id, struct fault *fault) MUST_CHECK;
enum rc feed_row_halted(struct store_conn *conn, uint64_t id, bool *ret,
                        struct fault *fault) MUST_CHECK;
/* Of the row: id, state, attempts, failures, ended, the counts, reason. */
enum rc feed_row_end(struct store_conn *conn, const struct feed_row *row,
                     struct fault *fault) MUST_CHECK;
/* Forgets what ended before the shop's `keep` newest. */
enum rc feed_rows_forget(struct store_conn *conn, uint64_t shop, size_t keep,
                         struct fault *fault) MUST_CHECK;

struct finding_row {
    uint64_t n;          /* counted from 1 within its feed */
    struct str severity; /* "error", "warning", "information" */
    uint64_t line;
    struct str reference, isbn, element, code, reason;
    uint64_t times; /* so many records have it; one unless finding_row_times said so */
};
enum rc finding_row_times(struct store_conn *conn, uint64_t feed, uint64_t n, uint64_t times,
                          struct fault *fault) MUST_CHECK;
enum rc finding_row_add(struct store_conn *conn, uint64_t feed, const struct finding_row *row,
                        struct fault *fault) MUST_CHECK;
/* After `after`, of one severity or (empty) of all; at most `room`. */
enum rc finding_rows(struct store_conn *conn, struct arena *arena, uint64_t feed,
                     struct str severity, uint64_t after, size_t room, struct finding_row **ret,
                     size_t *ret_n, struct fault *fault) MUST_CHECK;
enum rc finding_row_counts(struct store_conn *conn, uint64_t feed, uint64_t *ret_errors,
                           uint64_t *ret_warnings, uint64_t *ret_informations,
                           struct fault *fault) MUST_CHECK;

#endif
