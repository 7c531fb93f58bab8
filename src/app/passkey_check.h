/* What a browser sends of a passkey (Web Authentication, level 2), checked: whether one was
 * made for us, whether one of ours was used. Pure; nothing that comes in is trusted, and
 * whatever does not fit is RC_DENIED with a fault of "passkey". Signatures, keys and statements
 * are libfido2's to verify, which is handed nothing whose lengths were not looked at before. */
#ifndef COLOPHON_APP_PASSKEY_CHECK_H
#define COLOPHON_APP_PASSKEY_CHECK_H

#include "base/arena.h"
#include "base/fault.h"

enum { CREDENTIAL_MAX = 1023 };

struct passkey_wanted {
    struct str origin, rp; /* "https://books.example:8443", "books.example" */
    struct str challenge;  /* in base64url, as it was given */
};
struct passkey_key {
    struct str credential; /* its id */
    int algorithm;         /* COSE: -7 ES256, -8 EdDSA, -257 RS256 */
    struct str key;        /* as libfido2 has it */
    uint32_t counter;      /* 0: it does not count */
};

/* The challenge that the client data name, to be looked for. */
enum rc passkey_challenge_of(struct arena *arena, struct str client_data, struct str *ret,
                             struct fault *fault) MUST_CHECK;
/* A new one: the attestation object is of the format "none", as we ask for, or "packed". Who
 * made the device is not asked. */
enum rc passkey_check_made(struct arena *arena, const struct passkey_wanted *wanted,
                           struct str client_data, struct str attestation, struct passkey_key *ret,
                           struct fault *fault) MUST_CHECK;
/* One of ours, used: *ret_counter is its count by now. */
enum rc passkey_check_used(struct arena *arena, const struct passkey_wanted *wanted,
                           const struct passkey_key *known, struct str client_data,
                           struct str authenticator_data, struct str signature,
                           uint32_t *ret_counter, struct fault *fault) MUST_CHECK;

#endif
