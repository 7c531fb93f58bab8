/* The gate's rule against an oracle that says it in plain words: every kind of
 * target, every feature and pair of features, every storefront, state and
 * match. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/visibility.h"

#define NOW 1790000000

static const struct str here[] = {{"cn", 2}};
static const struct str there[] = {{"us", 2}};
static const struct str both[] = {{"cn", 2}, {"us", 2}};
static const struct str nowhere[] = {{"c", 1}, {"cnn", 3}, {"CN", 2}};
static const uint64_t covered[] = {3, 12, 40};
static const uint64_t others[] = {3, 11, 13, 40};

/* The thing shown is always this one: edition 9780306406157 of work 12, sold
 * by shop "heron" in storefront "cn"; facts vary in what they name. */
enum facts_kind {
    FACTS_WORK,
    FACTS_EDITION,
    FACTS_OFFER,
    FACTS_OTHER_SHOP,
    FACTS_REVIEW,
    FACTS_COMMENT, /* the same number: a comment is no review */
    FACTS_ACCOUNT,
    FACTS_COUNT
};

static const uint64_t spoken = 4;
#define NAMELESS "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER_NAMELESS "10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const struct visibility_facts facts[FACTS_COUNT] = {
    [FACTS_WORK] = {.work = 12},
    [FACTS_EDITION] = {.work = 12, .isbn13 = {"9780306406157", 13}},
    [FACTS_OFFER] = {.work = 12, .isbn13 = {"9780306406157", 13}, .shop = {"heron", 5}},
    [FACTS_OTHER_SHOP] = {.work = 12, .isbn13 = {"9780306406157", 13}, .shop = {"gull", 4}},
    [FACTS_REVIEW] = {.work = 12, .review = &spoken},
    [FACTS_COMMENT] = {.work = 12, .comment = &spoken},
    [FACTS_ACCOUNT] = {.work = 12, .account = {NAMELESS, 64}},
};

enum state_kind {
    IS_PENDING,
    IS_SCHEDULED,
    IS_IN_EFFECT,
    IS_IN_EFFECT_UNTIL_REVIEW,
    IS_IN_ITS_FIRST_SECOND,
    IS_IN_ITS_LAST_SECOND,
    IS_LIFTED,
    IS_LIFTED_WITHOUT_ENTRY,
    IS_OVER,
    IS_UNREVIEWED,
    IS_KINDS
};

static void put_state(struct restriction *r, enum state_kind kind)
{
    r->published = kind != IS_PENDING;
    r->from = NOW - 100;
    r->until = NOW + 100;
    switch (kind) {
    case IS_SCHEDULED:
        r->from = NOW + 1;
        break;
    case IS_IN_EFFECT_UNTIL_REVIEW:
        r->until = 0;
        r->review = NOW + 100;
        break;
    case IS_IN_ITS_FIRST_SECOND:
        r->from = NOW;
        break;
    case IS_IN_ITS_LAST_SECOND:
        r->until = NOW + 1;
        break;
    case IS_LIFTED:
        r->lifted = NOW - 50;
        break;
    case IS_LIFTED_WITHOUT_ENTRY:
        r->lifted = NOW - 50;
        r->lift_pending = true;
        break;
    case IS_OVER:
        r->until = NOW;
        break;
    case IS_UNREVIEWED:
        r->until = 0;
        r->review = NOW;
        break;
    default:
        break;
    }
}

static bool oracle_works(enum state_kind kind)
{
    return kind == IS_IN_EFFECT || kind == IS_IN_EFFECT_UNTIL_REVIEW ||
           kind == IS_IN_ITS_FIRST_SECOND || kind == IS_IN_ITS_LAST_SECOND;
}

static const char *matching_key(enum target_kind kind)
{
    static const char *const keys[TARGET_COUNT] = {[TARGET_EDITION] = "9780306406157",
                                                   [TARGET_WORK] = "12",
                                                   [TARGET_COLLECTION] = "speeches",
                                                   [TARGET_CONTRIBUTOR] = "5",
                                                   [TARGET_SHOP] = "heron",
                                                   [TARGET_REVIEW] = "4",
                                                   [TARGET_COMMENT] = "4",
                                                   [TARGET_ACCOUNT] = NAMELESS};
    return keys[kind];
}

