#include "web/bidi.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/utf8.h"

enum { LRI = 0x2066, FSI = 0x2068, PDI = 0x2069 };

/* The first bytes of what runs from right to left: Hebrew to Arabic's supplements, its
 * presentation forms, and the scripts beyond the first plane. Most texts have none. */
static bool may_be_rtl(unsigned char c)
{
    return (c >= 0xd6 && c <= 0xe0) || c == 0xe2 || c == 0xef || c == 0xf0;
}

static bool plainly_ltr(struct str s)
{
    for (size_t i = utf8_plain(s); i < s.n; i++)
        if (may_be_rtl((unsigned char)s.p[i]))
            return false;
    return true;
}

bool bidi_apart(struct str s, bool rtl)
{
    bool digit = false, joined = false;
    if (!rtl && plainly_ltr(s))
        return false;
    int32_t n = (int32_t)s.n;
    for (int32_t i = 0, depth = 0; i < n;) {
        UChar32 c;
        U8_NEXT(s.p, i, n, c);
        if (c >= LRI && c <= FSI)
            depth++;
        else if (c == PDI && depth > 0)
            depth--;
        if (c < 0 || depth > 0)
            continue;
        UCharDirection direction = u_charDirection(c);
        if (rtl ? direction == U_LEFT_TO_RIGHT
                : direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC)
            return true;
        digit |= direction == U_EUROPEAN_NUMBER;
        joined |= c == '-' || c == '+';
    }
    /* "2026-12-31" behind an Arabic word would be told from its end. */
    return rtl && digit && joined;
}

void bidi_add(struct buf *b, struct str s, bool rtl)
{
    bool apart = bidi_apart(s, rtl);
    if (apart)
        BUF_LIT(b, "\u2068");
    buf_str_add(b, s);
    if (apart)
        BUF_LIT(b, "\u2069");
}
