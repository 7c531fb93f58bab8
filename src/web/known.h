/* Sessions that were good lately: who goes first where there is too much to do.
 * Asked before there is a database to ask, and no proof of anything: a cookie that
 * somebody made up is not here, one that has ended may be. */
#ifndef COLOPHON_WEB_KNOWN_H
#define COLOPHON_WEB_KNOWN_H

#include <stdbool.h>

#include "base/str.h"

struct known;

struct known *known_new(void);
void known_free(struct known *known);
/* Of a fixed number; a newcomer takes the place of another. Without locks. */
void known_add(struct known *known, struct str token);
bool known_has(const struct known *known, struct str token);

#endif
