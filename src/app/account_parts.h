/* Inside app/: what accounts are checked by. */
#ifndef COLOPHON_APP_ACCOUNT_PARTS_H
#define COLOPHON_APP_ACCOUNT_PARTS_H

#include "app/account.h"

/* `ret` has crypto_pwhash_STRBYTES. RC_INVALID where it is too short or too long. */
enum rc account_hash_password(struct passwords *passwords, struct str password, char *ret,
                              struct fault *fault) MUST_CHECK;

#endif
