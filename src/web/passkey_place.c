#include "web/passkey_place.h"

#include "web/session.h"

bool passkeys_known(struct context *c, struct str *ret_rp)
{
    return passkey_rp_of(c->arena, context_base_url(c), ret_rp) == RC_OK;
}

enum rc passkey_place_of(struct context *c, bool making, struct passkey_place *ret,
                         struct fault *fault)
{
    ret->origin = context_base_url(c);
    ret->bound = session_bound(c, making ? "make a passkey\n" : "use a passkey\n");
    return passkeys_known(c, &ret->rp)
               ? RC_OK
               : fault_set(fault, RC_NOT_FOUND, "there are no passkeys at this address");
}
