/* Shared with the desk: signing in by the passkey that the form holds, as sign_in does by a
 * password. */
#ifndef COLOPHON_WEB_PASSKEYS_H
#define COLOPHON_WEB_PASSKEYS_H

#include "web/server.h"

enum rc passkey_use(struct context *c, struct str home, struct response *ret,
                    struct fault *fault) MUST_CHECK;

#endif
