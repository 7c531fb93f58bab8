/* Texts that a storefront owes its readers: imprint, terms, privacy and so on. Each is written
 * by language, in versions that stay; each version is in force from a day of its own. */
#ifndef COLOPHON_DOMAIN_SHOP_TEXT_H
#define COLOPHON_DOMAIN_SHOP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"

enum text_kind {
    TEXT_ABOUT, /* one line, at the end of each page */
    TEXT_IMPRINT,
    TEXT_TERMS,
    TEXT_PRIVACY,
    TEXT_DELIVERY,
    TEXT_RETURNS,
    TEXT_CONTACT,
    TEXT_ACCESSIBILITY,
    TEXT_REVIEWS, /* what the shop adds to the rules of reviews, on their page */
    TEXT_KINDS,
};
const char *text_kind_name(enum text_kind kind); /* "imprint" */
bool text_kind_parse(struct str name, enum text_kind *ret);

/* One version, without its text but for the line. */
struct shop_text {
    unsigned storefront; /* its id */
    enum text_kind kind;
    struct str language; /* BCP 47 */
    uint64_t version;    /* of this storefront, kind and language: 1, 2 … */
    int64_t from, saved;
    bool gone;       /* from then on there is none */
    struct str line; /* of TEXT_ABOUT, the text */
};
typedef LIST(struct shop_text) shop_text_list;

enum { SHOP_TEXT_VERSIONS_MAX = 1000 }; /* of one storefront, kind and language */
/* One of them. */
struct text_version {
    uint64_t version;
    int64_t from, saved;
    bool gone;
    struct str who; /* empty where it was the command line, or their account is gone */
};
typedef LIST(struct text_version) text_version_list;

/* Of one storefront, kind and language, the version that is in force: the one that came into
 * force last, of those with the same time the latest. Maybe one that is gone; NULL: none yet. */
const struct shop_text *shop_text_in_force(const shop_text_list *texts, unsigned storefront,
                                           enum text_kind kind, struct str language, int64_t now);

#endif
