/* A page of somebody else's shop, as the audit reads it. */
#include <stdint.h>

#include "audit/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct page_facts facts;
    page_read(&arena, (struct str){(const char *)bytes, n}, &facts);
    if (facts.slip_count > sizeof facts.slips / sizeof *facts.slips)
        abort();
    return 0;
}
