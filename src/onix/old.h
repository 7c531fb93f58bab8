/* Inside onix/: ONIX 2.1, turned into the tree that 3.0 would have sent, for the same readers.
 *
 * A node of the new tree knows what it was made of (`origin`), so that findings name the
 * elements that the sender wrote. What nothing was made of is told of as information. */
#ifndef COLOPHON_ONIX_OLD_H
#define COLOPHON_ONIX_OLD_H

#include "onix/tree.h"

struct buf;

enum {
    OLD_CODES_MAX = 8192, /* bytes of codes in one place */
    OLD_WIDE_MAX = 64,    /* statements on "the world but these" of one product */
};

/* The header and one product; the new tree lies in `arena` beside the old one. Errors among the
 * findings refuse the product: `*ret_errors`. */
const struct node *old_header(struct node *header, struct arena *arena);
const struct node *old_product(struct node *product, const struct header_defaults *defaults,
                               const struct onix_sink *sink, struct arena *arena,
                               unsigned *ret_errors);
/* Tells of what was left, once the record was read. */
void old_tell_left(struct node *product, const struct onix_sink *sink, struct arena *arena);

/* What 2.1 calls an element that is missing. */
const char *old_name(enum tag tag);

/* ---- shared by the parts that turn ---- */

struct turning {
    struct finding_place place;
    struct arena *arena;
    const struct header_defaults *defaults;
    struct node *old, *product; /* the record as sent, and as 3.0 has it */
    bool partial;               /* an update that holds what changed alone */
};

#define EACH_OLD(n, parent, name)                                                                  \
    for (struct node *n = (parent) == NULL ? NULL : (parent)->child; n != NULL; n = n->next)       \
        if (n->tag == (name))

void turn_descriptive(struct turning *t);
void turn_collateral(struct turning *t);
void turn_publishing(struct turning *t); /* and related material */
void turn_rights(struct turning *t, struct node *block);
/* List 71: what is restricted, and old_minors_flag. */
void turn_restrictions(struct turning *t, struct node *parent);
void turn_supply(struct turning *t);
void turn_prices(struct turning *t, struct node *detail, struct node *from);

/* "Indiziert": what Germany keeps from minors, said once; NULL where it is not said. */
struct node *old_minors_flag(struct turning *t);

struct node *old_child(struct node *parent, enum tag tag);
/* Nothing is missed of it; NULL is allowed. */
void turn_done(struct node *from);
/* A new last child of `parent`, made of `from`. */
struct node *turn_add(struct turning *t, struct node *parent, enum tag tag, struct node *from);
/* The same with a text. An empty text makes nothing. */
void turn_value(struct turning *t, struct node *parent, enum tag tag, struct node *from,
                struct str text);
/* The text of `from` as it is; NULL makes nothing. */
void turn_text(struct turning *t, struct node *parent, enum tag tag, struct node *from);
/* The children of `from` that have one of these tags, under the same ones. */
void turn_same(struct turning *t, struct node *parent, struct node *from, const enum tag *tags,
               size_t n);
#define TURN_SAME(t, parent, from, ...)                                                            \
    turn_same((t), (parent), (from), (const enum tag[]){__VA_ARGS__},                              \
              sizeof((const enum tag[]){__VA_ARGS__}) / sizeof(enum tag))
/* One of 3.0's blocks, made when first asked for. */
struct node *turn_block(struct turning *t, enum tag block);
/* An identifier made of a composite of type, name and value, or of a plain number. */
void turn_identifier(struct turning *t, struct node *parent, enum tag composite, enum tag type,
                     struct node *from, enum tag old_type);
void turn_number(struct turning *t, struct node *parent, enum tag composite, enum tag type_tag,
                 struct node *from, const char *type);

/* The elements of a composite that name places. */
struct places {
    enum tag country, territory, region, not_country, not_territory;
};
/* Makes a Territory of them. `row` is what ROW ("all others") stands for: where it stands,
 * WORLD without those countries. Returns NULL where no place is named. */
struct node *turn_territory(struct turning *t, struct node *parent, struct node *from,
                            const struct places *places, struct str row);
/* The codes of all children with these tags, a space between; what is more than OLD_CODES_MAX
 * refuses the record. */
struct str old_codes(struct turning *t, struct node *from, const struct places *places);
/* The same one by one, in a buffer of OLD_CODES_MAX; a fault names `from` and `tag`. */
void old_codes_add(struct buf *all, struct str codes);
struct str old_codes_end(struct turning *t, const struct buf *all, struct node *from, enum tag tag);
/* Whether ROW is among the codes; `*ret_rest` is what remains of them. */
bool old_without_row(struct turning *t, struct str codes, struct str *ret_rest);

/* ---- code lists of 2.1 (old_lists.c); NULL where there is no such code in 3.0 ---- */

struct old_form {
    const char *old, *form, *composition;
};
/* List 7, where 150 and 2 say it otherwise. */
const struct old_form *old_form(struct str code);
const char *old_form_detail(struct str code);  /* list 78 to 175: those that changed */
const char *old_book_detail(struct str code);  /* list 8 to 175 */
const char *old_epub_detail(struct str code);  /* list 10 to 175 */
const char *old_text_type(struct str code);    /* list 33 to 153 */
const char *old_media_type(struct str code);   /* list 38 to 158 */
const char *old_availability(struct str code); /* list 54 to 65 */

#endif
