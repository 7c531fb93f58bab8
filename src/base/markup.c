#include "base/markup.h"

#include <limits.h>

static const char *const entities[UCHAR_MAX + 1] = {
    ['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;", ['\''] = "&#39;",
};

void markup_escape(struct buf *out, struct str s)
{
    size_t begun = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *entity = entities[(unsigned char)s.p[i]];
        if (entity == NULL)
            continue;
        buf_add(out, s.p + begun, i - begun);
        buf_str_add(out, str_of(entity));
        begun = i + 1;
    }
    if (s.n > begun)
        buf_add(out, s.p + begun, s.n - begun);
}
