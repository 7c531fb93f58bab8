#include "domain/voucher.h"

#include "domain/tax.h"

enum { CODE_MAX = 64, WHOLE = 100000 };

struct hash voucher_hash(struct str code)
{
    char folded[CODE_MAX];
    size_t n = 0;
    for (size_t i = 0; i < code.n && n < CODE_MAX; i++)
        if (code.p[i] != ' ' && code.p[i] != '-')
            folded[n++] = code.p[i] >= 'a' && code.p[i] <= 'z' ? (char)(code.p[i] - 32) : code.p[i];
    struct str parts[] = {STR("colophon: a voucher\n"), {folded, n}};
    return sha256_parts(parts, 2);
}

int64_t voucher_most(int64_t goods, int32_t discount)
{
    return discount >= WHOLE ? goods : (int64_t)((__int128)goods * discount / WHOLE);
}

enum voucher_says voucher_good(const struct voucher *v, struct str currency, int64_t now)
{
    if (now < v->starts)
        return VOUCHER_NOT_YET;
    if (now >= v->ends)
        return VOUCHER_ENDED;
    if (v->uses > 0 && v->used >= v->uses)
        return VOUCHER_USED_UP;
    return v->currency.n > 0 && !str_eq(v->currency, currency) ? VOUCHER_OTHER_CURRENCY
                                                               : VOUCHER_COUNTS;
}

static bool is_for(const struct voucher *v, const struct voucher_line *l)
{
    return (v->shop == 0 || v->shop == l->shop) && l->goods > 0;
}

/* What it is for, and what of that no law keeps it from. */
struct reach {
    int64_t goods, touched, most;
};

static struct reach reach_of(const struct voucher *v, const struct voucher_line *lines, size_t n)
{
    struct reach r = {0};
    for (size_t i = 0; i < n; i++)
        if (is_for(v, &lines[i])) {
            r.goods += lines[i].goods;
            r.touched += lines[i].most > 0 ? lines[i].goods : 0;
            r.most += lines[i].most;
        }
    return r;
}

static int64_t share(int64_t amount, int64_t part, int64_t whole)
{
    return (int64_t)(((__int128)amount * part * 2 + whole) / ((__int128)whole * 2));
}

static void spread_amount(const struct voucher *v, struct voucher_line *lines, size_t n,
                          int64_t most)
{
    int64_t off = v->amount < most ? v->amount : most, before = 0;
    for (size_t i = 0; i < n; i++)
        if (is_for(v, &lines[i])) {
            int64_t after = before + lines[i].most;
            lines[i].off = share(off, after, most) - share(off, before, most);
            before = after;
        }
}

static void spread_rate(const struct voucher *v, struct voucher_line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_for(v, &lines[i])) {
            int64_t off = share(lines[i].goods, v->rate, WHOLE);
            lines[i].off = off < lines[i].most ? off : lines[i].most;
        }
}

enum voucher_says voucher_spread(const struct voucher *v, struct voucher_line *lines, size_t n,
                                 struct str currency, int64_t now)
{
    struct reach reach = reach_of(v, lines, n);
    enum voucher_says says = voucher_good(v, currency, now);
    for (size_t i = 0; i < n; i++)
        lines[i].off = 0;
    if (says != VOUCHER_COUNTS)
        return says;
    if (reach.goods == 0)
        return VOUCHER_OTHER_SHOP;
    if (reach.most == 0)
        return VOUCHER_FIXED;
    if (reach.touched < v->least)
        return VOUCHER_TOO_LITTLE;
    if (v->rate > 0)
        spread_rate(v, lines, n);
    else
        spread_amount(v, lines, n, reach.most);
    return VOUCHER_COUNTS;
}

int64_t voucher_made_good(int64_t off, int32_t rate, bool tax_included)
{
    return tax_included ? off - tax_within(off, rate) : off;
}

int64_t voucher_part(int64_t whole, int64_t gone, int64_t more, int64_t quantity)
{
    return whole * (gone + more) / quantity - whole * gone / quantity;
}
