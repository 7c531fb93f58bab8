/* What a purchase comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/edition.h"
#include "domain/reckoning.h"
#include "domain/tax.h"

static void test_taxes_round_half_up(void **state)
{
    (void)state;
    assert_int_equal(tax_within(1070, 7000), 70);
    assert_int_equal(tax_within(1290, 7000), 84); /* 84.39 */
    assert_int_equal(tax_within(1, 100000), 1);   /* a half */
    assert_int_equal(tax_within(999, 0), 0);
    assert_int_equal(tax_upon(1000, 8875), 89); /* 88.75 */
    assert_int_equal(tax_upon(50, 1000), 1);    /* a half */
    assert_int_equal(tax_within(AMOUNT_MAX, TAX_RATE_MAX), AMOUNT_MAX / 2);
}

static void test_rates_are_read(void **state)
{
    int32_t rate;
    (void)state;
    assert_true(tax_rate_parse(STR("5.5"), &rate) && rate == 5500);
    assert_true(tax_rate_parse(STR("0"), &rate) && rate == 0);
    assert_true(tax_rate_parse(STR("100"), &rate));
    assert_false(tax_rate_parse(STR("100.001"), &rate));
    assert_false(tax_rate_parse(STR("-7"), &rate));
    assert_false(tax_rate_parse(STR("7 %"), &rate));
}

static void test_the_latest_that_has_begun_counts(void **state)
{
    struct tax_rate v[] = {
        {1, STR("DE"), STR_NONE, KIND_EBOOK, 20200101, 19000, STR("S"), STR_NONE},
        {2, STR("DE"), STR_NONE, KIND_EBOOK, 20270101, 7000, STR("R"), STR_NONE},
        {3, STR("DE"), STR("BY"), KIND_EBOOK, 20260101, 1000, STR("R"), STR_NONE},
    };
    tax_rate_list rates = {v, 3};
    (void)state;
    assert_int_equal(tax_rate_on(&rates, STR("DE"), STR_NONE, KIND_EBOOK, 20261231)->id, 1);
    assert_int_equal(tax_rate_on(&rates, STR("DE"), STR_NONE, KIND_EBOOK, 20270101)->id, 2);
    assert_int_equal(tax_rate_on(&rates, STR("DE"), STR("BY"), KIND_EBOOK, 20270101)->id, 3);
    assert_int_equal(tax_rate_on(&rates, STR("DE"), STR("HH"), KIND_EBOOK, 20270101)->id, 2);
    assert_null(tax_rate_on(&rates, STR("DE"), STR_NONE, KIND_EBOOK, 20191231));
    assert_null(tax_rate_on(&rates, STR("DE"), STR_NONE, KIND_PRINT, 20270101));
    assert_null(tax_rate_on(&rates, STR("FR"), STR_NONE, KIND_EBOOK, 20270101));
}

static void test_kinds_by_form(void **state)
{
    static const struct {
        const char *form;
        enum product_kind kind;
    } cases[] = {{"BC", KIND_PRINT}, {"ED", KIND_EBOOK},          {"EA", KIND_EBOOK},
                 {"AC", KIND_AUDIO}, {"AJ", KIND_AUDIO_DOWNLOAD}, {"CB", KIND_MAP},
                 {"PI", KIND_OTHER}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct edition e = {.form = str_of(cases[i].form)};
        enum product_kind again;
        assert_int_equal(product_kind_of(&e), cases[i].kind);
        assert_true(product_kind_parse(str_of(product_kind_name(cases[i].kind)), &again));
        assert_int_equal(again, cases[i].kind);
    }
}

