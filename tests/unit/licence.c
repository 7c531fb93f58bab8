/* What may be sold under which licence: all that can be stated of a country against all that
 * can be held, and against the rule written a second time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/offer.h"

enum { FROM = 1000, UNTIL = 2000 };

static struct licence a_licence(void)
{
    return (struct licence){.id = 1,
                            .country = STR("CN"),
                            .kind = LICENCE_ACTIVITY,
                            .activities = LICENCE_BIT(ACTIVITY_RETAIL),
                            .formats = LICENCE_BIT(LICENCE_EBOOK),
                            .status = LICENCE_GRANTED,
                            .from = FROM,
                            .until = UNTIL};
}

static struct licence_need a_need(enum licence_need_kind need)
{
    return (struct licence_need){.country = STR("CN"),
                                 .formats = LICENCE_BIT(LICENCE_EBOOK),
                                 .activity = ACTIVITY_RETAIL,
                                 .need = need,
                                 .kind = need == NEED_REQUIRED ? STR("activity") : STR_NONE,
                                 .index = 12};
}

static enum licence_standing ebooks(const struct licence_book *book, bool tolerant, int64_t now)
{
    return licence_decide(book, STR("CN"), LICENCE_EBOOK, tolerant, now).standing;
}

/* ---- what is stated ---- */

static void nothing_stated_is_closed(void **state)
{
    (void)state;
    struct licence_book book = {.need_room = 0};
    assert_int_equal(ebooks(&book, false, FROM), LICENCE_NOT_RESEARCHED);
    assert_int_equal(ebooks(&book, true, FROM), LICENCE_TOLERATED);
}

static void the_last_word_counts(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    static const enum licence_standing want[] = {[NEED_NOT_RESEARCHED] = LICENCE_NOT_RESEARCHED,
                                                 [NEED_NOT_REQUIRED] = LICENCE_FINE,
                                                 [NEED_REQUIRED] = LICENCE_MISSING};
    for (int first = 0; first < LICENCE_NEED_COUNT; first++)
        for (int second = 0; second < LICENCE_NEED_COUNT; second++)
            for (int tolerant = 0; tolerant < 2; tolerant++) {
                struct licence_book book = {.need_room = 0};
                struct licence_need need = a_need((enum licence_need_kind)first);
                licence_book_state(&book, &arena, &need);
                need = a_need((enum licence_need_kind)second);
                licence_book_state(&book, &arena, &need);
                assert_int_equal(ebooks(&book, tolerant, FROM), want[second]);
            }
    arena_free(&arena);
}

/* Another country, format or activity says nothing of this one. */
static void a_statement_is_of_what_it_names(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    struct licence_book book = {.need_room = 0};
    struct licence_need need = a_need(NEED_NOT_REQUIRED);
    need.country = STR("US");
    licence_book_state(&book, &arena, &need);
    need = a_need(NEED_NOT_REQUIRED);
    need.formats = LICENCE_BIT(LICENCE_PRINT) | LICENCE_BIT(LICENCE_AUDIO);
    licence_book_state(&book, &arena, &need);
    assert_int_equal(ebooks(&book, false, FROM), LICENCE_NOT_RESEARCHED);
    need = a_need(NEED_NOT_REQUIRED);
    licence_book_state(&book, &arena, &need);
    assert_int_equal(ebooks(&book, false, FROM), LICENCE_FINE);
    need = a_need(NEED_REQUIRED);
    need.activity = ACTIVITY_PUBLISH_ONLINE;
    licence_book_state(&book, &arena, &need);
    assert_int_equal(ebooks(&book, false, FROM), LICENCE_MISSING);
    arena_free(&arena);
}

/* Nobody who looked into lending, or import, has looked into selling: each activity but retail
 * alone, stated in each way and met or not, against each word on retail. */
