/* What stands in a proof's `extra` line, by anybody: nothing of it is signed. What is
 * read as a receipt is written and read again as the same, and opens nothing by itself. */
#include <stdint.h>

#include "record/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO text = BUF_INIT(4u << 20);
    BUF_AUTO again = BUF_INIT(4u << 20);
    struct tlog_proof proof = {.has_extra = true,
                               .extra = {(const char *)bytes, n},
                               .note = STR("example.com/foo\n1\nAAAA\n\n— example.com/foo AAAA\n")};
    struct receipt receipt, same;
    proof_write(&text, &proof);
    if (buf_check(&text) != RC_OK || receipt_read(&arena, buf_str(&text), &receipt, NULL) != RC_OK)
        return 0;
    struct str other = STR("something else");
    (void)!receipt_opens(&receipt, NULL, NULL);
    (void)!receipt_opens(&receipt, &other, NULL);
    if (receipt_write(&again, &receipt, NULL) != RC_OK)
        return 0;
    if (receipt_read(&arena, buf_str(&again), &same, NULL) != RC_OK ||
        !str_eq(same.entry, receipt.entry) ||
        !str_eq(same.opening.domain, receipt.opening.domain) ||
        same.opening.has_content != receipt.opening.has_content ||
        !str_eq(same.opening.content, receipt.opening.content))
        abort();
    return 0;
}
