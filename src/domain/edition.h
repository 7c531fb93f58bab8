/* An edition as its supplier's ONIX record tells it: plain facts, no judgement.
 *
 * The shape follows ONIX for Books 3.0/3.1 (EDItEUR), block by block. Codes
 * stay ONIX codes as text ("A01", "93", "ED"): a code newer than our tables is
 * data, never an error. Absent text is the empty slice, absent numbers are 0,
 * absent dates are 0. Everything lies in the arena of whoever made it.
 *
 * Dates are yyyymmdd with 00 for an unknown month or day (base/clock.h). */
#ifndef COLOPHON_DOMAIN_EDITION_H
#define COLOPHON_DOMAIN_EDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

/* The blocks of an ONIX <Product>; `edition.blocks` says which were sent. */
enum onix_block {
    BLOCK_DESCRIPTIVE = 1 << 1, /* Block 1, P.3 to P.13 */
    BLOCK_COLLATERAL = 1 << 2,  /* Block 2 */
    BLOCK_CONTENT = 1 << 3,     /* Block 3: kept out for now */
    BLOCK_PUBLISHING = 1 << 4,  /* Block 4 */
    BLOCK_RELATED = 1 << 5,     /* Block 5 */
    BLOCK_SUPPLY = 1 << 6,      /* Block 6 */
};

/* <ProductIdentifier>, <WorkIdentifier>, <NameIdentifier>: type codes of list 5, 16, 44. */
struct identifier {
    struct str type;
    struct str type_name; /* IDTypeName, for proprietary types */
    struct str value;
};

/* <ProductFormFeature>: type of list 79 (09 accessibility, with values of list 196). */
struct form_feature {
    struct str type;
    struct str value;
    struct str text; /* ProductFormFeatureDescription */
};

struct measure {
    struct str type; /* list 48: 01 height, 02 width, 03 thickness, 08 weight */
    struct str value;
    struct str unit; /* list 50 */
};

/* <EpubUsageConstraint>, one for each of its limits. */
struct usage {
    struct str type;     /* list 145 */
    struct str status;   /* list 146 */
    struct str quantity; /* may be empty */
    struct str unit;     /* list 147 */
};

/* <TitleElement> joined for display; parts kept for sorting and matching. */
struct title {
    struct str prefix;   /* TitlePrefix: "The" */
    struct str text;     /* TitleText, or TitleWithoutPrefix where a prefix is given */
    struct str subtitle; /* Subtitle */
    struct str part;     /* PartNumber, YearOfAnnual at product level */
    struct str language; /* of the text, ISO 639-2/B, where given */
};

struct contributor {
    uint32_t sequence;         /* SequenceNumber; order of appearance where absent */
    struct str name;           /* for display */
    struct str inverted;       /* for sorting: "Marlow, Ines"; may be empty */
    struct str unnamed;        /* UnnamedPersons (list 19), where there is no name */
    struct str identifier;     /* "isni:0000…" or "orcid:…"; may be empty */
    LIST(struct str) roles;    /* list 17: "A01", "B06" */
    bool corporate;            /* CorporateName */
    struct str transliterated; /* AlternativeName of list 18, 05: in another script */
    struct str note;           /* BiographicalNote, cleaned like a text's html */
};

/* As it is filed by the family's name: what the record says, else the last word of a Latin name;
 * empty where the name itself is. */
struct arena;
struct str contributor_filed(struct arena *arena, const struct contributor *c);

struct collection_part {
    struct str name;      /* the collection's title */
    struct str part;      /* the number as printed: "2", "2.5", "II", "下" */
    struct str type;      /* CollectionType, list 148 */
    struct identifier id; /* CollectionIdentifier, where given */
};

struct text_language {
    struct str role;   /* list 22: 01 text, 02 original */
    struct str code;   /* ISO 639-2/B */
    struct str script; /* ISO 15924: Hans, Hant */
};

struct extent {
    struct str type; /* list 23 */
    struct str value;
    struct str unit; /* list 24 */
};

struct subject {
    struct str scheme; /* list 27: 93 Thema, 10 BISAC, 88 CLC, 20 keywords … */
    struct str code;
    struct str heading;
    bool main;
};

struct audience {
    struct str type;  /* AudienceCodeType, list 29; "range" for <AudienceRange> */
    struct str value; /* for a range: "17:03:8:04:12" (qualifier, precision, value …) */
};

struct text_content {
    struct str type;     /* list 153: 02 short, 03 description, 04 contents … */
    struct str audience; /* ContentAudience, list 154, first one given */
    struct str language; /* ISO 639-2/B; may be empty */
    struct str html;     /* cleaned: the allow-list of base/clean.h, nothing else */
    struct str author;   /* TextAuthor, of a review say; may be empty */
    struct str source;   /* SourceTitle, else TextSourceCorporate; may be empty */
};

/* <Prize> of the product. */
struct prize {
    struct str name;
    struct str year;
    struct str code; /* list 41: 01 winner, 04 short-listed … */
};

struct resource {
    struct str type; /* ResourceContentType, list 158: 01 front cover */
    struct str mode; /* list 159 */
    struct str form; /* list 161 */
    struct str link;
};

struct publisher {
    struct str role; /* PublishingRole, list 45: 01 publisher */
    struct str name;
};

/* <Territory>: codes in upper case, one space between. Membership: territory.h. */
struct territory {
    struct str countries_included;
    struct str regions_included;
    struct str countries_excluded;
    struct str regions_excluded;
};

