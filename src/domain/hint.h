/* What somebody points out on a title's page: that something of it is wrong. For the shop whose
 * record it is, and for nobody else. */
#ifndef COLOPHON_DOMAIN_HINT_H
#define COLOPHON_DOMAIN_HINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"

enum hint_what {
    HINT_TITLE,
    HINT_CONTRIBUTOR,
    HINT_COVER,
    HINT_DESCRIPTION,
    HINT_PRICE,
    HINT_OTHER,
    HINT_KINDS,
};
const char *hint_what_name(enum hint_what what); /* "title" */
bool hint_what_parse(struct str name, enum hint_what *ret);

struct hint {
    uint64_t id;
    enum hint_what what;
    unsigned storefront; /* its id */
    struct str key;      /* of the product */
    /* What they wrote, and where they want an answer: both gone once it is done. */
    struct str words, address;
    int64_t at;
    int64_t done;   /* 0: it is open */
    struct str who; /* did it; empty: nobody, it grew old, or their account is gone */
};
typedef LIST(struct hint) hint_list;

enum {
    HINT_WORDS_MAX = 1000,
    HINT_DAYS = 90,        /* so long what people wrote is kept at most */
    HINTS_OPEN_MAX = 1000, /* of one shop */
};

#endif
