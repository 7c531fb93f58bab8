#include <string.h>

#include "onix/tree.h"

void text_escape(struct buf *b, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] == '<')
            BUF_LIT(b, "&lt;");
        else if (p[i] == '&')
            BUF_LIT(b, "&amp;");
        else
            buf_char(b, p[i]);
}

struct str text_collapsed(struct arena *arena, struct str s)
{
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            out[n++] = c;
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    if (n > 0 && out[n - 1] == ' ')
        n--;
    return (struct str){out, n};
}

bool text_is_garbled(struct str s)
{
    if (memchr(s.p, 0xC3, s.n) == NULL)
        return false;
    for (size_t i = 0; i + 3 < s.n; i++)
        if (memcmp(s.p + i, "\xC3\x83\xC2", 3) == 0 ||
            (i + 4 < s.n && memcmp(s.p + i, "\xC3\xA2\xE2\x82\xAC", 5) == 0))
            return true;
    return false;
}

bool text_is_windows(struct str rest)
{
    if (rest.n < 2)
        return false;
    unsigned char c = (unsigned char)rest.p[0], next = (unsigned char)rest.p[1];
    bool defined = c != 0x81 && c != 0x8D && c != 0x8F && c != 0x90 && c != 0x9D;
    return c >= 0x80 && defined && (next < 0x80 || c < 0xC2 || c > 0xF4);
}
