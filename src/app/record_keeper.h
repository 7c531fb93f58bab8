/* Inside app/: the state map as the stored decisions make it, kept in memory and caught
 * up with what was published since. */
#ifndef COLOPHON_APP_RECORD_KEEPER_H
#define COLOPHON_APP_RECORD_KEEPER_H

#include "record/state.h"
#include "store/store.h"

struct record_keeper; /* malloc'ed */
struct record_keeper *record_keeper_new(void);
void record_keeper_free(struct record_keeper *keeper);

/* Takes in what was published since it was asked last. After a failure, and where the
 * transaction it was asked in does not commit, it is good for nothing more. */
enum rc record_keeper_follow(struct record_keeper *keeper, struct store_conn *conn,
                             struct fault *fault) MUST_CHECK;
/* The larger ones are those of a later Record. */
uint64_t record_keeper_next(const struct record_keeper *keeper);
struct record_state *record_keeper_state(struct record_keeper *keeper);
const struct replay *record_keeper_replay(const struct record_keeper *keeper);

#endif
