/* Home, search, browsing, collections, contributors, shops. */
#ifndef COLOPHON_WEB_LISTS_H
#define COLOPHON_WEB_LISTS_H

#include "app/find.h"
#include "web/page.h"

struct facet_choice {
    struct str name;
    struct url url;
    uint64_t count;
    bool chosen;
};

struct facet_view {
    struct str name;
    LIST(struct facet_choice) values;
};

typedef LIST(struct page_choice) page_choices_list;

struct search_view {
    struct str heading;
    uint64_t total, withheld, first;
    shown_slips by;
    shown_cards cards;
    page_choices_list crumbs, subjects, sorts;
    LIST(struct facet_view) facets;
    struct pager pager;
};

struct subjects_view {
    page_choices_list subjects;
};

struct collections_view {
    shown_places collections;
    struct url next;
};

struct works_view {
    struct str kind, name, controlled_by;
    shown_slips slips;
    struct shown_page page;
    struct pager pager;
    uint64_t first;
};

#endif
