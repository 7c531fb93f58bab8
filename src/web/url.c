#include "web/url.h"

#include <stdarg.h>

#include "base/utf8.h"

enum { URL_MAX = 8192, FEW_PARTS = 6 };

/* What stands in an address as it is (RFC 3986, 2.3). */
static const bool unreserved[UINT8_MAX + 1] = {
    ['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['-'] = true,
    ['.'] = true,         ['_'] = true,         ['~'] = true,
};

void url_encode(struct buf *b, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t begun = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (unreserved[c])
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

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!unreserved[(unsigned char)s.p[i]])
            return false;
    return s.n < URL_MAX / FEW_PARTS;
}

/* Where nothing has to be encoded, as in most, in memory of the arena alone. */
static bool plain_path(struct arena *arena, unsigned n, va_list parts, struct url *ret)
{
    struct str all[2 * FEW_PARTS];
    if (n > FEW_PARTS)
        return false;
    for (size_t i = 0; i < n; i++) {
        all[2 * i] = STR("/");
        all[2 * i + 1] = va_arg(parts, struct str);
        if (!is_plain(all[2 * i + 1]))
            return false;
    }
    ret->text = arena_concat(arena, all, 2 * n);
    return true;
}

struct url url_path(struct arena *arena, unsigned n, ...)
{
    va_list parts, again;
    struct url url;
    va_start(parts, n);
    va_copy(again, parts);
    if (!plain_path(arena, n, parts, &url)) {
        BUF_AUTO b = BUF_INIT(URL_MAX);
        for (unsigned i = 0; i < n; i++) {
            buf_char(&b, '/');
            url_encode(&b, va_arg(again, struct str));
        }
        url = kept(arena, &b);
    }
    va_end(again);
    va_end(parts);
    return url;
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
