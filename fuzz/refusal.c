/* Statements of refusals from anywhere. No fuzzer finds a signature, so the text is also
 * signed here: then its form alone decides, and what is accepted is one notation. */
#include <sodium.h>
#include <stdint.h>

#include "record/refusal.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char secret[] =
    "PRIVATE+KEY+example.com/log+1dde4531+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const uint8_t salt[32] = {0};
    BUF_AUTO file = BUF_INIT(1u << 20);
    struct str text = {(const char *)bytes, n};
    struct note_signer signer;
    struct refusal refusal;
    if (sodium_init() < 0 || note_signer_parse(&signer, str_of(secret), NULL) != RC_OK)
        abort();
    (void)!refusal_verify(&refusal, text, &signer.key, &text, NULL);
    BUF_LIT(&file, REFUSAL_FIRST_LINE "\n\n");
    note_sign(&file, text, &signer);
    if (refusal_verify(&refusal, buf_str(&file), &signer.key, NULL, NULL) != RC_OK)
        return 0;
    BUF_AUTO again = BUF_INIT(1u << 20);
    refusal_write(&again, &refusal, salt, &signer);
    if (refusal_verify(&refusal, buf_str(&again), &signer.key, NULL, NULL) != RC_OK)
        abort();
    return 0;
}
