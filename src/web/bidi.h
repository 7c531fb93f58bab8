/* Inside web/: names, titles and codes that run in another direction than the text around
 * them. Without being set apart, a full stop behind an English title in an Arabic line
 * jumps to its other end, and "978-0" becomes "0-978". */
#ifndef COLOPHON_WEB_BIDI_H
#define COLOPHON_WEB_BIDI_H

#include "base/buf.h"

/* Whether this has to be set apart in a text that runs from right to left, or else the
 * other way. What is between isolates already counts for nothing. */
bool bidi_apart(struct str s, bool rtl);
/* The same where there is no mark-up: between FSI and PDI (U+2068, U+2069) if need be. */
void bidi_add(struct buf *b, struct str s, bool rtl);

#endif
