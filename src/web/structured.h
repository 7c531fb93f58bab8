/* schema.org JSON-LD, made of what the page shows and of nothing else. */
#ifndef COLOPHON_WEB_STRUCTURED_H
#define COLOPHON_WEB_STRUCTURED_H

#include "web/book.h"

/* The whole <script type="application/ld+json"> element of a book's page, safe
 * as it stands; in the request's arena. */
struct html_trusted json_ld_of_book(struct context *c, const struct page *p,
                                    const struct book_view *v);

#endif
