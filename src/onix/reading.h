/* Inside onix/: what the readers of a record's blocks share. */
#ifndef COLOPHON_ONIX_READING_H
#define COLOPHON_ONIX_READING_H

#include "onix/tree.h"

struct reading {
    struct finding_place place;
    struct arena *arena;
    const struct header_defaults *defaults;
    struct edition *e;
    int64_t on_hand; /* copies, of all suppliers; -1: nothing is said */
};

#define EACH(n, parent, name)                                                                      \
    for (const struct node *n = (parent) == NULL ? NULL : (parent)->child; n != NULL; n = n->next) \
        if (n->tag == (name))

/* Room for every child of that tag. */
#define ROOM(r, list, parent, name)                                                                \
    ((list).v = arena_alloc_array((r)->arena, node_count(parent, name), sizeof *(list).v))

/* Blocks 1, 2, 4, 5 and one repeat of block 6. */
void read_descriptive(struct reading *r, const struct node *block);
void read_collateral(struct reading *r, const struct node *block);
void read_publishing(struct reading *r, const struct node *block);
void read_related(struct reading *r, const struct node *block);
void read_supply(struct reading *r, const struct node *node, struct product_supply *ret);

/* Parts that several blocks hold. */
struct identifier read_identifier(const struct node *node, enum tag type);
void read_dates(struct reading *r, const struct node *parent, enum tag composite, enum tag role,
                struct role_date **ret, size_t *ret_n);
void read_restrictions(struct reading *r, const struct node *parent, struct sales_restriction **ret,
                       size_t *ret_n);

/* "N/A", "tbc", "-": text that stands for none. */
bool says_nothing(struct str text);
/* The text of the first such child; empty, with a warning, where it says nothing. */
struct str spoken_text(struct reading *r, const struct node *parent, enum tag tag);

#endif
