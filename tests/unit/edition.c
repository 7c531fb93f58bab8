/* What pages read off an edition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "domain/edition.h"
#include "domain/edition_update.h"

#define S(text)                                                                                    \
    {                                                                                              \
        "" text, sizeof(text) - 1                                                                  \
    }

static void forms_that_need_no_shipping(void **state)
{
    (void)state;
    static const char *const digital[] = {"EA", "EB", "EC", "ED", "E",  "LA",
                                          "LB", "LC", "AJ", "AN", "AO", "SG"};
    static const char *const things[] = {"",   "BB", "BC", "AA", "AC", "AE", "A",  "DA", "DB",
                                         "DM", "SA", "S",  "PB", "VI", "ZE", "00", "ed", "je"};
    for (size_t i = 0; i < sizeof digital / sizeof *digital; i++) {
        struct edition e = {.form = str_of(digital[i])};
        assert_true(edition_is_digital(&e));
    }
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        struct edition e = {.form = str_of(things[i])};
        assert_false(edition_is_digital(&e));
    }
}

static void assert_language(struct text_language *v, size_t n, const char *want)
{
    struct edition e = {0};
    e.languages.v = v;
    e.languages.n = n;
    struct str got = edition_language(&e);
    if (!str_eq(got, str_of(want)))
        fail_msg("%.*s, not %s", STR_ARG(got), want);
}

static void languages_are_those_of_the_text(void **state)
{
    (void)state;
    struct text_language translated[] = {{S("02"), S("eng"), {0}}, {S("01"), S("ger"), {0}}};
    struct text_language hans[] = {{S("01"), S("chi"), S("Hans")}},
                         hant[] = {{S("01"), S("chi"), S("Hant")}},
                         chi[] = {{S("01"), S("chi"), {0}}}, spoken[] = {{S("08"), S("fre"), {0}}},
                         rare[] = {{S("01"), S("haw"), {0}}},
                         original[] = {{S("02"), S("eng"), {0}}};
    assert_language(translated, 2, "de");
    assert_language(hans, 1, "zh-Hans");
    assert_language(hant, 1, "zh-Hant");
    assert_language(chi, 1, "zh");
    assert_language(spoken, 1, "fr");
    assert_language(rare, 1, "haw");
    assert_language(original, 1, "und");
    assert_language(NULL, 0, "und");
    /* It goes into the pages' lang attribute: nothing but a code may come out. */
    static const char *const bad[] = {"", "en", "ENG", "\"><", "e g", "engl", "12a"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct text_language l[] = {{S("01"), str_of(bad[i]), {0}}};
        assert_language(l, 1, "und");
    }
}

static void assert_title(const char *prefix, const char *text, size_t room, const char *want)
{
    struct edition e = {.title = {.prefix = str_of(prefix), .text = str_of(text)}};
    char *exact = malloc(room > 0 ? room : 1); /* so that a byte too many is seen */
    struct str got = edition_display_title(&e, exact, room);
    assert_true(str_eq(got, str_of(want)));
    free(exact);
}

static void titles_join_their_prefix(void **state)
{
    (void)state;
    assert_title("The", "Salt Almanac", 100, "The Salt Almanac");
    assert_title("", "Salt Almanac", 100, "Salt Almanac");
    assert_title("L'", "Étranger", 100, "L'Étranger");
    assert_title("L’", "Étranger", 100, "L’Étranger");
    assert_title("The", "", 100, "The");
    assert_title("", "", 100, "");
}

static void titles_are_cut_at_a_character(void **state)
{
    (void)state;
    assert_title("", "盐历", 6, "盐历");
    assert_title("", "盐历", 5, "盐");
    assert_title("", "盐历", 3, "盐");
    assert_title("", "盐历", 2, "");
    assert_title("The", "Salt", 3, "The");
    assert_title("The", "Salt", 0, "");
    assert_title("The", "Élan", 5, "The");
    for (size_t room = 0; room < 40; room++) {
        struct edition e = {.title = {.prefix = S("Ĺ’"), .text = S("𝔘𝔫𝔦𝔠𝔬𝔡𝔢 盐历")}};
        char *exact = malloc(room > 0 ? room : 1);
        assert_true(utf8_valid(edition_display_title(&e, exact, room), NULL));
        free(exact);
    }
}

static void dates_publishers_pages_and_subjects(void **state)
{
    (void)state;
    struct edition e = {0};
    assert_int_equal(edition_published(&e), 0);
    assert_int_equal(edition_publisher(&e).n, 0);
    assert_int_equal(edition_pages(&e), 0);
    assert_int_equal(edition_thema(&e).n, 0);
    struct role_date dates[] = {{S("11"), 20100000}, {S("01"), 20240517}};
    e.dates.v = dates;
    e.dates.n = 1;
    assert_int_equal(edition_published(&e), 20100000);
    e.dates.n = 2;
    assert_int_equal(edition_published(&e), 20240517);
    struct str imprints[] = {S("Heron")};
    e.imprints.v = imprints;
    e.imprints.n = 1;
    assert_true(str_eq(edition_publisher(&e), STR("Heron")));
    struct publisher publishers[] = {{S("02"), S("Gull")}, {S("01"), S("Heron Street Press")}};
    e.publishers.v = publishers;
    e.publishers.n = 1;
    assert_true(str_eq(edition_publisher(&e), STR("Gull")));
    e.publishers.n = 2;
    assert_true(str_eq(edition_publisher(&e), STR("Heron Street Press")));
}

