/* Mail addresses, as accounts are kept by them and letters sent to them. */
#ifndef COLOPHON_APP_ADDRESS_H
#define COLOPHON_APP_ADDRESS_H

#include "base/arena.h"
#include "base/fault.h"

enum { EMAIL_MAX = 254 };

/* As accounts are kept by it, in lower case. RC_INVALID where it is none. */
enum rc address_read(struct arena *arena, struct str s, struct str *ret,
                     struct fault *fault) MUST_CHECK;
/* The same of one that is to be written to: also RC_INVALID where no letter of ours can be
 * addressed like this. */
enum rc address_for_mail(struct arena *arena, struct str s, struct str *ret,
                         struct fault *fault) MUST_CHECK;

#endif
