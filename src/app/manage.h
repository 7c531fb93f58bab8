/* Setting up: storefronts, shops, collections of staff's own. */
#ifndef COLOPHON_APP_MANAGE_H
#define COLOPHON_APP_MANAGE_H

#include "app/parties.h"
#include "app/writer.h"
#include "domain/storefront.h"

/* `no_licence`: the law by which its country asks for no licence to sell books, published as read
 * today; empty: nobody has researched that, and it sells nothing before somebody has (unless
 * s->unresearched). RC_INVALID names the option; RC_CONFLICT where the slug is taken. */
enum rc manage_storefront_add(struct site *site, struct writer *writer, const struct storefront *s,
                              struct str no_licence, struct fault *fault) MUST_CHECK;
/* What is changed of a storefront, all of it or nothing; NULL: stays as it is. */
struct storefront_change {
    struct str slug;
    const struct str *host; /* of its own, where its paths need no slug; empty takes it away */
    const bool *sell;       /* print whose rights nobody stated */
    const struct str *currency;
    const bool *tax_included;
    const struct str *languages; /* the first is the usual one */
    size_t languages_n;
};
/* RC_CONFLICT where another storefront has the host. */
enum rc manage_storefront_set(struct writer *writer, const struct storefront_change *change,
                              struct fault *fault) MUST_CHECK;
/* With the folder in which its feeds are dropped. `disclosure`: who owns it, published with it;
 * NULL: nobody said. */
enum rc manage_shop_add(struct site *site, struct writer *writer, struct str slug, struct str name,
                        const struct disclosure_order *disclosure, struct fault *fault) MUST_CHECK;

struct collection_order {
    struct str slug, name;
    /* One of these three. */
    struct str query;       /* everything a search finds */
    struct str contributor; /* all works of the contributors of this name */
    const char *isbn_file;  /* one ISBN a line; "-": standard input */
};
enum rc manage_collection_add(struct site *site, struct writer *writer,
                              const struct collection_order *order, uint64_t *ret_works,
                              struct fault *fault) MUST_CHECK;

#endif
