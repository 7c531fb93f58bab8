/* Notes and keys from anywhere. A key that is read must be written as it was
 * read. No fuzzer finds a signature, so the bytes are also signed here: then
 * their text alone decides, and what is accepted must be written the same. */
#include <sodium.h>
#include <stdint.h>

#include "record/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* A seed of zeros, known to all. */
static const char secret[] =
    "PRIVATE+KEY+example.com/log+1dde4531+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static void try_keys(struct str text)
{
    struct note_key key;
    struct note_signer signer;
    BUF_AUTO again = BUF_INIT(1u << 20);
    if (note_key_parse(&key, text, NULL) == RC_OK) {
        note_key_add(&again, &key);
        if (buf_check(&again) == RC_OK && !str_eq(buf_str(&again), str_trim(text)))
            abort();
    }
    buf_clear(&again);
    if (note_signer_parse(&signer, text, NULL) == RC_OK) {
        note_signer_add(&again, &signer);
        if (buf_check(&again) == RC_OK && !str_eq(buf_str(&again), text))
            abort();
        note_signer_clear(&signer);
    }
}

static void try_text(struct str text, const struct note_signer *signer)
{
    uint8_t line[4 + crypto_sign_BYTES];
    struct checkpoint c;
    BUF_AUTO note = BUF_INIT(1u << 20);
    BUF_AUTO again = BUF_INIT(1u << 20);
    for (int i = 0; i < 4; i++)
        line[i] = (uint8_t)(signer->key.id >> (24 - 8 * i));
    crypto_sign_detached(line + 4, NULL, (const uint8_t *)text.p, text.n, signer->secret);
    buf_str_add(&note, text);
    buf_printf(&note, "\n\xE2\x80\x94 %.*s ", STR_ARG(signer->key.name));
    base64_add(&note, line, sizeof line);
    BUF_LIT(&note, "\n");
    if (checkpoint_verify(&c, buf_str(&note), &signer->key, NULL) != RC_OK)
        return;
    checkpoint_sign(&again, &c, signer);
    size_t end = str_find_str(buf_str(&again), STR("\n\n"));
    if (!str_starts(text, str_sub(buf_str(&again), 0, end + 1)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str text = {(const char *)bytes, n};
    struct note_signer signer;
    struct checkpoint c;
    if (sodium_init() < 0 || note_signer_parse(&signer, str_of(secret), NULL) != RC_OK)
        abort();
    try_keys(text);
    (void)!checkpoint_verify(&c, text, &signer.key, NULL);
    try_text(text, &signer);
    return 0;
}
