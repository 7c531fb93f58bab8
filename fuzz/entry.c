/* Entries of the Record from a database or a mirror. What is accepted has one
 * form: written again it is the same bytes. */
#include <stdint.h>

#include "record/entry.h"
#include "record/merkle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO again = BUF_INIT(2 * ENTRY_MAX);
    struct str text = {(const char *)bytes, n};
    struct fault fault;
    struct entry e;
    if (entry_read(&arena, text, &e, &fault) != RC_OK)
        return 0;
    if (entry_write(&e, &again, &fault) != RC_OK || !str_eq(buf_str(&again), text))
        abort();
    return 0;
}
