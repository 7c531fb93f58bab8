/* Lists of titles from anywhere: what is read is what would be written. */
#include <stdint.h>

#include "base/buf.h"
#include "record/listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO out = BUF_INIT(1 << 20);
    struct str text = {(const char *)bytes, n};
    struct listing list;
    if (n > 1 << 19)
        return 0;
    (void)listing_root(text);
    if (listing_read(&arena, text, &list, NULL) != RC_OK)
        return 0;
    listing_write(&list, &out);
    if (!str_eq(text, buf_str(&out)))
        abort();
    return 0;
}
