/* A shop as a seller: who a contract is made with, what its papers say. */
#ifndef COLOPHON_DOMAIN_SELLER_H
#define COLOPHON_DOMAIN_SELLER_H

#include <stdint.h>

#include "base/str.h"

enum {
    SELLER_NAME_MAX = 300,
    SELLER_ADDRESS_MAX = 500,
    SELLER_NUMBER_MAX = 60, /* of a tax number, of an account */
    SELLER_FEE_MAX = 100000 /* all of it */
};

#define SELLER_REMITS_SHOP "shop" /* it is paid them out */
#define SELLER_REMITS_OPERATOR "operator"

struct seller {
    uint64_t shop;
    struct str name, address; /* the address in lines, without the country */
    struct str country;       /* ISO 3166-1 */
    struct str email;
    struct str tax_number; /* empty: it has none */
    struct str account;    /* where its money goes; empty: nobody said yet */
    int64_t fee;           /* what the operator keeps of a sale, in thousandths of a per cent */
    struct str remits;     /* who pays the taxes of its sales: SELLER_REMITS_… */
    int64_t changed;
};

#endif
