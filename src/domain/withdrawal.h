/* The right to take back a contract that was made at a distance, without a reason. Pure. */
#ifndef COLOPHON_DOMAIN_WITHDRAWAL_H
#define COLOPHON_DOMAIN_WITHDRAWAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Days after the goods came: fourteen in the European Economic Area (Directive 2011/83/EU, Article
 * 9) and the United Kingdom (Consumer Contracts Regulations 2013), seven in China (Law on the
 * Protection of Consumer Rights and Interests, Article 25). 0: we know of no such law there. */
unsigned withdrawal_days(struct str country);

/* A parcel is taken to have come so many days after it left: nobody tells us when it did, and what
 * is counted long takes no right from anybody. */
enum { WITHDRAWAL_WAY_DAYS = 14 };

/* A line of what was paid. */
struct withdrawal_case {
    struct str country;
    bool digital;
    int64_t consent; /* an e-book's: when the right was given up for its delivery; 0: it was not */
    int64_t paid;    /* since when an e-book is there */
    int64_t sent;    /* when the last parcel of the order left; 0: something has not left yet */
    int64_t now;
};
enum withdrawal {
    WITHDRAWAL_OPEN,
    WITHDRAWAL_NO_LAW,    /* the country's law gives no such right, of that kind */
    WITHDRAWAL_CONSENTED, /* it was given up, and the e-book was delivered */
    WITHDRAWAL_OVER,
};
/* *ret_until: when it ends or ended; 0 where nothing says so yet, or there is none. */
enum withdrawal withdrawal_decide(const struct withdrawal_case *c, int64_t *ret_until);

#endif