static void only_retail_opens(void **state)
{
    (void)state;
    struct licence l = a_licence();
    l.activities = (licence_mask)(LICENCE_BIT(LICENCE_ACTIVITY_COUNT) - 1);
    for (int a = ACTIVITY_RETAIL + 1; a < LICENCE_ACTIVITY_COUNT; a++)
        for (int other = 0; other < LICENCE_NEED_COUNT; other++)
            for (int retail = -1; retail < LICENCE_NEED_COUNT; retail++)
                for (int flags = 0; flags < 4; flags++) {
                    bool tolerant = flags & 1, held = flags & 2;
                    struct licence_need needs[] = {
                        a_need((enum licence_need_kind)other),
                        a_need((enum licence_need_kind)(retail < 0 ? 0 : retail))};
                    struct licence_book book = {.licences = {&l, held ? 1 : 0},
                                                .needs = {needs, retail < 0 ? 1 : 2}};
                    needs[0].activity = (enum licence_activity)a;
                    bool missing = !held && (other == NEED_REQUIRED || retail == NEED_REQUIRED);
                    bool unknown = other == NEED_NOT_RESEARCHED || retail == NEED_NOT_RESEARCHED ||
                                   (retail < 0 && !tolerant);
                    assert_int_equal(ebooks(&book, tolerant, FROM), missing ? LICENCE_MISSING
                                                                    : unknown
                                                                        ? LICENCE_NOT_RESEARCHED
                                                                    : retail < 0 ? LICENCE_TOLERATED
                                                                                 : LICENCE_FINE);
                }
}

/* ---- what is held ---- */

/* Every status, kind, activity, format, country, and every side of the term. */
static void only_what_fits_permits(void **state)
{
    (void)state;
    static const int64_t times[] = {FROM - 1, FROM, UNTIL - 1, UNTIL};
    static const struct str countries[] = {{"CN", 2}, {"US", 2}};
    struct arena arena = ARENA_INIT;
    for (int status = 0; status < LICENCE_STATUS_COUNT; status++)
        for (int kind = 0; kind < LICENCE_KIND_COUNT; kind++)
            for (int activities = 1; activities < 1 << LICENCE_ACTIVITY_COUNT; activities++)
                for (int formats = 1; formats < 1 << LICENCE_FORMAT_COUNT; formats++)
                    for (int country = 0; country < 2; country++)
                        for (size_t t = 0; t < 4; t++)
                            for (int open = 0; open < 2; open++) {
                                struct licence l = a_licence();
                                struct licence_need need = a_need(NEED_REQUIRED);
                                struct licence_book book = {.licences = {&l, 1},
                                                            .needs = {&need, 1}};
                                l.status = (enum licence_status)status;
                                l.kind = (enum licence_kind)kind;
                                l.activities = (licence_mask)activities;
                                l.formats = (licence_mask)formats;
                                l.country = countries[country];
                                l.until = open ? 0 : UNTIL;
                                bool may = status == LICENCE_GRANTED && kind == LICENCE_ACTIVITY &&
                                           (activities & 1) && (formats & 2) && country == 0 &&
                                           times[t] >= FROM && (open || times[t] < UNTIL);
                                assert_int_equal(ebooks(&book, true, times[t]),
                                                 may ? LICENCE_FINE : LICENCE_MISSING);
                            }
    arena_free(&arena);
}

static void each_need_wants_its_own(void **state)
{
    (void)state;
    struct licence l = a_licence();
    struct licence_need needs[] = {a_need(NEED_REQUIRED), a_need(NEED_REQUIRED)};
    struct licence_book book = {.licences = {&l, 1}, .needs = {needs, 2}};
    needs[1].activity = ACTIVITY_IMPORT;
    assert_int_equal(ebooks(&book, false, FROM), LICENCE_MISSING);
    l.activities |= LICENCE_BIT(ACTIVITY_IMPORT);
    struct licence_answer answer = licence_decide(&book, STR("CN"), LICENCE_EBOOK, false, FROM);
    assert_int_equal(answer.standing, LICENCE_FINE);
    assert_ptr_equal(answer.licence, &l);
}

static enum licence_standing without(const struct licence_book *book, const struct licence *l)
{
    return licence_decide_without(book, STR("CN"), LICENCE_EBOOK, false, l, FROM).standing;
}

static void what_would_stop(void **state)
{
    (void)state;
    struct licence held[] = {a_licence(), a_licence(), a_licence()};
    struct licence_need needs[] = {a_need(NEED_REQUIRED), a_need(NEED_REQUIRED)};
    struct licence_book book = {.licences = {held, 2}, .needs = {needs, 2}};
    needs[1].activity = ACTIVITY_PUBLISH_ONLINE;
    held[1].activities = LICENCE_BIT(ACTIVITY_PUBLISH_ONLINE);
    assert_int_equal(without(&book, NULL), LICENCE_FINE);
    assert_int_equal(without(&book, &held[0]), LICENCE_MISSING);
    assert_int_equal(without(&book, &held[1]), LICENCE_MISSING);
    book.licences.n = 3; /* a second one for retail */
    assert_int_equal(without(&book, &held[0]), LICENCE_FINE);
    assert_int_equal(without(&book, &held[1]), LICENCE_MISSING);
    assert_int_equal(without(&book, &held[2]), LICENCE_FINE);
}

