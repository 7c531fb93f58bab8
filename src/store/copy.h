/* Making one database equal to another, table by table, whatever their engines. */
#ifndef COLOPHON_STORE_COPY_H
#define COLOPHON_STORE_COPY_H

#include "base/encode.h"
#include "store/store.h"

/* What became of one table. */
struct copied_table {
    const char *name;
    uint64_t rows;      /* in the source */
    uint64_t written;   /* to the target: 0 where they were equal already */
    struct hash digest; /* of the source's rows in the order of their key */
};

struct copy_watch {
    void *context;
    /* From time to time, and with `done` at a table's end. False stops the copy
     * between two transactions: RC_CONFLICT. May be NULL. */
    bool (*tell)(void *context, const struct copied_table *table, bool done);
};

/* Settings are a shop's identity: whoever copies says whether they go along. */
enum copy_part { COPY_ALL, COPY_WITHOUT_SETTINGS };

/* Rows of `to` that differ from `from` are replaced, those that `from` has not
 * are removed: a few thousand at a time, each in a transaction of its own. Doing
 * it again goes on where it was stopped, and writes nothing where nothing
 * changed. `from` is read as it is: begin a transaction on it for one snapshot.
 * `to` must be able to write. */
enum rc store_copy(struct store_conn *from, struct store_conn *to, enum copy_part part,
                   const struct copy_watch *watch, struct fault *fault) MUST_CHECK;

/* A new database file that is equal to one snapshot of `from`. */
enum rc store_copy_to_file(struct store_conn *from, const char *path,
                           struct fault *fault) MUST_CHECK;

#endif
