/* HTML from feeds made safe: an allow-list, attributes dropped, tags closed.
 *
 * Allowed: p br em strong i b ul ol li dl dt dd sub sup ruby rb rp rt blockquote,
 * h1-h6 as h3-h6, and a with an http or https href and rel="nofollow ugc".
 * script, style, iframe, object and the like go with what they hold. */
#ifndef COLOPHON_BASE_CLEAN_H
#define COLOPHON_BASE_CLEAN_H

#include "base/arena.h"
#include "base/str.h"

/* Cleans what may be XHTML, HTML tag soup, escaped HTML or plain text (decided
 * by content; plain text becomes paragraphs). Never fails; the result is
 * well-formed, balanced and lies in `arena`. */
struct str html_clean(struct arena *arena, struct str text);

/* A chapter of a book, as XHTML, made safe in the same way; kept are also pictures, tables,
 * figures, rules, verses' spans, and of attributes `lang` and `dir`. The first heading becomes
 * an h2, below the page's own; the others keep their distance from it, as far as none is passed
 * over. What was cleaned so comes out the same when it is cleaned once more. */
struct chapter_rules {
    struct arena *arena; /* what comes of it lies here */
    /* What a link within the book becomes, and the address of a picture: empty, and it goes.
     * Links to http and https addresses stay. */
    struct str (*link)(void *context, struct str href);
    struct str (*picture)(void *context, struct str src);
    void *context;
    size_t text_max; /* characters, to the end of the paragraph; 0: all */
};
struct chapter {
    struct str html, heading;       /* the first heading's text; may be empty */
    struct str language, direction; /* of the whole, where it says them */
    size_t text;                    /* characters */
    bool cut;
};
enum { CHAPTER_BYTES_MAX = 4 << 20 };
/* Never fails: what cannot be read has no text. */
void chapter_clean(const struct chapter_rules *rules, struct str xhtml, struct chapter *ret);

#endif
