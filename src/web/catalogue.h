/* Inside web/: the catalogues of messages as tools/catalogues.py compiles them. */
#ifndef COLOPHON_WEB_CATALOGUE_H
#define COLOPHON_WEB_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

enum { CATALOGUE_FORMS_MAX = 6 /* Arabic has as many */ };

struct catalogue_message {
    const char *msgid;
    const char *forms[CATALOGUE_FORMS_MAX];
};

struct catalogue {
    const char *tag;                          /* BCP 47; NULL ends the table */
    const char *locale;                       /* ICU's */
    const struct catalogue_message *messages; /* sorted by msgid */
    size_t n;
    unsigned (*plural)(uint64_t n);
};

extern const struct catalogue catalogues[];

#endif
