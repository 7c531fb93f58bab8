/* What money makes of lines: they sum to nought, and parts given back one by one make the whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/ledger.h"
#include "domain/payment_reference.h"

/* The same numbers in each run. */
static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static int64_t amount_of(const struct ledger_lines *lines, const char *account, const char *country)
{
    for (size_t i = 0; i < lines->n; i++)
        if (str_is(lines->v[i].account, account) && str_is(lines->v[i].country, country))
            return lines->v[i].amount;
    return 0;
}

static struct ledger_sale sale(int64_t total, int64_t fee_rate)
{
    return (struct ledger_sale){.shop = 7, .total = total, .fee_rate = fee_rate};
}

static void a_payment_has_its_lines(void **state)
{
    (void)state;
    struct ledger_sale s = sale(2140, 10000); /* 7 % in it, 10 % of the rest for the operator */
    struct ledger_lines lines;
    assert_true(ledger_sale_tax(&s, STR("DE"), 100));
    assert_true(ledger_sale_tax(&s, STR("DE"), 40));
    assert_true(ledger_paid(&s, LEDGER_MONEY_TRANSFER, &lines));
    assert_int_equal(lines.n, 4);
    assert_int_equal(amount_of(&lines, "money/transfer", ""), 2140);
    assert_int_equal(amount_of(&lines, "fee", ""), -200);
    assert_int_equal(amount_of(&lines, "tax", "DE"), -140);
    assert_int_equal(amount_of(&lines, "shop", ""), -1800);
    assert_int_equal(lines.v[0].shop, 0);
    assert_int_equal(lines.v[1].shop, 7);
    assert_true(ledger_balanced(lines.v, lines.n));
    assert_true(ledger_refunded(&s, 0, 2140, &lines));
    assert_int_equal(amount_of(&lines, "shop", ""), 1800);
    assert_int_equal(amount_of(&lines, "refunds-owed", ""), -2140);
    assert_true(ledger_moved(LEDGER_REFUNDS, LEDGER_MONEY_CARD, 0, 2140, &lines));
    assert_int_equal(amount_of(&lines, "money/card", ""), -2140);
    assert_string_equal(ledger_money(STR("card")), "money/card");
    assert_string_equal(ledger_money(STR("transfer")), "money/transfer");
    for (size_t i = 0; i < lines.n; i++)
        assert_true(ledger_account_known(lines.v[i].account));
    assert_false(ledger_account_known(STR("money")));
    /* What costs nothing makes no lines. */
    s = sale(0, 10000);
    assert_true(ledger_paid(&s, LEDGER_MONEY_TRANSFER, &lines));
    assert_int_equal(lines.n, 0);
}

static void numbers_that_contradict_are_refused(void **state)
{
    (void)state;
    struct ledger_lines lines = {.n = 99};
    struct ledger_sale s = sale(100, 100001);
    assert_false(ledger_paid(&s, LEDGER_UNCLEAR, &lines));
    s = sale(-1, 0);
    assert_false(ledger_paid(&s, LEDGER_UNCLEAR, &lines));
    s = sale(100, 0);
    assert_true(ledger_sale_tax(&s, STR("DE"), 101));
    assert_false(ledger_paid(&s, LEDGER_UNCLEAR, &lines));
    s = sale(100, 0);
    assert_false(ledger_refunded(&s, 0, 101, &lines));
    assert_false(ledger_refunded(&s, 60, 41, &lines));
    assert_false(ledger_refunded(&s, 0, 0, &lines));
    assert_false(ledger_refunded(&s, -1, 1, &lines));
    assert_false(ledger_refunded(&s, 1, INT64_MAX, &lines));
    assert_false(ledger_moved(LEDGER_SHOP, LEDGER_PAYOUTS, 1, 0, &lines));
    assert_int_equal(lines.n, 99);
    static char names[LEDGER_COUNTRIES_MAX + 1][2];
    for (int i = 0; i <= LEDGER_COUNTRIES_MAX; i++) {
        names[i][0] = 'A';
        names[i][1] = (char)('A' + i);
        assert_int_equal(ledger_sale_tax(&s, (struct str){names[i], 2}, 1),
                         i < LEDGER_COUNTRIES_MAX);
    }
    struct ledger_line huge[] = {{.amount = INT64_MAX}, {.amount = INT64_MAX}, {.amount = 2}};
    assert_false(ledger_balanced(huge, 3));
}

