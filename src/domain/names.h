/* Names that stand in addresses and settings. */
#ifndef COLOPHON_DOMAIN_NAMES_H
#define COLOPHON_DOMAIN_NAMES_H

#include <stdbool.h>

#include "base/str.h"

/* Of a storefront, shop or collection: lower-case ASCII letters and digits, with
 * "-" in between; at most SLUG_MAX bytes. */
#define SLUG_MAX 80
bool slug_valid(struct str slug);

/* Shaped like a BCP 47 language tag ("en", "zh-Hans"); whether anybody knows the
 * language is not asked. */
bool language_tag_valid(struct str tag);

/* Shaped like ISO 3166-1 alpha-2: two capital letters. */
bool country_code_valid(struct str code);

#endif
