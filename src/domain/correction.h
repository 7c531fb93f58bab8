/* What somebody corrected of a record: a few fields, laid over what the sender says. */
#ifndef COLOPHON_DOMAIN_CORRECTION_H
#define COLOPHON_DOMAIN_CORRECTION_H

#include "base/arena.h"
#include "domain/edition.h"

enum correction_field {
    CORRECT_TITLE,
    CORRECT_SUBTITLE,
    CORRECT_CONTRIBUTOR, /* the spelling of one */
    CORRECT_DESCRIPTION,
    CORRECT_COVER, /* no part of an edition: it is kept with the files */
};
#define CORRECTION_FIELDS 5
const char *correction_field_name(enum correction_field field);
bool correction_field_parse(struct str name, enum correction_field *ret);

struct correction {
    enum correction_field field;
    struct str said;  /* of a contributor, the name that the sender gives */
    struct str value; /* a description's is clean HTML */
};

/* Lists that change are made anew in the arena. One about what the record no longer says
 * does nothing. */
void edition_correct(struct edition *e, const struct correction *corrections, size_t n,
                     struct arena *arena);
/* The description that readers are shown; NULL: none. */
const struct text_content *edition_description(const struct edition *e);

#endif
