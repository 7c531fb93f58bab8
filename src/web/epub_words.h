/* What is wrong with an EPUB, in words. */
#ifndef COLOPHON_WEB_EPUB_WORDS_H
#define COLOPHON_WEB_EPUB_WORDS_H

#include "epub/epub.h"
#include "web/page.h"

/* What is wrong, with %1 for the detail, and how to mend it (NULL: there is nothing to do), in
 * English. */
const char *epub_wrong_text(enum epub_wrong wrong);
const char *epub_wrong_mend(enum epub_wrong wrong);
/* The same in the page's language; a mend may be empty. */
struct str word_epub_problem(const struct page *p, const struct epub_problem *problem);
struct str word_epub_mend(const struct page *p, const struct epub_problem *problem);

#endif
