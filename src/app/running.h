/* How a shop runs, as its operator's desk tells it: feeds that want an eye, and room on the disk.
 */
#ifndef COLOPHON_APP_RUNNING_H
#define COLOPHON_APP_RUNNING_H

#include "app/gate.h"

enum { RUNNING_SHOPS_MAX = 20 };

struct running_shop {
    struct str slug, name;
    uint64_t held; /* feeds, within the last week; what somebody stopped is none */
    uint64_t late; /* feeds that came an hour ago or more, and are not imported yet */
};
struct running {
    LIST(struct running_shop) shops;
    uint64_t disk_free, disk_all; /* bytes, where this node's folder lies; 0: it does not say */
};
enum rc running_read(const struct site *site, struct store_conn *conn, struct arena *arena,
                     struct running *ret, struct fault *fault) MUST_CHECK;

#endif
