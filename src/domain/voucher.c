#include "domain/voucher.h"

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

int64_t voucher_off(const struct voucher *v, int64_t goods, struct str currency, int64_t now)
{
    if (now < v->starts || now >= v->ends || (v->uses > 0 && v->used >= v->uses) ||
        goods < v->least || goods <= 0)
        return 0;
    if (v->rate > 0)
        return (goods * v->rate + WHOLE / 2) / WHOLE;
    if (!str_eq(v->currency, currency))
        return 0;
    return v->amount < goods ? v->amount : goods;
}
