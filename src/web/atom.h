/* A feed as Atom (RFC 4287): what is in it, and where that is found, is
 * whoever asks' to say. */
#ifndef COLOPHON_WEB_ATOM_H
#define COLOPHON_WEB_ATOM_H

#include "web/page.h"

enum { ATOM_MAX = 100 }; /* of the latest news */

struct atom_item {
    const char *kind; /* "restriction": its page is /record/{kind}s/{id} */
    uint64_t id;
    struct url page; /* where it is another than that */
    struct str title, summary;
    int64_t published, updated;
};
typedef LIST(struct atom_item) atom_items;

struct atom_feed {
    struct str title, words; /* words: what is asked for; may be empty */
    struct str id;           /* behind "tag:ORIGIN,2026:" */
    struct url self;
    atom_items items;
};
/* The latest news first. */
void atom_sort(atom_items *items);
void atom_write(struct context *c, const struct atom_feed *feed, struct response *ret);

/* An element with a time, and with a text. */
void atom_time(struct html *h, const char *element, int64_t t);
void atom_text(struct html *h, const char *element, struct str text);

#endif
