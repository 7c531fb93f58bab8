/* What was sold, as it was agreed: plain facts, frozen when a purchase was placed. A purchase is
 * one checkout; a sales order is what one shop sells of it. All that stands behind it: migration
 * 0055. */
#ifndef COLOPHON_DOMAIN_SALE_H
#define COLOPHON_DOMAIN_SALE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/encode.h"
#include "base/str.h"

/* States, as they are stored and told. */
#define PURCHASE_WAITING "waiting"
#define PURCHASE_PAID "paid"
#define PURCHASE_ENDED "ended"
#define SALES_PLACED "placed"
#define SALES_PAID "paid"
#define SALES_DONE "done"
#define SALES_CANCELLED "cancelled"
/* Kinds of sales_event. */
#define SALES_EVENT_PLACED "placed"
#define SALES_EVENT_PAID "paid"
#define SALES_EVENT_CANCELLED "cancelled"
#define SALES_EVENT_EXPIRED "expired"
#define SALES_EVENT_SENT "sent"
#define SALES_EVENT_RETURNED "returned"
#define SALES_EVENT_REFUNDED "refunded"
#define SALES_EVENT_ASKED "return-asked"   /* the buyer states that it comes back */
#define SALES_EVENT_CLOSED "return-closed" /* staff wait for it no more */
#define SALES_EVENT_NOTE "note"            /* of staff, for staff */
/* Who did it: sales_event.actor. */
#define SALES_BY_READER "reader"
#define SALES_BY_STAFF "staff"
#define SALES_BY_SHOP "shop" /* by itself */
#define SALES_BY_PAYMENT "payment"

struct purchase_row {
    uint64_t id;
    struct hash token, secret;
    uint64_t account; /* 0: a guest's */
    unsigned storefront;
    struct str country, currency, language, email;
    struct str delivery, billing, evidence; /* JSON (app/sales.h) */
    int64_t consent;
    struct str consent_text;
    struct str method;
    int64_t total;
    struct str state;
    int64_t placed, expires;
};

struct sales_order_row {
    uint64_t id;
    struct str number;
    uint64_t purchase, shop;
    struct str currency;
    int64_t goods, discount, shipping, tax, total;
    struct str shipping_name;
    int64_t shipping_tax;
    int32_t shipping_rate;
    struct str state;
    int64_t refunded;
    int64_t placed, paid, ended;
    struct str shop_slug, shop_name; /* as the shop is called now; not written */
};

struct sales_line_row {
    uint64_t id, order, edition, work;
    struct str isbn, title, contributor, kind;
    bool digital;
    int64_t quantity, unit, discount, total, tax;
    int32_t rate;
    struct str tax_country, tax_code;
    uint64_t tax_id;
    struct str price_type;
    bool fixed;
    int32_t available;
    int64_t sent, cancelled, returned, refunded;
};

struct sales_event_row {
    uint64_t id, order, line;
    struct str kind;
    int64_t quantity, amount;
    struct str actor;
    uint64_t account;
    struct str note;
    int64_t at;
};

#endif
