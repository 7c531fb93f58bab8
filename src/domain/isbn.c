#include "domain/isbn.h"

#include "base/utf8.h"

static unsigned check13(const char *digits12)
{
    unsigned sum = 0;
    for (int i = 0; i < 12; i++)
        sum += (unsigned)(digits12[i] - '0') * (i % 2 == 0 ? 1 : 3);
    return (10 - sum % 10) % 10;
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

bool isbn13_valid(struct str s)
{
    if (s.n != 13 || !all_digits(s))
        return false;
    bool prefix = str_starts(s, STR("978")) || (str_starts(s, STR("979")) && s.p[3] != '0');
    return prefix && check13(s.p) == (unsigned)(s.p[12] - '0');
}

/* The digits (and a last X) of any usual notation; 0 where it holds anything
 * else or too many of them. */
static size_t read_digits(struct str s, char ret[14])
{
    size_t n = 0;
    uint32_t c;
    while (utf8_next(&s, &c)) {
        if (c >= 0xFF10 && c <= 0xFF19) /* full-width digits */
            c = c - 0xFF10 + '0';
        if (c == 0xFF38 || c == 0xFF58 || c == 'x')
            c = 'X';
        bool separator = c == '-' || c == ' ' || c == 0xA0 || (c >= 0x2010 && c <= 0x2015) ||
                         c == 0x2212 || c == 0x3000 || c == 0xFF0D;
        if (separator)
            continue;
        if (n == 13 || !((c >= '0' && c <= '9') || (c == 'X' && n == 9)))
            return 0;
        ret[n++] = (char)c;
    }
    ret[n] = 0;
    return n;
}

bool isbn_parse(struct str s, char ret[14])
{
    char digits[14];
    s = str_trim(s);
    if (s.n > 9 && str_eq_nocase(str_sub(s, 0, 9), STR("urn:isbn:")))
        s = str_sub(s, 9, s.n);
    else if (s.n > 4 && str_eq_nocase(str_sub(s, 0, 4), STR("ISBN"))) {
        s = str_sub(s, 4, s.n);
        if (str_starts(s, STR("-13")) || str_starts(s, STR("-10")))
            s = str_sub(s, 3, s.n);
        s = str_trim(s);
        if (s.n > 0 && s.p[0] == ':')
            s = str_sub(s, 1, s.n);
    }
    size_t n = read_digits(s, digits);
    if (n == 13 && isbn13_valid((struct str){digits, 13})) {
        memcpy(ret, digits, 14);
        return true;
    }
    if (n != 10)
        return false;
    unsigned sum = 0;
    for (unsigned i = 0; i < 10; i++)
        sum += (10 - i) * (digits[i] == 'X' ? 10 : (unsigned)(digits[i] - '0'));
    if (sum % 11 != 0)
        return false;
    char isbn[14] = "978";
    memcpy(isbn + 3, digits, 9);
    isbn[12] = (char)('0' + check13(isbn));
    isbn[13] = 0;
    memcpy(ret, isbn, 14);
    return true;
}

bool isbn10_of(struct str isbn13, char ret[11])
{
    if (!isbn13_valid(isbn13) || !str_starts(isbn13, STR("978")))
        return false;
    unsigned sum = 0;
    for (unsigned i = 0; i < 9; i++)
        sum += (10 - i) * (unsigned)(isbn13.p[3 + i] - '0');
    unsigned check = (11 - sum % 11) % 11;
    memcpy(ret, isbn13.p + 3, 9);
    ret[9] = check == 10 ? 'X' : (char)('0' + check);
    ret[10] = 0;
    return true;
}

bool isbn_mistyped(struct str s)
{
    char isbn[14];
    size_t digits = 0;
    s = str_trim(s);
    if (isbn_parse(s, isbn))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        bool last = i + 1 == s.n && digits == 9 && (s.p[i] == 'x' || s.p[i] == 'X');
        if (last || (s.p[i] >= '0' && s.p[i] <= '9'))
            digits++;
        else if (s.p[i] != '-' && s.p[i] != ' ')
            return false;
    }
    return digits == 10 || digits == 13;
}
