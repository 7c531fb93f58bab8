/* Ratings and reviews that a shop brings along from another one: each becomes a voice with its
 * entry, like any other, and is said to be taken over, from whom and when it was written. It has
 * no account: a number below zero, of its own, stands in its place, so that it is nobody's to
 * change, and two of one author are no reader who liked both. What was taken over is known again
 * by a hash and passes by, so that a file may be brought again, and goes on where it was cut off.
 * Stars alone that a file says several times, without the other shop's numbers, are as many
 * ratings; those of another file that says the same are not. */
#ifndef COLOPHON_APP_TAKE_OVER_H
#define COLOPHON_APP_TAKE_OVER_H

#include <stdatomic.h>

#include "app/site.h"
#include "app/writer.h"

struct gate;
struct take_over_order {
    const char *path;            /* "-": standard input */
    struct str source, language; /* of rows that do not say it; may be empty */
    bool dry;                    /* looks, and writes nothing */
    /* Each row that is refused: at which line it begins, and "column: why". */
    void (*refused)(void *context, uint64_t line, const char *why);
    /* Between batches: how far it is; false: stop here. */
    bool (*going)(void *context, uint64_t bytes, uint64_t all, uint64_t rows);
    void *context;
};
struct take_over_summary {
    uint64_t rows, ratings, reviews, known, refused; /* a review has its stars along */
    bool stopped;
};
/* RC_INVALID where the file cannot be read as one; what came before has been taken. */
enum rc take_over(struct site *site, struct writer *writer, const struct take_over_order *order,
                  struct take_over_summary *ret, struct fault *fault) MUST_CHECK;

#endif
