/* What a partner does about a finding, by its code (onix/onix.h, app/import_apply.c). */
#ifndef COLOPHON_WEB_MENDING_H
#define COLOPHON_WEB_MENDING_H

#include "web/page.h"

struct str word_mending(const struct page *p, struct str code);

#endif
