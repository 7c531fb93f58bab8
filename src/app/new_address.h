/* Another e-mail address for an account, where the shop sends mail: a letter with a link goes
 * there, and once it is followed the account has it; the old address is told, too. Whether the new
 * one is somebody's already is not told to who asks, but to its owner. */
#ifndef COLOPHON_APP_NEW_ADDRESS_H
#define COLOPHON_APP_NEW_ADDRESS_H

#include "app/account.h"

/* `path` is the page that the link leads to ("/us/new-address"), `known` the one where who forgot
 * a password is helped, `language` the letter's. RC_INVALID for what is no address. */
enum rc new_address_ask(struct writer *writer, uint64_t account, struct str email, struct str path,
                        struct str known, struct str language, struct fault *fault) MUST_CHECK;
/* RC_DENIED where the link is none of ours, was used, or is too old; RC_CONFLICT where somebody
 * has the address by now. Links that were sent to the old one are void. */
enum rc new_address_take(struct writer *writer, struct str link, struct fault *fault) MUST_CHECK;

#endif
