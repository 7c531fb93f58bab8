/* Readers' texts as safe HTML: the subset of CommonMark that a review needs. */
#ifndef COLOPHON_APP_MARKDOWN_H
#define COLOPHON_APP_MARKDOWN_H

#include "base/arena.h"

/* Paragraphs, emphasis, lists, quotes, code, and links to http and https with
 * rel="nofollow ugc noopener". Headings become paragraphs, pictures their text,
 * HTML is shown as it was typed. Balanced; lies in `arena`. */
struct str markdown_html(struct arena *arena, struct str text);

#endif
