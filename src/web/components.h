/* The living page: every component of the style sheet, with samples. */
#ifndef COLOPHON_WEB_COMPONENTS_H
#define COLOPHON_WEB_COMPONENTS_H

#include "web/book.h"
#include "web/lists.h"
#include "web/record.h"

struct components_view {
    struct url home;  /* this very page */
    struct page shop; /* the same page as if it stood in the first storefront */
    struct book_view book;
    struct shown_slip texts, listing, submissions;
    struct shown_withheld withheld;
    shown_cards cards; /* of this shop; none where it has no books */
    struct record_view record;
    struct pager pager;
    choice_list chips;
    LIST(struct url) covers;
    struct str error; /* of the sample form */
};

#endif