static const char *other_key(enum target_kind kind)
{
    static const char *const keys[TARGET_COUNT] = {[TARGET_EDITION] = "9780131103627",
                                                   [TARGET_WORK] = "13",
                                                   [TARGET_COLLECTION] = "speeches",
                                                   [TARGET_CONTRIBUTOR] = "5",
                                                   [TARGET_SHOP] = "gull",
                                                   [TARGET_REVIEW] = "40",
                                                   [TARGET_COMMENT] = "5",
                                                   [TARGET_ACCOUNT] = OTHER_NAMELESS};
    return keys[kind];
}

static void put_target(struct restriction *r, enum target_kind kind, bool match)
{
    r->target = kind;
    r->target_key = str_of(match ? matching_key(kind) : other_key(kind));
    bool one = !target_is_set(kind);
    const uint64_t *works = match || one ? covered : others;
    r->works = (struct work_set){works, works == covered ? 3 : 4};
}

/* The rule of visibility.h in words: does a restriction on this target, which
 * names our edition, work, set or shop or another one, concern the feature of
 * the thing shown? */
static bool oracle_concerns(enum target_kind kind, bool match, enum facts_kind shown,
                            enum feature feature)
{
    if (!match)
        return false;
    if (kind == TARGET_REVIEW)
        return shown == FACTS_REVIEW && (feature == FEATURE_REVIEWS || feature == FEATURE_RATINGS);
    if (kind == TARGET_COMMENT)
        return shown == FACTS_COMMENT && feature == FEATURE_COMMENTS;
    if (kind == TARGET_ACCOUNT)
        return shown == FACTS_ACCOUNT && feature == FEATURE_SUBMISSIONS;
    if (kind == TARGET_EDITION)
        return shown == FACTS_EDITION || shown == FACTS_OFFER || shown == FACTS_OTHER_SHOP;
    if (kind == TARGET_SHOP && (feature == FEATURE_SALE || feature == FEATURE_DELIVERY))
        return shown == FACTS_OFFER;
    return true;
}

static void check(const struct restriction *r, enum facts_kind shown, feature_mask want)
{
    struct visibility v = visibility_decide(&r, 1, STR("cn"), &facts[shown], NOW);
    if (v.withheld != want)
        fail_msg("target %s \"%.*s\", facts %d, state %s: withheld %#x, not %#x",
                 target_name(r->target), STR_ARG(r->target_key), shown,
                 state_name(restriction_state(r, NOW)), v.withheld, want);
    for (int f = 0; f < FEATURE_COUNT; f++) {
        assert_ptr_equal(v.by[f], want & FEATURE_BIT(f) ? r : NULL);
        assert_int_equal(visibility_withholds(&v, (enum feature)f), (want & FEATURE_BIT(f)) != 0);
    }
}

static void check_all_states(struct restriction base, bool match, bool in_storefront)
{
    for (int kind = 0; kind < IS_KINDS; kind++)
        for (int shown = 0; shown < FACTS_COUNT; shown++) {
            struct restriction r = base;
            feature_mask want = 0;
            put_state(&r, (enum state_kind)kind);
            for (int f = 0; f < FEATURE_COUNT; f++)
                if ((r.features & FEATURE_BIT(f)) && in_storefront &&
                    oracle_works((enum state_kind)kind) &&
                    oracle_concerns(r.target, match, (enum facts_kind)shown, (enum feature)f))
                    want |= FEATURE_BIT(f);
            check(&r, (enum facts_kind)shown, want);
        }
}

static void every_combination_is_as_the_words_say(void **state)
{
    (void)state;
    static const struct {
        const struct str *v;
        size_t n;
        bool in;
    } storefronts[] = {{here, 1, true}, {there, 1, false}, {both, 2, true}, {nowhere, 3, false}};
    for (int target = 0; target < TARGET_COUNT; target++)
        for (int match = 0; match < 2; match++)
            for (int s = 0; s < 4; s++)
                for (int a = 0; a < FEATURE_COUNT; a++)
                    for (int b = a; b < FEATURE_COUNT; b++) {
                        struct restriction r = {.id = 1,
                                                .storefronts = storefronts[s].v,
                                                .storefront_count = storefronts[s].n,
                                                .features = FEATURE_BIT(a) | FEATURE_BIT(b)};
                        put_target(&r, (enum target_kind)target, match);
                        check_all_states(r, match, storefronts[s].in);
                    }
}

/* ---- several at once ---- */

static struct restriction in_effect(uint64_t index, enum target_kind target, feature_mask features)
{
    struct restriction r = {.id = index,
                            .record_index = index,
                            .storefronts = here,
                            .storefront_count = 1,
                            .features = features};
    put_state(&r, IS_IN_EFFECT);
    put_target(&r, target, true);
    return r;
}

