/* ISBN-13 (ISO 2108) and ISBN-10. Stored and compared as 13 digits. */
#ifndef COLOPHON_DOMAIN_ISBN_H
#define COLOPHON_DOMAIN_ISBN_H

#include <stdbool.h>

#include "base/str.h"

/* Reads any usual notation: hyphens, dashes, spaces, full-width digits,
 * "ISBN", "urn:isbn:", ISBN-10 with x or X. Checks the check digit; 979-0 is
 * an ISMN and refused. `ret` gets 13 digits and NUL. */
bool isbn_parse(struct str s, char ret[14]);
bool isbn13_valid(struct str digits); /* exactly 13 digits, right check digit, 978 or 979-1…9 */
/* Whether it is as long as an ISBN and nothing but digits, and no ISBN: mistyped. */
bool isbn_mistyped(struct str s);
/* The ISBN-10 of a 978 ISBN: 10 characters and NUL. False for 979. */
bool isbn10_of(struct str isbn13, char ret[11]);

#endif
