/* What a purchase comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/edition.h"
#include "domain/price_law.h"
#include "domain/reckoning.h"
#include "domain/regions.h"
#include "domain/tax.h"
#include "domain/voucher.h"

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

/* Over random rates: the region's own, else the country's, of those that have begun the last. */
static void test_rates_of_regions(void **state)
{
    static const char *const regions[] = {"", "CA", "NY", "OR"};
    (void)state;
    srand(8);
    for (int round = 0; round < 2000; round++) {
        struct tax_rate v[8];
        tax_rate_list rates = {v, (size_t)(rand() % 8)};
        for (size_t i = 0; i < rates.n; i++)
            v[i] = (struct tax_rate){.id = i + 1,
                                     .country = rand() % 4 == 0 ? STR("CA") : STR("US"),
                                     .region = str_of(regions[rand() % 4]),
                                     .kind = rand() % 2 == 0 ? KIND_PRINT : KIND_EBOOK,
                                     .starts = 20270101 + rand() % 4 * 10 + (int)i};
        const int32_t day = 20270120;
        bool by_region = false;
        for (size_t k = 0; k < 4; k++) {
            struct str region = str_of(regions[k]);
            const struct tax_rate *r = tax_rate_on(&rates, STR("US"), region, KIND_PRINT, day);
            const struct tax_rate *whole =
                tax_rate_on(&rates, STR("US"), STR_NONE, KIND_PRINT, day);
            if (r == NULL || r->region.n == 0)
                assert_ptr_equal(r, whole);
            for (size_t i = 0; i < rates.n; i++) {
                bool fits = str_is(v[i].country, "US") && v[i].kind == KIND_PRINT &&
                            str_eq(v[i].region, region) && v[i].starts <= day;
                assert_true(!fits ||
                            (r != NULL && str_eq(r->region, region) && r->starts >= v[i].starts));
                by_region = by_region || (fits && k > 0);
            }
        }
        assert_int_equal(tax_by_region(&rates, STR("US"), KIND_PRINT, day), by_region);
    }
}

static void test_regions_by_code_and_name(void **state)
{
    static const char *const countries[] = {"US", "CA", "ES"};
    size_t n;
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        const struct region *list = regions_of(str_of(countries[k]), &n);
        for (size_t i = 0; i < n; i++) {
            struct str written = region_written(str_of(countries[k]), &list[i]);
            assert_ptr_equal(region_find(str_of(countries[k]), str_of(list[i].code)), &list[i]);
            assert_ptr_equal(region_find(str_of(countries[k]), str_of(list[i].name)), &list[i]);
            assert_ptr_equal(region_find(str_of(countries[k]), written), &list[i]);
        }
    }
    assert_string_equal(region_find(STR("US"), STR("us-ca"))->name, "California");
    assert_null(region_find(STR("US"), STR("QC")));
    assert_null(region_find(STR("CA"), STR("US-QC")));
    assert_null(region_find(STR("US"), STR_NONE));
    assert_null(regions_of(STR("DE"), &n));
    assert_int_equal(n, 0);
    assert_true(str_is(region_written(STR("ES"), region_find(STR("ES"), STR("gc"))), "Las Palmas"));
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

/* ---- vouchers and laws of fixed prices ---- */

struct random_sale {
    struct voucher voucher;
    struct voucher_line lines[10];
    bool fixed[10];
    size_t n;
};

static struct random_sale make_sale(void)
{
    struct random_sale s = {.n = (size_t)(1 + rand() % 10)};
    int32_t law = rand() % 3 * 5000;
    s.voucher = (struct voucher){.shop = (uint64_t)(rand() % 4),
                                 .currency = STR("EUR"),
                                 .starts = 10,
                                 .ends = 20,
                                 .least = rand() % 3 == 0 ? rand() % 5000 : 0};
    if (rand() % 2 == 0)
        s.voucher.rate = 1 + rand() % 100000;
    else
        s.voucher.amount = 1 + rand() % 20000;
    for (size_t i = 0; i < s.n; i++) {
        int64_t goods = rand() % 5 == 0 ? 0 : rand() % 9000;
        s.fixed[i] = rand() % 3 == 0;
        s.lines[i] = (struct voucher_line){.shop = (uint64_t)(1 + rand() % 3),
                                           .goods = goods,
                                           .most = s.fixed[i] ? voucher_most(goods, law) : goods};
    }
    return s;
}

