/* What a browser sends of a passkey: two parts, the first as long as the first two bytes say.
 * What is taken has a key that fits its algorithm, and an id. */
#include <stdint.h>

#include "app/passkey_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void insist(bool right)
{
    if (!right)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const struct passkey_wanted wanted = {
        {"https://books.example", 21},
        {"books.example", 13},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 43}};
    ARENA_AUTO arena = ARENA_INIT;
    struct passkey_key key;
    struct str challenge;
    uint32_t counter;
    if (n < 2)
        return 0;
    struct str all = {(const char *)bytes + 2, n - 2};
    size_t cut = (size_t)bytes[0] << 8 | bytes[1];
    struct str client_data = str_sub(all, 0, cut), rest = str_sub(all, cut, all.n);
    if (passkey_challenge_of(&arena, client_data, &challenge, NULL) == RC_OK)
        insist(challenge.n <= client_data.n);
    if (passkey_check_made(&arena, &wanted, client_data, rest, &key, NULL) == RC_OK) {
        insist(key.credential.n > 0 && key.credential.n <= CREDENTIAL_MAX);
        insist(key.key.n == (key.algorithm == -7 ? 64 : key.algorithm == -8 ? 32 : 259));
    }
    key = (struct passkey_key){STR("id"), -7, STR_NONE, 0};
    /* The generator of P-256: a key whose signatures nobody makes here. */
    static const char point[64] =
        "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\xeb"
        "\x33"
        "\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c"
        "\x0f"
        "\x9e\x16\x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";
    key.key = (struct str){point, sizeof point};
    struct str signature = str_sub(rest, rest.n > 70 ? rest.n - 70 : 0, rest.n);
    (void)!passkey_check_used(&arena, &wanted, &key, client_data, rest, signature, &counter, NULL);
    return 0;
}
