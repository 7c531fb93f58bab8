/* Who leads: of all processes that write to one shop, one at a time gives the
 * Record its order. In a folder the lock "sequencer" says which; where the
 * database is shared, several folders on several machines may serve it (nodes),
 * and among those a lease in the database says it.
 *
 * A lead that is lost costs nothing but time: who had it finds out in the very
 * transaction in which it would have signed (lead_hold), and signs nothing. */
#ifndef COLOPHON_APP_LEAD_H
#define COLOPHON_APP_LEAD_H

#include "app/site.h"

struct lead;

/* Takes the folder's lock: RC_BUSY where another process has it. `serve`: waits
 * some seconds for commands that have it for a moment. */
enum rc lead_open(struct site *site, bool serve, struct lead **ret, struct fault *fault) MUST_CHECK;
/* Gives the lead back, over this writing connection, so that the next need not
 * wait; the connection may be NULL where there was none to begin with. */
void lead_close(struct lead *lead, struct store_conn *conn);

/* Whether this process leads now: looks, beats, or takes over what stood still for
 * LEAD_EXPIRES_MS. Outside of a transaction; cheap, to be asked often. RC_BUSY:
 * another one leads. RC_DENIED: nobody does, and this one cannot; the fault says
 * why (no key here, a clock that is wrong). Else what the database says. */
enum rc lead_try(struct lead *lead, struct store_conn *conn, struct fault *fault) MUST_CHECK;
/* Within the transaction that signs: RC_CONFLICT where another has taken over. */
enum rc lead_hold(struct lead *lead, struct store_conn *conn, struct fault *fault) MUST_CHECK;
/* This process cannot do what the lead is for: another may. */
void lead_give(struct lead *lead, struct store_conn *conn);
/* Whether another process leads: its beat was heard lately. */
bool lead_is_elsewhere(const struct lead *lead);
/* Whether anybody signs, as far as the database can say at once: RC_BUSY where no
 * beat came for some seconds. */
enum rc lead_check_lives(struct site *site, struct store_conn *conn,
                         struct fault *fault) MUST_CHECK;
/* Another number with every lead taken: what was loaded under an earlier one may
 * be out of date. */
uint64_t lead_term(const struct lead *lead);

/* The beat stands still so long, and the next node takes over: within five seconds
 * with what it takes to notice. */
#define LEAD_EXPIRES_MS 3000

#endif
