/* Inside onix/: XHTML's named characters for libxml2, made when first met. */
#ifndef COLOPHON_ONIX_ENTITIES_H
#define COLOPHON_ONIX_ENTITIES_H

#include <libxml/parser.h>
#include <stddef.h>

enum { ENTITY_CACHE = 64 };

struct entity_table {
    struct {
        xmlEntity entity;
        char text[8];
    } made[ENTITY_CACHE];
    size_t n;
};

/* &amp; and its kind, or a named character of XHTML, whether or not a DTD
 * declares it; NULL for any other. Valid until the next call. */
xmlEntityPtr entity_find(struct entity_table *table, const xmlChar *name);

#endif
