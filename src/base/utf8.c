#include "base/utf8.h"

/* Bytes of the sequence at p[0..n), or 0 where it is malformed. */
static size_t sequence(const unsigned char *p, size_t n, uint32_t *ret_point)
{
    size_t len;
    uint32_t point, least;
    if (p[0] < 0x80) {
        *ret_point = p[0];
        return 1;
    }
    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        len = 2, point = p[0] & 0x1F, least = 0x80;
    else if (p[0] >= 0xE0 && p[0] <= 0xEF)
        len = 3, point = p[0] & 0x0F, least = 0x800;
    else if (p[0] >= 0xF0 && p[0] <= 0xF4)
        len = 4, point = p[0] & 0x07, least = 0x10000;
    else
        return 0;
    if (len > n)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (p[i] & 0x3F);
    }
    if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return 0;
    *ret_point = point;
    return len;
}

/* The first byte from `i` on that is not plain; most texts are plain for long. */
static size_t pass_plain(struct str s, size_t i)
{
    uint64_t eight;
    for (; s.n - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, s.p + i, sizeof eight);
        if ((eight & 0x8080808080808080) != 0)
            break;
    }
    while (i < s.n && (unsigned char)s.p[i] < 0x80)
        i++;
    return i;
}

size_t utf8_plain(struct str s)
{
    return pass_plain(s, 0);
}

bool utf8_valid(struct str s, size_t *ret_at)
{
    for (size_t i = pass_plain(s, 0); i < s.n; i = pass_plain(s, i)) {
        uint32_t point;
        size_t len = sequence((const unsigned char *)s.p + i, s.n - i, &point);
        if (len == 0) {
            if (ret_at != NULL)
                *ret_at = i;
            return false;
        }
        i += len;
    }
    return true;
}

bool utf8_clean(struct str s)
{
    if (!utf8_valid(s, NULL))
        return false;
    uint32_t point;
    while (utf8_next(&s, &point))
        if ((point < 0x20 && point != '\t' && point != '\n') || (point >= 0x7F && point < 0xA0))
            return false;
    return true;
}

bool utf8_next(struct str *s, uint32_t *ret_point)
{
    if (s->n == 0)
        return false;
    size_t len = sequence((const unsigned char *)s->p, s->n, ret_point);
    if (len == 0) { /* not valid after all: take one byte, lose nothing else */
        *ret_point = 0xFFFD;
        len = 1;
    }
    *s = str_sub(*s, len, s->n);
    return true;
}

size_t utf8_length(struct str s)
{
    size_t n = 0;
    uint32_t point;
    while (utf8_next(&s, &point))
        n++;
    return n;
}

struct str utf8_cut(struct str s, size_t points)
{
    struct str rest = s;
    uint32_t point;
    while (points-- > 0 && utf8_next(&rest, &point))
        ;
    return str_sub(s, 0, s.n - rest.n);
}

bool utf8_is_cjk(uint32_t c)
{
    return (c >= 0x2E80 && c <= 0x2FDF) || (c >= 0x3000 && c <= 0x31FF) ||
           (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
           (c >= 0xAC00 && c <= 0xD7AF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x20000 && c <= 0x3FFFF);
}

bool utf8_has_cjk(struct str s)
{
    uint32_t point;
    while (utf8_next(&s, &point))
        if (utf8_is_cjk(point))
            return true;
    return false;
}

bool utf8_has_rtl(struct str s)
{
    uint32_t c;
    while (utf8_next(&s, &c))
        if ((c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF) ||
            (c >= 0xFE70 && c <= 0xFEFC) || (c >= 0x10800 && c <= 0x10FFF) ||
            (c >= 0x1E800 && c <= 0x1EFFF))
            return true;
    return false;
}

enum rc text_check(const char *field, struct str s, enum text_rule rule, size_t max,
                   struct fault *fault)
{
    if (rule != TEXT_OPTIONAL && str_trim(s).n == 0)
        return fault_set(fault, RC_INVALID, "%s: it is empty", field);
    if (s.n > max)
        return fault_set(fault, RC_INVALID, "%s: at most %zu bytes", field, max);
    if (!utf8_clean(s) || (rule == TEXT_LINE && str_find(s, '\n') < s.n))
        return fault_set(fault, RC_INVALID, "%s: control characters are not taken", field);
    return RC_OK;
}
