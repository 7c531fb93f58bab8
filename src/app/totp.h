/* One-time passwords of time, RFC 6238: SHA-1, 30 seconds, six digits, which is what
 * every authenticator takes. */
#ifndef COLOPHON_APP_TOTP_H
#define COLOPHON_APP_TOTP_H

#include "base/buf.h"

enum { TOTP_SECONDS = 30, TOTP_DIGITS = 6 };

/* RFC 4226 5.3: the code of a step, below 10^digits; digits at most 8. */
uint32_t totp_code(const uint8_t *secret, size_t n, int64_t step, int digits);
/* The step whose code this is: that of `now`, or the one before or behind it, since
 * clocks differ. False where it is none of them. Takes as long whichever it is. */
bool totp_check(const uint8_t *secret, size_t n, struct str code, int64_t now, int64_t *ret_step);

#endif
