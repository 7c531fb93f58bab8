/* A storefront's list of titles, as it is signed. Pure: bytes in, bytes out.
 *
 * A title is an edition with an ISBN-13 that is in the catalogue and whose own page and
 * lists (feature `listing`) no restriction withholds in that storefront, whether it is sold
 * there or only known: rights and markets take the offer away, not the title.
 *
 * Lines, each ended by "\n":
 *     STOREFRONT AGAINST        whose list, and the size of the decisions log it obeys
 *     ISBN WORK                 for each title, ascending by ISBN
 * The root is that of RFC 6962 section 2.1 over these lines without their "\n": the first
 * line makes each list's root its own. The entry's `titles` counts the lines but the first. */
#ifndef COLOPHON_RECORD_LISTING_H
#define COLOPHON_RECORD_LISTING_H

#include "base/arena.h"
#include "base/encode.h"
#include "base/fault.h"
#include "domain/edition.h"

struct listed_title {
    uint64_t isbn, work;
};

struct listing {
    struct str storefront;
    uint64_t against;
    LIST(struct listed_title) titles; /* ascending by ISBN, none twice */
};

/* The largest list: more than a million titles. */
#define LISTING_MAX (32u << 20)

void listing_write(const struct listing *listing, struct buf *out);
/* Strictly: only what listing_write writes. RC_INVALID names the line. The storefront's
 * name lies in `text`. */
enum rc listing_read(struct arena *arena, struct str text, struct listing *ret,
                     struct fault *fault) MUST_CHECK;
/* Over lines, whatever they hold. */
struct hash listing_root(struct str text);

/* Each title of one list alone, in order. */
void listing_compare(const struct listing *before, const struct listing *now,
                     void (*joined)(void *context, const struct listed_title *title),
                     void (*left)(void *context, const struct listed_title *title), void *context);

#endif
