/* Whether browsers know passkeys at the address that was asked, and for whom they would be. */
#ifndef COLOPHON_WEB_PASSKEY_PLACE_H
#define COLOPHON_WEB_PASSKEY_PLACE_H

#include "app/passkeys.h"
#include "web/server.h"

/* And by which host's name. */
bool passkeys_known(struct context *c, struct str *ret_rp);
/* RC_NOT_FOUND where they know none. `making`: a new one, which no answer to another wish makes. */
enum rc passkey_place_of(struct context *c, bool making, struct passkey_place *ret,
                         struct fault *fault) MUST_CHECK;

#endif
