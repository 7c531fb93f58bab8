/* The kind of browser in names that people know, out of what it says of itself. */
#ifndef COLOPHON_WEB_BROWSER_KIND_H
#define COLOPHON_WEB_BROWSER_KIND_H

#include "base/arena.h"

/* "Firefox/Android": program and machine, of the few names that there are here; a part that
 * is not known is empty, and so is the whole where neither is. */
struct str browser_kind(struct arena *arena, struct str user_agent);

#endif
