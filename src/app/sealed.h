/* What law forbids to publish yet: an entry is sealed as a commitment, with the date on
 * which it opens by itself. The sealed bytes and their salt stand beside the log. */
#ifndef COLOPHON_APP_SEALED_H
#define COLOPHON_APP_SEALED_H

#include "base/fault.h"
#include "record/entry.h"

struct store_conn;

/* Puts the commitment to `full` in line, as number `id` (store_take_ids of "sealed");
 * within a transaction. */
enum rc sealed_add(struct store_conn *conn, const struct entry *full, uint64_t id, int64_t opens,
                   struct fault *fault) MUST_CHECK;

/* An `opened` entry for each that is due; within a transaction whose entries can be
 * signed. */
enum rc sealed_open_due(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
