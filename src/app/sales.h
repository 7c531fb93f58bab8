/* Selling: a checkout is one purchase, of a sales order for each shop. Nothing of it goes into the
 * Record. All that happens to a purchase happens in one write transaction. */
#ifndef COLOPHON_APP_SALES_H
#define COLOPHON_APP_SALES_H

#include "app/basket.h"
#include "app/delivery.h"
#include "app/sale_lines.h"
#include "app/secret.h"
#include "app/writer.h"
#include "domain/sale.h"

enum {
    SALES_WAIT_DAYS = 14, /* a purchase waits so long for its payment … */
    SALES_GUEST_WAIT_DAYS =
        7, /* … and a guest's from the checkout, who holds copies under any name */
    SALES_WAITING_MAX = 5, /* from the checkout, under one address, at once */
};

/* Where it goes to; kept as JSON {name, lines, postcode, city, region, country}. */
struct postal {
    struct str name, lines, postcode, city, region, country;
};
struct str postal_json(struct arena *arena, const struct postal *postal);
/* Empty where `json` is, or is none. */
struct postal postal_read(struct arena *arena, struct str json);

/* Regions of a sale, of addresses that may be NULL: e-books are taxed where the bill goes to, else
 * where the parcel does, else in `region`, which is that of whoever has no address. */
struct sale_where sales_where(struct str country, const struct postal *delivery,
                              const struct postal *billing, struct str region);

/* As postal_check, of where the bill goes to. */
struct storefront;
enum rc bill_check(struct arena *arena, const struct storefront *storefront,
                   const struct postal *billing, bool ebooks, struct str *ret_faults,
                   struct fault *fault) MUST_CHECK;

struct card;
/* What somebody agreed to. */
struct purchase_form {
    struct gate *gate; /* asked within the transaction, again */
    struct str storefront;
    struct viewer viewer; /* of a guest: all zero */
    struct str email;     /* empty: the account's */
    struct str language;
    struct str token; /* of the form; a second one of it is the same purchase. Empty: a new one */
    const struct basket_owner *basket; /* what is not put aside in it; NULL: these: */
    const struct sale_wish *wishes;
    size_t wish_n;
    delivery_wishes delivery_by;   /* how each shop is to send it */
    const struct postal *delivery; /* NULL: nothing is shipped, or it is fetched at the shop */
    const struct postal *billing;  /* NULL: as the delivery */
    struct str evidence;           /* JSON: what says that the buyer is of that country */
    struct str region;             /* of whoever says no address, where the tax depends on it */
    int64_t consent;
    struct str consent_text;
    struct str method;           /* PAYMENT_CARD; empty: PAYMENT_TRANSFER */
    const struct card *card;     /* the provider, for that; NULL: there is none */
    const struct hash *reckoned; /* what the form showed (reckoning_hash); NULL: nothing */
    bool by_staff;
    struct str voucher; /* its code; of a basket, the one that is in it */
};

struct purchase_placed {
    uint64_t id;
    char secret[TOKEN_SIZE + 1]; /* of its page */
    bool again;                  /* the token was there: this is what the first one placed */
    bool changed;                /* RC_CONFLICT: what was reckoned is not what the form showed */
    sale_line_list lines;        /* as they were decided; some are barred where that is why not */
};

/* RC_INVALID: nothing to sell, an address that is none, a line that cannot be bought (named; all
 * in ret->lines). RC_CONFLICT: the reckoning is another one, or there are not so many copies. */
enum rc sales_place(struct site *site, struct writer *writer, struct arena *arena,
                    const struct purchase_form *form, struct purchase_placed *ret,
                    struct fault *fault) MUST_CHECK;

/* A sales order with all that is told of it. */
struct sales_view {
    struct sales_order_row order;
    struct purchase_row purchase;
    struct sales_line_row *lines;
    size_t line_n;
    struct sales_event_row *events;
    size_t event_n;
};
enum { SALES_EVENTS_MAX = 500 };
/* By its number; RC_NOT_FOUND. For who may see it: nothing is asked here. */
enum rc sales_view(struct store_conn *conn, struct arena *arena, struct str number,
                   struct sales_view *ret, struct fault *fault) MUST_CHECK;
enum rc sales_list(struct store_conn *conn, struct arena *arena, uint64_t shop, struct str state,
                   uint64_t before, size_t room, struct sales_order_row **ret, size_t *ret_n,
                   struct fault *fault) MUST_CHECK;
enum rc sales_orders_of(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                        struct sales_order_row **ret, size_t *ret_n,
                        struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND for a secret that opens nothing. */
enum rc purchase_of_secret(struct store_conn *conn, struct arena *arena, struct str secret,
                           struct purchase_row *ret, struct fault *fault) MUST_CHECK;

/* Whose account this address is, for who sells by telephone. RC_NOT_FOUND. */
enum rc sales_buyer(struct site *site, struct arena *arena, struct str email, struct viewer *ret,
                    struct fault *fault) MUST_CHECK;

/* What is charged, stated by the operator: on the command line, at the desk. */
enum rc tax_state(struct writer *writer, const struct tax_rate *rate,
                  struct fault *fault) MUST_CHECK;
/* RC_INVALID names the field. */
enum rc tax_check(const struct tax_rate *rate, struct fault *fault) MUST_CHECK;
/* Of a country, or of all. */
enum rc tax_stated(struct store_conn *conn, struct arena *arena, struct str country,
                   tax_rate_list *ret, struct fault *fault) MUST_CHECK;

#endif
