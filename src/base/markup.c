#include "base/markup.h"

#include <limits.h>

static const char *const entities[UCHAR_MAX + 1] = {
    ['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;", ['\''] = "&#39;",
};

enum { AT_ONCE = 16 };
typedef unsigned char some __attribute__((vector_size(AT_ONCE)));

/* Whether none of so many bytes has an entity: '&' and '\'' differ in the lowest bit, '<' and
 * '>' in the next one. */
static bool some_are_plain(const char *p)
{
    some bytes;
    uint64_t found[AT_ONCE / sizeof(uint64_t)];
    memcpy(&bytes, p, sizeof bytes);
    some entity = (some)(bytes == '"') | (some)((bytes | 1) == '\'') | (some)((bytes | 2) == '>');
    memcpy(found, &entity, sizeof found);
    return (found[0] | found[1]) == 0;
}

/* Most texts are. The last ones are looked at together with some before them. */
static bool is_plain(struct str s)
{
    if (s.n < AT_ONCE) {
        for (size_t i = 0; i < s.n; i++)
            if (entities[(unsigned char)s.p[i]] != NULL)
                return false;
        return true;
    }
    for (size_t i = 0; i < s.n - AT_ONCE; i += AT_ONCE)
        if (!some_are_plain(s.p + i))
            return false;
    return some_are_plain(s.p + s.n - AT_ONCE);
}

void markup_escape(struct buf *out, struct str s)
{
    size_t begun = 0;
    if (is_plain(s)) {
        buf_str_add(out, s);
        return;
    }
    for (size_t i = 0; i < s.n; i++) {
        const char *entity = entities[(unsigned char)s.p[i]];
        if (entity == NULL)
            continue;
        buf_add(out, s.p + begun, i - begun);
        buf_str_add(out, str_of(entity));
        begun = i + 1;
    }
    buf_add(out, s.p + begun, s.n - begun);
}
