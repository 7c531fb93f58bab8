/* A lease in the database: which of several processes, on whatever machines, has
 * a duty. Nobody's clock is in it. Who holds it raises its beat, again and again;
 * who sees the beat stand still for long enough takes it, which raises the term.
 * What a holder writes it writes in a transaction that asks lease_beat, so that
 * one who was taken for dead and was not writes nothing (fencing). */
#ifndef COLOPHON_STORE_LEASE_H
#define COLOPHON_STORE_LEASE_H

#include "store/store.h"

struct lease {
    bool held;     /* somebody has it and did not give it back */
    uint64_t term; /* 0: nobody ever had it */
    uint64_t beat;
    int64_t at; /* store_clock at one of the last beats */
};

enum rc lease_look(struct store_conn *conn, const char *name, struct lease *ret,
                   struct fault *fault) MUST_CHECK;
/* The rest within a transaction. RC_CONFLICT where it is no longer as `seen`;
 * *ret_term is the term it is now held for. `at`: store_clock. */
enum rc lease_take(struct store_conn *conn, const char *name, struct str holder,
                   const struct lease *seen, int64_t at, uint64_t *ret_term,
                   struct fault *fault) MUST_CHECK;
/* RC_CONFLICT where another has taken over. `at` may be 0: it was told lately. */
enum rc lease_beat(struct store_conn *conn, const char *name, uint64_t term, int64_t at,
                   struct fault *fault) MUST_CHECK;
/* Gives it back; nothing where another has it. */
enum rc lease_end(struct store_conn *conn, const char *name, uint64_t term,
                  struct fault *fault) MUST_CHECK;

#endif
