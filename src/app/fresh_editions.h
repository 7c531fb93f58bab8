/* Inside app/: editions that an import has just added, for the index that follows it in the
 * same process. What was parsed a moment ago need not be read from the database and unpacked
 * again. Nobody waits for it: what found no room here is read from the database. */
#ifndef COLOPHON_APP_FRESH_EDITIONS_H
#define COLOPHON_APP_FRESH_EDITIONS_H

#include "store/catalogue.h"

struct fresh_edition {
    uint64_t seq;  /* its change in the change feed */
    bool only_one; /* its work came with it: nobody has rated that yet */
    uint64_t id;
    uint64_t work;
    struct str key;
    struct edition facts;
};

struct fresh_editions;
struct fresh_editions *fresh_editions_new(void);
void fresh_editions_free(struct fresh_editions *fresh);

/* Before its transaction is committed, in the order of the changes. `*edition` and all it
 * points to lie in the arena, which is taken over. */
void fresh_editions_put(struct fresh_editions *fresh, const struct fresh_edition *edition,
                        struct arena *arena);
/* The one of this change, if it is here; older ones are dropped. It lies in *ret_arena, which
 * the caller frees. Asked for by one thread, with changes that were read as committed. */
const struct fresh_edition *fresh_editions_take(struct fresh_editions *fresh, uint64_t seq,
                                                struct arena *ret_arena);
/* Before a transaction is rolled back: its changes' numbers are given out again. */
void fresh_editions_clear(struct fresh_editions *fresh);

#endif
