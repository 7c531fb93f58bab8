/* The desk of sales orders: looking for them, and what staff of a shop, or the operator's, do with
 * one. Each act is one transaction, and an event that stays; what is done twice is refused. */
#ifndef COLOPHON_APP_SALES_DESK_H
#define COLOPHON_APP_SALES_DESK_H

#include "app/sales.h"
#include "domain/sale_desk.h"

/* On a connection that sees everything. */
enum rc sales_seek(struct store_conn *conn, struct arena *arena, const struct sales_seek *seek,
                   struct sales_order_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
enum rc sales_waiting(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                      struct fault *fault) MUST_CHECK;
enum rc sales_pick_list(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                        sales_picks *ret, struct fault *fault) MUST_CHECK;
enum rc sales_shipped(struct store_conn *conn, struct arena *arena, uint64_t order,
                      shipped_lines *ret, struct fault *fault) MUST_CHECK;

/* So many of a line. */
struct sales_part {
    uint64_t line;
    int64_t quantity;
};
typedef LIST(struct sales_part) sales_parts;
struct sales_act {
    struct str number; /* of the sales order */
    uint64_t shop;     /* whose it has to be; 0: whosever */
    uint64_t account;  /* who does it */
    sales_parts parts;
    struct str carrier, tracking; /* of what is sent; may be empty */
    uint64_t seen;                /* so many were sent when the form was shown, and one */
    struct str note;
    /* Of what is given back: */
    struct str reason; /* 'cancelled', 'returned', 'withdrawn', 'goodwill' */
    struct str key;    /* the form's: what is asked for twice is one */
    uint64_t line;     /* goodwill: of this line, or of `delivery` … */
    struct str amount; /* … so much, as it is typed */
    bool shelf;        /* what came back is sold once more */
    bool delivery;     /* what its delivery cost goes back, too */
    uint64_t expected; /* the buyer's statement that it comes by (sales_returns.h); 0: by none */
    bool own;          /* the buyer does it, not staff */
};
/* Sends these, whole or in part. RC_NOT_FOUND for an order that is not the shop's; RC_INVALID for
 * no parts, and for others than its own lines; RC_CONFLICT where it was not paid, or not so many
 * are left to be sent. */
enum rc sales_send(struct writer *writer, const struct sales_act *act,
                   struct fault *fault) MUST_CHECK;
enum rc sales_note(struct writer *writer, const struct sales_act *act,
                   struct fault *fault) MUST_CHECK;
/* Of what was paid and did not leave: it is not sent, and its money goes back; with the last of it
 * what delivery costs. */
enum rc sales_cancel_parts(struct writer *writer, const struct sales_act *act,
                           struct fault *fault) MUST_CHECK;
/* What came back, or an e-book that is given up: 'returned' or 'withdrawn'. */
enum rc sales_take_back(struct writer *writer, const struct sales_act *act,
                        struct fault *fault) MUST_CHECK;
/* Something off a line, with a note why; nothing comes back. RC_CONFLICT for more than is left. */
enum rc sales_goodwill(struct writer *writer, const struct sales_act *act,
                       struct fault *fault) MUST_CHECK;

#endif
