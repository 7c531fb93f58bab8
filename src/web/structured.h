/* schema.org JSON-LD, made of what the page shows and of nothing else. */
#ifndef COLOPHON_WEB_STRUCTURED_H
#define COLOPHON_WEB_STRUCTURED_H

#include "web/book.h"

/* Whole <script type="application/ld+json"> elements, safe as they stand; in the request's arena.
 * The book of its page, and the trail of subjects that leads to it. */
struct html_trusted json_ld_of_book(struct context *c, const struct page *p,
                                    const struct book_view *v);

/* The trail that a page of a subject begins with; `here` is the page itself. */
struct html_trusted json_ld_of_trail(struct context *c, const choice_list *crumbs, struct str here);

#endif
