/* Paths of tiles as clients ask for them, and bundles as a log serves them. An
 * accepted path is the one way to write it; entries cut off a bundle make the
 * same bundle again. */
#include <stdint.h>

#include "record/merkle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void try_bundle(struct str bytes)
{
    BUF_AUTO again = BUF_INIT(1u << 20);
    struct str rest = bytes, entry;
    while (bundle_next(&rest, &entry) == RC_OK)
        bundle_add(&again, entry);
    if (buf_check(&again) == RC_OK && !str_eq(buf_str(&again), str_sub(bytes, 0, bytes.n - rest.n)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    BUF_AUTO again = BUF_INIT(200);
    struct str path = {(const char *)bytes, n};
    unsigned level, width;
    uint64_t number;
    try_bundle(path);
    if (tile_path_parse(path, &level, &number, &width) != RC_OK)
        return 0;
    tile_path_add(&again, level, number, width);
    struct str written = buf_str(&again);
    if (!str_starts(written, STR("tile/")) || !str_eq(str_sub(written, 5, written.n), path))
        abort();
    return 0;
}
