/* Money is read exactly or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/money.h"

static void currencies_have_their_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int exponent;
    } cases[] = {{"USD", 2}, {"EUR", 2},   {"CNY", 2}, {"JPY", 0},  {"KRW", 0},  {"VND", 0},
                 {"KWD", 3}, {"TND", 3},   {"ISK", 0}, {"HUF", 2},  {"XAF", 0},  {"usd", -1},
                 {"US", -1}, {"USDX", -1}, {"", -1},   {"U D", -1}, {"12A", -1}, {"F C", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(money_exponent(str_of(cases[i].code)), cases[i].exponent);
    assert_int_equal(money_exponent(STR("A\0B")), -1);
    /* A code that two neighbours in a table would make is a currency of its own. */
    assert_int_equal(money_exponent(STR("FCL")), 2);
}

static void amounts_are_read_to_the_minor_unit(void **state)
{
    (void)state;
    static const struct {
        const char *amount, *currency;
        int64_t minor;
    } cases[] = {{"12.90", "USD", 1290},
                 {"12.9", "USD", 1290},
                 {"12", "USD", 1200},
                 {"12.", "USD", 1200},
                 {"0", "USD", 0},
                 {"0.00", "EUR", 0},
                 {"0.01", "EUR", 1},
                 {"012.50", "EUR", 1250},
                 {"12.9000", "EUR", 1290},
                 {" 7.05\n", "EUR", 705},
                 {"1500", "JPY", 1500},
                 {"1500.00", "JPY", 1500},
                 {"1.234", "KWD", 1234},
                 {"1.2", "KWD", 1200},
                 {"92233720368547758.07", "USD", INT64_MAX},
                 {"9223372036854775807", "JPY", INT64_MAX}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t minor = -5;
        if (!money_parse(str_of(cases[i].amount), str_of(cases[i].currency), &minor))
            fail_msg("refused: %s", cases[i].amount);
        assert_int_equal(minor, cases[i].minor);
    }
}

static void other_amounts_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *amount, *currency;
    } bad[] = {{"", "USD"},
               {" ", "USD"},
               {".", "USD"},
               {".50", "USD"},
               {"-1", "USD"},
               {"+1", "USD"},
               {"1,50", "USD"},
               {"1.234", "USD"},
               {"1.5", "JPY"},
               {"1.2.3", "USD"},
               {"1..", "USD"},
               {"1e3", "USD"},
               {"0x10", "USD"},
               {"1 000", "USD"},
               {"$5", "USD"},
               {"5", "usd"},
               {"5", ""},
               {"5", "EURO"},
               {"NaN", "USD"},
               {"12.9001", "EUR"},
               {"92233720368547758.08", "USD"},
               {"9223372036854775808", "JPY"},
               {"99999999999999999999999", "USD"},
               {"92233720368547759", "USD"},
               {"\xEF\xBC\x91", "USD"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t minor = -5;
        if (money_parse(str_of(bad[i].amount), str_of(bad[i].currency), &minor))
            fail_msg("accepted: %s %s", bad[i].amount, bad[i].currency);
        assert_int_equal(minor, -5);
    }
}

static void amounts_are_written_plainly(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        const char *currency, *want;
    } cases[] = {{1290, "USD", "12.90"},
                 {5, "USD", "0.05"},
                 {0, "USD", "0.00"},
                 {1500, "JPY", "1500"},
                 {1, "KWD", "0.001"},
                 {-1290, "USD", "-12.90"},
                 {-5, "USD", "-0.05"},
                 {INT64_MAX, "USD", "92233720368547758.07"},
                 {INT64_MIN, "USD", "-92233720368547758.08"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO b = BUF_INIT(100);
        money_add(&b, cases[i].minor, str_of(cases[i].currency));
        buf_char(&b, 0);
        assert_string_equal(b.p, cases[i].want);
    }
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    static const char *const currencies[] = {"JPY", "USD", "KWD"};
    for (int c = 0; c < 3; c++)
        for (int64_t minor = 0; minor < INT64_MAX / 7; minor = minor * 7 + 3) {
            BUF_AUTO b = BUF_INIT(100);
            int64_t again;
            money_add(&b, minor, str_of(currencies[c]));
            assert_true(money_parse(buf_str(&b), str_of(currencies[c]), &again));
            assert_int_equal(again, minor);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(currencies_have_their_decimals),
        cmocka_unit_test(amounts_are_read_to_the_minor_unit),
        cmocka_unit_test(other_amounts_are_refused),
        cmocka_unit_test(amounts_are_written_plainly),
        cmocka_unit_test(what_is_written_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
