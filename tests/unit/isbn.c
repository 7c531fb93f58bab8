/* ISBNs in every notation people use; wrong ones are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/isbn.h"

static void usual_notations_are_read(void **state)
{
    (void)state;
    static const char *const good[] = {
        "9780306406157",
        "978-0-306-40615-7",
        "978 0 306 40615 7",
        " 9780306406157\n",
        "ISBN 978-0-306-40615-7",
        "ISBN: 9780306406157",
        "isbn9780306406157",
        "ISBN-13: 978-0-306-40615-7",
        "urn:isbn:9780306406157",
        "URN:ISBN:9780306406157",
        "0306406152",
        "0-306-40615-2",
        "ISBN-10: 0-306-40615-2",
        "ISBN-10 0306406152",
        "978\xE2\x80\x90"
        "0\xE2\x80\x91"
        "306\xE2\x80\x93"
        "40615\xE2\x88\x92"
        "7",
        "\xEF\xBC\x99\xEF\xBC\x97\xEF\xBC\x98\xEF\xBC\x90\xEF\xBC\x93\xEF\xBC\x90\xEF\xBC\x96"
        "\xEF\xBC\x94\xEF\xBC\x90\xEF\xBC\x96\xEF\xBC\x91\xEF\xBC\x95\xEF\xBC\x97",
        "978\xC2\xA0"
        "0306406157"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char isbn[14];
        if (!isbn_parse(str_of(good[i]), isbn))
            fail_msg("refused: %s", good[i]);
        assert_string_equal(isbn, "9780306406157");
    }
}

static void the_check_digit_x_is_read(void **state)
{
    (void)state;
    static const char *const good[] = {"080442957X", "0-8044-2957-x", "080442957\xEF\xBC\xB8",
                                       "978-0-8044-2957-3"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char isbn[14];
        assert_true(isbn_parse(str_of(good[i]), isbn));
        assert_string_equal(isbn, "9780804429573");
    }
}

static void other_things_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      " ",
                                      "ISBN",
                                      "ISBN:",
                                      "urn:isbn:",
                                      "X",
                                      "978",
                                      "978030640615",
                                      "97803064061577",
                                      "9780306406158",
                                      "0306406153",
                                      "030640615X",
                                      "X306406152",
                                      "03064X6152",
                                      "978030640615X",
                                      "9770306406157",
                                      "1234567890128",
                                      "9790000000000",
                                      "979-0-2600-0043-8",
                                      "0306406152 p.",
                                      "isbn isbn 9780306406157",
                                      "978.0.306.40615.7",
                                      "9780306406157/9780306406157",
                                      "\xFF"
                                      "9780306406157",
                                      "9780306406157\xCC\x81",
                                      "97803064061\xD9\xA5"
                                      "7",
                                      "-",
                                      "ISBN-13"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char isbn[14] = "untouched";
        if (isbn_parse(str_of(bad[i]), isbn))
            fail_msg("accepted: %s", bad[i]);
        assert_string_equal(isbn, "untouched");
    }
    char isbn[14];
    assert_false(isbn_parse(STR_NONE, isbn));
    assert_false(isbn_parse(STR("9780306\0"
                                "406157"),
                            isbn));
}

static void a_mistyped_digit_is_seen(void **state)
{
    (void)state;
    for (int i = 0; i < 13; i++)
        for (char c = '0'; c <= '9'; c++) {
            char s[14] = "9780306406157";
            bool same = s[i] == c;
            s[i] = c;
            assert_int_equal(isbn13_valid((struct str){s, 13}), same);
        }
}

static void stored_form_is_13_digits_of_a_book(void **state)
{
    (void)state;
    assert_true(isbn13_valid(STR("9780306406157")));
    assert_true(isbn13_valid(STR("9791090636071")));  /* 979-10: France */
    assert_true(isbn13_valid(STR("9798602405453")));  /* 979-8: United States */
    assert_false(isbn13_valid(STR("9790260000438"))); /* 979-0: printed music */
    assert_false(isbn13_valid(STR("978-0306406157")));
    assert_false(isbn13_valid(STR("978030640615")));
    assert_false(isbn13_valid(STR("")));
    assert_false(isbn13_valid(STR("978030640615\xB7")));
}

static void isbn_10_of_a_978(void **state)
{
    (void)state;
    char ten[11] = "untouched";
    assert_false(isbn10_of(STR("9791090636071"), ten));
    assert_false(isbn10_of(STR("9780306406158"), ten));
    assert_string_equal(ten, "untouched");
    assert_true(isbn10_of(STR("9780306406157"), ten));
    assert_string_equal(ten, "0306406152");
    assert_true(isbn10_of(STR("9780804429573"), ten));
    assert_string_equal(ten, "080442957X");
    /* There and back, over every check digit. */
    char thirteen[14];
    for (unsigned n = 0; n < 1000; n++) {
        char s[14];
        unsigned sum = 0;
        snprintf(s, sizeof s, "978%09u", n * 7919);
        for (int i = 0; i < 12; i++)
            sum += (unsigned)(s[i] - '0') * (i % 2 ? 3 : 1);
        s[12] = (char)('0' + (10 - sum % 10) % 10);
        s[13] = 0;
        assert_true(isbn10_of(str_of(s), ten));
        assert_true(isbn_parse(str_of(ten), thirteen));
        assert_string_equal(thirteen, s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_notations_are_read),
        cmocka_unit_test(the_check_digit_x_is_read),
        cmocka_unit_test(other_things_are_refused),
        cmocka_unit_test(a_mistyped_digit_is_seen),
        cmocka_unit_test(stored_form_is_13_digits_of_a_book),
        cmocka_unit_test(isbn_10_of_a_978),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
