/* Inside onix/: named characters for libxml2, made when first met. */
#ifndef COLOPHON_ONIX_ENTITIES_H
#define COLOPHON_ONIX_ENTITIES_H

#include <libxml/parser.h>
#include <stddef.h>

/* All that are known, sorted by name (made by tools/entities.py). */
struct entity_name {
    const char *name, *text;
};
extern const struct entity_name entity_names[];
extern const size_t entity_name_n;

enum { ENTITY_CACHE = 64 };

struct entity_table {
    struct {
        const struct entity_name *of;
        xmlEntity entity;
    } made[ENTITY_CACHE];
    size_t n;
};

/* &amp; and its kind, or a named character of XHTML or of ISO's sets, whether or not a DTD
 * declares it; NULL for any other. Valid until the next call. */
xmlEntityPtr entity_find(struct entity_table *table, const xmlChar *name);

#endif
