/* The sequencer gives waiting entries their index, writes the tiles, signs the
 * checkpoints: all in the transaction of the caller, so that entries, tiles and
 * checkpoint become public together or not at all. One process at a time signs
 * (lead.h). */
#ifndef COLOPHON_APP_SEQUENCER_H
#define COLOPHON_APP_SEQUENCER_H

#include "app/site.h"
#include "record/merkle.h"
#include "store/record_log.h"

struct sequencer;

/* Takes the folder's lock; RC_BUSY where another process has it. `serve`: waits
 * some seconds for commands that have it for a moment. */
enum rc sequencer_open(struct site *site, bool serve, struct sequencer **ret,
                       struct fault *fault) MUST_CHECK;
/* `conn`, a writing one, gives the lead back; it may be NULL. */
void sequencer_close(struct sequencer *sequencer, struct store_conn *conn);

/* RC_OK where it can sign: this process leads, or takes the lead here. Loads and
 * checks key, checkpoints and tiles first, where that is not done yet or the last
 * batch failed: RC_CORRUPT where the stored tree is not the one that was signed,
 * RC_DENIED for a restored copy whose head nobody compared yet
 * (publication_resume). Outside of a transaction. */
enum rc sequencer_ready(struct sequencer *sequencer, struct store_conn *conn,
                        struct fault *fault) MUST_CHECK;
/* Why it was not ready: another node leads, and will sign what is left waiting. */
bool sequencer_is_elsewhere(const struct sequencer *sequencer);

/* Whether the next batch goes over to a new key: one is ordered, and this process has
 * it; where it has not, it leaves the lead. Outside of a transaction. */
bool sequencer_hands_over(struct sequencer *sequencer, struct store_conn *conn);

/* Publishes what waits, in the open transaction of `conn`; `head` adds an entry
 * that anchors the voices log even if nothing waits. *ret_published counts
 * entries. RC_BUSY where another node has taken the lead meanwhile. Then sequencer_done says
 * whether the transaction was committed. */
enum rc sequencer_run(struct sequencer *sequencer, struct store_conn *conn, bool head,
                      size_t *ret_published, struct fault *fault) MUST_CHECK;
void sequencer_done(struct sequencer *sequencer, bool committed);

/* Where the policy asks for witnesses, publishing takes two transactions with the
 * asking between them (candidate.c). First, in place of sequencer_run: signs
 * candidates of what waits, which are public nowhere. Whatever happens, no other
 * checkpoint of their sizes is signed any more. *ret_any: there are some. */
enum rc sequencer_propose(struct sequencer *sequencer, struct store_conn *conn, bool head,
                          bool *ret_any, struct fault *fault) MUST_CHECK;
/* Whether the signer wants it so, whatever the policy says (signer.h). */
bool sequencer_in_two_steps(const struct sequencer *sequencer);
/* Whether candidates stand, of this process or one before it: nothing else is
 * signed until they are published. */
bool sequencer_stands(const struct sequencer *sequencer);
/* What they lack, as far as was asked. */
void sequencer_stands_why(const struct sequencer *sequencer, struct fault *ret);
/* Whether it is time to ask their witnesses (again). */
bool sequencer_ask_due(const struct sequencer *sequencer);
/* Then: asks them, outside of any transaction. RC_BUSY where the quorum is missing. */
enum rc sequencer_ask(struct sequencer *sequencer, struct store_conn *conn,
                      struct fault *fault) MUST_CHECK;
/* Then, in a transaction of its own: what the candidates hold is published, and what
 * was held for it takes effect. */
enum rc sequencer_publish(struct sequencer *sequencer, struct store_conn *conn,
                          struct fault *fault) MUST_CHECK;

/* Whether the policy in force asks for witnesses; within the transaction. */
enum rc policy_asks(struct store_conn *conn, bool *ret, struct fault *fault) MUST_CHECK;

/* Another number with every lead this process takes (lead.h). */
uint64_t sequencer_term(const struct sequencer *sequencer);

/* Seconds between signed heads when nothing happens. */
#define HEAD_INTERVAL 45
/* When the last head was signed; 0 before the first. */
int64_t sequencer_last_head(const struct sequencer *sequencer);

/* The origin of a log: "books.example" or "books.example/voices". */
struct str log_origin(const struct site *site, struct arena *arena, enum log_id log);

/* Tiles as they are stored. `context` is a `struct stored_tiles`. */
struct stored_tiles {
    struct store_conn *conn;
    enum log_id log;
};
struct tile_source stored_tile_source(struct stored_tiles *tiles);

#endif
