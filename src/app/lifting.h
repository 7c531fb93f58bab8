/* Lifting restrictions: first into the journal, and with that it is lifted; then into the
 * log (lift_journal.h). */
#ifndef COLOPHON_APP_LIFTING_H
#define COLOPHON_APP_LIFTING_H

#include "app/writer.h"

/* In effect when it returns RC_OK, in every state of log, database and disk;
 * *ret_published says whether its entry stands in the log already. `act`: whose it is; its
 * row in the trail is written with the entry, however late that is. */
enum rc restriction_lift(struct site *site, struct writer *writer, uint64_t id, struct str reason,
                         struct store_act *act, bool *ret_published,
                         struct fault *fault) MUST_CHECK;

/* Within a transaction, beside another entry: a lift of what is in effect or scheduled
 * still. */
enum rc restriction_lift_put(struct site *site, struct store_conn *conn, uint64_t id,
                             struct str reason, struct fault *fault) MUST_CHECK;

/* The same where not even the database opens: noted unchecked, and in effect
 * for whoever reads the folder. */
enum rc restriction_lift_blind(const char *dir, uint64_t id, struct str reason,
                               struct store_act *act, struct fault *fault) MUST_CHECK;

/* How many lifts wait in the journal. */
size_t restriction_lifts_waiting(const struct site *site);
/* Appends those that wait, within a transaction; and clears what is published from the
 * journal. */
enum rc lifts_append(struct site *site, struct store_conn *conn, struct fault *fault) MUST_CHECK;
enum rc lifts_clear(struct site *site, struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
