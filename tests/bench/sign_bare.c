/* The yardstick for what the Record costs of the processor: Ed25519 signatures a
 * second, by the library that signs checkpoints. Prints the number. */
#include <sodium.h>
#include <stdio.h>
#include <time.h>

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void)
{
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES], key[crypto_sign_SECRETKEYBYTES];
    unsigned char signature[crypto_sign_BYTES], text[200] = {0};
    enum { ROUNDS = 20000 };
    if (sodium_init() < 0)
        return 1;
    crypto_sign_keypair(public_key, key);
    double begun = now_seconds();
    for (int i = 0; i < ROUNDS; i++) {
        text[0] = (unsigned char)i;
        crypto_sign_detached(signature, NULL, text, sizeof text, key);
    }
    printf("%.0f\n", ROUNDS / (now_seconds() - begun));
    return 0;
}
