/* Proofs and receipts from anywhere. What is read must be written as it was read;
 * nothing that is read may be trusted, so checking it must fail quietly. */
#include <stdint.h>

#include "record/merkle.h"
#include "record/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char key_text[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO again = BUF_INIT(4u << 20);
    struct str text = {(const char *)bytes, n};
    struct tlog_proof proof;
    struct receipt receipt, same;
    struct checkpoint checkpoint;
    struct note_key key;
    struct hash leaf = merkle_leaf(text);
    if (note_key_parse(&key, str_of(key_text), NULL) != RC_OK)
        abort();
    if (proof_read(&arena, text, &proof, NULL) == RC_OK) {
        proof_write(&again, &proof);
        if (!str_eq(buf_str(&again), text))
            abort();
        (void)!proof_check(&proof, &leaf, &key, &checkpoint, NULL);
    }
    buf_clear(&again);
    if (receipt_read(&arena, text, &receipt, NULL) == RC_OK) {
        (void)!receipt_opens(&receipt, NULL, NULL);
        (void)!receipt_opens(&receipt, &text, NULL);
        if (receipt_write(&again, &receipt, NULL) == RC_OK &&
            (receipt_read(&arena, buf_str(&again), &same, NULL) != RC_OK ||
             !str_eq(same.entry, receipt.entry) || same.proof.index != receipt.proof.index))
            abort();
    }
    return 0;
}
