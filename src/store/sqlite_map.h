/* Inside store/: the file of an SQLite database in memory, one map for all who read it.
 *
 * SQLite would map it for each connection, and take each map down whenever somebody else has
 * committed. This one stays, and grows with the file: pages that a commit has changed are in the
 * write-ahead log until no reader needs what they were, so that what is mapped is what a
 * reader means, as with SQLite's own. Nothing here makes a database smaller (no VACUUM).
 *
 * Owned by the store, and outlives all connections that were given it. */
#ifndef COLOPHON_STORE_SQLITE_MAP_H
#define COLOPHON_STORE_SQLITE_MAP_H

#include <sqlite3.h>

struct sqlite_map;

struct sqlite_map *sqlite_map_new(void);
void sqlite_map_free(struct sqlite_map *map);

/* From now on `db`, which only reads, takes its pages from there where it can. */
void sqlite_map_use(struct sqlite_map *map, sqlite3 *db);

#endif