static feature_mask oracle_mask(enum target_kind kind, enum facts_kind shown, feature_mask mask)
{
    feature_mask want = 0;
    for (int f = 0; f < FEATURE_COUNT; f++)
        if ((mask & FEATURE_BIT(f)) && oracle_concerns(kind, true, shown, (enum feature)f))
            want |= FEATURE_BIT(f);
    return want;
}

static void check_two(enum target_kind ta, enum target_kind tb, enum facts_kind shown, int fa,
                      int fb)
{
    struct restriction a = in_effect(10, ta, (feature_mask)fa);
    struct restriction b = in_effect(20, tb, (feature_mask)fb);
    const struct restriction *const orders[2][2] = {{&a, &b}, {&b, &a}};
    feature_mask by_a = oracle_mask(ta, shown, a.features);
    feature_mask by_b = oracle_mask(tb, shown, b.features);
    for (int o = 0; o < 2; o++) {
        struct visibility v = visibility_decide(orders[o], 2, STR("cn"), &facts[shown], NOW);
        assert_int_equal(v.withheld, by_a | by_b);
        for (int f = 0; f < FEATURE_COUNT; f++)
            assert_ptr_equal(v.by[f], by_a & FEATURE_BIT(f)   ? &a
                                      : by_b & FEATURE_BIT(f) ? &b
                                                              : NULL);
    }
}

/* Of two restrictions on one thing each withholds its own, and the earliest
 * entry is shown for what both withhold, in whichever order they are given. */
static void two_restrictions_add_up(void **state)
{
    (void)state;
    for (int ta = 0; ta < TARGET_COUNT; ta++)
        for (int tb = 0; tb < TARGET_COUNT; tb++)
            for (int shown = 0; shown < FACTS_COUNT; shown++)
                for (int fa = 1; fa < 1 << FEATURE_COUNT; fa += 5)
                    for (int fb = 1; fb < 1 << FEATURE_COUNT; fb += 7)
                        check_two((enum target_kind)ta, (enum target_kind)tb,
                                  (enum facts_kind)shown, fa, fb);
}

static void what_is_over_hides_nothing_that_stands(void **state)
{
    (void)state;
    struct restriction early = in_effect(1, TARGET_WORK, FEATURE_BIT(FEATURE_RATINGS));
    struct restriction late = in_effect(2, TARGET_WORK, FEATURE_BIT(FEATURE_RATINGS));
    const struct restriction *const all[] = {&early, &late};
    early.lifted = NOW - 1;
    struct visibility v = visibility_decide(all, 2, STR("cn"), &facts[FACTS_WORK], NOW);
    assert_ptr_equal(v.by[FEATURE_RATINGS], &late);
    late.lifted = NOW - 1;
    v = visibility_decide(all, 2, STR("cn"), &facts[FACTS_WORK], NOW);
    assert_int_equal(v.withheld, 0);
    assert_null(v.by[FEATURE_RATINGS]);
}

/* The first entry of the log has index 0, and is the earliest of all. */
static void the_entry_with_index_0_is_the_earliest(void **state)
{
    (void)state;
    struct restriction first = in_effect(0, TARGET_WORK, FEATURE_BIT(FEATURE_SALE));
    struct restriction second = in_effect(1, TARGET_WORK, FEATURE_BIT(FEATURE_SALE));
    const struct restriction *const all[] = {&second, &first};
    struct visibility v = visibility_decide(all, 2, STR("cn"), &facts[FACTS_WORK], NOW);
    assert_ptr_equal(v.by[FEATURE_SALE], &first);
}

static void without_restrictions_all_is_shown(void **state)
{
    (void)state;
    struct visibility v = visibility_decide(NULL, 0, STR("cn"), &facts[FACTS_OFFER], NOW);
    assert_int_equal(v.withheld, 0);
    struct restriction r = in_effect(1, TARGET_WORK, 0xFF);
    const struct restriction *const all[] = {&r};
    v = visibility_decide(all, 1, STR_NONE, &facts[FACTS_OFFER], NOW);
    assert_int_equal(v.withheld, 0);
}

/* ---- editions, works, sets, shops ---- */

static void another_edition_of_the_work_stays(void **state)
{
    (void)state;
    struct restriction r = in_effect(1, TARGET_EDITION, 0xFF);
    const struct visibility_facts other = {.work = 12, .isbn13 = STR("9780131103627")};
    const struct restriction *const all[] = {&r};
    assert_int_equal(visibility_decide(all, 1, STR("cn"), &other, NOW).withheld, 0);
    /* An edition without ISBN is none that an ISBN names. */
    const struct visibility_facts bare = {.work = 12};
    r.target_key = STR_NONE;
    assert_int_equal(visibility_decide(all, 1, STR("cn"), &bare, NOW).withheld, 0);
}

