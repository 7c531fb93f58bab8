#include "domain/money.h"

static bool currency_valid(struct str c)
{
    if (c.n != 3)
        return false;
    for (int i = 0; i < 3; i++)
        if (c.p[i] < 'A' || c.p[i] > 'Z')
            return false;
    return true;
}

/* `list`: names of three letters, a space between them. */
static bool is_among(const char *list, size_t size, struct str currency)
{
    enum { NAME = 3 };
    for (size_t at = 0; at < size; at += NAME + 1)
        if (memcmp(list + at, currency.p, NAME) == 0)
            return true;
    return false;
}

int money_exponent(struct str currency)
{
    /* ISO 4217: those whose minor unit is not a hundredth. */
    static const char none[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
    static const char thousandth[] = "BHD IQD JOD KWD LYD OMR TND";
    if (!currency_valid(currency))
        return -1;
    if (is_among(none, sizeof none, currency))
        return 0;
    if (is_among(thousandth, sizeof thousandth, currency))
        return 3;
    return 2;
}

bool money_parse(struct str amount, struct str currency, int64_t *ret_minor)
{
    int exponent = money_exponent(currency), decimals = -1;
    int64_t minor = 0;
    amount = str_trim(amount);
    if (exponent < 0 || amount.n == 0 || amount.p[0] == '.')
        return false;
    for (size_t i = 0; i < amount.n; i++) {
        char c = amount.p[i];
        if (c == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        if (decimals >= exponent) { /* "12.900" is no more than "12.90" */
            if (c != '0')
                return false;
            continue;
        }
        decimals += decimals >= 0;
        if (__builtin_mul_overflow(minor, 10, &minor) ||
            __builtin_add_overflow(minor, c - '0', &minor))
            return false;
    }
    for (int i = decimals < 0 ? 0 : decimals; i < exponent; i++)
        if (__builtin_mul_overflow(minor, 10, &minor))
            return false;
    *ret_minor = minor;
    return true;
}

void money_add(struct buf *b, int64_t minor, struct str currency)
{
    int exponent = money_exponent(currency);
    int64_t unit = 1;
    for (int i = 0; i < exponent; i++)
        unit *= 10;
    if (minor < 0)
        buf_char(b, '-');
    uint64_t value = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
    buf_u64(b, value / (uint64_t)unit);
    if (exponent > 0)
        buf_char(b, '.');
    for (uint64_t rest = value % (uint64_t)unit; (unit /= 10) > 0; rest %= (uint64_t)unit)
        buf_char(b, (char)('0' + rest / (uint64_t)unit));
}
