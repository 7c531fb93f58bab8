/* What a shop's program is told by itself: plain facts. */
#ifndef COLOPHON_DOMAIN_WEBHOOK_H
#define COLOPHON_DOMAIN_WEBHOOK_H

#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

struct webhook_event {
    uint64_t id, shop;
    struct str kind, subject; /* "order.paid", and the order's number: nothing about persons */
    int64_t at, due;          /* due 0: it is over */
    unsigned attempts;
    int64_t tried;   /* 0: never */
    struct str said; /* what came of the last try: "taken", "status", "unreachable", … */
    unsigned status; /* HTTP's */
};
typedef LIST(struct webhook_event) webhook_events;

struct webhook {
    struct str url;
    struct str secret; /* not of what is shown */
    int64_t made;
};

#endif
