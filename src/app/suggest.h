/* What may be meant by what is typed so far: names and titles that are found in this
 * storefront. They are results of a search like any other: what `search` withholds is not
 * among them, nor what has no page of its own here. */
#ifndef COLOPHON_APP_SUGGEST_H
#define COLOPHON_APP_SUGGEST_H

#include "app/find.h"

struct suggestion {
    struct str text, language; /* `language` may be empty */
    struct str note;           /* who wrote it; of a name: empty */
    struct str key;            /* of the title's page */
    uint64_t contributor;      /* of the name's page; 0: it is a title */
};
typedef LIST(struct suggestion) suggestions;

enum { SUGGESTIONS_MAX = 8, SUGGESTED_NAMES_MAX = 3, SUGGEST_BYTES_MAX = 100 };

/* None where too little was typed to mean anything. *ret_withheld: works that are not among
 * them since a restriction withholds them, or an edition of them, from results, or their
 * pages; a search for the same says which. */
enum rc suggest(const struct visit *visit, struct indexer *indexer, struct str typed,
                suggestions *ret, uint64_t *ret_withheld, struct fault *fault) MUST_CHECK;

#endif
