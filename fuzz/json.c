/* Bodies of requests. What has a canonical form has one. */
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    JSON_AUTO *json = NULL;
    JSON_AUTO *same = NULL;
    BUF_AUTO once = BUF_INIT(4u << 20);
    BUF_AUTO twice = BUF_INIT(4u << 20);
    int64_t number;
    if (json_read((struct str){(const char *)bytes, n}, &json, NULL) != RC_OK)
        return 0;
    (void)json_member_str(json, "text");
    (void)json_member_int(json, "stars", &number);
    json_write(json, &once);
    buf_clear(&once);
    if (json_write_canonical(json, &once, NULL) != RC_OK)
        return 0;
    if (json_read(buf_str(&once), &same, NULL) != RC_OK ||
        json_write_canonical(same, &twice, NULL) != RC_OK ||
        !str_eq(buf_str(&once), buf_str(&twice)))
        abort();
    return 0;
}