static struct ledger_sale any_sale(uint64_t *seed)
{
    static const char *const countries[] = {"DE", "FR", "CN", "US"};
    struct ledger_sale s = sale((int64_t)(next(seed) % (next(seed) % 2 ? 60 : 900000)),
                                (int64_t)(next(seed) % 100001));
    int64_t left = s.total;
    for (size_t i = 0; i < next(seed) % 5 && i < 4; i++) {
        int64_t tax = left > 0 ? (int64_t)(next(seed) % (uint64_t)(left + 1)) : 0;
        assert_true(ledger_sale_tax(&s, str_of(countries[i]), tax));
        left -= tax;
    }
    return s;
}

/* Over histories by chance: every transaction sums to nought, no part of a refund is below nought,
 * and once all is given back, nobody has anything left. */
static void parts_make_the_whole(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252u;
    for (int round = 0; round < 20000; round++) {
        struct ledger_sale s = any_sale(&seed);
        struct ledger_lines paid, back;
        int64_t owed[LEDGER_LINES_MAX] = {0}, before = 0;
        assert_true(ledger_paid(&s, LEDGER_MONEY_CARD, &paid));
        assert_true(ledger_balanced(paid.v, paid.n));
        for (size_t i = 1; i < paid.n; i++) {
            assert_true(paid.v[i].amount < 0);
            owed[i] = paid.v[i].amount;
        }
        while (before < s.total) {
            int64_t part = 1 + (int64_t)(next(&seed) % (uint64_t)(s.total - before));
            assert_true(ledger_refunded(&s, before, part, &back));
            assert_true(ledger_balanced(back.v, back.n));
            before += part;
            for (size_t i = 0; i + 1 < back.n; i++) {
                size_t at = 1;
                assert_true(back.v[i].amount > 0);
                while (at < paid.n && !(str_eq(paid.v[at].account, back.v[i].account) &&
                                        str_eq(paid.v[at].country, back.v[i].country)))
                    at++;
                assert_true(at < paid.n);
                owed[at] += back.v[i].amount;
                assert_true(owed[at] <= 0);
            }
        }
        for (size_t i = 1; i < paid.n; i++)
            assert_int_equal(owed[i], 0);
    }
}

static void shares_are_exact_where_numbers_are_large(void **state)
{
    (void)state;
    assert_int_equal(ledger_share(INT64_MAX, 1, 1), INT64_MAX);
    assert_int_equal(ledger_share(INT64_MAX, 100000, 100000), INT64_MAX);
    assert_int_equal(ledger_share(5, 1, 2), 3);
    assert_int_equal(ledger_share(1, 1, 3), 0);
    assert_int_equal(ledger_share(7, 3, 0), 0);
}

static void a_reference_is_known_as_people_type_it(void **state)
{
    (void)state;
    uint64_t seed = 1234567;
    char made[PAYMENT_REFERENCE + 1], typed[PAYMENT_REFERENCE_TYPED + 1],
        read[PAYMENT_REFERENCE + 1];
    for (int round = 0; round < 2000; round++) {
        payment_reference_make(next(&seed), made);
        payment_reference_typed(str_of(made), typed);
        assert_true(payment_reference_read(str_of(typed), read));
        assert_string_equal(read, made);
        for (char *c = typed; *c != 0; c++)
            if (*c >= 'A' && *c <= 'Z')
                *c = (char)(*c - 'A' + 'a');
        assert_true(payment_reference_read(str_of(typed), read));
        assert_string_equal(read, made);
        /* One that is wrong, two that changed places. */
        char wrong[PAYMENT_REFERENCE + 1];
        for (int i = 0; i < PAYMENT_REFERENCE; i++) {
            memcpy(wrong, made, sizeof made);
            wrong[i] = made[i] == 'A' ? 'C' : 'A';
            assert_false(payment_reference_read(str_of(wrong), read));
            for (int j = i + 1; j < PAYMENT_REFERENCE; j++) {
                memcpy(wrong, made, sizeof made);
                wrong[i] = made[j];
                wrong[j] = made[i];
                assert_int_equal(payment_reference_read(str_of(wrong), read), made[i] == made[j]);
            }
        }
        for (const char *c = made; *c != 0; c++)
            assert_null(strchr("0OQ1I2Z5S68BU", *c));
    }
    assert_false(payment_reference_read(STR(""), read));
    assert_false(payment_reference_read(STR("-----------"), read));
}

