/* What is charged on what is sold: kinds of product, and the rate of each by country, region and
 * day. Rates are data (the table tax_rate), thousandths of a per cent; nothing is known of a
 * country that nobody stated anything about. Pure. */
#ifndef COLOPHON_DOMAIN_TAX_H
#define COLOPHON_DOMAIN_TAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

struct edition;

enum product_kind {
    KIND_PRINT,
    KIND_EBOOK,
    KIND_AUDIO, /* on discs and the like */
    KIND_AUDIO_DOWNLOAD,
    KIND_MAP,
    KIND_OTHER,
    KIND_SHIPPING, /* no product: its delivery */
};
#define PRODUCT_KIND_COUNT 7
const char *product_kind_name(enum product_kind kind); /* "e-book". Static. */
bool product_kind_parse(struct str s, enum product_kind *ret);
/* By ProductForm (ONIX list 150). */
enum product_kind product_kind_of(const struct edition *e);

struct tax_rate {
    uint64_t id;
    struct str country; /* ISO 3166-1 alpha-2 */
    struct str region;  /* ISO 3166-2 without the country; empty: all of it */
    enum product_kind kind;
    int32_t starts; /* day */
    int32_t rate;
    struct str code; /* ONIX list 62 */
    struct str source;
};
typedef LIST(struct tax_rate) tax_rate_list;

enum { TAX_RATE_MAX = 100000 }; /* a hundred per cent */
/* Of the country, the region's own before that of all of it, the last that has begun; NULL: nobody
 * stated any. */
const struct tax_rate *tax_rate_on(const tax_rate_list *rates, struct str country,
                                   struct str region, enum product_kind kind, int32_t day);
/* Whether a region of the country has a rate of its own then: what is charged depends on it. */
bool tax_by_region(const tax_rate_list *rates, struct str country, enum product_kind kind,
                   int32_t day);
/* "5.5" -> 5500. */
bool tax_rate_parse(struct str s, int32_t *ret);

/* Half up. Amounts from 0 to AMOUNT_MAX alone. */
#define AMOUNT_MAX INT64_C(1000000000000)
int64_t tax_within(int64_t amount, int32_t rate); /* of which the tax is a part */
int64_t tax_upon(int64_t amount, int32_t rate);   /* to which it is added */

#endif
