/* Passkeys of an account (Web Authentication): a device signs in for its owner, whom it has
 * made sure of, in place of the password. Each is good on the host it was made on. A challenge
 * is random, good once, for five minutes, and for the browser that asked for it. */
#ifndef COLOPHON_APP_PASSKEYS_H
#define COLOPHON_APP_PASSKEYS_H

#include "app/account.h"
#include "base/encode.h"
#include "base/list.h"

enum { PASSKEYS_MAX = 20 };

/* The host that was asked, and the browser: `bound` is the hash of a secret of its own. */
struct passkey_place {
    struct str origin, rp; /* "https://books.example:8443", "books.example" */
    struct hash bound;
};
/* Of an origin, "https://books.example:8443": RC_NOT_FOUND where browsers know no passkeys
 * (without https, but on this machine itself; at a bare address). */
enum rc passkey_rp_of(struct arena *arena, struct str origin, struct str *ret) MUST_CHECK;

enum rc passkey_challenge(struct writer *writer, const struct passkey_place *place,
                          char ret[TOKEN_SIZE + 1], struct fault *fault) MUST_CHECK;
/* To make one: also by what a device knows whose passkey it has, random and the same for all of
 * the account's, so that it says nothing of it. In base64url. */
enum rc passkey_make_challenge(struct writer *writer, struct arena *arena,
                               const struct passkey_place *place, uint64_t account,
                               char ret[TOKEN_SIZE + 1], struct str *ret_user,
                               struct fault *fault) MUST_CHECK;

struct passkey {
    uint64_t id;
    struct str rp, name, credential; /* credential: in base64url */
    int64_t created, used;           /* used: the day it was last; 0: never */
};
typedef LIST(struct passkey) passkey_list;
enum rc passkeys_read(struct site *site, struct arena *arena, uint64_t account, passkey_list *ret,
                      struct fault *fault) MUST_CHECK;

/* What the browser sends, each part in base64url. */
struct passkey_sent {
    struct str credential, user; /* of one that is used */
    struct str client_data;
    struct str authenticator_data, signature; /* of one that is used */
    struct str attestation;                   /* of one that was made */
};
/* RC_DENIED with a fault of "passkey" for whatever does not fit; RC_INVALID for a name that is
 * none; RC_CONFLICT where the device is known; RC_LIMIT for one too many. */
enum rc passkey_add(struct writer *writer, const struct passkey_place *place, uint64_t account,
                    struct str name, const struct passkey_sent *sent,
                    struct fault *fault) MUST_CHECK;
/* RC_DENIED with a fault of "password" where it is the last one, unless the password was
 * given: whoever does not know it would not get in again. */
enum rc passkey_remove(struct writer *writer, uint64_t account, uint64_t id, bool password_given,
                       struct fault *fault) MUST_CHECK;
/* RC_DENIED, one sentence for whatever does not fit. Staff's session lacks a code, as after a
 * password. */
enum rc passkey_sign_in(struct site *site, struct writer *writer, const struct passkey_place *place,
                        const struct passkey_sent *sent, const struct session_how *how,
                        char ret_token[TOKEN_SIZE + 1], struct fault *fault) MUST_CHECK;

#endif
