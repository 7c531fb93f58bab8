/* What readers of a work liked, too: works by their places, without readers or numbers. */
#ifndef COLOPHON_STORE_LIKED_H
#define COLOPHON_STORE_LIKED_H

#include "base/arena.h"
#include "base/fault.h"

struct store_conn;

/* Works that anybody ever rated, after an id, ascending. */
enum rc liked_works_after(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                          uint64_t **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;

struct liked_rule {
    unsigned stars;   /* so many say that one liked it */
    size_t readers;   /* so many liked both */
    size_t looked_at; /* of those who liked it, the latest */
    size_t places;
};
/* From the ratings: the works most liked by those who liked this one, beside how many like
 * them at all. */
enum rc liked_of(struct store_conn *conn, struct arena *arena, uint64_t work,
                 const struct liked_rule *rule, uint64_t **ret, size_t *ret_n,
                 struct fault *fault) MUST_CHECK;
/* As they are kept. */
enum rc liked_now(struct store_conn *conn, struct arena *arena, uint64_t work, uint64_t **ret,
                  size_t *ret_n, struct fault *fault) MUST_CHECK;
/* Keeps these instead; in a write transaction. */
enum rc liked_put(struct store_conn *conn, uint64_t work, const uint64_t *others, size_t n,
                  struct fault *fault) MUST_CHECK;

#endif
