#include "base/markup.h"

void markup_escape(struct buf *out, struct str s)
{
    size_t begun = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *entity;
        switch (s.p[i]) {
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '&':
            entity = "&amp;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            continue;
        }
        buf_add(out, s.p + begun, i - begun);
        buf_str_add(out, str_of(entity));
        begun = i + 1;
    }
    if (s.n > begun)
        buf_add(out, s.p + begun, s.n - begun);
}
