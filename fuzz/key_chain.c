/* Lists of keys from anywhere: what is read is written again as it stands in the text,
 * and each key but the first has the signatures of two. */
#include <stdint.h>

#include "record/key_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str text = {(const char *)bytes, n};
    struct str log = str_sub(text, 0, str_find(text, '+'));
    struct key_chain *chain = calloc(1, sizeof *chain), *again = calloc(1, sizeof *again);
    BUF_AUTO written = BUF_INIT(1 << 20);
    if (chain == NULL || again == NULL)
        abort();
    if (key_chain_read(chain, text, log, NULL) == RC_OK) {
        key_chain_write(&written, chain);
        if (key_chain_read(again, buf_str(&written), log, NULL) != RC_OK ||
            !key_chain_eq(chain, again))
            abort();
        for (size_t i = 1; i < chain->n; i++)
            if (chain->v[i].from < chain->v[i - 1].from ||
                key_chain_find(chain, &chain->v[i].key) != &chain->v[i])
                abort();
    }
    free(chain);
    free(again);
    return 0;
}
