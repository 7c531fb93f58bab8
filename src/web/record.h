/* The Record's pages. */
#ifndef COLOPHON_WEB_RECORD_H
#define COLOPHON_WEB_RECORD_H

#include "web/page.h"

struct record_view {
    uint64_t in_effect, size;
    int64_t signed_at;
    struct str checkpoint, vkey;
    LIST(struct page_choice) filters;
    LIST(struct restriction_view) restrictions;
    struct pager pager;
};

struct proof_view {
    uint64_t index, size;
    struct str leaf, json;
    LIST(struct str) path;
};

struct record_entry_view {
    struct str heading, text; /* clean HTML */
    int64_t at;
    bool published;
    struct proof_view proof;
};

struct restriction_page_view {
    struct restriction_view restriction;
    struct url list;
    struct str root;
    LIST(struct record_entry_view) entries;
};

struct check_view {
    struct str base, vkey, voices_vkey;
};

#endif
