/* Readers' texts, and the shop's own, as safe HTML: the subset of CommonMark that they need. */
#ifndef COLOPHON_WEB_MARKDOWN_H
#define COLOPHON_WEB_MARKDOWN_H

#include "base/list.h"
#include "web/html.h"

/* Paragraphs, emphasis, lists, quotes, code, and links to http and https with
 * rel="nofollow ugc noopener". Headings become paragraphs, pictures their text,
 * HTML is shown as it was typed. Balanced; lies in `arena`. */
struct html_trusted markdown_html(struct arena *arena, struct str text);

/* The same of a reader's words, with what stands between ">!" and "!<", which gives a story away,
 * folded up under `summary`. */
struct html_trusted markdown_folded(struct arena *arena, struct str text, struct str summary);
/* The text without what is so folded up: for machines and for what is cut short. */
struct str markdown_unspoilt(struct arena *arena, struct str text);

/* The same of the shop's own: headings stay, below the page's, links lead to mail, to telephones
 * and into this shop, too, and search engines may follow them. */
struct html_trusted markdown_of_shop(struct arena *arena, struct str text);

/* The addresses that a text of the shop links to, as they are written, in their order: also those
 * that markdown_of_shop makes no link of. */
typedef LIST(struct str) written_links;
written_links markdown_links(struct arena *arena, struct str text);
/* Whether markdown_of_shop makes a link of it. */
bool markdown_links_to(struct str address);

/* Its words alone, in one line, cut behind a word to so many characters at most. */
struct str markdown_plain(struct arena *arena, struct str text, size_t characters);

#endif
