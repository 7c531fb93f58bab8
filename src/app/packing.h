/* What lies in a parcel: a list without prices for each sales order that is to be sent. */
#ifndef COLOPHON_APP_PACKING_H
#define COLOPHON_APP_PACKING_H

#include "app/site.h"
#include "domain/paper.h"

struct packing_line {
    struct str title, by, isbn;
    int64_t quantity;
    int32_t available; /* of what is not out yet: its day */
};
struct packing_list {
    struct str number, shop; /* of the sales order; the shop's name */
    int64_t placed;
    struct paper_party seller, to;
    LIST(struct packing_line) lines;
    LIST(struct packing_line) later; /* ordered, and not out yet: they are no part of it */
    bool whole;                      /* nothing is left to be sent: it lists what was */
};
typedef LIST(struct packing_list) packing_lists;

enum { PACKING_ORDERS_MAX = 200 };
/* On a connection that sees everything; `shop` 0: whosever. Of one order, paid: RC_NOT_FOUND,
 * RC_CONFLICT where it is not paid. */
enum rc packing_of(struct store_conn *conn, struct arena *arena, uint64_t shop, struct str number,
                   struct packing_list *ret, struct fault *fault) MUST_CHECK;
/* Of all that is to be sent, the oldest first, at most PACKING_ORDERS_MAX; *ret_cut: there are
 * more. */
enum rc packing_all(struct store_conn *conn, struct arena *arena, uint64_t shop, packing_lists *ret,
                    bool *ret_cut, struct fault *fault) MUST_CHECK;

#endif
