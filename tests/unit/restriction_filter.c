/* Which restrictions a filter lets through: each question alone, and time's edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/restriction_filter.h"

#define DECIDED 500
#define FROM 1000
#define END 2000

static const struct str cn[] = {{"cn", 2}}, us[] = {{"us", 2}};
static const uint64_t works[] = {3, 7, 9}, theirs[] = {1, 7}, others[] = {2, 8, 10, 11};

static struct restriction sample(void)
{
    return (struct restriction){.published = true,
                                .decided = DECIDED,
                                .from = FROM,
                                .until = END,
                                .target = TARGET_COLLECTION,
                                .ground = GROUND_LAW,
                                .features = FEATURE_BIT(FEATURE_RATINGS),
                                .authority = STR("Example Authority"),
                                .storefronts = cn,
                                .storefront_count = 1,
                                .works = {works, 3}};
}

static bool fits(struct restriction_filter f)
{
    struct restriction r = sample();
    return restriction_matches(&f, &r, STATE_IN_EFFECT);
}

static void each_question_alone(void **state)
{
    (void)state;
    assert_true(fits((struct restriction_filter){0}));
    assert_true(fits((struct restriction_filter){.states = 1u << STATE_IN_EFFECT}));
    assert_false(fits((struct restriction_filter){.states = 1u << STATE_LIFTED}));
    assert_true(fits((struct restriction_filter){.grounds = 1u << GROUND_LAW}));
    assert_false(fits((struct restriction_filter){.grounds = 1u << GROUND_AUTHORITY_ORDER}));
    assert_true(fits((struct restriction_filter){.targets = 1u << TARGET_COLLECTION}));
    assert_false(fits((struct restriction_filter){.targets = 1u << TARGET_EDITION}));
    assert_true(fits((struct restriction_filter){.features = FEATURE_BIT(FEATURE_RATINGS) |
                                                             FEATURE_BIT(FEATURE_SALE)}));
    assert_false(fits((struct restriction_filter){.features = FEATURE_BIT(FEATURE_SALE)}));
    assert_true(fits((struct restriction_filter){.authority = STR("Example Authority")}));
    assert_false(fits((struct restriction_filter){.authority = STR("Example")}));
    assert_true(fits((struct restriction_filter){
        .some_storefronts = true, .storefronts = cn, .storefront_count = 1}));
    assert_false(fits((struct restriction_filter){
        .some_storefronts = true, .storefronts = us, .storefront_count = 1}));
    assert_false(fits((struct restriction_filter){.some_storefronts = true}));
    assert_true(fits((struct restriction_filter){.some_works = true, .works = {theirs, 2}}));
    assert_false(fits((struct restriction_filter){.some_works = true, .works = {others, 4}}));
    assert_false(fits((struct restriction_filter){.some_works = true}));
    /* All must hold. */
    assert_false(fits(
        (struct restriction_filter){.grounds = 1u << GROUND_LAW, .authority = STR("Another")}));
}

static bool in_time(struct restriction r, int64_t since, int64_t before)
{
    struct restriction_filter f = {.since = since, .before = before};
    return restriction_matches(&f, &r, STATE_IN_EFFECT);
}

static void decided_or_in_effect_within_the_time(void **state)
{
    (void)state;
    struct restriction r = sample();
    assert_true(in_time(r, DECIDED, DECIDED + 1));
    assert_false(in_time(r, DECIDED + 1, FROM));
    assert_true(in_time(r, DECIDED + 1, FROM + 1));
    assert_true(in_time(r, END - 1, 0));
    assert_false(in_time(r, END, 0));
    assert_false(in_time(r, 0, DECIDED));
    assert_true(in_time(r, FROM + 10, FROM + 20));
    r.lifted = FROM + 10;
    assert_false(in_time(r, FROM + 10, 0));
    assert_true(in_time(r, FROM + 9, 0));
    r.lifted = FROM - 10; /* it never began */
    assert_false(in_time(r, FROM - 10, 0));
    assert_true(in_time(r, 0, FROM));
    r = sample();
    r.until = 0;
    r.review = END;
    assert_int_equal(restriction_end(&r), END);
    assert_false(in_time(r, END, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_question_alone),
        cmocka_unit_test(decided_or_in_effect_within_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
