/* The right to take back a contract that was made at a distance, without a reason. Pure. */
#ifndef COLOPHON_DOMAIN_WITHDRAWAL_H
#define COLOPHON_DOMAIN_WITHDRAWAL_H

#include "base/str.h"

/* Days after the goods came: fourteen in the European Economic Area (Directive 2011/83/EU, Article
 * 9) and the United Kingdom (Consumer Contracts Regulations 2013), seven in China (Law on the
 * Protection of Consumer Rights and Interests, Article 25). 0: we know of no such law there. */
unsigned withdrawal_days(struct str country);

#endif
