/* The pages of lists that readers keep, and the part of a book's page that puts it there. */
#ifndef COLOPHON_WEB_READER_LISTS_H
#define COLOPHON_WEB_READER_LISTS_H

#include "app/reader_lists.h"
#include "web/page.h"

struct reader_lists_view {
    reader_lists lists;
    struct str name, error; /* of the form that was sent */
};

struct reader_list_view {
    struct shown_list shown;
    struct pager pager;
    struct url action, address; /* the latter whole, to be handed on */
    struct url report;          /* where anybody asks that something on it be withheld */
    struct str error;
};

/* The list's name; what its owner wants to read has ours. */
struct str word_list(const struct page *p, const struct reader_list *l);
struct url link_reader_list(const struct page *p, struct str secret);

#endif