static void pages_are_those_of_the_content(void **state)
{
    (void)state;
    struct extent extents[] = {{S("05"), S("352"), S("03")},
                               {S("22"), S("4096"), S("17")},
                               {S("08"), S("300"), S("03")},
                               {S("00"), S("320"), S("03")}};
    struct edition e = {0};
    e.extents.v = extents;
    e.extents.n = 4;
    assert_int_equal(edition_pages(&e), 320);
    e.extents.n = 3;
    assert_int_equal(edition_pages(&e), 300);
    e.extents.n = 2;
    assert_int_equal(edition_pages(&e), 352);
    static const char *const bad[] = {"", "-5", "1e3", "1000000", "99999999999999999999", "3 50"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct extent x[] = {{S("00"), str_of(bad[i]), S("03")}};
        e.extents.v = x;
        e.extents.n = 1;
        assert_int_equal(edition_pages(&e), 0);
    }
}

static void the_main_thema_subject_goes_before(void **state)
{
    (void)state;
    struct subject subjects[] = {{S("10"), S("FIC000000"), {0}, true},
                                 {S("93"), {0}, {0}, true},
                                 {S("93"), S("FBA"), {0}, false},
                                 {S("93"), S("FBC"), {0}, true}};
    struct edition e = {0};
    e.subjects.v = subjects;
    e.subjects.n = 3;
    assert_true(str_eq(edition_thema(&e), STR("FBA")));
    e.subjects.n = 4;
    assert_true(str_eq(edition_thema(&e), STR("FBC")));
}

/* An update of ONIX 2.1: what it says takes the place of the same, and nothing else goes. */
static void a_partial_update_changes_what_it_says(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct role_date dates[] = {{S("01"), 20200101}, {S("11"), 18130000}},
                     later[] = {{S("01"), 20210101}};
    struct sales_restriction only[] = {{S("06"), 0, 0}};
    struct sales_rights rights[] = {{.type = S("03")}};
    struct product_supply stood[] = {{.restrictions = {only, 1}}}, sent[] = {{.has_market = true}};
    struct text_language spoken[] = {{S("01"), S("fre"), {0}}};
    struct edition e = {.blocks = BLOCK_DESCRIPTIVE,
                        .form = S("BC"),
                        .title = {.text = S("Candide")},
                        .languages = {spoken, 1},
                        .dates = {dates, 2},
                        .rights = {rights, 1},
                        .row_rights = S("01"),
                        .supplies = {stood, 1}};
    struct edition update = {
        .blocks = BLOCK_SUPPLY, .status = S("07"), .dates = {later, 1}, .supplies = {sent, 1}};
    edition_apply_partial(&e, &update, &arena);
    assert_int_equal(e.blocks, BLOCK_DESCRIPTIVE | BLOCK_SUPPLY);
    assert_true(str_is(e.title.text, "Candide") && str_is(e.form, "BC") && e.languages.n == 1);
    assert_true(str_is(e.status, "07"));
    assert_int_equal(e.dates.n, 2);
    assert_int_equal(edition_published(&e), 20210101);
    /* Rights that nobody takes back, and a restriction that stood with the supply. */
    assert_true(e.rights.n == 1 && str_is(e.row_rights, "01"));
    assert_true(e.supplies.v[0].has_market);
    assert_true(str_is(e.supplies.v[0].restrictions.v[0].type, "06"));
    struct edition rest = {.row_rights = S("03")};
    edition_apply_partial(&e, &rest, &arena);
    assert_true(e.rights.n == 1 && str_is(e.row_rights, "03"));
}

/* Of NotForSale and SalesRestriction, which are elements of their own in 2.1. */
static void an_update_of_rights_opens_nothing_that_was_shut(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct sales_restriction only[] = {{S("04"), 0, 0}};
    struct sales_rights rights[] = {{.type = S("03")},
                                    {.type = S("01"), .restrictions = {only, 1}}};
    struct sales_rights sent[] = {{.type = S("02")}},
                        shut[] = {{.type = S("06")}, {.type = S("01")}};
    struct edition e = {.rights = {rights, 2}};
    struct edition update = {.rights = {sent, 1}};
    edition_apply_partial(&e, &update, &arena);
    assert_int_equal(e.rights.n, 2);
    assert_true(str_is(e.rights.v[0].type, "03") && str_is(e.rights.v[1].type, "02"));
    assert_true(str_is(e.rights.v[1].restrictions.v[0].type, "04"));
    /* One that says where it is not for sale is the whole of that. */
    struct edition again = {.rights = {shut, 2}};
    edition_apply_partial(&e, &again, &arena);
    assert_int_equal(e.rights.n, 2);
    assert_true(str_is(e.rights.v[0].type, "06") && str_is(e.rights.v[1].type, "01"));
    assert_int_equal(e.rights.v[1].restrictions.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_that_need_no_shipping),
        cmocka_unit_test(languages_are_those_of_the_text),
        cmocka_unit_test(titles_join_their_prefix),
        cmocka_unit_test(titles_are_cut_at_a_character),
        cmocka_unit_test(dates_publishers_pages_and_subjects),
        cmocka_unit_test(pages_are_those_of_the_content),
        cmocka_unit_test(the_main_thema_subject_goes_before),
        cmocka_unit_test(a_partial_update_changes_what_it_says),
        cmocka_unit_test(an_update_of_rights_opens_nothing_that_was_shut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
