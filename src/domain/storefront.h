/* A storefront: the site of one country. */
#ifndef COLOPHON_DOMAIN_STOREFRONT_H
#define COLOPHON_DOMAIN_STOREFRONT_H

#include "domain/edition.h"
#include "domain/offer.h"

#define STOREFRONT_LANGUAGES_MAX 16

struct storefront {
    unsigned id;                /* 0, 1, 2 …: the index's price column */
    struct str slug;            /* "us": the first part of its paths */
    struct str host;            /* its own host name, where its paths need no slug; may be empty */
    struct str country;         /* ISO 3166-1 alpha-2 */
    struct str currency;        /* ISO 4217 */
    LIST(struct str) languages; /* BCP 47; the first is the default */
    bool tax_included;          /* prices are shown with tax */
    bool print_without_rights;  /* sells print whose rights nobody stated */
    bool unresearched;          /* sells though nobody stated which licences its country asks for */
};

#endif
