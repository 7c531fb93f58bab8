/* What a witness answers, lying or not: the lines of cosignatures, and the size that it
 * says it has seen. A line that is taken was made by its key over this very text. */
#include <stdint.h>

#include "record/add_checkpoint.h"
#include "record/cosignature.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char checkpoint[] =
    "example.com/foo\n7\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n";

static const char secret[] =
    "PRIVATE+KEY+witness.example/w1+e75f6532+BAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str answer = {(const char *)bytes, n}, rest = answer, line;
    struct cosigner witness;
    int64_t time = 0;
    uint64_t size;
    if (cosigner_parse(&witness, str_of(secret), NULL) != RC_OK)
        abort();
    while (str_next(&rest, '\n', &line))
        if (cosignature_verify(line, str_of(checkpoint), &witness.key, &time, NULL) == RC_OK)
            abort(); /* nobody else has its secret */
    (void)!tlog_size_parse(answer, &size, NULL);
    /* A good line with something of the input in its place is good no more. */
    BUF_AUTO good = BUF_INIT(4096);
    cosignature_add(&good, str_of(checkpoint), 1800000000, &witness);
    struct str whole = buf_str(&good);
    if (whole.n > 0 && whole.p[whole.n - 1] == '\n')
        whole.n--;
    if (cosignature_verify(whole, str_of(checkpoint), &witness.key, &time, NULL) != RC_OK ||
        time != 1800000000)
        abort();
    for (size_t i = 0; i + 1 < n && i < 64; i += 2) {
        size_t at = bytes[i] % whole.n;
        char before = good.p[at];
        if (before == (char)bytes[i + 1])
            continue;
        good.p[at] = (char)bytes[i + 1];
        if (cosignature_verify(whole, str_of(checkpoint), &witness.key, &time, NULL) == RC_OK)
            abort();
        good.p[at] = before;
    }
    return 0;
}
