/* Inside app/: editions that an import has just added, for the index that is built beside it in
 * the same process: what was parsed a moment ago need not be read from the database and unpacked
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

/* ---- who imports ---- */

/* Before its transaction is committed, in the order of the changes. `*edition` and all it
 * points to lie in the arena, which is taken over, and freed where nobody wants it. */
void fresh_editions_put(struct fresh_editions *fresh, const struct fresh_edition *edition,
                        struct arena *arena);
/* After a transaction that was not committed: what was put may never be true. Nothing is taken in
 * from then on. */
void fresh_editions_break(struct fresh_editions *fresh);

/* ---- who builds an index ---- */

/* Nothing is kept where nobody wants it. */
void fresh_editions_want(struct fresh_editions *fresh, bool wanted);
/* The next one, NULL where there is none now. It lies in *ret_arena, which the caller frees. It
 * may not be committed yet: whether it came to that is known when the import has ended. */
const struct fresh_edition *fresh_editions_next(struct fresh_editions *fresh,
                                                struct arena *ret_arena);
bool fresh_editions_any(struct fresh_editions *fresh);
bool fresh_editions_broken(struct fresh_editions *fresh);

#endif
