/* Shops as sellers, at the partner's desk. */
#ifndef COLOPHON_WEB_SELLERS_H
#define COLOPHON_WEB_SELLERS_H

#include "app/sellers.h"
#include "web/partner.h"

struct seller_view {
    struct partner_shop shop;
    struct str error;
    bool missing; /* nobody said yet who sells */
    /* What the form holds. */
    struct str name, address, country, email, tax_number, account, fee, remits;
};

#endif