/* What came off is within every bound that there is, and, of an amount, nothing of it is lost. */
static void check_spread(const struct random_sale *s, enum voucher_says says)
{
    int64_t off = 0, most = 0, touched = 0, others = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct voucher_line *l = &s->lines[i];
        bool meant = s->voucher.shop == 0 || s->voucher.shop == l->shop;
        assert_true(l->off >= 0 && l->off <= l->most && l->most <= l->goods);
        off += l->off;
        most += meant ? l->most : 0;
        touched += meant && l->most > 0 ? l->goods : 0;
        others += meant ? 0 : l->off;
    }
    assert_int_equal(others, 0);
    if (says == VOUCHER_COUNTS) {
        assert_true(touched >= s->voucher.least && most > 0);
        if (s->voucher.amount > 0)
            assert_int_equal(off, s->voucher.amount < most ? s->voucher.amount : most);
    } else {
        assert_int_equal(off, 0);
        assert_true(most == 0 || touched < s->voucher.least);
    }
}

/* What the lines come to with the voucher, and what goes back of it in parts. */
static void check_reckoned(const struct random_sale *s)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct reckoned_line lines[10];
    struct reckoning r = {.lines = {lines, s->n}};
    bool included = rand() % 2 == 0;
    int64_t off = 0;
    for (size_t i = 0; i < s->n; i++) {
        lines[i] = (struct reckoned_line){.shop = s->lines[i].shop,
                                          .edition = i + 1,
                                          .quantity = 1,
                                          .unit = s->lines[i].goods,
                                          .discount = s->lines[i].off,
                                          .tax_included = included,
                                          .rate = rand() % 26 * 1000};
        off += s->lines[i].off;
    }
    reckoning_shops(&r, &arena);
    assert_int_equal(reckoning_make(&r, &arena, NULL), RC_OK);
    check_sums(&r);
    assert_int_equal(r.discount, off);
    for (size_t i = 0; i < s->n; i++) {
        int64_t good = voucher_made_good(lines[i].discount, lines[i].rate, included), back = 0;
        int64_t copies = 1 + rand() % 7;
        assert_true(good >= 0 && good <= lines[i].discount);
        for (int64_t gone = 0, more; gone < copies; gone += more) {
            more = 1 + rand() % (copies - gone);
            int64_t part = voucher_part(good, gone, more, copies);
            assert_true(part >= 0);
            back += part;
        }
        assert_int_equal(back, good);
    }
}

static void test_vouchers_keep_within_bounds(void **state)
{
    size_t seen[8] = {0};
    (void)state;
    srand(7);
    for (int round = 0; round < 5000; round++) {
        struct random_sale s = make_sale();
        enum voucher_says says = voucher_spread(&s.voucher, s.lines, s.n, STR("EUR"), 15);
        seen[says]++;
        check_spread(&s, says);
        check_reckoned(&s);
    }
    assert_true(seen[VOUCHER_COUNTS] && seen[VOUCHER_OTHER_SHOP] && seen[VOUCHER_FIXED] &&
                seen[VOUCHER_TOO_LITTLE]);
}

