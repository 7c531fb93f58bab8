/* Which editions meet as one work, and which must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "domain/work_key.h"

static void assert_fold(const char *text, const char *want)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str got = work_key_fold(&arena, str_of(text));
    if (!str_eq(got, str_of(want)))
        fail_msg("\"%s\" folds to \"%.*s\", not \"%s\"", text, STR_ARG(got), want);
}

static bool fold_alike(const char *a, const char *b)
{
    ARENA_AUTO arena = ARENA_INIT;
    return str_eq(work_key_fold(&arena, str_of(a)), work_key_fold(&arena, str_of(b)));
}

static void spelling_of_one_title_is_one(void **state)
{
    (void)state;
    assert_fold("The Salt Almanac: A Year!", "thesaltalmanacayear");
    assert_fold("", "");
    assert_fold("—…!", "");
    assert_fold("Élan vital", "elanvital");
    assert_fold("E\xCC\x81lan vital", "elanvital");
    assert_fold("STRASSE", "strasse");
    assert_fold("Straße", "strasse");
    assert_fold("Ａｂｃ１２３", "abc123");
    assert_fold("盐历", "盐历");
    assert_fold("盐 历（第２版）", "盐历第2版");
    assert_true(fold_alike("İstanbul", "istanbul"));
    assert_true(fold_alike("שָׁלוֹם", "שלום"));
    assert_true(fold_alike("ВОЙНА И МИР", "Война и мир"));
}

/* Letters that another script writes as marks are letters. */
static void titles_that_differ_stay_apart(void **state)
{
    (void)state;
    assert_false(fold_alike("की", "का"));
    assert_false(fold_alike("カキ", "ガギ"));
    assert_false(fold_alike("ที่", "ทา"));
    assert_false(fold_alike("தமிழ்", "தமழ"));
    assert_false(fold_alike("盐历", "鹽曆"));
}

static void any_bytes_fold_to_clean_text(void **state)
{
    (void)state;
    static const char *const hostile[] = {
        "\xFF\xFE",     "a\xC3",    "\xED\xA0\x80", "\xF4\x90\x80\x80",
        "ﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺ", "ΐΐΐΐΐΐΐΐ", "ﬃﬃﬃﬃ",         "𝔘𝔫𝔦𝔠𝔬𝔡𝔢"};
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        ARENA_AUTO arena = ARENA_INIT;
        struct str got = work_key_fold(&arena, str_of(hostile[i]));
        assert_true(utf8_clean(got));
        assert_true(i < 4 || got.n > 0);
    }
}

/* ---- keys ---- */

#define S(text)                                                                                    \
    {                                                                                              \
        "" text, sizeof(text) - 1                                                                  \
    }

static struct contributor by[] = {{.unnamed = S("04")}, {.name = S("Inés Marlow")}};
static struct text_language english[] = {{S("01"), S("eng"), {0}}};

static struct edition almanac(void)
{
    struct edition e = {.isbn13 = "9780306406157", .title = {.text = S("Salt Almanac")}};
    e.contributors.v = by;
    e.contributors.n = 2;
    e.languages.v = english;
    e.languages.n = 1;
    return e;
}

static void assert_keys(const struct edition *e, size_t room, const char *const *want, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str keys[16];
    size_t got = work_keys(&arena, e, keys, room);
    assert_int_equal(got, n);
    for (size_t i = 0; i < n; i++)
        if (!str_eq(keys[i], str_of(want[i])))
            fail_msg("key %zu is \"%.*s\", not \"%s\"", i, STR_ARG(keys[i]), want[i]);
}

static void the_strongest_key_comes_first(void **state)
{
    (void)state;
    static struct related works[] = {{S("01"), {S("11"), {0}, S("A02-2009-000004BE-A")}},
                                     {S("29"), {S("11"), {0}, S("another work")}},
                                     {S("01"), {S("11"), {0}, {0}}}};
    static struct related products[] = {{S("06"), {S("15"), {0}, S("9780131103627")}},
                                        {S("13"), {S("03"), {0}, S("9780804429573")}},
                                        {S("27"), {S("15"), {0}, S("9791090636071")}},
                                        {S("11"), {S("15"), {0}, S("9798602405453")}},
                                        {S("06"), {S("01"), {0}, S("1234567890123")}},
                                        {S("06"), {S("15"), {0}, S("0131103628")}}};
    static const char *const want[] = {
        "work:11:A02-2009-000004BE-A", "isbn:9780306406157", "isbn:9780131103627",
        "isbn:9780804429573",          "isbn:9791090636071", "title:saltalmanac||inesmarlow|en"};
    struct edition e = almanac();
    e.related_works.v = works;
    e.related_works.n = 3;
    e.related_products.v = products;
    e.related_products.n = 6;
    for (size_t room = 0; room <= 6; room++)
        assert_keys(&e, room, want, room);
    assert_keys(&e, 16, want, 6);
}

static void a_title_needs_somebody(void **state)
{
    (void)state;
    struct edition e = almanac();
    static struct publisher publishers[] = {{S("02"), S("Gull")}, {S("01"), S("Heron Street")}};
    e.isbn13[0] = 0;
    e.contributors.n = 1; /* unnamed */
    assert_keys(&e, 16, NULL, 0);
    e.publishers.v = publishers;
    e.publishers.n = 2;
    assert_keys(&e, 16, (const char *[]){"title:saltalmanac||publisher heronstreet|en"}, 1);
    e.title.text = STR("?");
    assert_keys(&e, 16, NULL, 0);
}

/* A volume, and a translation, is a work of its own. */
static void parts_and_languages_tell_works_apart(void **state)
{
    (void)state;
    static struct text_language chinese[] = {{S("02"), S("eng"), {0}},
                                             {S("01"), S("chi"), S("Hans")}};
    struct edition e = almanac();
    e.isbn13[0] = 0;
    e.title.part = STR("2.");
    assert_keys(&e, 16, (const char *[]){"title:saltalmanac|2|inesmarlow|en"}, 1);
    e.languages.v = chinese;
    e.languages.n = 2;
    assert_keys(&e, 16, (const char *[]){"title:saltalmanac|2|inesmarlow|zh-Hans"}, 1);
}

/* What separates the parts of a key cannot stand in a part. */
static void a_title_cannot_forge_a_key(void **state)
{
    (void)state;
    struct edition e = almanac();
    e.isbn13[0] = 0;
    e.title.text = STR("Salt|Almanac||x|en");
    assert_keys(&e, 16, (const char *[]){"title:saltalmanacxen||inesmarlow|en"}, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spelling_of_one_title_is_one),
        cmocka_unit_test(titles_that_differ_stay_apart),
        cmocka_unit_test(any_bytes_fold_to_clean_text),
        cmocka_unit_test(the_strongest_key_comes_first),
        cmocka_unit_test(a_title_needs_somebody),
        cmocka_unit_test(parts_and_languages_tell_works_apart),
        cmocka_unit_test(a_title_cannot_forge_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
