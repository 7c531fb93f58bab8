/* What the desk of sales orders shows: what is to be picked, what was sent. */
#ifndef COLOPHON_DOMAIN_SALE_DESK_H
#define COLOPHON_DOMAIN_SALE_DESK_H

#include "base/list.h"
#include "domain/sale.h"

struct sales_pick {
    struct str isbn, title, contributor, number, shop;
    int64_t copies;
    int32_t available;
};
typedef LIST(struct sales_pick) sales_picks;

struct shipped_line {
    uint64_t shipment;
    struct str carrier, tracking;
    int64_t sent;
    uint64_t line;
    int64_t quantity;
};
typedef LIST(struct shipped_line) shipped_lines;

struct sales_seek {
    uint64_t shop;    /* 0: of all */
    struct str query; /* a number, an ISBN, part of a name or an address; may be empty */
    struct str state; /* empty: any */
    bool waiting; /* those of which something is to be sent, the oldest first; else the latest first
                   */
    bool addresses; /* e-mail addresses are looked at, too */
    uint64_t from;  /* behind this one; 0: the first */
    size_t room;
};

#endif
