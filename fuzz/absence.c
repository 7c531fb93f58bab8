/* Proofs of absence. What is accepted has the form it should have; no signature is
 * looked at, so that a fuzzer gets behind it. */
#include <stdint.h>

#include "record/absence.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct absence_result result = {0};
    struct str text = {(const char *)bytes, n};
    if (absence_check(&arena, text, NULL, &result, NULL) != RC_OK)
        return 0;
    if (result.work == 0 || result.storefront.n == 0 || result.keys < 2)
        abort();
    for (size_t i = 0; i < result.restrictions.n; i++)
        if (result.restrictions.v[i].features == 0 || result.restrictions.v[i].from == 0)
            abort();
    return 0;
}
