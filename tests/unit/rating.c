/* Stars: counts, means and the published order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/rating.h"

static void nobody_rated(void **state)
{
    (void)state;
    struct rating_sum none = {{0}};
    assert_int_equal(rating_count(&none), 0);
    assert_int_equal(rating_mean_milli(&none), 0);
    assert_int_equal(rating_bayes_milli(&none, 3900), 0);
}

static void means_are_rounded_half_up(void **state)
{
    (void)state;
    struct rating_sum one = {{0, 0, 0, 1, 0}}, mixed = {{1, 0, 0, 0, 2}}, half = {{0}};
    assert_int_equal(rating_mean_milli(&one), 4000);
    assert_int_equal(rating_mean_milli(&mixed), 3667); /* 11 / 3 = 3.6666… */
    half.stars[0] = 1999;
    half.stars[1] = 1; /* 1.0005 */
    assert_int_equal(rating_mean_milli(&half), 1001);
}

/* Ten readers' worth of the catalogue's mean stand beside the real ones. */
static void few_ratings_lean_on_the_catalogue(void **state)
{
    (void)state;
    struct rating_sum single = {{0, 0, 0, 0, 1}}, many = {{0, 0, 0, 100, 900}};
    assert_int_equal(rating_bayes_milli(&single, 3000), (5000 + 10 * 3000) / 11);
    assert_int_equal(rating_bayes_milli(&many, 3000), (4900000 + 30000) / 1010);
    assert_true(rating_bayes_milli(&many, 3000) > rating_bayes_milli(&single, 3000));
    struct rating_sum low = {{1, 0, 0, 0, 0}};
    assert_true(rating_bayes_milli(&low, 3000) < 3000);
}

static void a_billion_ratings_do_not_overflow(void **state)
{
    (void)state;
    struct rating_sum r = {{0, 0, 0, 0, 4000000000000ull}};
    assert_int_equal(rating_count(&r), 4000000000000ull);
    assert_int_equal(rating_mean_milli(&r), 5000);
    assert_in_range(rating_bayes_milli(&r, 1000), 4999, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_rated),
        cmocka_unit_test(means_are_rounded_half_up),
        cmocka_unit_test(few_ratings_lean_on_the_catalogue),
        cmocka_unit_test(a_billion_ratings_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
