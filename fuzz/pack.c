/* Packed facts from a damaged database. What is accepted must pack again to
 * something that reads the same. */
#include <stdint.h>

#include "store/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO once = BUF_INIT(PACK_MAX);
    BUF_AUTO twice = BUF_INIT(PACK_MAX);
    struct edition e;
    if (unpack_edition((struct str){(const char *)bytes, n}, &arena, &e, NULL) != RC_OK)
        return 0;
    pack_edition(&e, &once);
    if (buf_check(&once) != RC_OK)
        return 0;
    if (unpack_edition(buf_str(&once), &arena, &e, NULL) != RC_OK)
        abort();
    pack_edition(&e, &twice);
    if (!str_eq(buf_str(&once), buf_str(&twice)))
        abort();
    return 0;
}
