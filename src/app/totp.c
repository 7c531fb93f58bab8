#include "app/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

uint32_t totp_code(const uint8_t *secret, size_t n, int64_t step, int digits)
{
    static const uint32_t powers[] = {1,      10,      100,      1000,     10000,
                                      100000, 1000000, 10000000, 100000000};
    uint8_t counter[8], mac[EVP_MAX_MD_SIZE] = {0};
    unsigned length = 0;
    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (HMAC(EVP_sha1(), secret, (int)n, counter, sizeof counter, mac, &length) == NULL ||
        length != 20)
        abort();
    unsigned at = mac[19] & 15;
    uint32_t value = (uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 |
                     (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    return value % powers[digits];
}

bool totp_check(const uint8_t *secret, size_t n, struct str code, int64_t now, int64_t *ret_step)
{
    uint64_t said;
    bool found = false;
    if (code.n != TOTP_DIGITS || !str_to_u64(code, &said))
        return false;
    for (int64_t step = now / TOTP_SECONDS - 1; step <= now / TOTP_SECONDS + 1; step++)
        if (totp_code(secret, n, step, TOTP_DIGITS) == said) {
            *ret_step = step;
            found = true;
        }
    return found;
}
