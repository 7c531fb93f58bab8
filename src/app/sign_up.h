/* Signing up where the shop sends mail. Nobody learns by it whether an address has an account: one
 * that has gets a letter that somebody tried, any other a letter with a link, and who asked is
 * answered alike, after the same work. There is no account, and so nothing to write with, until
 * the link is followed and the password given that was chosen: whoever signs up with somebody
 * else's address does not get in by their click. What waits is forgotten after a week. */
#ifndef COLOPHON_APP_SIGN_UP_H
#define COLOPHON_APP_SIGN_UP_H

#include "app/account.h"

/* `s->confirm` is the page that the link leads to ("/us/sign-up/confirm"), `known` the one where
 * who has an account and forgot the password is helped. RC_BUSY where the shop has just stopped
 * sending mail. */
enum rc sign_up_ask(struct passwords *passwords, struct writer *writer, const struct sign_up *s,
                    struct str known, struct fault *fault) MUST_CHECK;
/* Makes the account and begins a session of it. RC_DENIED where the link is none of ours, was used
 * or is too old, and with a fault of "password" where that is not right; RC_CONFLICT where the
 * address has an account by now. */
enum rc sign_up_confirm(struct passwords *passwords, struct site *site, struct writer *writer,
                        struct str link, struct str password, const struct session_how *how,
                        char ret_token[TOKEN_SIZE + 1], struct fault *fault) MUST_CHECK;

#endif