/* PublishingDate, MarketDate, SupplyDate, PriceDate, each with its own list of roles. */
struct role_date {
    struct str role;
    int32_t date;
};

struct sales_restriction {
    struct str type; /* list 71 */
    int32_t from;
    int32_t until;
};

struct sales_rights {
    struct str type; /* list 46 */
    struct territory territory;
    LIST(struct sales_restriction) restrictions;
};

struct related {
    struct str relation; /* list 164 for works, 51 for products */
    struct identifier id;
};

struct tax {
    struct str type;       /* list 171: 01 VAT */
    struct str rate_code;  /* list 62 */
    int32_t percent_milli; /* 7 % is 7000; -1 where not given */
};

struct price {
    struct str type;      /* list 58; the header's default where absent */
    struct str qualifier; /* list 59 */
    struct str status;    /* list 61 */
    struct str currency;  /* ISO 4217 */
    int64_t minor;        /* amount in minor units of the currency; -1 where there is none */
    struct str unpriced;  /* UnpricedItemType, list 57 */
    bool conditional;     /* a PriceCondition that we do not read stands in it */
    bool has_territory;
    struct territory territory;
    int32_t from;  /* PriceDate 14, first day */
    int32_t until; /* PriceDate 15, last day */
    LIST(struct tax) taxes;
};

struct supply_detail {
    struct str supplier_role; /* list 93 */
    struct str supplier;
    struct str availability; /* list 65 */
    struct str unpriced;     /* UnpricedItemType, list 57 */
    unsigned order_days;     /* OrderTime: until it is usually sent; 0: not said */
    LIST(struct role_date) dates;
    LIST(struct price) prices;
};

/* One <ProductSupply>: a market and who supplies it. */
struct product_supply {
    struct str market_reference; /* 3.1 */
    bool has_market;             /* absent: the area of the sales rights */
    LIST(struct territory) markets;
    LIST(struct sales_restriction) restrictions;
    struct str market_status; /* list 68 */
    LIST(struct role_date) dates;
    LIST(struct supply_detail) details;
};

struct edition {
    unsigned blocks; /* enum onix_block */

    /* Record head. */
    char isbn13[14]; /* "" where the product has none */
    LIST(struct identifier) ids;

    /* Block 1 */
    struct str composition;        /* list 2 */
    struct str form;               /* list 150 */
    LIST(struct str) form_details; /* list 175 */
    struct str protection;         /* EpubTechnicalProtection, list 144; empty: unknown */
    struct title title;            /* type 01, level 01 */
    struct title original_title;   /* type 03 */
    LIST(struct contributor) contributors;
    LIST(struct collection_part) collections;
    struct str edition_number;
    struct str edition_statement;
    LIST(struct text_language) languages;
    LIST(struct extent) extents;
    LIST(struct subject) subjects;
    LIST(struct audience) audiences;
    LIST(struct form_feature) features;
    LIST(struct measure) measures;
    LIST(struct usage) usages;

    /* Block 2 */
    LIST(struct text_content) texts;
    LIST(struct resource) resources;
    LIST(struct prize) prizes;

    /* Block 4 */
    LIST(struct str) imprints;
    LIST(struct publisher) publishers;
    struct str country_of_publication;
    struct str status;            /* list 64 */
    LIST(struct role_date) dates; /* list 163 */
    LIST(struct sales_rights) rights;
    struct str row_rights; /* ROWSalesRightsType; empty where absent */

    /* Block 5 */
    LIST(struct related) related_works;
    LIST(struct related) related_products;

    /* Block 6 */
    LIST(struct product_supply) supplies;
};

/* Which of list 150's forms need no shipping: A[JNO], E, L and SG. */
bool edition_is_digital(const struct edition *e);
/* The media type of an e-book's file, as list 175 says; EPUB where it does not. NULL: no e-book. */
const char *edition_media(const struct edition *e);
/* An e-book whose file may be an EPUB: none that is heard, nor one of another format by list 175.
 */
bool edition_takes_epub(const struct edition *e);
/* ISO 639-2/B ("ger") as BCP 47 ("de"); "und" where it is no code. */
struct str language_of_code(struct str code);
/* The language of the text as BCP 47 ("zh-Hans", "de"); "und" where unknown. */
struct str edition_language(const struct edition *e);
/* The same of the language it was first written in; empty where that is not said. */
struct str edition_original_language(const struct edition *e);
/* "The Salt Almanac", without subtitle. `room` bytes at `ret`; cut at a character. */
struct str edition_display_title(const struct edition *e, char *ret, size_t room);
struct str title_display(const struct title *title, char *ret, size_t room);
/* First publication date in this record: role 01, else 11, else 0. */
int32_t edition_published(const struct edition *e);
struct str edition_publisher(
    const struct edition *e); /* role 01, else the first one, else the first imprint */
/* The first imprint that is not the publisher's own name, or empty. */
struct str edition_imprint(const struct edition *e);
/* Whether it has this feature of accessibility (list 196). */
bool edition_has_access(const struct edition *e, const char *value);
/* The years of a range of ages; empty: it ends nowhere on that side. False where it is another
 * range. */
bool audience_ages(const struct audience *range, struct str *ret_from, struct str *ret_to);
/* Pages of the content (extent 00, 11, 10, 08, 05 in this order), or 0. */
uint32_t edition_pages(const struct edition *e);
/* The main Thema subject (93), or the first one, or empty. */
struct str edition_thema(const struct edition *e);

#endif
