/* HTML from feeds made safe: an allow-list, attributes dropped, tags closed.
 *
 * Allowed: p br em strong i b ul ol li dl dt dd sub sup ruby rb rp rt blockquote,
 * h1-h6 as h3-h6, and a with an http or https href and rel="nofollow ugc".
 * script, style, iframe, object and the like go with what they hold. */
#ifndef COLOPHON_ONIX_CLEAN_H
#define COLOPHON_ONIX_CLEAN_H

#include "base/arena.h"
#include "base/str.h"

/* Cleans what may be XHTML, HTML tag soup, escaped HTML or plain text (decided
 * by content; plain text becomes paragraphs). Never fails; the result is
 * well-formed, balanced and lies in `arena`. */
struct str html_clean(struct arena *arena, struct str text);

#endif
