/* A new password for who has forgotten theirs: a letter with a link that works once,
 * for an hour. Nobody is told whether an address has an account. */
#ifndef COLOPHON_APP_NEW_PASSWORD_H
#define COLOPHON_APP_NEW_PASSWORD_H

#include "app/account.h"

/* Queues the letter, where the address has an account, and does nothing else; RC_OK
 * either way. `path` is the page the link leads to ("/us/new-password"), `language`
 * the letter's. */
enum rc new_password_ask(struct writer *writer, struct str email, struct str path,
                         struct str language, struct fault *fault) MUST_CHECK;
/* Sets it, ends all sessions of the account and removes its passkeys. RC_DENIED where the link is
 * none of ours, was used, or is too old; RC_INVALID for what is no password. */
enum rc new_password_set(struct passwords *passwords, struct writer *writer, struct str token,
                         struct str password, struct fault *fault) MUST_CHECK;

/* Another password for who is signed in and gives the present one: RC_DENIED with a fault of
 * "password" where it is not right, RC_INVALID with one of "new-password" for what is none.
 * Ends all sessions but `session`, and takes back links that were asked for. */
enum rc new_password_change(struct passwords *passwords, struct site *site, struct writer *writer,
                            const struct viewer *viewer, struct str session, struct str present,
                            struct str password, struct fault *fault) MUST_CHECK;

#endif
