/* Inside epub/: the files of one, and how they are named. */
#ifndef COLOPHON_EPUB_PARTS_H
#define COLOPHON_EPUB_PARTS_H

#include <libxml/tree.h>

#include "epub/epub.h"

struct epub_file {
    struct str name; /* in NFC */
    struct str folded;
    struct str bytes;
};
typedef LIST(struct epub_file) epub_files;

struct epub_item {
    struct str id, href, type, properties;
    struct str path;              /* within the container; empty for what lies elsewhere */
    const struct epub_file *file; /* NULL: it is not there */
};

struct titles;
struct reading {
    struct arena *arena;
    struct epub *epub;
    epub_files files; /* in the order of their names */
    struct str package;
    LIST(struct epub_item) items;
    LIST(const struct epub_item *) spine;
    uint64_t *spine_places;             /* among all that the package lists there, from 1 on */
    const struct epub_item *navigation; /* a nav document, or an NCX */
    bool drm, right_to_left;
    struct titles *titles; /* navigation.c: NULL where there are none */
};

void tell(struct reading *r, enum epub_wrong wrong, struct str file, struct str detail);

/* Canonically composed, and so that what differs in case alone is the same. */
struct str name_composed(struct arena *arena, struct str name);
struct str name_folded(struct arena *arena, struct str name);
/* Why this is no name for a file of an EPUB; WRONG_COUNT where it is one. */
enum epub_wrong name_wrong(struct str name);
/* Where a reference in the file `base` leads; false: out of the container. Empty: elsewhere on
 * the web. What comes after # and ? goes. */
bool name_resolve(struct arena *arena, struct str base, struct str href, struct str *ret);

/* All its files; false where it is not worth looking further. */
bool container_open(struct reading *r, struct str bytes);
const struct epub_file *container_find(const struct reading *r, struct str name);

/* Without entities, DTDs or a network. NULL, and told, where it is not well-formed. The caller
 * frees it. */
xmlDocPtr xml_read(struct reading *r, const struct epub_file *file, enum epub_wrong wrong);
bool xml_is(const xmlNode *node, const char *name);
/* Its text or attribute, trimmed, in the arena; may be empty. */
struct str xml_text(struct arena *arena, const xmlNode *node);
struct str xml_attribute(struct arena *arena, const xmlNode *node, const char *name);
/* The next element in the order of the document, below `root`. */
const xmlNode *xml_next(const xmlNode *root, const xmlNode *node);

/* container.xml, encryption.xml and the package that they lead to. */
bool package_read(struct reading *r);
const struct epub_item *package_item_of(const struct reading *r, struct str path);

/* What the table of contents calls a file; empty where it does not. */
struct str navigation_title(struct reading *r, struct str path);
void navigation_read(struct reading *r);

void sample_make(struct reading *r);
/* See epub_read_chapter. */
void sample_make_chapter(struct reading *r, uint64_t n);

#endif
