#include "domain/paper.h"

#include "domain/ledger.h"

struct str paper_number(struct arena *arena, const struct sale_paper *p)
{
    return arena_printf(arena, "%.*s-%llu", STR_ARG(p->series), (unsigned long long)p->number);
}

/* A delivery has no code of its own: it stands with what is taxed at its rate. */
static struct paper_tax *tax_of(struct sale_paper *p, const struct paper_line *line)
{
    for (size_t i = 0; i < p->taxes.n; i++) {
        struct paper_tax *t = &p->taxes.v[i];
        bool same = t->rate == line->rate && str_eq(t->country, line->country);
        if (same && t->code.n == 0)
            t->code = line->code;
        if (same && (line->code.n == 0 || str_eq(t->code, line->code)))
            return t;
    }
    p->taxes.v[p->taxes.n] = (struct paper_tax){line->country, line->code, line->rate, 0, 0};
    return &p->taxes.v[p->taxes.n++];
}

void paper_sum(struct sale_paper *p, struct arena *arena)
{
    p->taxes.v = ARENA_ARRAY(arena, struct paper_tax, p->lines.n);
    p->taxes.n = 0;
    p->net = p->tax = p->total = 0;
    for (size_t i = 0; i < p->lines.n; i++) {
        const struct paper_line *line = &p->lines.v[i];
        struct paper_tax *t = tax_of(p, line);
        t->net += line->net;
        t->tax += line->tax;
        p->net += line->net;
        p->tax += line->tax;
        p->total += line->total;
    }
}

void paper_line_reckon(struct paper_line *line, int64_t price, int64_t discount)
{
    bool included = price * line->quantity - discount == line->total;
    line->net = line->total - line->tax;
    line->unit = included ? ledger_share(price, 100000, 100000 + line->rate) : price;
    line->discount = discount == 0 ? 0 : line->unit * line->quantity - line->net;
}

int64_t paper_tax_back(int64_t total, int64_t tax, int64_t before, int64_t amount)
{
    return total == 0
               ? 0
               : ledger_share(tax, before + amount, total) - ledger_share(tax, before, total);
}