static void a_reference_is_found_in_a_text(void **state)
{
    (void)state;
    char made[PAYMENT_REFERENCE + 1], found[PAYMENT_REFERENCE + 1], text[80];
    payment_reference_make(998877665544332211u, made);
    size_t n = (size_t)snprintf(text, sizeof text, "My books, order %.3s %.3s-%.3s thanks", made,
                                made + 3, made + 6);
    size_t at = 0;
    bool is = false;
    while (payment_reference_find((struct str){text, n}, &at, found))
        is |= strcmp(found, made) == 0;
    assert_true(is);
    at = 0;
    assert_false(payment_reference_find(STR("0000 1111 ZZZZ"), &at, found));
    at = 0;
    assert_false(payment_reference_find(STR_NONE, &at, found));
}

/* What is owed and the taxes that go along come to one sum, whatever sign each has. */
static void a_payout_empties_what_it_pays(void **state)
{
    (void)state;
    static const struct {
        int64_t owed, tax[2], amount; /* amount 0: nothing is paid out */
    } cases[] = {{-900, {-70, -30}, 1000}, {-900, {0, 0}, 900},  {0, {-70, -30}, 100},
                 {40, {-70, 0}, 30},       {-900, {20, 0}, 880}, {0, {0, 0}, 0},
                 {100, {-70, -30}, 0},     {5, {1, 1}, 0},       {INT64_MIN, {-1, 0}, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ledger_tax taxes[] = {{STR("DE"), cases[i].tax[0]}, {STR("FR"), cases[i].tax[1]}};
        struct ledger_lines lines = {.n = 0};
        int64_t amount = 0, shop = cases[i].owed, tax = cases[i].tax[0] + cases[i].tax[1];
        bool is = ledger_paid_out(3, cases[i].owed, taxes, 2, &amount, &lines);
        assert_int_equal(is, cases[i].amount > 0);
        if (!is)
            continue;
        assert_int_equal(amount, cases[i].amount);
        assert_true(ledger_balanced(lines.v, lines.n));
        for (size_t k = 0; k < lines.n; k++) {
            shop += str_is(lines.v[k].account, LEDGER_SHOP) ? lines.v[k].amount : 0;
            tax += str_is(lines.v[k].account, LEDGER_TAX) ? lines.v[k].amount : 0;
            if (str_is(lines.v[k].account, LEDGER_PAYOUTS))
                assert_int_equal(lines.v[k].amount, -amount);
        }
        assert_int_equal(shop, 0);
        assert_int_equal(tax, 0);
    }
    struct ledger_lines lines;
    assert_true(ledger_tax_remitted(3, STR("DE"), 70, &lines));
    assert_true(ledger_balanced(lines.v, lines.n) && lines.v[0].shop == 3);
    assert_false(ledger_tax_remitted(3, STR("DE"), 0, &lines));
    assert_false(ledger_tax_remitted(3, STR("DE"), -1, &lines));
}

static void a_statement_has_a_balance_for_each_currency(void **state)
{
    (void)state;
    struct ledger_of_shop v[] = {{.currency = STR("EUR"), .shop = -90, .tax = -7},
                                 {.currency = STR("USD"), .shop = -50},
                                 {.currency = STR("EUR"), .shop = -10, .tax = 2},
                                 {.currency = STR("EUR"), .shop = 100, .tax = 5},
                                 {.currency = STR("USD"), .shop = 20, .tax = -1}};
    static const int64_t shop[] = {-90, -50, -100, 0, -30}, tax[] = {-7, 0, -5, 0, -1};
    ledger_statement s = {v, sizeof v / sizeof *v};
    ledger_statement_balances(&s);
    for (size_t i = 0; i < s.n; i++) {
        assert_int_equal(v[i].shop_balance, shop[i]);
        assert_int_equal(v[i].tax_balance, tax[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payment_has_its_lines),
        cmocka_unit_test(numbers_that_contradict_are_refused),
        cmocka_unit_test(parts_make_the_whole),
        cmocka_unit_test(shares_are_exact_where_numbers_are_large),
        cmocka_unit_test(a_payout_empties_what_it_pays),
        cmocka_unit_test(a_statement_has_a_balance_for_each_currency),
        cmocka_unit_test(a_reference_is_known_as_people_type_it),
        cmocka_unit_test(a_reference_is_found_in_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