static void check_sums(const struct reckoning *r)
{
    int64_t goods = 0, discount = 0, tax = 0, total = 0, shipping = 0, net = 0, by_rate = 0;
    for (size_t i = 0; i < r->lines.n; i++) {
        const struct reckoned_line *l = &r->lines.v[i];
        goods += l->goods, discount += l->discount, tax += l->tax, total += l->total;
        assert_int_equal(l->total, l->goods - l->discount + (l->tax_included ? 0 : l->tax));
        assert_true(l->tax >= 0 && l->tax <= l->total);
    }
    int64_t shop_totals = 0, shop_taxes = 0;
    for (size_t i = 0; i < r->shops.n; i++) {
        shipping += r->shops.v[i].shipping;
        tax += r->shops.v[i].shipping_tax;
        shop_totals += r->shops.v[i].total;
        shop_taxes += r->shops.v[i].tax;
    }
    for (size_t i = 0; i < r->taxes.n; i++) {
        net += r->taxes.v[i].net, by_rate += r->taxes.v[i].tax;
        assert_true(i == 0 || r->taxes.v[i].rate > r->taxes.v[i - 1].rate);
    }
    assert_int_equal(r->goods, goods);
    assert_int_equal(r->discount, discount);
    assert_int_equal(r->shipping, shipping);
    assert_int_equal(r->tax, tax);
    assert_int_equal(r->total, total + shipping);
    assert_int_equal(r->total, shop_totals);
    assert_int_equal(r->tax, shop_taxes);
    assert_int_equal(by_rate, r->tax);
    assert_int_equal(net + by_rate, r->total);
}

/* Over random purchases, every total is the sum of what it is made of. */
static void test_sums_hold(void **state)
{
    (void)state;
    srand(6);
    for (int round = 0; round < 3000; round++) {
        ARENA_AUTO arena = ARENA_INIT;
        struct reckoned_line lines[12];
        struct reckoning r = {.lines = {lines, (size_t)(1 + rand() % 12)}};
        for (size_t i = 0; i < r.lines.n; i++) {
            lines[i] = (struct reckoned_line){.shop = (uint64_t)(1 + rand() % 3),
                                              .edition = i + 1,
                                              .quantity = 1 + rand() % 9,
                                              .unit = rand() % 10000,
                                              .tax_included = rand() % 2 == 0,
                                              .rate = rand() % 26 * 1000};
            int64_t goods = lines[i].unit * lines[i].quantity;
            lines[i].discount = rand() % 3 == 0 ? rand() % (goods + 1) : 0;
        }
        reckoning_shops(&r, &arena);
        for (size_t i = 0; i < r.shops.n; i++) {
            r.shops.v[i].shipping_price = rand() % 900;
            r.shops.v[i].shipping_tax_included = rand() % 2 == 0;
            r.shops.v[i].shipping_rate = rand() % 26 * 1000;
        }
        assert_int_equal(reckoning_make(&r, &arena, NULL), RC_OK);
        check_sums(&r);
        struct hash once = reckoning_hash(&r, STR("EUR"));
        assert_int_equal(reckoning_make(&r, &arena, NULL), RC_OK);
        struct hash twice = reckoning_hash(&r, STR("EUR"));
        assert_true(hash_eq(&once, &twice));
        lines[0].unit++;
        assert_int_equal(reckoning_make(&r, &arena, NULL), RC_OK);
        twice = reckoning_hash(&r, STR("EUR"));
        assert_false(hash_eq(&once, &twice));
    }
}

static void test_what_is_too_much_is_refused(void **state)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct reckoned_line line = {.shop = 1, .quantity = 1, .unit = 100, .tax_included = true};
    struct reckoning r = {.lines = {&line, 1}};
    (void)state;
    reckoning_shops(&r, &arena);
    line.discount = 101;
    assert_int_equal(reckoning_make(&r, &arena, NULL), RC_INVALID);
    line.discount = 0;
    line.quantity = 0;
    assert_int_equal(reckoning_make(&r, &arena, NULL), RC_INVALID);
    line.quantity = INT64_MAX;
    assert_int_equal(reckoning_make(&r, &arena, NULL), RC_LIMIT);
    line.quantity = 2;
    line.unit = AMOUNT_MAX;
    assert_int_equal(reckoning_make(&r, &arena, NULL), RC_LIMIT);
    line.unit = -1;
    assert_int_equal(reckoning_make(&r, &arena, NULL), RC_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taxes_round_half_up),
        cmocka_unit_test(test_rates_are_read),
        cmocka_unit_test(test_the_latest_that_has_begun_counts),
        cmocka_unit_test(test_kinds_by_form),
        cmocka_unit_test(test_sums_hold),
        cmocka_unit_test(test_what_is_too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
