/* Forms and query strings from anybody. What is decoded is clean text, and says
 * the same once encoded and decoded again. */
#include <stdint.h>

#include "base/utf8.h"
#include "web/request.h"
#include "web/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO again = BUF_INIT(4u << 20);
    parameters first, second;
    uint64_t number;
    if (form_decode(&arena, (struct str){(const char *)bytes, n}, &first, NULL) != RC_OK)
        return 0;
    for (size_t i = 0; i < first.n; i++) {
        if (!utf8_clean(first.v[i].name) || !utf8_clean(first.v[i].value))
            abort();
        url_encode(&again, first.v[i].name);
        buf_char(&again, '=');
        url_encode(&again, first.v[i].value);
        buf_char(&again, '&');
    }
    if (buf_check(&again) != RC_OK)
        return 0;
    if (form_decode(&arena, buf_str(&again), &second, NULL) != RC_OK || second.n != first.n)
        abort();
    for (size_t i = 0; i < first.n; i++)
        if (!str_eq(first.v[i].name, second.v[i].name) ||
            !str_eq(first.v[i].value, second.v[i].value))
            abort();
    if (parameter_number(&first, "limit", 20, 100, &number, NULL) == RC_OK && number > 100)
        abort();
    return 0;
}
