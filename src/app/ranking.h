/* The published ranking rule: what orders results, shelves and reviews, and by which
 * weights. Its text is made from the constants that the program really uses, so that a
 * change of them is a change of the rule; each rule's hash stands in the Record. */
#ifndef COLOPHON_APP_RANKING_H
#define COLOPHON_APP_RANKING_H

#include "base/arena.h"
#include "base/encode.h"
#include "base/fault.h"

struct store_conn;

/* Plain text in English, as it is hashed. */
struct str ranking_rule(struct arena *arena);

struct ranking_published {
    uint64_t version; /* 0: none stands in the Record */
    struct hash rule;
    uint64_t index; /* of its entry */
};
/* The latest that is published. */
enum rc ranking_latest(struct store_conn *conn, struct ranking_published *ret,
                       struct fault *fault) MUST_CHECK;

/* An entry for this program's rule, unless the latest entry names the same; within a
 * transaction whose entries can be signed. */
enum rc ranking_declare(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
