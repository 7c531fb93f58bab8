/* Letters that wait to be sent, and what became of them. Changing needs an open write
 * transaction. */
#ifndef COLOPHON_STORE_LETTERS_H
#define COLOPHON_STORE_LETTERS_H

#include "base/arena.h"
#include "base/fault.h"
#include "store/store.h"

struct letter_row {
    uint64_t id;
    struct str message_id;
    struct str kind;
    uint64_t account;
    struct str recipient, language;
    struct str content; /* JSON object; empty once it is sent */
    uint64_t entry_id;
    struct str state; /* "waiting", "sent", "failed" */
    int64_t created, due, until;
    unsigned attempts;
    int64_t ended; /* when it was sent or given up; 0: it waits */
    struct str reason;
};

/* Of `l`, id, state, due, attempts and ended are not read. With a reason it has failed. */
enum rc letter_row_add(struct store_conn *conn, const struct letter_row *l,
                       struct fault *fault) MUST_CHECK;
/* Those that can be sent now, at most `room`. */
enum rc letter_rows_due(struct store_conn *conn, struct arena *arena, int64_t now, size_t room,
                        struct letter_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* The newest before `before`; `state` may be empty: all. */
enum rc letter_rows(struct store_conn *conn, struct arena *arena, uint64_t before, struct str state,
                    size_t room, struct letter_row **ret, size_t *ret_n,
                    struct fault *fault) MUST_CHECK;
enum rc letter_row_count(struct store_conn *conn, struct str state, uint64_t *ret,
                         struct fault *fault) MUST_CHECK;

/* Whose it is until one of the three outcomes. RC_CONFLICT where somebody has it, or
 * it waits no more. */
enum rc letter_row_claim(struct store_conn *conn, uint64_t id, struct fault *fault) MUST_CHECK;
/* Nobody has any: who had is gone. */
enum rc letter_rows_release(struct store_conn *conn, struct fault *fault) MUST_CHECK;
enum rc letter_row_sent(struct store_conn *conn, uint64_t id, int64_t now,
                        struct fault *fault) MUST_CHECK;
enum rc letter_row_later(struct store_conn *conn, uint64_t id, int64_t due, struct str reason,
                         struct fault *fault) MUST_CHECK;
enum rc letter_row_failed(struct store_conn *conn, uint64_t id, int64_t now, struct str reason,
                          struct fault *fault) MUST_CHECK;
/* Waits again, given up or not, at least until `until`. RC_NOT_FOUND where it was
 * sent or there is none. */
enum rc letter_row_retry(struct store_conn *conn, uint64_t id, int64_t now, int64_t until,
                         struct fault *fault) MUST_CHECK;
/* Those that were sent or given up before then. */
enum rc letter_rows_forget(struct store_conn *conn, int64_t before, struct fault *fault) MUST_CHECK;

/* Where an account is written to; RC_NOT_FOUND. */
struct contact {
    struct str email, language;
    bool confirmed; /* somebody reads what is sent there, and said so */
};
enum rc account_contact(struct store_conn *conn, struct arena *arena, uint64_t account,
                        struct contact *ret, struct fault *fault) MUST_CHECK;
enum rc account_confirmed_put(struct store_conn *conn, uint64_t account, int64_t at,
                              struct fault *fault) MUST_CHECK;

#endif
