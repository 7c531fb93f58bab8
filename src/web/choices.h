/* Choices of the forms by which lists are narrowed: values with their words. */
#ifndef COLOPHON_WEB_CHOICES_H
#define COLOPHON_WEB_CHOICES_H

#include "web/page.h"

/* One more; there is room for it. It is the chosen one where its value is `asked`. */
void choices_add(choice_list *list, struct str value, struct str name, struct str asked);

/* Authorities by name, the first 200 of them, and whichever is asked for. */
choice_list choices_of_authorities(const struct page *p, const struct str *names, size_t n,
                                   struct str asked);

/* Countries and currencies by name, as the page's language sorts them; what is asked for and is
 * none of them stands last, as it was asked. */
/* As letters have them; none of a country whose regions are not known. */
choice_list choices_of_regions(const struct page *p, struct str country, struct str asked);
choice_list choices_of_countries(const struct page *p, struct str asked);
choice_list choices_of_currencies(const struct page *p, struct str asked);
/* The interface's languages by name, the same. */
choice_list choices_of_languages(const struct page *p, struct str asked);

#endif
