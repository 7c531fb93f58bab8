/* What a list may be narrowed by, and the ways there: every choice stands in the address. */
#ifndef COLOPHON_WEB_FACETS_H
#define COLOPHON_WEB_FACETS_H

#include "web/lists.h"

/* The list's address with the order's choices, one of them changed (-1: none). */
struct url facets_url(const struct page *p, struct url base, const struct find_order *order,
                      int changed, struct str value);
/* `subjects`: they are a choice, and not what the page is about. */
void facets_fill(const struct page *p, struct url base, const struct find_order *order,
                 const struct found *found, bool subjects, struct search_view *v);
/* All choices taken away at once. */
struct url facets_unchosen(const struct page *p, struct url base, const struct find_order *order);
void facets_sorts(const struct page *p, struct url base, const struct find_order *order,
                  struct search_view *v);

#endif
