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

/* What a buyer stated of what they bought (sales_return.state). */
#define RETURN_EXPECTED "expected"
#define RETURN_RECEIVED "received" /* all of it, or nothing had to come */
#define RETURN_CLOSED "closed"     /* by staff: it is waited for no more */

struct sales_return_line {
    uint64_t line;
    int64_t quantity, expected, came;
};
struct sales_return {
    uint64_t id, order;
    struct str key;           /* only written */
    struct str reason, words; /* as of a refund; the buyer's words, for staff */
    struct str state;
    int64_t asked, ended;
    LIST(struct sales_return_line) lines;
};
typedef LIST(struct sales_return) sales_returns;

struct sales_seek {
    uint64_t shop;    /* 0: of all */
    struct str query; /* a number, an ISBN, part of a name or an address; may be empty */
    struct str state; /* empty: any */
    bool waiting; /* those of which something is to be sent, the oldest first; else the latest first
                   */
    bool returns; /* those of which something is to come back, the oldest first */
    bool addresses; /* e-mail addresses are looked at, too */
    uint64_t from;  /* behind this one; 0: the first */
    size_t room;
};

#endif
