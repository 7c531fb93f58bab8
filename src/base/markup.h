/* Text as mark-up: HTML, SVG and XML alike. */
#ifndef COLOPHON_BASE_MARKUP_H
#define COLOPHON_BASE_MARKUP_H

#include "base/buf.h"
#include "base/str.h"

/* Safe as an element's content and within either kind of quotes. */
void markup_escape(struct buf *out, struct str s);

#endif
