/* Effects that wait for a checkpoint. Where it needs witnesses, or another node signs,
 * what a write does to what is shown (rows, stars, sums) must not be seen before its entry
 * is published, and must not be lost if the process dies in between. So the statements
 * that do it, marked "(held)" in the .sql files, are noted in the same transaction
 * instead of run, and run in the one that publishes the entry.
 *
 * Whoever writes reads the rows as they are without what is held: so no two writes
 * that touch the same may be held at once (held_waits). */
#ifndef COLOPHON_STORE_HELD_H
#define COLOPHON_STORE_HELD_H

#include "store/store.h"

/* From here on, in this transaction, marked statements are noted. */
void held_begin(struct store_conn *conn);
bool held_on(const struct store_conn *conn);
/* What the write touches, for held_waits: 0 for none. */
void held_about(struct store_conn *conn, uint64_t work, uint64_t account, uint64_t review);
/* Stores what was noted, to be run once `entry_id` is published; with 0 runs it
 * now. */
enum rc held_end(struct store_conn *conn, uint64_t entry_id, struct fault *fault) MUST_CHECK;
/* Forgets it; from here on statements run at once. */
void held_drop(struct store_conn *conn);

/* Whether something is held about this reader and work, or this review. */
enum rc held_waits(struct store_conn *conn, uint64_t work, uint64_t account, uint64_t review,
                   bool *ret, struct fault *fault) MUST_CHECK;
/* Whether anything is held of what this account did. */
enum rc held_of_account(struct store_conn *conn, uint64_t account, bool *ret,
                        struct fault *fault) MUST_CHECK;
/* Runs, in order, what is held for entries up to this one. */
enum rc held_apply(struct store_conn *conn, uint64_t until_entry, struct fault *fault) MUST_CHECK;

#endif
