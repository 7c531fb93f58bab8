#include "web/url.h"

#include <stdarg.h>

#include "base/utf8.h"

enum { URL_MAX = 8192 };

void url_encode(struct buf *b, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t begun = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            continue;
        buf_str_add(b, str_sub(s, begun, i));
        buf_char(b, '%');
        buf_char(b, digits[c >> 4]);
        buf_char(b, digits[c & 15]);
        begun = i + 1;
    }
    buf_str_add(b, str_sub(s, begun, s.n));
}

static struct url kept(struct arena *arena, const struct buf *b)
{
    return (struct url){b->failed ? STR("/") : arena_str(arena, buf_str(b))};
}

struct url url_path(struct arena *arena, unsigned n, ...)
{
    BUF_AUTO b = BUF_INIT(URL_MAX);
    va_list parts;
    va_start(parts, n);
    for (unsigned i = 0; i < n; i++) {
        buf_char(&b, '/');
        url_encode(&b, va_arg(parts, struct str));
    }
    va_end(parts);
    return kept(arena, &b);
}

struct url url_with(struct arena *arena, struct url url, struct str name, struct str value)
{
    if (value.n == 0)
        return url;
    BUF_AUTO b = BUF_INIT(URL_MAX);
    buf_str_add(&b, url.text);
    buf_char(&b, str_find(url.text, '?') < url.text.n ? '&' : '?');
    url_encode(&b, name);
    buf_char(&b, '=');
    url_encode(&b, value);
    return kept(arena, &b);
}

struct url url_fragment(struct arena *arena, struct url url, const char *fragment)
{
    return (struct url){ARENA_JOIN(arena, url.text, STR("#"), str_of(fragment))};
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool url_decode(struct arena *arena, struct str s, bool form, struct str *ret)
{
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            int high = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
            int low = i + 2 < s.n ? hex_value(s.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        out[n++] = c;
    }
    struct str decoded = {out, n};
    /* Forms send their lines with CR LF; one LF is a line here. */
    size_t kept_n = 0;
    for (size_t i = 0; i < n; i++)
        if (!(form && out[i] == '\r'))
            out[kept_n++] = out[i];
    decoded.n = kept_n;
    if (!utf8_clean(decoded))
        return false;
    *ret = decoded;
    return true;
}
