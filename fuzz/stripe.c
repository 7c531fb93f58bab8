/* A webhook of the payment provider. The first byte says whether it is signed well: nothing is
 * read that is not, and what is read is of clean texts and amounts above nought. */
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/utf8.h"
#include "pay/stripe.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void insist(bool right)
{
    if (!right)
        abort();
}

static struct str sign(struct arena *arena, struct str payload)
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)"whsec_0123", 10);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)"1000.", 5);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)payload.p, payload.n);
    crypto_auth_hmacsha256_final(&state, mac);
    return arena_printf(arena, "t=1000,v1=%.*s", STR_ARG(hex_str(arena, mac, sizeof mac)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct stripe stripe;
    struct stripe_event e = {.kind = STRIPE_OTHER};
    if (n == 0)
        return 0;
    bool good = bytes[0] != '-';
    struct str all = {(const char *)bytes + 1, n - 1};
    struct str first = str_sub(all, 0, str_find(all, '\n'));
    insist(stripe_read(&arena, STR("key sk_test_1\nwebhook whsec_0123"), &stripe, NULL) == RC_OK);
    enum rc rc =
        stripe_event_read(&stripe, &arena, all, good ? sign(&arena, all) : first, 1000, &e, NULL);
    insist(rc == RC_DENIED || (good && (rc == RC_OK || rc == RC_INVALID)));
    if (rc == RC_OK)
        insist(e.id.n > 0 && utf8_clean(e.id) && utf8_clean(e.type) && utf8_clean(e.session.url) &&
               e.session.amount >= 0);
    struct stripe other;
    rc = stripe_read(&arena, all, &other, NULL);
    insist(rc == RC_OK || rc == RC_INVALID);
    return 0;
}
