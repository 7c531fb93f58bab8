/* What whoever filed a demand is told by letter: that it was received, with the way back
 * to it and its receipt, and how it was decided, why, and what they can do. Queued in the
 * transaction that causes it; each waits until its entry is published. */
#ifndef COLOPHON_APP_DEMAND_LETTERS_H
#define COLOPHON_APP_DEMAND_LETTERS_H

#include "app/secret.h"
#include "record/entry.h"
#include "store/demands.h"

/* `secret`: of the page that stands behind row->token. */
enum rc demand_letter_received(struct store_conn *conn, struct arena *arena,
                               const struct demand_add_row *row, const struct demand_entry *facts,
                               const char *secret, struct fault *fault) MUST_CHECK;
/* With a link of its own to the sender's page: the first one is known to them alone. */
enum rc demand_letter_decided(struct store_conn *conn, struct arena *arena,
                              const struct demand_entry *facts,
                              const struct decision_entry *decision, struct str reasons,
                              uint64_t entry_id, struct fault *fault) MUST_CHECK;
/* How a complaint about its refusal was decided. */
enum rc demand_letter_complaint(struct store_conn *conn, struct arena *arena, uint64_t demand,
                                enum complaint_outcome outcome, struct str reasons,
                                uint64_t entry_id, struct fault *fault) MUST_CHECK;

#endif
