/* E-books that accounts have, and where they are in them. Whose they are is the caller's to ask.
 * Reading works on any connection; what changes needs an open write transaction. */
#ifndef COLOPHON_STORE_LIBRARY_H
#define COLOPHON_STORE_LIBRARY_H

#include "base/arena.h"
#include "base/fault.h"
#include "domain/library.h"
#include "store/store.h"

/* Where it is there already, nothing changes, but that a free one becomes a bought one. */
enum rc library_row_add(struct store_conn *conn, const struct library_row *row,
                        struct fault *fault) MUST_CHECK;
enum rc library_row_end(struct store_conn *conn, uint64_t account, uint64_t edition, int64_t now,
                        struct fault *fault) MUST_CHECK;
/* *ret_any: it has it. */
enum rc library_row_hide(struct store_conn *conn, uint64_t account, uint64_t edition, bool hidden,
                         bool *ret_any, struct fault *fault) MUST_CHECK;
/* The shop that sold a line; RC_NOT_FOUND. */
enum rc library_shop_of_line(struct store_conn *conn, struct arena *arena, uint64_t line,
                             struct str *ret, struct fault *fault) MUST_CHECK;
/* How many have bought it (of a shop, but for 0) and have it still; and how many orders of it wait
 * to be paid. */
enum rc library_readers_of(struct store_conn *conn, uint64_t edition, uint64_t shop, uint64_t *ret,
                           struct fault *fault) MUST_CHECK;

/* RC_NOT_FOUND where the account does not have it. */
enum rc library_row_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                        uint64_t edition, struct library_row *ret, struct fault *fault) MUST_CHECK;
enum rc library_row_by_isbn(struct store_conn *conn, struct arena *arena, uint64_t account,
                            struct str isbn, struct library_row *ret,
                            struct fault *fault) MUST_CHECK;
/* `like`: a pattern of folded words. */
struct library_question {
    uint64_t account;
    enum library_order order;
    bool hidden;
    struct str like;
};
enum rc library_rows_of(struct store_conn *conn, struct arena *arena,
                        const struct library_question *question, size_t offset, size_t room,
                        library_rows *ret, struct fault *fault) MUST_CHECK;
enum rc library_count_of(struct store_conn *conn, const struct library_question *question,
                         uint64_t *ret, struct fault *fault) MUST_CHECK;
/* Those that were opened and are not read to `end` millionths, the last one first. */
enum rc library_rows_begun(struct store_conn *conn, struct arena *arena, uint64_t account,
                           uint64_t end, size_t room, library_rows *ret,
                           struct fault *fault) MUST_CHECK;

/* ---- places ---- */

enum rc place_row_put(struct store_conn *conn, uint64_t account, const struct place_row *row,
                      struct fault *fault) MUST_CHECK;
/* Of a kind, or the latest where that is empty; RC_NOT_FOUND. */
enum rc place_row_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                      uint64_t edition, struct str kind, struct place_row *ret,
                      struct fault *fault) MUST_CHECK;
/* Of all books after an edition. */
enum rc place_rows_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                      uint64_t after, size_t room, place_rows *ret, struct fault *fault) MUST_CHECK;
/* Whether no places are kept of it; and says so, or the contrary. */
enum rc reading_off_get(struct store_conn *conn, uint64_t account, bool *ret,
                        struct fault *fault) MUST_CHECK;
enum rc reading_off_put(struct store_conn *conn, uint64_t account, bool off, int64_t now,
                        struct fault *fault) MUST_CHECK;
/* All places of an account; and with them all marks. */
enum rc places_remove(struct store_conn *conn, uint64_t account, bool marks,
                      struct fault *fault) MUST_CHECK;

/* ---- marks ---- */

/* Gives it its id. */
enum rc mark_row_add(struct store_conn *conn, uint64_t account, struct mark_row *row,
                     struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the account has no such mark. */
enum rc mark_row_note(struct store_conn *conn, uint64_t account, uint64_t id, struct str note,
                      struct fault *fault) MUST_CHECK;
enum rc mark_row_remove(struct store_conn *conn, uint64_t account, uint64_t id,
                        struct fault *fault) MUST_CHECK;
/* `edition` 0: in all books. */
enum rc mark_rows_count(struct store_conn *conn, uint64_t account, uint64_t edition, uint64_t *ret,
                        struct fault *fault) MUST_CHECK;
/* After an id; `edition` 0: of all books. */
enum rc mark_rows_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                     uint64_t edition, uint64_t after, size_t room, mark_rows *ret,
                     struct fault *fault) MUST_CHECK;
/* With their books' titles, those of books that are in the library no more. */
enum rc mark_rows_left(struct store_conn *conn, struct arena *arena, uint64_t account,
                       uint64_t after, size_t room, mark_rows *ret, struct fault *fault) MUST_CHECK;

#endif
