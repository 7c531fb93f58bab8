/* Files compiled in: style sheet, icon, API description. */
#ifndef COLOPHON_WEB_ASSETS_H
#define COLOPHON_WEB_ASSETS_H

#include "base/str.h"

struct asset {
    const char *name; /* NULL ends the table */
    struct str bytes;
    const char *digest; /* stands in its URL */
};

extern const struct asset assets[];
/* Of a package from npm: all under one digest, that they find each other by name. */
extern const struct asset modules[];
const struct asset *asset_find(struct str name);

#endif
