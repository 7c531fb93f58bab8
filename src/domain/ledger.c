#include "domain/ledger.h"

#include <stddef.h>

enum { RATE_WHOLE = 100000 };

bool ledger_account_known(struct str account)
{
    static const char *const all[] = {
        LEDGER_MONEY_TRANSFER, LEDGER_MONEY_CARD, LEDGER_SHOP,    LEDGER_FEE,     LEDGER_TAX,
        LEDGER_UNCLEAR,        LEDGER_OVERPAID,   LEDGER_REFUNDS, LEDGER_PAYOUTS, LEDGER_VOUCHERS};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_is(account, all[i]))
            return true;
    return false;
}

const char *ledger_money(struct str method)
{
    return str_is(method, "card") ? LEDGER_MONEY_CARD : LEDGER_MONEY_TRANSFER;
}

bool ledger_sale_tax(struct ledger_sale *sale, struct str country, int64_t amount)
{
    size_t i = 0;
    while (i < sale->taxes_n && !str_eq(sale->taxes[i].country, country))
        i++;
    if (i == LEDGER_COUNTRIES_MAX)
        return false;
    if (i == sale->taxes_n)
        sale->taxes[sale->taxes_n++] = (struct ledger_tax){country, 0};
    return !__builtin_add_overflow(sale->taxes[i].amount, amount, &sale->taxes[i].amount);
}

int64_t ledger_share(int64_t amount, int64_t part, int64_t whole)
{
    return whole <= 0 ? 0
                      : (int64_t)(((__int128)amount * part * 2 + whole) / ((__int128)whole * 2));
}

static bool sale_net(const struct ledger_sale *sale, int64_t *ret)
{
    int64_t net = sale->total;
    if (sale->total < 0 || sale->fee_rate < 0 || sale->fee_rate > RATE_WHOLE)
        return false;
    for (size_t i = 0; i < sale->taxes_n; i++) {
        if (sale->taxes[i].amount < 0 || sale->taxes[i].amount > net)
            return false;
        net -= sale->taxes[i].amount;
    }
    *ret = net;
    return true;
}

int64_t ledger_fee(const struct ledger_sale *sale)
{
    int64_t net;
    return sale_net(sale, &net) ? ledger_share(net, sale->fee_rate, RATE_WHOLE) : 0;
}

/* What each has of the first `given` of the total: tax by tax of what those before it left, then
 * the fee, and the shop has the rest. Each grows with `given` by nought or one at a time, so that
 * no part of a later refund is ever below nought. */
struct shares {
    int64_t tax[LEDGER_COUNTRIES_MAX], fee, shop;
};

static struct shares shares_of(const struct ledger_sale *sale, int64_t given)
{
    struct shares s = {0};
    int64_t whole = sale->total, fee = ledger_fee(sale);
    for (size_t i = 0; i < sale->taxes_n; i++) {
        s.tax[i] = ledger_share(sale->taxes[i].amount, given, whole);
        given -= s.tax[i];
        whole -= sale->taxes[i].amount;
    }
    s.fee = ledger_share(fee, given, whole);
    s.shop = given - s.fee;
    return s;
}

static void put(struct ledger_lines *lines, const char *account, uint64_t shop, struct str country,
                int64_t amount)
{
    if (amount != 0)
        lines->v[lines->n++] = (struct ledger_line){str_of(account), shop, country, amount};
}

bool ledger_paid(const struct ledger_sale *sale, const char *account, struct ledger_lines *ret)
{
    int64_t net;
    if (!sale_net(sale, &net))
        return false;
    struct shares s = shares_of(sale, sale->total);
    ret->n = 0;
    put(ret, account, 0, STR_NONE, sale->total);
    put(ret, LEDGER_SHOP, sale->shop, STR_NONE, -s.shop);
    put(ret, LEDGER_FEE, sale->shop, STR_NONE, -s.fee);
    for (size_t i = 0; i < sale->taxes_n; i++)
        put(ret, LEDGER_TAX, sale->shop, sale->taxes[i].country, -s.tax[i]);
    return true;
}

bool ledger_refunded(const struct ledger_sale *sale, int64_t before, int64_t amount,
                     struct ledger_lines *ret)
{
    int64_t net;
    if (!sale_net(sale, &net) || before < 0 || amount <= 0 || before > sale->total ||
        amount > sale->total - before)
        return false;
    struct shares was = shares_of(sale, before), is = shares_of(sale, before + amount);
    ret->n = 0;
    put(ret, LEDGER_SHOP, sale->shop, STR_NONE, is.shop - was.shop);
    put(ret, LEDGER_FEE, sale->shop, STR_NONE, is.fee - was.fee);
    for (size_t i = 0; i < sale->taxes_n; i++)
        put(ret, LEDGER_TAX, sale->shop, sale->taxes[i].country, is.tax[i] - was.tax[i]);
    put(ret, LEDGER_REFUNDS, 0, STR_NONE, -amount);
    return true;
}

bool ledger_paid_out(uint64_t shop, int64_t owed, const struct ledger_tax *taxes, size_t n,
                     int64_t *ret_amount, struct ledger_lines *ret)
{
    int64_t sum = owed;
    if (n > LEDGER_COUNTRIES_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        if (__builtin_add_overflow(sum, taxes[i].amount, &sum))
            return false;
    if (sum >= 0 || sum == INT64_MIN)
        return false;
    ret->n = 0;
    put(ret, LEDGER_SHOP, shop, STR_NONE, -owed);
    for (size_t i = 0; i < n; i++)
        put(ret, LEDGER_TAX, shop, taxes[i].country, -taxes[i].amount);
    put(ret, LEDGER_PAYOUTS, shop, STR_NONE, sum);
    *ret_amount = -sum;
    return true;
}

bool ledger_tax_remitted(uint64_t shop, struct str country, int64_t amount,
                         struct ledger_lines *ret)
{
    if (amount <= 0)
        return false;
    ret->n = 0;
    put(ret, LEDGER_TAX, shop, country, amount);
    put(ret, LEDGER_MONEY_TRANSFER, 0, STR_NONE, -amount);
    return true;
}

/* Money, and what is owed to readers, is no shop's. */
static uint64_t shop_at(const char *account, uint64_t shop)
{
    return strcmp(account, LEDGER_SHOP) == 0 || strcmp(account, LEDGER_PAYOUTS) == 0 ? shop : 0;
}

bool ledger_moved(const char *debit, const char *credit, uint64_t shop, int64_t amount,
                  struct ledger_lines *ret)
{
    if (amount <= 0)
        return false;
    ret->n = 0;
    put(ret, debit, shop_at(debit, shop), STR_NONE, amount);
    put(ret, credit, shop_at(credit, shop), STR_NONE, -amount);
    return true;
}

bool ledger_balanced(const struct ledger_line *lines, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        if (__builtin_add_overflow(sum, lines[i].amount, &sum))
            return false;
    return sum == 0;
}

/* Of those before it in its currency, the last has the balance. */
void ledger_statement_balances(ledger_statement *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct ledger_of_shop *t = &s->v[i];
        t->shop_balance = t->shop;
        t->tax_balance = t->tax;
        for (size_t k = i; k > 0; k--)
            if (str_eq(s->v[k - 1].currency, t->currency)) {
                t->shop_balance += s->v[k - 1].shop_balance;
                t->tax_balance += s->v[k - 1].tax_balance;
                break;
            }
    }
}
