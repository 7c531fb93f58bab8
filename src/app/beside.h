/* What stands beside entries of the decisions: texts, papers, who decided. The
 * entry holds a salted commitment of each; content and salt lie here and can be
 * erased. */
#ifndef COLOPHON_APP_BESIDE_H
#define COLOPHON_APP_BESIDE_H

#include "app/site.h"
#include "base/encode.h"
#include "record/entry.h"

struct beside {
    const char *member; /* NULL: nothing; else what it is: "scope", "approval", "document" */
    struct str content; /* what was committed to; of a paper, its file's name */
    uint8_t salt[32];
    struct hash commitment;
};

/* With a fresh salt, under the domain "<origin>/<member>/v1". */
struct beside beside_make(struct site *site, struct arena *arena, const char *member,
                          struct str content);
/* Keeps it; within a transaction. */
enum rc beside_put(struct store_conn *conn, uint64_t entry_id, const struct beside *b,
                   struct fault *fault) MUST_CHECK;

/* Puts a decisions entry in line, its text beside it: e->commitment is made of it
 * under "<origin>/<domain>/v1"; NULL: it has none. Within a transaction. */
enum rc beside_entry(struct site *site, struct store_conn *conn, struct entry *e,
                     const char *domain, struct str text, uint64_t *ret_entry_id,
                     struct fault *fault) MUST_CHECK;

/* The text beside a published decision; empty where it was erased. */
enum rc beside_text(struct store_conn *conn, struct arena *arena, uint64_t index, struct str *ret,
                    struct fault *fault) MUST_CHECK;

/* The entry's index, asked on a connection of its own; RC_BUSY while it waits, and
 * *ret_index is LOG_PENDING then. */
enum rc entry_published(struct site *site, uint64_t entry_id, uint64_t *ret_index,
                        struct fault *fault) MUST_CHECK;

#endif
