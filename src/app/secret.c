#include "app/secret.h"

#include <sodium.h>

#include "base/encode.h"

void secret_make(char ret[TOKEN_SIZE + 1])
{
    uint8_t secret[32];
    random_bytes(secret, sizeof secret);
    sodium_bin2base64(ret, TOKEN_SIZE + 1, secret, sizeof secret,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