static void a_work_is_meant_by_its_whole_number(void **state)
{
    (void)state;
    static const char *const keys[] = {"1", "2",   "120", "012 ",
                                       "",  "-12", "12a", "18446744073709551628"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct restriction r = in_effect(1, TARGET_WORK, 0xFF);
        r.target_key = str_of(keys[i]);
        assert_false(visibility_concerns(&r, &facts[FACTS_OFFER], FEATURE_LISTING));
    }
}

/* The first entry of the voices log has the index 0; a number is meant whole, and
 * in the work that the entry names. */
static void a_review_is_meant_by_its_index_and_its_work(void **state)
{
    (void)state;
    static const uint64_t first = 0;
    const struct visibility_facts of_first = {.work = 12, .review = &first};
    const struct visibility_facts elsewhere = {.work = 11, .review = &first};
    struct restriction r = in_effect(1, TARGET_REVIEW, FEATURE_BIT(FEATURE_REVIEWS));
    assert_false(visibility_concerns(&r, &of_first, FEATURE_REVIEWS));
    r.target_key = STR("0");
    assert_true(visibility_concerns(&r, &of_first, FEATURE_REVIEWS));
    assert_false(visibility_concerns(&r, &elsewhere, FEATURE_REVIEWS));
    assert_false(visibility_concerns(&r, &facts[FACTS_WORK], FEATURE_REVIEWS));
    r = in_effect(1, TARGET_ACCOUNT, FEATURE_BIT(FEATURE_SUBMISSIONS));
    r.target_key = STR_NONE;
    assert_false(visibility_concerns(&r, &facts[FACTS_WORK], FEATURE_SUBMISSIONS));
}

/* A shop's restriction ends that shop's sales of the works it lists, not those
 * of the shop next door; what is no shop's own goes for all. */
static void a_shop_is_withheld_with_its_offers(void **state)
{
    (void)state;
    struct restriction r = in_effect(1, TARGET_SHOP, 0xFF);
    for (int f = 0; f < FEATURE_COUNT; f++) {
        bool of_an_offer = f == FEATURE_SALE || f == FEATURE_DELIVERY;
        assert_true(visibility_concerns(&r, &facts[FACTS_OFFER], (enum feature)f));
        assert_int_equal(visibility_concerns(&r, &facts[FACTS_OTHER_SHOP], (enum feature)f),
                         !of_an_offer);
        assert_int_equal(visibility_concerns(&r, &facts[FACTS_WORK], (enum feature)f),
                         !of_an_offer);
    }
    r.works = (struct work_set){others, 4};
    for (int f = 0; f < FEATURE_COUNT; f++)
        assert_false(visibility_concerns(&r, &facts[FACTS_OFFER], (enum feature)f));
}

static void a_set_has_what_its_list_has(void **state)
{
    (void)state;
    uint64_t many[1000];
    for (size_t i = 0; i < 1000; i++)
        many[i] = 2 * i + 1;
    for (size_t n = 0; n <= 1000; n = n < 20 ? n + 1 : n * 2 + 1) {
        struct work_set set = {many, n < 1000 ? n : 1000};
        for (uint64_t work = 0; work < 2100; work++)
            assert_int_equal(work_set_has(set, work), work % 2 == 1 && work < 2 * set.n);
    }
    assert_false(work_set_has((struct work_set){NULL, 0}, 0));
    uint64_t const edge[] = {0, UINT64_MAX};
    assert_true(work_set_has((struct work_set){edge, 2}, 0));
    assert_true(work_set_has((struct work_set){edge, 2}, UINT64_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_is_as_the_words_say),
        cmocka_unit_test(two_restrictions_add_up),
        cmocka_unit_test(what_is_over_hides_nothing_that_stands),
        cmocka_unit_test(the_entry_with_index_0_is_the_earliest),
        cmocka_unit_test(without_restrictions_all_is_shown),
        cmocka_unit_test(another_edition_of_the_work_stays),
        cmocka_unit_test(a_review_is_meant_by_its_index_and_its_work),
        cmocka_unit_test(a_work_is_meant_by_its_whole_number),
        cmocka_unit_test(a_shop_is_withheld_with_its_offers),
        cmocka_unit_test(a_set_has_what_its_list_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