static void a_change_is_of_one_that_is_there(void **state)
{
    (void)state;
    struct licence l = a_licence();
    struct licence_need need = a_need(NEED_REQUIRED);
    struct licence_book book = {.licences = {&l, 1}, .needs = {&need, 1}};
    assert_false(licence_book_change(&book, &(struct licence){.id = 2}));
    assert_true(licence_book_change(
        &book, &(struct licence){.id = 1, .status = LICENCE_REVOKED, .since = FROM}));
    assert_int_equal(ebooks(&book, false, FROM), LICENCE_MISSING);
    assert_int_equal(l.until, UNTIL);
    assert_true(licence_book_change(
        &book, &(struct licence){.id = 1, .status = LICENCE_GRANTED, .until = UNTIL + 10}));
    assert_int_equal(ebooks(&book, false, UNTIL), LICENCE_FINE);
    assert_int_equal(ebooks(&book, false, UNTIL + 10), LICENCE_MISSING);
}

/* ---- time ---- */

static void time_alone_changes_answers(void **state)
{
    (void)state;
    struct licence l = a_licence();
    struct licence_book book = {.licences = {&l, 1}};
    assert_int_equal(licence_boundary(&book, FROM - 1), FROM);
    assert_int_equal(licence_boundary(&book, FROM), UNTIL);
    assert_true(licence_boundary(&book, UNTIL) == INT64_MAX);
    assert_true(licence_ends_soon(&l, FROM, UNTIL - FROM));
    assert_false(licence_ends_soon(&l, FROM, UNTIL - FROM - 1));
    assert_false(licence_expired(&l, UNTIL - 1));
    assert_true(licence_expired(&l, UNTIL));
    l.status = LICENCE_APPLIED;
    assert_true(licence_boundary(&book, FROM - 1) == INT64_MAX);
}

/* ---- in the offer ---- */

static void an_offer_says_what_is_missing(void **state)
{
    (void)state;
    struct licence_need need = a_need(NEED_REQUIRED);
    struct licence_answer answers[LICENCE_FORMAT_COUNT] = {{.standing = LICENCE_FINE}};
    struct market market = {.country = STR("CN"),
                            .currency = STR("CNY"),
                            .print_without_rights = true,
                            .today = 20260915,
                            .licences = answers};
    struct edition book = {.form = STR("BC")}, ebook = {.form = STR("EA"), .row_rights = STR("01")};
    struct offer offer;
    answers[LICENCE_EBOOK] = (struct licence_answer){LICENCE_MISSING, &need, NULL};
    offer_decide(&book, &market, &offer);
    assert_int_equal(offer.verdict, VERDICT_NO_SUPPLY);
    offer_decide(&ebook, &market, &offer);
    assert_int_equal(offer.verdict, VERDICT_LICENCE_MISSING);
    assert_string_equal(
        offer.evidence,
        "licence: activity for retail of ebook in CN needed and not held, entry 12");
    answers[LICENCE_EBOOK] = (struct licence_answer){.standing = LICENCE_NOT_RESEARCHED};
    offer_decide(&ebook, &market, &offer);
    assert_int_equal(offer.verdict, VERDICT_LICENCE_NOT_RESEARCHED);
    assert_string_equal(offer.evidence, "licence: no need stated for retail of ebook in CN");
    need = a_need(NEED_NOT_RESEARCHED);
    answers[LICENCE_EBOOK].need = &need;
    offer_decide(&ebook, &market, &offer);
    assert_string_equal(offer.evidence,
                        "licence: for retail of ebook in CN not researched, entry 12");
    assert_false(verdict_sells(offer.verdict));
    market.licences = NULL;
    offer_decide(&ebook, &market, &offer);
    assert_int_equal(offer.verdict, VERDICT_NO_SUPPLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_stated_is_closed),
        cmocka_unit_test(the_last_word_counts),
        cmocka_unit_test(a_statement_is_of_what_it_names),
        cmocka_unit_test(only_retail_opens),
        cmocka_unit_test(only_what_fits_permits),
        cmocka_unit_test(each_need_wants_its_own),
        cmocka_unit_test(what_would_stop),
        cmocka_unit_test(a_change_is_of_one_that_is_there),
        cmocka_unit_test(time_alone_changes_answers),
        cmocka_unit_test(an_offer_says_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
