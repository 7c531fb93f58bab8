/* What readers said, with what opens its commitment: for its author's receipts and
 * for erasing it. Writers' connections alone see these columns. */
#ifndef COLOPHON_STORE_VOICES_H
#define COLOPHON_STORE_VOICES_H

#include "base/arena.h"
#include "base/encode.h"
#include "store/store.h"

/* Kinds as record/entry.h numbers them: rating, review, comment. */
struct voice_row {
    int kind;
    uint64_t id, account, work;
    unsigned stars;                           /* of a rating */
    struct str title, text, language, isbn13; /* of a review; the text also of a comment */
    struct str state;                         /* shown, withdrawn, erased */
    int64_t created;
    uint64_t entry_id;      /* that accepted it */
    uint64_t said_entry_id; /* whose commitment the salt opens */
    uint8_t salt[32];
};

/* By the id of the entry that accepted it. */
enum rc voices_by_entry(struct store_conn *conn, struct arena *arena, int kind, uint64_t entry_id,
                        struct voice_row *ret, struct fault *fault) MUST_CHECK;

/* One of an account's own, whatever its state. */
struct own_voice {
    int kind;
    uint64_t id, work;
    unsigned stars;
    struct str title, text, state;
    struct str language, isbn13; /* of a review */
    int64_t created;
    int64_t index, said_index; /* in the voices log; -1 while it waits */
};
/* The latest first. */
enum rc voices_of_account(struct store_conn *conn, struct arena *arena, uint64_t account,
                          size_t offset, size_t room, struct own_voice **ret, size_t *ret_n,
                          struct fault *fault) MUST_CHECK;

/* Those that are not erased, reviews before ratings: kind and entry_id alone. */
enum rc voices_to_erase(struct store_conn *conn, struct arena *arena, uint64_t account, size_t room,
                        struct voice_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;

/* Takes text, stars and salt away and names the entry that says so, with the salt of what it is a
 * commitment of; within a transaction. The sums of stars are the caller's
 * (readers_rating_withdraw), where it was shown. */
enum rc voices_erase(struct store_conn *conn, int kind, uint64_t id, uint64_t entry_id,
                     const uint8_t salt[32], int64_t now, struct fault *fault) MUST_CHECK;

/* What was taken over from another shop, by the hash it is known again by; `number`, below zero,
 * stands in the place of an account. */
enum rc voices_taken_known(struct store_conn *conn, const struct hash *mark, bool *ret,
                           struct fault *fault) MUST_CHECK;
enum rc voices_taken_add(struct store_conn *conn, const struct hash *mark, uint64_t number,
                         struct fault *fault) MUST_CHECK;

/* From here on nothing that it says is taken. Within a transaction. */
enum rc voices_account_leaving(struct store_conn *conn, uint64_t account,
                               struct fault *fault) MUST_CHECK;
/* Whether there is such an account, and it is not being erased. */
enum rc voices_account_stays(struct store_conn *conn, uint64_t account, bool *ret,
                             struct fault *fault) MUST_CHECK;
/* The account with its sessions, links, letters, what names it to the Record, and its name and
 * address at demands; all of its voices are erased, and stay as nobody's. Within a
 * transaction. */
enum rc voices_account_remove(struct store_conn *conn, uint64_t account,
                              struct fault *fault) MUST_CHECK;

#endif