static void test_vouchers_by_hand(void **state)
{
    /* Ten off 20, 10 and, where the law lets five per cent go, 100. */
    struct voucher_line lines[] = {{1, 2000, 2000, 0}, {2, 1000, 1000, 0}, {1, 10000, 500, 0}};
    struct voucher v = {
        .amount = 1000, .currency = STR("EUR"), .starts = 10, .ends = 20, .uses = 2};
    (void)state;
    assert_int_equal(voucher_spread(&v, lines, 3, STR("EUR"), 10), VOUCHER_COUNTS);
    assert_true(lines[0].off == 571 && lines[1].off == 286 && lines[2].off == 143);
    v.amount = 9999;
    assert_int_equal(voucher_spread(&v, lines, 3, STR("EUR"), 10), VOUCHER_COUNTS);
    assert_true(lines[0].off == 2000 && lines[1].off == 1000 && lines[2].off == 500);
    assert_int_equal(voucher_spread(&v, lines, 3, STR("USD"), 10), VOUCHER_OTHER_CURRENCY);
    assert_true(lines[0].off == 0);
    assert_int_equal(voucher_spread(&v, lines, 3, STR("EUR"), 9), VOUCHER_NOT_YET);
    assert_int_equal(voucher_spread(&v, lines, 3, STR("EUR"), 20), VOUCHER_ENDED);
    v.used = 2;
    assert_int_equal(voucher_spread(&v, lines, 3, STR("EUR"), 10), VOUCHER_USED_UP);
    struct voucher rate = {.rate = 10000, .shop = 1, .starts = 10, .ends = 20, .least = 2000};
    assert_int_equal(voucher_spread(&rate, lines, 3, STR("EUR"), 10), VOUCHER_COUNTS);
    assert_true(lines[0].off == 200 && lines[1].off == 0 && lines[2].off == 500);
    /* What the law keeps whole does not count towards what it counts from. */
    lines[2].most = 0;
    rate.least = 2001;
    assert_int_equal(voucher_spread(&rate, lines, 3, STR("EUR"), 10), VOUCHER_TOO_LITTLE);
    lines[0].most = 0;
    assert_int_equal(voucher_spread(&rate, lines, 3, STR("EUR"), 10), VOUCHER_FIXED);
    rate.shop = 9;
    assert_int_equal(voucher_spread(&rate, lines, 3, STR("EUR"), 10), VOUCHER_OTHER_SHOP);
    assert_int_equal(voucher_made_good(107, 7000, true), 100);
    assert_int_equal(voucher_made_good(107, 7000, false), 107);
    assert_int_equal(voucher_most(1999, 5000), 99); /* 99.95: no more than the law lets go */
}

static void test_laws_of_fixed_prices(void **state)
{
    struct price_law v[] = {
        {1, STR("DE"), KIND_PRINT, 20020101, 0, 0, 0, 0, STR_NONE},
        {2, STR("ES"), KIND_PRINT, 20070101, 20261231, 5000, 0, 0, STR_NONE},
        {3, STR("DE"), KIND_PRINT, 20270101, 20271231, 3000, 0, 0, STR_NONE},
    };
    price_law_list laws = {v, 3};
    (void)state;
    assert_int_equal(price_law_on(&laws, STR("DE"), KIND_PRINT, 20261231)->id, 1);
    assert_int_equal(price_law_on(&laws, STR("DE"), KIND_PRINT, 20270101)->id, 3);
    assert_null(price_law_on(&laws, STR("DE"), KIND_PRINT, 20280101));
    assert_null(price_law_on(&laws, STR("DE"), KIND_EBOOK, 20261231));
    assert_null(price_law_on(&laws, STR("ES"), KIND_PRINT, 20270101));
    static const char *const fixed[] = {"03", "04", "33", "34", "41", "42"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        assert_true(price_type_fixed(str_of(fixed[i])));
    assert_false(price_type_fixed(STR("02")) || price_type_fixed(STR_NONE));
    /* Three euros below 35 of books, above it more than nothing; nothing is known in yen. */
    struct price_law fr = {.shipping_least = 300, .shipping_from = 3500, .currency = STR("EUR")};
    assert_int_equal(price_law_shipping(&fr, STR("EUR"), 3499), 300);
    assert_int_equal(price_law_shipping(&fr, STR("EUR"), 3500), 1);
    assert_int_equal(price_law_shipping(&fr, STR("EUR"), 0), 0);
    assert_int_equal(price_law_shipping(&fr, STR("JPY"), 100), 0);
    assert_int_equal(price_law_shipping(NULL, STR("EUR"), 100), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taxes_round_half_up),
        cmocka_unit_test(test_rates_are_read),
        cmocka_unit_test(test_the_latest_that_has_begun_counts),
        cmocka_unit_test(test_rates_of_regions),
        cmocka_unit_test(test_regions_by_code_and_name),
        cmocka_unit_test(test_kinds_by_form),
        cmocka_unit_test(test_sums_hold),
        cmocka_unit_test(test_what_is_too_much_is_refused),
        cmocka_unit_test(test_vouchers_keep_within_bounds),
        cmocka_unit_test(test_vouchers_by_hand),
        cmocka_unit_test(test_laws_of_fixed_prices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
