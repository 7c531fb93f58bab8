/* Inside record/: entries in the form that most have, one flat object of numbers and plain
 * texts, read without making a tree of it. */
#ifndef COLOPHON_RECORD_ENTRY_FLAT_H
#define COLOPHON_RECORD_ENTRY_FLAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct flat_member {
    struct str name;
    bool is_text;
    struct str text; /* points into the bytes */
    uint64_t number;
};

enum { FLAT_MAX = 16 };
struct flat {
    struct flat_member v[FLAT_MAX];
    size_t n;
};

/* True where the bytes are such an object in canonical form (RFC 8785): names ascend, no
 * spaces, printable ASCII without anything to escape, integers from 0 to below 2^53. False
 * says nothing: whatever else there is, is for a reader of JSON. */
bool flat_read(struct str bytes, struct flat *ret);
/* NULL: it has none. */
const struct flat_member *flat_find(const struct flat *flat, const char *name);

#endif
