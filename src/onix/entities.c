#include "onix/entities.h"

#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *name, const void *entry)
{
    return strcmp(name, ((const struct entity_name *)entry)->name);
}

xmlEntityPtr entity_find(struct entity_table *table, const xmlChar *name)
{
    xmlEntityPtr predefined = xmlGetPredefinedEntity(name);
    if (predefined != NULL)
        return predefined;
    const struct entity_name *known =
        bsearch(name, entity_names, entity_name_n, sizeof *entity_names, by_name);
    if (known == NULL)
        return NULL;
    for (size_t i = 0; i < table->n; i++)
        if (table->made[i].of == known)
            return &table->made[i].entity;
    /* libxml2 is done with one before it asks for the next: the first may go. */
    size_t at = table->n < ENTITY_CACHE ? table->n++ : 0;
    table->made[at].of = known;
    /* As predefined, it is handed on as text and never parsed again. */
    table->made[at].entity = (xmlEntity){.type = XML_ENTITY_DECL,
                                         .name = (const xmlChar *)known->name,
                                         .content = (xmlChar *)(uintptr_t)known->text,
                                         .length = (int)strlen(known->text),
                                         .etype = XML_INTERNAL_PREDEFINED_ENTITY};
    return &table->made[at].entity;
}
