/* What a stranger hands a witness, and what a witness answers: a body that is read
 * must be written as it was read; lines are only read. */
#include <sodium.h>
#include <stdint.h>

#include "record/add_checkpoint.h"
#include "record/cosignature.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char vkey[] =
    "witness.example/w1+e75f6532+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str body = {(const char *)bytes, n};
    struct add_checkpoint a;
    struct cosigner_key key;
    uint64_t size;
    int64_t time;
    BUF_AUTO again = BUF_INIT(1u << 20);
    if (sodium_init() < 0 || cosigner_key_parse(&key, str_of(vkey), NULL) != RC_OK)
        abort();
    if (add_checkpoint_parse(&a, body, NULL) == RC_OK) {
        add_checkpoint_write(&again, &a);
        if (!str_eq(buf_str(&again), body))
            abort();
        (void)!cosignature_find(a.note, &key, &time, NULL);
    }
    buf_clear(&again);
    if (tlog_size_parse(body, &size, NULL) == RC_OK) {
        buf_printf(&again, "%llu\n", (unsigned long long)size);
        if (!str_eq(buf_str(&again), body))
            abort();
    }
    if (cosigner_key_parse(&key, body, NULL) == RC_OK) {
        buf_clear(&again);
        cosigner_key_add(&again, &key);
        if (!str_eq(buf_str(&again), str_trim(body)))
            abort();
    }
    (void)!cosignature_verify(body, STR("text\n"), &key, &time, NULL);
    return 0;
}
