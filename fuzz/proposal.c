/* Proposals as they are kept, and as anybody who reached the database could have them:
 * what is read names features and storefronts that there can be, and what was shown is
 * the hash of these bytes and no others. */
#include <stdint.h>

#include "app/proposal.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    for (uint64_t demand = 0; demand < 2; demand++) {
        ARENA_AUTO arena = ARENA_INIT;
        struct proposal_row row = {
            .id = 1, .demand = demand, .body = {(const char *)bytes, n}, .account = 1};
        struct proposal_view v;
        struct restriction r = {.target = TARGET_WORK, .target_key = STR("1")};
        struct hash shown = sha256(bytes, n);
        (void)!proposal_same(&row, &r, NULL);
        if (proposal_read(&arena, &row, &v, NULL) != RC_OK)
            continue;
        if (!hash_eq(&v.shown, &shown) || v.decides != (demand != 0))
            abort();
        if (!v.restricts)
            continue;
        if (v.restriction.features >> FEATURE_COUNT != 0 || v.restriction.target >= TARGET_COUNT ||
            v.restriction.ground >= GROUND_COUNT)
            abort();
        for (size_t i = 0; i < v.restriction.storefronts.n; i++)
            if (v.restriction.storefronts.v[i].n > n)
                abort();
    }
    return 0;
}
