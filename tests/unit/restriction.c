/* The states of a restriction at every boundary, and the words for all of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/restriction.h"

#define FROM 1000
#define END 2000

static struct restriction until(void)
{
    return (struct restriction){.published = true, .from = FROM, .until = END};
}

static struct restriction review(void)
{
    return (struct restriction){.published = true, .from = FROM, .review = END};
}

static void states_change_at_the_second(void **state)
{
    (void)state;
    struct restriction const both[] = {until(), review()};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(restriction_state(&both[i], 0), STATE_SCHEDULED);
        assert_int_equal(restriction_state(&both[i], FROM - 1), STATE_SCHEDULED);
        assert_int_equal(restriction_state(&both[i], FROM), STATE_IN_EFFECT);
        assert_int_equal(restriction_state(&both[i], END - 1), STATE_IN_EFFECT);
        assert_int_equal(restriction_state(&both[i], END), STATE_EXPIRED);
        assert_int_equal(restriction_state(&both[i], INT64_MAX), STATE_EXPIRED);
    }
}

static void an_entry_not_published_has_no_effect_at_any_time(void **state)
{
    (void)state;
    struct restriction r = until();
    r.published = false;
    for (int64_t t = 0; t <= 3000; t += 500)
        assert_int_equal(restriction_state(&r, t), STATE_PENDING);
    assert_int_equal(restriction_boundary(&r, 0), INT64_MAX);
}

/* A lift works at once, whatever its own entry's time and whether or not that
 * entry is published yet. */
static void a_lift_counts_before_everything(void **state)
{
    (void)state;
    struct restriction r = until();
    r.lifted = 1500;
    for (int64_t t = 0; t <= 3000; t += 500)
        assert_int_equal(restriction_state(&r, t), STATE_LIFTED);
    r.lift_pending = true;
    assert_int_equal(restriction_state(&r, 1500), STATE_LIFTED);
    assert_int_equal(restriction_boundary(&r, 0), INT64_MAX);
}

/* The gate sleeps until the boundary: the state is the same in every second
 * before it and another one at it. */
static void the_boundary_is_the_next_change(void **state)
{
    (void)state;
    struct restriction const both[] = {until(), review()};
    for (int i = 0; i < 2; i++) {
        int64_t next = restriction_boundary(&both[i], 0);
        for (int64_t t = 0; t < 2100; t++) {
            if (t == next) {
                assert_int_not_equal(restriction_state(&both[i], t),
                                     restriction_state(&both[i], t - 1));
                next = restriction_boundary(&both[i], t);
            } else if (t > 0) {
                assert_int_equal(restriction_state(&both[i], t),
                                 restriction_state(&both[i], t - 1));
            }
            assert_true(next > t);
            assert_int_equal(restriction_boundary(&both[i], t), next);
        }
        assert_int_equal(next, INT64_MAX);
    }
}

static void storefronts_are_compared_whole(void **state)
{
    (void)state;
    static const struct str list[] = {{"cn", 2}, {"us", 2}};
    struct restriction r = {.storefronts = list, .storefront_count = 2};
    assert_true(restriction_in_storefront(&r, STR("cn")));
    assert_true(restriction_in_storefront(&r, STR("us")));
    static const char *const not [] = {"", "c", "cnn", "CN", "cn ", "uk", "cn,us"};
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        assert_false(restriction_in_storefront(&r, str_of(not [i])));
}

static void http_451_is_for_legal_demands_only(void **state)
{
    (void)state;
    static const bool want[GROUND_COUNT] = {
        [GROUND_AUTHORITY_ORDER] = true, [GROUND_COURT_ORDER] = true, [GROUND_RIGHTSHOLDER] = true};
    for (int g = 0; g < GROUND_COUNT; g++)
        assert_int_equal(ground_is_legal_demand((enum ground)g), want[g]);
}

/* ---- words ---- */

static void every_word_is_read_as_written(void **state)
{
    (void)state;
    enum feature feature;
    enum target_kind target;
    enum ground ground;
    for (int i = 0; i < FEATURE_COUNT; i++) {
        assert_true(feature_parse(str_of(feature_name((enum feature)i)), &feature));
        assert_int_equal(feature, i);
    }
    for (int i = 0; i < TARGET_COUNT; i++) {
        assert_true(target_parse(str_of(target_name((enum target_kind)i)), &target));
        assert_int_equal(target, i);
    }
    for (int i = 0; i < GROUND_COUNT; i++) {
        assert_true(ground_parse(str_of(ground_name((enum ground)i)), &ground));
        assert_int_equal(ground, i);
    }
    for (int i = 0; i < STATE_COUNT; i++)
        assert_true(strlen(state_name((enum restriction_state)i)) > 0);
}

static void other_words_are_refused(void **state)
{
    (void)state;
    static const struct str bad[] = {{NULL, 0},    {"", 0},       {" sale", 5}, {"Sale", 4},
                                     {"sal", 3},   {"sale\0", 5}, {"sales", 5}, {"work ", 5},
                                     {"works", 5}, {"Law", 3},    {"la", 2},    {"revie", 5}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        enum feature feature = FEATURE_COUNT;
        enum target_kind target = TARGET_COUNT;
        enum ground ground = GROUND_COUNT;
        assert_false(feature_parse(bad[i], &feature));
        assert_false(target_parse(bad[i], &target));
        assert_false(ground_parse(bad[i], &ground));
        assert_true(feature == FEATURE_COUNT && target == TARGET_COUNT && ground == GROUND_COUNT);
    }
}

static void masks_name_each_feature_once(void **state)
{
    (void)state;
    feature_mask mask = 0;
    assert_true(feature_mask_parse(STR("ratings,reviews"), &mask));
    assert_int_equal(mask, FEATURE_BIT(FEATURE_RATINGS) | FEATURE_BIT(FEATURE_REVIEWS));
    assert_true(feature_mask_parse(STR("submissions"), &mask));
    assert_int_equal(mask, FEATURE_BIT(FEATURE_SUBMISSIONS));
    assert_true(feature_mask_parse(STR("submissions,comments,reviews,ratings,delivery,sale,search,"
                                       "listing"),
                                   &mask));
    assert_int_equal(mask, (1 << FEATURE_COUNT) - 1);
    static const char *const bad[] = {"",
                                      ",",
                                      "sale,",
                                      ",sale",
                                      "sale,,search",
                                      "sale,sale",
                                      "sale, search",
                                      "sale search",
                                      "all",
                                      "sale,nothing"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        mask = 0x7777;
        assert_false(feature_mask_parse(str_of(bad[i]), &mask));
        assert_int_equal(mask, 0x7777);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_change_at_the_second),
        cmocka_unit_test(an_entry_not_published_has_no_effect_at_any_time),
        cmocka_unit_test(a_lift_counts_before_everything),
        cmocka_unit_test(the_boundary_is_the_next_change),
        cmocka_unit_test(storefronts_are_compared_whole),
        cmocka_unit_test(http_451_is_for_legal_demands_only),
        cmocka_unit_test(every_word_is_read_as_written),
        cmocka_unit_test(other_words_are_refused),
        cmocka_unit_test(masks_name_each_feature_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
