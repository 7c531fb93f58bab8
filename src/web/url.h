/* URLs as values: made here alone, each part encoded, so that none can say
 * what its maker did not mean. */
#ifndef COLOPHON_WEB_URL_H
#define COLOPHON_WEB_URL_H

#include "base/arena.h"
#include "web/html.h"

/* A path below the site's root out of segments, each percent-encoded:
 * url_path(a, 2, STR("us"), STR("search")) is "/us/search". An empty last one
 * gives a trailing slash. */
struct url url_path(struct arena *arena, unsigned n, ...);
/* Adds ?name=value, or &name=value; nothing for an empty value. */
struct url url_with(struct arena *arena, struct url url, struct str name, struct str value);
struct url url_fragment(struct arena *arena, struct url url, const char *fragment);
/* A path literal of ours. */
#define URL_LITERAL(literal) ((struct url){STR(literal)})

void url_encode(struct buf *b, struct str s); /* RFC 3986 unreserved stay */

/* Decodes %XX, and + as a space where `form`. RC-free: false for broken escapes,
 * NUL, control characters or bytes that are no UTF-8. */
bool url_decode(struct arena *arena, struct str s, bool form, struct str *ret);

#endif
