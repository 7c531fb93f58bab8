#include "onix/entities.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>

xmlEntityPtr entity_find(struct entity_table *table, const xmlChar *name)
{
    xmlEntityPtr predefined = xmlGetPredefinedEntity(name);
    if (predefined != NULL)
        return predefined;
    const htmlEntityDesc *known = htmlEntityLookup(name);
    if (known == NULL)
        return NULL;
    for (size_t i = 0; i < table->n; i++)
        if (strcmp((const char *)table->made[i].entity.name, known->name) == 0)
            return &table->made[i].entity;
    /* libxml2 is done with one before it asks for the next: the first may go. */
    size_t at = table->n < ENTITY_CACHE ? table->n++ : 0;
    char *text = table->made[at].text;
    int n = xmlCopyChar(0, (xmlChar *)text, (int)known->value);
    text[n] = '\0';
    /* As predefined, it is handed on as text and never parsed again. */
    table->made[at].entity = (xmlEntity){.type = XML_ENTITY_DECL,
                                         .name = (const xmlChar *)known->name,
                                         .content = (xmlChar *)text,
                                         .length = n,
                                         .etype = XML_INTERNAL_PREDEFINED_ENTITY};
    return &table->made[at].entity;
}
