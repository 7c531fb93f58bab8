/* Money: integer minor units and an ISO 4217 code. Never a float. */
#ifndef COLOPHON_DOMAIN_MONEY_H
#define COLOPHON_DOMAIN_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* Decimals of the currency: 0 for JPY, 3 for KWD, 2 for most; -1 for anything
 * that is no three-letter upper-case code. */
int money_exponent(struct str currency);
/* "12.90" -> 1290 for USD. Refuses signs, more decimals than the currency has
 * (trailing zeros excepted), and overflow. */
bool money_parse(struct str amount, struct str currency, int64_t *ret_minor);
/* "12.90": a plain decimal, for JSON and feeds. */
void money_add(struct buf *b, int64_t minor, struct str currency);

#endif
