/* Catalogues for reading apps and e-readers (OPDS 1.2 and 2.0): one view model, made by opds.c and
 * opds_lists.c, and two writers, of Atom (opds_atom.c) and of JSON (opds_json.c). What clients take
 * amiss is told in docs/opds.md. Every address is absolute. */
#ifndef COLOPHON_WEB_OPDS_H
#define COLOPHON_WEB_OPDS_H

#include "web/lists.h"

#define OPDS_SHELF "http://opds-spec.org/shelf"

struct opds_link {
    const char *rel, *type;
    struct url href;
    struct str title; /* may be empty */
    uint64_t count;   /* 0: not said */
};
typedef LIST(struct opds_link) opds_links;

/* A way on in a navigation feed. */
struct opds_way {
    struct str title, words;
    struct url href;
    const char *rel;
    bool acquisition; /* it leads to books, and to no more ways */
    uint64_t count;   /* 0: not said */
};

struct opds_entry {
    struct shown_card card;
    int64_t updated;
    bool complete;
    struct str summary;                  /* in words */
    struct str subject;                  /* likewise; may be empty */
    struct str html;                     /* clean; of a complete one */
    struct url page, entry;              /* the book's page, this entry */
    struct url image, thumbnail, sample; /* may be empty */
    bool owned;                          /* it is the reader's, whatever is sold here: */
    struct url file;     /* then theirs, else one that anybody may take; empty: none */
    const char *media;   /* what one gets in the end; NULL: paper */
    shown_places series; /* of a complete one */
    opds_links withheld; /* who withholds what of it */
    uint32_t pages;      /* 0: not said */
};
typedef LIST(struct opds_entry) opds_entries;

struct opds_choice {
    struct str name;
    struct url href;
    uint64_t count; /* 0: not said */
    bool active;
};
struct opds_facet {
    struct str name;
    LIST(struct opds_choice) choices;
};

struct opds_feed {
    bool json, acquisition;
    bool whole; /* all there is stands in this one document */
    struct str title, said;
    struct str id; /* behind "tag:ORIGIN,2026:" */
    int64_t updated;
    opds_links links;
    LIST(struct opds_way) ways;
    opds_entries entries;
    LIST(struct opds_facet) facets;
    bool counted;       /* what follows is */
    uint64_t pages_max; /* 0: as many as there are */
    uint64_t total, first, a_page, number;
};
enum { OPDS_LINKS_MAX = 80, OPDS_A_PAGE = 50 };

/* The media type of feeds in one form or the other. */
const char *opds_type(bool json, bool acquisition);
void opds_link_add(opds_links *links, const char *rel, const char *type, struct url href,
                   struct str title, uint64_t count);
/* A feed of what is asked for, with the links that every one has; `place` is below the root. */
struct opds_feed opds_begin(struct context *c, const struct page *p, bool acquisition,
                            struct str title);
/* Below the catalogue in the feed's own form: "https://books.example/us/opds2/books". */
struct url opds_place(struct context *c, const struct page *p, bool json, const char *place);
struct url opds_absolute(struct context *c, struct url path);
/* What is withheld of a list, with the ways to who withholds it. */
void opds_tell_withheld(struct context *c, const struct page *p, const struct shown_withheld *w,
                        struct opds_feed *feed);
/* Pages of a list (RFC 5005); past the last one: RC_NOT_FOUND. */
enum rc opds_paged(struct context *c, struct opds_feed *feed, struct url list, uint64_t total,
                   uint64_t number, struct fault *fault) MUST_CHECK;
enum rc opds_entry_of(struct context *c, const struct page *p, bool json,
                      const struct shown_card *card, struct opds_entry *ret,
                      struct fault *fault) MUST_CHECK;
enum rc opds_fill(struct context *c, const struct page *p, const shown_cards *cards,
                  struct opds_feed *feed, struct fault *fault) MUST_CHECK;
/* With all that the edition's page says. */
enum rc opds_entry_whole(struct context *c, struct page *p, bool json,
                         const struct shown_edition *e, struct opds_entry *ret,
                         struct fault *fault) MUST_CHECK;
/* What is asked for as JSON, as its path says. */
bool opds_is_json(const struct context *c);

void opds_write(struct context *c, const struct opds_feed *feed, struct response *ret);
void opds_write_entry(struct context *c, bool json, const struct opds_entry *e,
                      struct response *ret);

/* ---- the two writers ---- */

/* Who did what: as a client is told of it. */
enum opds_part {
    OPDS_AUTHOR,
    OPDS_TRANSLATOR,
    OPDS_EDITOR,
    OPDS_ILLUSTRATOR,
    OPDS_NARRATOR,
    OPDS_OTHER
};
enum opds_part opds_part_of(const struct shown_contributor *c);
/* Its ISBN as a URN; empty where it has none. */
struct str opds_urn(struct arena *arena, const struct shown_card *card);
const char *opds_file_rel(const struct opds_entry *e);
bool opds_sells(const struct opds_entry *e);

void opds_atom_feed(struct context *c, const struct opds_feed *feed, struct response *ret);
void opds_atom_entry(struct context *c, const struct opds_entry *e, struct response *ret);
void opds_json_feed(struct context *c, const struct opds_feed *feed, struct response *ret);
void opds_json_entry(struct context *c, const struct opds_entry *e, struct response *ret);

#endif
