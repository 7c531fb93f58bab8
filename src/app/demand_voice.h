/* The review or comment that a demand is about, as it stands: for staff, who decide, whatever
 * is withheld of it. */
#ifndef COLOPHON_APP_DEMAND_VOICE_H
#define COLOPHON_APP_DEMAND_VOICE_H

#include "app/site.h"
#include "domain/demand.h"

struct demand_voice {
    uint64_t review;                /* its id; of a comment, the id of the review above it */
    struct str author, title, text; /* Markdown, as written; a comment has no title */
    unsigned stars;                 /* of a review; 0: none */
    struct str key;                 /* of an edition, for a link; may be empty */
};

/* RC_NOT_FOUND where it is about something else, or the author took it back since. Reads on a
 * connection of its own. */
enum rc demand_voice(struct site *site, struct arena *arena, const struct demand_entry *d,
                     struct demand_voice *ret, struct fault *fault) MUST_CHECK;

#endif
