/* Whom and what readers follow, as it is stored: contributors and series, by their numbers, which
 * never change. What a viewer may see of their news is decided above. Changing needs an open
 * write transaction; an empty list is RC_OK. */
#ifndef COLOPHON_STORE_FOLLOWS_H
#define COLOPHON_STORE_FOLLOWS_H

#include "base/arena.h"
#include "store/store.h"

/* ---- when editions came ---- */

/* RC_NOT_FOUND where nothing as late was noted; *ret 0: it was there before anybody noted it. */
enum rc arrival_of(struct store_conn *conn, uint64_t edition, int64_t *ret,
                   struct fault *fault) MUST_CHECK;
enum rc arrival_last(struct store_conn *conn, uint64_t *ret_edition, int64_t *ret_at,
                     struct fault *fault) MUST_CHECK;
/* The last that had come by then; RC_NOT_FOUND. */
enum rc arrival_until(struct store_conn *conn, int64_t at, uint64_t *ret_edition,
                      struct fault *fault) MUST_CHECK;
/* All up to this one have come by now; posted. */
enum rc arrival_add(struct store_conn *conn, uint64_t last, int64_t at,
                    struct fault *fault) MUST_CHECK;

/* ---- what is followed ---- */

struct follow_row {
    bool series;
    uint64_t target;
    int64_t created;
    struct str key; /* of a contributor (catalogue_contributor_key) */
    struct str name, slug;
    size_t works; /* counted up to works_max + 1 */
};
/* The latest first. */
enum rc follow_rows(struct store_conn *conn, struct arena *arena, uint64_t account, size_t room,
                    size_t works_max, struct follow_row **ret, size_t *ret_n,
                    struct fault *fault) MUST_CHECK;
/* Counted up to works_max + 1. */
enum rc follow_works(struct store_conn *conn, bool series, uint64_t target, size_t works_max,
                     size_t *ret, struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where it is not. */
enum rc follow_row_has(struct store_conn *conn, uint64_t account, bool series, uint64_t target,
                       struct fault *fault) MUST_CHECK;
/* Nothing happens where it is so already. */
enum rc follow_row_put(struct store_conn *conn, uint64_t account, bool series, uint64_t target,
                       bool follow, int64_t now, struct fault *fault) MUST_CHECK;

/* An edition that is new, and why it is told; the latest first. */
struct news_row {
    uint64_t edition;
    bool series;
    uint64_t target;
};
/* What came since each was followed, and after this edition; of what has more than works_max
 * works, nothing. */
enum rc news_rows(struct store_conn *conn, struct arena *arena, uint64_t account, uint64_t after,
                  size_t works_max, size_t room, struct news_row **ret, size_t *ret_n,
                  struct fault *fault) MUST_CHECK;
/* The latest of one, whenever it came. */
enum rc news_rows_of(struct store_conn *conn, struct arena *arena, bool series, uint64_t target,
                     size_t room, struct news_row **ret, size_t *ret_n,
                     struct fault *fault) MUST_CHECK;

/* ---- how they hear of it ---- */

/* RC_NOT_FOUND for who never followed anything. */
enum rc follower_row(struct store_conn *conn, struct arena *arena, uint64_t account,
                     struct str *ret_feed, struct str *ret_storefront,
                     struct fault *fault) MUST_CHECK;
enum rc follower_of_feed(struct store_conn *conn, struct str feed, uint64_t *ret_account,
                         struct fault *fault) MUST_CHECK;
enum rc follower_of_stop(struct store_conn *conn, struct str stop, uint64_t *ret_account,
                         struct fault *fault) MUST_CHECK;
/* Nothing happens where there is one. */
enum rc follower_row_add(struct store_conn *conn, uint64_t account, struct str feed,
                         struct str stop, struct fault *fault) MUST_CHECK;
enum rc follower_row_feed(struct store_conn *conn, uint64_t account, struct str feed,
                          struct fault *fault) MUST_CHECK;
/* Letters about this storefront, from what comes now on; empty: none. */
enum rc follower_row_mail(struct store_conn *conn, uint64_t account, struct str storefront,
                          struct str root, struct fault *fault) MUST_CHECK;

struct follower_due {
    uint64_t account;
    struct str storefront, root, stop;
    uint64_t told;
    size_t owed; /* editions that were withheld before */
};
/* Who wants letters, had none since `mailed` and was not told up to `latest`, or (`owed`) is owed
 * anything; by account, after one. */
enum rc follower_rows_due(struct store_conn *conn, struct arena *arena, int64_t mailed,
                          uint64_t latest, bool owed, uint64_t after, size_t room,
                          struct follower_due **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* Nothing happens where they want no letters. */
enum rc news_owed_add(struct store_conn *conn, uint64_t account, uint64_t edition,
                      struct fault *fault) MUST_CHECK;
enum rc news_owed_clear(struct store_conn *conn, uint64_t account, struct fault *fault) MUST_CHECK;
/* Who was told up to `before` is now up to `edition`; `at`: by a letter, then; 0: there was nothing
 * to tell. RC_NOT_FOUND where somebody else told them meanwhile, or they want no letters any more.
 */
enum rc follower_row_told(struct store_conn *conn, uint64_t account, uint64_t before,
                          uint64_t edition, int64_t at, struct fault *fault) MUST_CHECK;

#endif
