#include "onix/tags.h"

#include <string.h>

#define NAME_COMPOSITE(name) [TAG_##name] = {#name, NULL, KIND_COMPOSITE},
#define NAME_LEAF(name, code) [TAG_##name] = {#name, #code, KIND_LEAF},
#define NAME_MARKUP(name, code) [TAG_##name] = {#name, #code, KIND_MARKUP},

#define NAME_OLD_COMPOSITE(name, reference, code) [TAG_##name] = {reference, code, KIND_COMPOSITE},
#define NAME_OLD_LEAF(name, reference, code) [TAG_##name] = {reference, code, KIND_LEAF},
#define NAME_OLD_MARKUP(name, reference, code) [TAG_##name] = {reference, code, KIND_MARKUP},
#define NAME_OLD_QUIET(name, reference, code) [TAG_##name] = {reference, code, KIND_QUIET},
#define NAME_OLD_LEFT(name, reference, code) [TAG_##name] = {reference, code, KIND_LEFT},

const struct tag_names tag_names[TAG_COUNT] = {
    ONIX_TAGS(NAME_COMPOSITE, NAME_LEAF, NAME_MARKUP) OLD_COMPOSITES(NAME_OLD_COMPOSITE)
        OLD_LEAVES(NAME_OLD_LEAF) OLD_MARKUP(NAME_OLD_MARKUP) OLD_QUIET(NAME_OLD_QUIET)
            OLD_LEFT(NAME_OLD_LEFT)};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Case folded, so that a composite's two spellings fall into one chain. */
static size_t slot_of(struct str name)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (unsigned char)lower(name.p[i])) * 16777619u;
    return (h ^ h >> 16) % TAG_SLOTS;
}

static void put(struct tag_table *table, struct str name, unsigned tag)
{
    size_t at = slot_of(name);
    while (table->slots[at] != TAG_UNKNOWN)
        at = (at + 1) % TAG_SLOTS;
    table->slots[at] = (uint16_t)tag;
}

/* What these names mean is another thing in 2.1, or is not read there. */
static bool is_new_meaning(unsigned tag)
{
    return tag == TAG_MainSubject || tag == TAG_Territory || tag == TAG_Stock || tag == TAG_OnHand;
}

void tag_table_fill(struct tag_table *table, bool old)
{
    memset(table, 0, sizeof *table);
    for (unsigned tag = 1; tag < (old ? TAG_COUNT : TAG_NEW_COUNT); tag++) {
        if (tag_names[tag].reference == NULL || (old && is_new_meaning(tag)))
            continue;
        put(table, str_of(tag_names[tag].reference), tag);
        if (tag_names[tag].code != NULL)
            put(table, str_of(tag_names[tag].code), tag);
    }
}

static bool lower_eq(struct str name, struct str reference)
{
    if (name.n != reference.n)
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] != lower(reference.p[i]))
            return false;
    return true;
}

enum tag tag_find(const struct tag_table *table, struct str name)
{
    for (size_t at = slot_of(name); table->slots[at] != TAG_UNKNOWN; at = (at + 1) % TAG_SLOTS) {
        const struct tag_names *t = &tag_names[table->slots[at]];
        struct str reference = str_of(t->reference);
        if (str_eq(name, reference) || (t->code != NULL && str_eq(name, str_of(t->code))) ||
            (t->code == NULL && lower_eq(name, reference)))
            return (enum tag)table->slots[at];
    }
    return TAG_UNKNOWN;
}
