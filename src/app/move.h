/* Moving a living shop to another database: from its file to PostgreSQL, or back. */
#ifndef COLOPHON_APP_MOVE_H
#define COLOPHON_APP_MOVE_H

#include <stdbool.h>

#include "base/encode.h"
#include "base/fault.h"

enum move_phase {
    MOVE_COPYING,  /* while the shop goes on */
    MOVE_WAITING,  /* for whoever serves or indexes to stop: told once */
    MOVE_CATCHING, /* what came since; nobody can write meanwhile */
    MOVE_CHECKING, /* everything once more: both must be equal */
};

struct move_table {
    const char *name;
    uint64_t rows, written;
    struct hash digest; /* of the rows, in the order of their key */
    bool done;
};

struct move_watch {
    void *context;
    /* `table` is NULL where a phase begins. False stops: the same call goes on
     * later. */
    bool (*tell)(void *context, enum move_phase phase, const struct move_table *table);
};

/* `to`: postgresql://…, or "sqlite" for the folder's own file. Copies, waits until
 * no server runs, copies what came since, compares everything, verifies the
 * Record in the new place, marks the old database as left and has the folder
 * name the new one. Until the last step the shop is where it was.
 *
 * RC_CONFLICT where the target holds another shop, or `tell` said to stop;
 * RC_CORRUPT where the two are not equal in the end. */
enum rc move_run(const char *dir, struct str to, const struct move_watch *watch,
                 struct fault *fault) MUST_CHECK;

#endif
