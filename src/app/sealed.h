/* What law forbids to publish yet: an entry is sealed as a commitment, with the date on
 * which it opens by itself. The sealed bytes and their salt stand beside the log. */
#ifndef COLOPHON_APP_SEALED_H
#define COLOPHON_APP_SEALED_H

#include "base/fault.h"
#include "record/entry.h"

struct store_conn;

/* What stands in an entry for who asked, until a date. */
struct seal {
    uint64_t id; /* 0: nothing is sealed */
    int64_t opens;
    struct str authority, reference; /* what the seal hides */
};
/* "seal-until": a date or a time that is to come; *ret_opens is when. An empty
 * `authority` has nothing to seal. */
enum rc sealed_check(struct str until, struct str authority, int64_t now, int64_t *ret_opens,
                     struct fault *fault) MUST_CHECK;
/* Takes a number and puts "sealed until DATE" and "seal N" in the place of the two names,
 * within a transaction; an empty `until` seals nothing. */
enum rc sealed_begin(struct store_conn *conn, struct arena *arena, struct str until, int64_t now,
                     struct str *authority, struct str *reference, struct seal *ret,
                     struct fault *fault) MUST_CHECK;

/* Puts the commitment to `full` in line, as number `id` (store_take_ids of "sealed");
 * within a transaction. */
enum rc sealed_add(struct store_conn *conn, const struct entry *full, uint64_t id, int64_t opens,
                   struct fault *fault) MUST_CHECK;

/* An `opened` entry for each that is due; within a transaction whose entries can be
 * signed. */
enum rc sealed_open_due(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
