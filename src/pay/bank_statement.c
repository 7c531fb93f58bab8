#include "base/utf8.h"
#include "domain/money.h"
#include "pay/parts.h"

enum { SHOWN_MAX = 40, NAME_MAX_BYTES = 300 };

enum rc statement_amount(uint64_t line, struct str amount, struct str currency, int64_t *ret,
                         struct fault *fault)
{
    struct str shown = utf8_cut(amount, SHOWN_MAX);
    if (money_exponent(currency) < 0)
        return fault_set(fault, RC_INVALID, "line %llu: currency: three capital letters (ISO 4217)",
                         (unsigned long long)line);
    if (!money_parse(amount, currency, ret))
        return fault_set(fault, RC_INVALID, "line %llu: amount: “%.*s” is no amount in %.*s",
                         (unsigned long long)line, STR_ARG(shown), STR_ARG(currency));
    return RC_OK;
}

/* Cut at a character's boundary: a reference stands within the first lines of a text. */
static struct str no_longer(struct str s, size_t max)
{
    while (s.n > max || (s.n > 0 && !utf8_valid(s, NULL)))
        s.n = s.n > max ? max : s.n - 1;
    return s;
}

enum rc statement_add(struct statement_reading *r, const struct statement_line *line,
                      struct fault *fault)
{
    struct bank_statement *s = r->statement;
    unsigned long long at = line->line;
    if (!utf8_clean(line->text) || !utf8_clean(line->payer) || !utf8_clean(line->id))
        return fault_set(fault, RC_INVALID, "line %llu: it holds control characters or is no UTF-8",
                         at);
    if (s->lines.n == STATEMENT_LINES_MAX)
        return fault_set(fault, RC_LIMIT, "line %llu: more than %d lines of money that came", at,
                         STATEMENT_LINES_MAX);
    ARENA_ROOM(r->arena, s->lines.v, s->lines.n, r->room);
    struct statement_line *to = &s->lines.v[s->lines.n++];
    *to = *line;
    to->currency = arena_str(r->arena, line->currency);
    to->text = arena_str(r->arena, no_longer(line->text, STATEMENT_TEXT_MAX));
    to->payer = arena_str(r->arena, no_longer(line->payer, NAME_MAX_BYTES));
    to->id = arena_str(r->arena, no_longer(line->id, NAME_MAX_BYTES));
    return RC_OK;
}

enum rc bank_statement_read(struct arena *arena, struct str bytes, struct bank_statement *ret,
                            struct fault *fault)
{
    struct bank_statement statement = {0};
    struct statement_reading r = {arena, &statement, 0};
    struct str begin = bytes;
    if (bytes.n > STATEMENT_MAX)
        return fault_set(fault, RC_LIMIT, "a statement is no larger than 32 MiB");
    if (str_starts(begin, STR("\xEF\xBB\xBF")))
        begin = str_sub(begin, 3, begin.n);
    if (str_trim(begin).n == 0)
        return fault_set(fault, RC_INVALID, "line 1: the statement is empty");
    enum rc rc = str_trim(begin).p[0] == '<' ? statement_camt(&r, bytes, fault)
                                             : statement_csv(&r, begin, fault);
    if (rc == RC_OK)
        *ret = statement;
    return rc;
}
