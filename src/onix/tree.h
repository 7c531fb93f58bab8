/* Inside onix/: one product (or the header) as a small tree of what is read. */
#ifndef COLOPHON_ONIX_TREE_H
#define COLOPHON_ONIX_TREE_H

#include "base/arena.h"
#include "base/buf.h"
#include "onix/onix.h"
#include "onix/tags.h"

struct node {
    enum tag tag;
    uint32_t line;
    struct str text;     /* of leaves: trimmed, white space collapsed; of mark-up as it came */
    struct str format;   /* attribute dateformat */
    struct str language; /* attribute language */
    struct node *parent, *child, *last, *next;
    /* What it was made of, of a node that was turned from 2.1 (onix/old.h); itself, of one that
     * something was made of. */
    struct node *origin;
};

/* What the header says for all products. */
struct header_defaults {
    struct str language, price_type, currency;
};

/* Makes one record out of a <Product>; findings go to the sink. RC_INVALID
 * where an error refused it. */
enum rc product_read(const struct node *product, const struct header_defaults *defaults,
                     const struct onix_sink *sink, struct arena *arena,
                     struct onix_record *ret) MUST_CHECK;

/* Makes the header; returns warnings to the sink. */
void header_read(const struct node *header, const struct onix_sink *sink, struct arena *arena,
                 struct onix_header *ret, struct header_defaults *ret_defaults);

const struct node *node_child(const struct node *parent, enum tag tag);
struct str node_text(const struct node *parent, enum tag tag); /* of the first such child */
size_t node_count(const struct node *parent, enum tag tag);

/* The first forty characters, for a sentence. */
struct str shown(struct str value);

/* Tells of a finding about `node` ("element" is its path below the product). */
struct finding_place {
    const struct onix_sink *sink;
    struct arena *arena;
    struct str reference;
    unsigned errors;
};
void find_fault(struct finding_place *place, enum severity severity, const struct node *node,
                enum tag missing_child, const char *code, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* ---- text ---- */

/* With < and & escaped. */
void text_escape(struct buf *b, const char *p, size_t n);
/* Leading and trailing white space away, one space for any run of it. */
struct str text_collapsed(struct arena *arena, struct str s);
/* "Ã©", "â€™": UTF-8 taken for Windows-1252 and encoded once more. */
bool text_is_garbled(struct str s);
/* Whether the bytes at which UTF-8 broke off look like a letter of Windows-1252. */
bool text_is_windows(struct str rest);

/* ---- values ---- */

/* What a date does. One that bars a sale refuses its record where it cannot be
 * read, as leaving it out would open the sale. One that only tells is left out
 * where it is of a kind that is not read here or stands for none. */
enum date_use { DATE_TELLS, DATE_BARS };

/* A date by its format attribute or the DateFormat beside it; 0 with a finding
 * where it is left out. */
int32_t value_date(struct finding_place *place, const struct node *date, enum date_use use);
/* A point in time of the header; false where it cannot be read. */
bool value_time(struct str text, int64_t *ret);
/* A code that is no place is left out where that opens no market, and refuses
 * the record where it would. `denies`: the statement says where not to sell. */
void value_territory(struct finding_place *place, const struct node *territory, bool denies,
                     struct territory *ret);

#endif
