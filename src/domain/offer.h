/* May this edition be sold in this country, at what price, and if not, why:
 * rights, licence, market, status, dates, supply and price, in that order
 * (ONIX for Books 3.0/3.1 blocks 4 and 6; licence.h). Pure: the day is passed in.
 *
 * "Not sold" is a fact with evidence; what is withheld is decided elsewhere
 * (visibility.h). E-books fail closed on unknown rights; for print the
 * storefront's policy decides. */
#ifndef COLOPHON_DOMAIN_OFFER_H
#define COLOPHON_DOMAIN_OFFER_H

#include "domain/edition.h"
#include "domain/licence.h"

enum membership { TERRITORY_OUT, TERRITORY_IN, TERRITORY_PARTIAL };
/* ONIX for Books, composite <Territory>: exclusion wins; WORLD, ECZ and
 * subdivisions ("GB-SCT" makes GB partial) are understood; ROW inside a
 * territory is no code there and counts as nothing. */
enum membership territory_has(const struct territory *t, struct str country);

enum verdict {
    VERDICT_OK,
    VERDICT_FREE,
    VERDICT_PREORDER,
    VERDICT_BACKORDER,
    /* Refusals. */
    VERDICT_NOT_LISTED,
    VERDICT_WITHDRAWN,
    VERDICT_NOT_SOLD_ALONE,
    VERDICT_NOT_FOR_SALE,
    VERDICT_RIGHTS_UNKNOWN,
    VERDICT_RIGHTS_CONFLICT,
    VERDICT_NEED_REGION,
    VERDICT_CHANNEL_REFUSED,
    VERDICT_HOLD,
    VERDICT_NO_SUPPLY,
    VERDICT_NOT_IN_MARKET,
    VERDICT_NOT_YET,
    VERDICT_UNAVAILABLE,
    VERDICT_NO_PRICE,
    VERDICT_PRICE_CONFLICT,
    /* The shop's side: what licences the country asks for (licence.h). */
    VERDICT_LICENCE_MISSING,
    VERDICT_LICENCE_NOT_RESEARCHED,
    /* Of e-books: what is handed over is a file (offer_want_file). */
    VERDICT_NO_FILE,
    VERDICT_NO_DELIVERY,
};
#define VERDICT_COUNT 23

bool verdict_sells(enum verdict v); /* OK, FREE, PREORDER, BACKORDER */
/* "not-for-sale": the code in JSON and in the catalogue of messages. Static. */
const char *verdict_name(enum verdict v);

struct market {
    struct str country;        /* ISO 3166-1 alpha-2 */
    struct str currency;       /* ISO 4217 */
    bool print_without_rights; /* policy: sell print whose rights nobody stated */
    int32_t today;             /* yyyymmdd, UTC */
    bool tax_included;         /* of a price said twice, show the one with tax */
    /* By enum licence_format; NULL: licences are not asked about, as the index does not. */
    const struct licence_answer *licences;
};

struct offer {
    enum verdict verdict;
    const struct price *price; /* the one chosen; NULL where none */
    const struct supply_detail *supply;
    bool price_includes_tax;
    int32_t available; /* preorder: the day; else 0 */
    /* What the verdict rests on: an element path in ONIX reference names with
     * the value, e.g. "PublishingDetail/SalesRights[2]/SalesRightsType = 03". */
    char evidence[160];
};

void offer_decide(const struct edition *e, const struct market *m, struct offer *ret);
/* What reading in it needs as much as selling it does: the verdict of rights or licence that
 * refuses this country, whatever a status, a day or a price says; else VERDICT_OK. */
enum verdict offer_barred(const struct edition *e, const struct market *m);
/* An e-book is sold, or given away, as a file that is there: makes a refusal of an offer that
 * sells where its shop has sent none (`file`), or where files of its kind cannot be handed over at
 * all. What is yet to be published wants none. */
void offer_want_file(const struct edition *e, bool file, struct offer *offer);

#endif
