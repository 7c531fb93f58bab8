/* Pages about the staff themselves: the trail of what they did. */
#ifndef COLOPHON_WEB_STAFF_H
#define COLOPHON_WEB_STAFF_H

#include "app/trail.h"
#include "web/page.h"

struct trail_view {
    trail_list entries;
    uint64_t total;
    struct str who, day, error;
    struct pager pager;
};

/* The rows of one person, or of one day. */
struct url link_trail(const struct page *p, struct str who, struct str day);

#endif
