/* Inside store/: brings a database's schema to this program's. */
#ifndef COLOPHON_STORE_MIGRATE_H
#define COLOPHON_STORE_MIGRATE_H

#include "store/engine.h"

/* Applies what is missing, in order, one transaction each, and keeps checksums.
 * Reads first: a full disk or a read-only copy stays readable. RC_CORRUPT for a
 * schema newer than this program or migrations that were changed. */
enum rc migrate(struct store_conn *conn, const struct migration migrations[MIGRATION_COUNT],
                struct fault *fault) MUST_CHECK;

#endif
