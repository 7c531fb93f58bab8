/* What a transfer names, so that the money finds its purchase. People type it: nine characters of
 * which none looks like another, in three groups, the last of which checks the others (any one
 * that is wrong, any two that changed places). */
#ifndef COLOPHON_DOMAIN_PAYMENT_REFERENCE_H
#define COLOPHON_DOMAIN_PAYMENT_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { PAYMENT_REFERENCE = 9, PAYMENT_REFERENCE_TYPED = PAYMENT_REFERENCE + 2 };

/* Of a number by chance. */
void payment_reference_make(uint64_t chance, char ret[PAYMENT_REFERENCE + 1]);
/* "ACD-EFG-HJK", as it is shown. */
void payment_reference_typed(struct str reference, char ret[PAYMENT_REFERENCE_TYPED + 1]);
/* As people and banks write it: in whatever case, with or without spaces and dashes. */
bool payment_reference_read(struct str s, char ret[PAYMENT_REFERENCE + 1]);
/* The next one that may be one in a text, from *at on, which moves behind its first character. */
bool payment_reference_find(struct str text, size_t *at, char ret[PAYMENT_REFERENCE + 1]);

#endif
