/* The floor everything stands on: caps hold, foreign bytes are checked, times
 * and JSON have one form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/fault.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/json_text.h"
#include "base/markup.h"
#include "base/utf8.h"

/* ---- str ---- */

static void pieces_are_cut_one_by_one(void **state)
{
    (void)state;
    struct str rest = STR("a,,b,"), piece;
    static const char *const want[] = {"a", "", "b"};
    for (int i = 0; i < 3; i++) {
        assert_true(str_next(&rest, ',', &piece));
        assert_true(str_eq(piece, str_of(want[i])));
    }
    assert_false(str_next(&rest, ',', &piece));
    assert_int_equal(str_sub(STR("abc"), 2, 99).n, 1);
    assert_int_equal(str_sub(STR("abc"), 99, 1).n, 0);
    assert_true(str_eq(str_trim(STR(" \t\r\na b\v\f ")), STR("a b")));
    assert_int_equal(str_find_str(STR("abcab"), STR("cab")), 2);
    assert_int_equal(str_find_str(STR("ab"), STR("abc")), 2);
    assert_true(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("\xFF"), STR("a")) > 0);
    assert_true(str_eq(STR_NONE, STR("")) && str_cmp(STR_NONE, STR("")) == 0);
}

static void numbers_are_digits_only(void **state)
{
    (void)state;
    uint64_t n = 7;
    static const char *const bad[] = {"",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "0x1",
                                      "1.0",
                                      "1a",
                                      "18446744073709551616",
                                      "99999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(str_to_u64(str_of(bad[i]), &n));
    assert_int_equal(n, 7);
    assert_true(str_to_u64(STR("18446744073709551615"), &n));
    assert_true(n == UINT64_MAX);
    assert_true(str_to_u64(STR("007"), &n));
    assert_int_equal(n, 7);
}

/* ---- buf ---- */

static void a_write_past_the_maximum_is_dropped_whole(void **state)
{
    (void)state;
    BUF_AUTO b = BUF_INIT(8);
    buf_str_add(&b, STR("12345"));
    buf_str_add(&b, STR("6789"));
    assert_int_equal(buf_check(&b), RC_LIMIT);
    assert_true(str_eq(buf_str(&b), STR("12345")));
    buf_char(&b, 'x'); /* it would fit, but the text would have a hole */
    assert_int_equal(b.n, 5);
    buf_clear(&b);
    assert_int_equal(buf_check(&b), RC_OK);
    buf_str_add(&b, STR("12345678"));
    assert_int_equal(buf_check(&b), RC_OK);
    assert_int_equal(b.n, 8);
}

/* What fits, fits, whichever way it is written. */
static void the_maximum_is_the_same_for_every_writer(void **state)
{
    (void)state;
    BUF_AUTO printed = BUF_INIT(8);
    buf_printf(&printed, "%s", "12345678");
    assert_int_equal(buf_check(&printed), RC_OK);
    buf_clear(&printed);
    buf_printf(&printed, "%s", "123456789");
    assert_int_equal(buf_check(&printed), RC_LIMIT);
    BUF_AUTO coded = BUF_INIT(8);
    base64_add(&coded, "123456", 6);
    assert_int_equal(buf_check(&coded), RC_OK);
    assert_true(str_eq(buf_str(&coded), STR("MTIzNDU2")));
    BUF_AUTO none = BUF_INIT(0);
    buf_add(&none, "", 0);
    buf_printf(&none, "%s", "");
    base64_add(&none, "", 0);
    hex_add(&none, "", 0);
    assert_int_equal(buf_check(&none), RC_OK);
    assert_int_equal(none.n, 0);
}

static void numbers_are_written_whole(void **state)
{
    (void)state;
    BUF_AUTO b = BUF_INIT(200);
    buf_u64(&b, UINT64_MAX);
    buf_char(&b, ' ');
    buf_i64(&b, INT64_MIN);
    buf_char(&b, ' ');
    buf_u64(&b, 0);
    buf_char(&b, ' ');
    buf_be(&b, 0x0102030405, 3);
    assert_true(
        str_eq(buf_str(&b), STR("18446744073709551615 -9223372036854775808 0 \x03\x04\x05")));
}

static void an_arena_gives_zeroed_memory_of_any_size(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    static const size_t sizes[] = {0, 1, 7, 8, 4096, 1 << 20, 3};
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            char *p = arena_alloc(&arena, sizes[i]);
            assert_non_null(p);
            assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(p[k], 0);
            memset(p, 0xAA, sizes[i]);
        }
        arena_reset(&arena);
    }
    assert_true(str_eq(arena_printf(&arena, "%d %s", 5, "x"), STR("5 x")));
    assert_string_equal(arena_z(&arena, STR_NONE), "");
    assert_string_equal(ARENA_JOIN(&arena, STR("/us"), STR_NONE, STR("/books")).p, "/us/books");
    /* At every place in a block, the last one too; what was made before stays. */
    struct str texts[2000];
    for (unsigned i = 0; i < 2000; i++)
        texts[i] = arena_printf(&arena, "%0*u", (int)(i % 90 + 4), i);
    for (unsigned i = 0; i < 2000; i++) {
        assert_int_equal(texts[i].n, i % 90 + 4);
        assert_int_equal(strtoul(texts[i].p, NULL, 10), i);
    }
}

/* Blocks of the ordinary size, at most four of them: neither a large request nor many pieces make
 * every later one large. */
static void an_arena_keeps_a_usual_requests_blocks(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    arena_reset(&arena);
    assert_int_equal(arena_size(&arena), 0);
    char *first = arena_alloc(&arena, 100);
    size_t block = arena_size(&arena);
    arena_reset(&arena);
    assert_int_equal(arena_size(&arena), block);
    char *again = arena_alloc(&arena, 200);
    assert_ptr_equal(again, first);
    for (int i = 0; i < 200; i++)
        assert_int_equal(again[i], 0);
    arena_alloc(&arena, 1 << 20);
    arena_reset(&arena);
    assert_int_equal(arena_size(&arena), block);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++)
            memset(arena_alloc(&arena, 4000), 0xAA, 4000);
        assert_true(arena_size(&arena) > 20 * block);
        arena_reset(&arena);
        assert_int_equal(arena_size(&arena), 4 * block);
    }
    arena_free(&arena);
    assert_int_equal(arena_size(&arena), 0);
}

static void what_is_kept_of_a_buffer_has_memory_of_its_own(void **state)
{
    (void)state;
    BUF_AUTO b = BUF_INIT(1000);
    assert_null(buf_fitted(&b));
    assert_non_null(buf_reserve(&b, 500));
    assert_null(buf_fitted(&b)); /* room alone is nothing */
    assert_null(b.p);
    BUF_LIT(&b, "kept");
    const char *was = b.p;
    char *kept = buf_fitted(&b);
    assert_memory_equal(kept, "kept", 4);
    assert_ptr_not_equal(kept, was);
    assert_null(b.p);
    BUF_LIT(&b, "next"); /* with the maximum that it had */
    assert_int_equal(buf_check(&b), RC_OK);
    assert_memory_equal(kept, "kept", 4);
    free(kept);
}

/* ---- utf8 ---- */

/* Each byte in each place of a text as long as is looked at at once, and longer. */
static void what_has_an_entity_is_escaped_wherever_it_stands(void **state)
{
    (void)state;
    enum { LONGEST = 40 };
    BUF_AUTO out = BUF_INIT(1024);
    for (size_t n = 1; n <= LONGEST; n++)
        for (size_t at = 0; at < n; at++)
            for (unsigned c = 0; c <= UINT8_MAX; c++) {
                char text[LONGEST], want[LONGEST + 8] = "";
                const char *entity = c == '<'    ? "&lt;"
                                     : c == '>'  ? "&gt;"
                                     : c == '&'  ? "&amp;"
                                     : c == '"'  ? "&quot;"
                                     : c == '\'' ? "&#39;"
                                                 : NULL;
                char itself[2] = {(char)c, '\0'};
                size_t length = entity != NULL ? strlen(entity) : 1;
                memset(text, 'x', n);
                text[at] = (char)c;
                memset(want, 'x', n + length);
                memcpy(want + at, entity != NULL ? entity : itself, length);
                buf_clear(&out);
                markup_escape(&out, (struct str){text, n});
                assert_int_equal(out.n, n - 1 + length);
                assert_memory_equal(out.p, want, out.n);
            }
    buf_clear(&out);
    markup_escape(&out, STR("<<&'\">><a b='\"&\"'>"));
    assert_true(str_eq(buf_str(&out), STR("&lt;&lt;&amp;&#39;&quot;&gt;&gt;&lt;a b=&#39;&quot;&amp;"
                                          "&quot;&#39;&gt;")));
    markup_escape(&out, STR_NONE);
}

static void what_is_not_plain_is_found_wherever_it_stands(void **state)
{
    (void)state;
    enum { LONGEST = 20 };
    for (size_t n = 1; n <= LONGEST; n++)
        for (size_t at = 0; at < n; at++) {
            char text[LONGEST + 1];
            size_t found;
            memset(text, 'x', n);
            text[at] = '\x80';
            assert_false(utf8_valid((struct str){text, n}, &found));
            assert_int_equal(found, at);
            memcpy(text + at, "\xc3\xa9", 2); /* one longer */
            memset(text + at + 2, 'x', sizeof text - at - 2);
            assert_true(utf8_valid((struct str){text, n + 1}, NULL));
            assert_int_equal(utf8_valid((struct str){text, at + 1}, &found), false);
            assert_int_equal(found, at);
        }
}

static void malformed_utf8_is_found_at_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t at;
    } bad[] = {{"\x80", 0},
               {"a\xC0\x80", 1},
               {"ab\xC1\xBF", 2},
               {"\xE0\x80\x80", 0},
               {"\xED\xA0\x80", 0},
               {"\xED\xBF\xBF", 0},
               {"\xF0\x80\x80\x80", 0},
               {"\xF4\x90\x80\x80", 0},
               {"\xF5\x80\x80\x80", 0},
               {"\xFF", 0},
               {"é\xC3", 2},
               {"\xE2\x82", 0},
               {"\xF0\x9F\x98", 0},
               {"\xC3(", 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t at = 99;
        assert_false(utf8_valid(str_of(bad[i].bytes), &at));
        assert_int_equal(at, bad[i].at);
    }
    assert_true(utf8_valid(STR("a\0é€😀\xF4\x8F\xBF\xBF"), NULL));
    assert_true(utf8_valid(STR_NONE, NULL));
}

static void clean_text_has_no_controls(void **state)
{
    (void)state;
    assert_true(utf8_clean(STR("two\n\tlines, é 盐")));
    static const struct str bad[] = {{"\r", 1},       {"\0", 1},       {"\x1B[0m", 4}, {"\x7F", 1},
                                     {"\xC2\x85", 2}, {"\xC2\x9F", 2}, {"\xFF", 1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(utf8_clean(bad[i]));
}

static void text_is_counted_and_cut_in_characters(void **state)
{
    (void)state;
    struct str s = STR("aé盐😀");
    assert_int_equal(utf8_length(s), 4);
    static const size_t bytes[] = {0, 1, 3, 6, 10, 10};
    for (size_t n = 0; n < 6; n++)
        assert_int_equal(utf8_cut(s, n).n, bytes[n]);
    assert_true(utf8_has_cjk(s));
    assert_true(utf8_has_cjk(STR("한")) && utf8_has_cjk(STR("ひ")));
    assert_false(utf8_has_cjk(STR("aé😀")));
}

/* ---- clock ---- */

static void times_have_one_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t t;
    } good[] = {{"1970-01-01T00:00:00Z", 0},
                {"2026-11-24T06:07:00Z", 1795500420},
                {"2024-02-29T23:59:59Z", 1709251199},
                {"1969-12-31T23:59:59Z", -1},
                {"0001-01-01T00:00:00Z", -62135596800},
                {"9999-12-31T23:59:59Z", 253402300799}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        BUF_AUTO b = BUF_INIT(40);
        int64_t t;
        assert_true(time_parse(str_of(good[i].text), &t));
        assert_int_equal(t, good[i].t);
        time_add(&b, t);
        assert_true(str_eq(buf_str(&b), str_of(good[i].text)));
    }
    static const char *const bad[] = {"",
                                      "2026-11-24",
                                      "2026-11-24T06:07:00",
                                      "2026-11-24T06:07:00z",
                                      "2026-11-24t06:07:00Z",
                                      "2026-11-24 06:07:00Z",
                                      "2026-11-24T06:07:00+00:00",
                                      "2026-11-24T06:07:00.0Z",
                                      "2026-11-24T24:00:00Z",
                                      "2026-11-24T23:60:00Z",
                                      "2026-12-31T23:59:60Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-01-00T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "0000-01-01T00:00:00Z",
                                      "-026-01-01T00:00:00Z",
                                      "+026-01-01T00:00:00Z",
                                      "2026-1-01T00:00:000Z",
                                      " 2026-11-24T06:07:00Z",
                                      "2026-11-24T-6:07:00Z",
                                      "2026-11-24T06:07:00ZZ"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t t = 5;
        if (time_parse(str_of(bad[i]), &t))
            fail_msg("accepted: %s", bad[i]);
        assert_int_equal(t, 5);
    }
}

static void days_follow_one_another(void **state)
{
    (void)state;
    int32_t last = 0;
    for (int64_t t = -62135596800; t < 253402300800; t += 86400) {
        int32_t date = date_of(t);
        assert_true(date > last && date_valid(date));
        assert_int_equal(date_start(date), t);
        assert_int_equal(date_end(date), t + 86400);
        assert_int_equal(date_of(t + 86399), date);
        last = date;
    }
    assert_int_equal(date_of(-1), 19691231);
}

static void dates_may_lack_day_and_month(void **state)
{
    (void)state;
    assert_true(date_valid(20240000) && date_valid(20240200) && date_valid(20240229));
    static const int32_t bad[] = {0,        -1,       20230229, 20240001, 20241301,
                                  20240431, 20240132, 1231,     100000101};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(date_valid(bad[i]));
    assert_int_equal(date_start(20240000), date_start(20240101));
    assert_int_equal(date_end(20240000), date_start(20250101));
    assert_int_equal(date_end(20240200), date_start(20240301));
    assert_int_equal(date_end(20241200), date_start(20250101));
    static const struct {
        int32_t date;
        const char *text;
    } written[] = {{20240000, "2024"}, {20240200, "2024-02"}, {20240229, "2024-02-29"}};
    for (int i = 0; i < 3; i++) {
        BUF_AUTO b = BUF_INIT(40);
        date_add(&b, written[i].date);
        assert_true(str_eq(buf_str(&b), str_of(written[i].text)));
    }
}

/* ---- json ---- */

static void canonical_json_has_one_form(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {{"{ \"b\" : 1 , \"a\":[ true,null,-3 ] }", "{\"a\":[true,null,-3],\"b\":1}"},
                 {"{\"\\u00e9\":\"\\u76d0\\/\\\"\\\\\",\"z\":\"\\n\\t\"}",
                  "{\"z\":\"\\n\\t\",\"é\":\"盐/\\\"\\\\\"}"},
                 {"[]", "[]"},
                 {"{}", "{}"},
                 {"[9007199254740991,-9007199254740991]", "[9007199254740991,-9007199254740991]"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        JSON_AUTO *json = NULL;
        BUF_AUTO b = BUF_INIT(500);
        assert_int_equal(json_read(str_of(cases[i].text), &json, NULL), RC_OK);
        assert_int_equal(json_write_canonical(json, &b, NULL), RC_OK);
        if (!str_eq(buf_str(&b), str_of(cases[i].want)))
            fail_msg("%.*s", STR_ARG(buf_str(&b)));
    }
}

static void what_has_no_canonical_form_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "[1.5]",         "[1e2]",           "[9007199254740992]", "[-9007199254740992]",
        "[\"\\u0007\"]", "{\"\\u007f\":1}", "[[[\"\\u0085\"]]]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        JSON_AUTO *json = NULL;
        BUF_AUTO b = BUF_INIT(500);
        assert_int_equal(json_read(str_of(bad[i]), &json, NULL), RC_OK);
        assert_int_equal(json_write_canonical(json, &b, NULL), RC_INVALID);
    }
    JSON_AUTO *json = json_pack("[s]", "longer than the buffer");
    BUF_AUTO small = BUF_INIT(10);
    assert_int_equal(json_write_canonical(json, &small, NULL), RC_LIMIT);
}

/* Whatever a text holds, it is read again as it was, and ends no element of HTML. */
static void json_is_written_as_one_goes(void **state)
{
    (void)state;
    char all[128 + 7];
    for (int i = 0; i < 128; i++)
        all[i] = (char)i;
    memcpy(all + 128, "\u4e2d\U0001f4da", 7);
    struct str text = {all, sizeof all};
    BUF_AUTO b = BUF_INIT(4096);
    buf_char(&b, '{');
    json_text_str(&b, "text", text);
    size_t none = json_text_list(&b, "none");
    json_text_list_end(&b, none);
    size_t list = json_text_list(&b, "list");
    json_text_str(&b, NULL, STR("["));
    json_text_object(&b, NULL);
    json_text_int(&b, "least", INT64_MIN);
    json_text_object_end(&b);
    json_text_list_end(&b, list);
    buf_char(&b, '}');
    assert_int_equal(buf_check(&b), RC_OK);
    for (size_t i = 0; i < b.n; i++)
        assert_true(b.p[i] != '<' && b.p[i] != '>' && b.p[i] != '&' && b.p[i] != '\n');

    /* Jansson takes a NUL within a text only where it is asked to. */
    JSON_AUTO *json = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    assert_non_null(json);
    assert_int_equal(json_object_size(json), 2);
    assert_true(str_eq(json_member_str(json, "text"), text));
    json_t *read = json_object_get(json, "list");
    assert_int_equal(json_array_size(read), 2);
    assert_string_equal(json_string_value(json_array_get(read, 0)), "[");
    int64_t least;
    assert_true(json_member_int(json_array_get(read, 1), "least", &least));
    assert_true(least == INT64_MIN);
}

static void bare_json_is_the_canonical_form(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "a<b>&c", "\"\\\"\n\t/", "\u4e2d\U0001f4da\u2028"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        BUF_AUTO bare = BUF_INIT(4096);
        BUF_AUTO tree = BUF_INIT(4096);
        buf_char(&bare, '{');
        json_text_bare(&bare, "text", str_of(texts[i]));
        buf_char(&bare, '}');
        JSON_AUTO *json = json_object();
        json_object_set_new(json, "text", json_from_str(str_of(texts[i])));
        assert_int_equal(json_write_canonical(json, &tree, NULL), RC_OK);
        assert_true(str_eq(buf_str(&bare), buf_str(&tree)));
    }
}

static void bad_json_is_refused_with_its_place(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "{",
                                      "nul",
                                      "[1,]",
                                      "{\"a\":1,\"a\":2}",
                                      "[1] x",
                                      "\xFF",
                                      "[\"\xED\xA0\x80\"]",
                                      "['a']",
                                      "[01]",
                                      "[\"\\ud800\"]",
                                      "[\"\\u0000",
                                      "[99999999999999999999]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        JSON_AUTO *json = NULL;
        struct fault fault = {""};
        if (json_read(str_of(bad[i]), &json, &fault) != RC_INVALID)
            fail_msg("accepted: %s", bad[i]);
        assert_non_null(strstr(fault.text, "line"));
        assert_null(json);
    }
    BUF_AUTO deep = BUF_INIT(1u << 20);
    for (int i = 0; i < 500000; i++)
        buf_char(&deep, '[');
    JSON_AUTO *json = NULL;
    assert_int_equal(json_read(buf_str(&deep), &json, NULL), RC_INVALID);
}

/* ---- encode ---- */

static void hex_is_lower_case_and_exact(void **state)
{
    (void)state;
    uint8_t got[2] = {7, 7};
    assert_true(hex_decode(STR("0aff"), got, 2));
    assert_memory_equal(got, "\x0a\xff", 2);
    static const char *const bad[] = {"",     "0",    "0a",   "0af",  "0aff0", "0aff00",
                                      "0AFF", "0aF0", "0agg", "0a f", "0x0a",  " 0af"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(hex_decode(str_of(bad[i]), got, 2));
}

static void base64_is_strict(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } good[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char got[10];
        size_t n;
        BUF_AUTO b = BUF_INIT(20);
        base64_add(&b, good[i].bytes, strlen(good[i].bytes));
        assert_true(str_eq(buf_str(&b), str_of(good[i].text)));
        assert_true(base64_decode(str_of(good[i].text), got, sizeof got, &n));
        assert_true(str_eq((struct str){got, n}, str_of(good[i].bytes)));
    }
    static const char *const bad[] = {
        "Z",    "Zg",   "Zg=",      "Zg===",   "Zh==",          "Zm9=",
        "=",    "====", "Zg==Zg==", "Zm 9v",   "Zm9v\n",        "Zm-v",
        "Zm_v", "Z===", "Zm9v====", "\xE2m9v", "Zm9v4\x80\x94v"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char got[20];
        size_t n;
        if (base64_decode(str_of(bad[i]), got, sizeof got, &n))
            fail_msg("accepted: %s", bad[i]);
    }
    char got[2];
    size_t n;
    assert_false(base64_decode(STR("Zm9v"), got, sizeof got, &n)); /* no room */
    assert_false(base64_decode_exact(STR("Zg=="), got, 2));
}

static void hashes_of_parts_are_those_of_the_whole(void **state)
{
    (void)state;
    struct hash whole = sha256("abc", 3), abc;
    assert_true(hex_decode(STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                           abc.b, 32));
    assert_true(hash_eq(&whole, &abc));
    struct str const parts[] = {STR("a"), STR_NONE, STR("bc")};
    struct hash joined = sha256_parts(parts, 3), none = sha256_parts(NULL, 0),
                empty = sha256("", 0);
    assert_true(hash_eq(&joined, &abc));
    assert_true(hash_eq(&none, &empty));
}

/* ---- fault, rc ---- */

static void a_fault_is_cut_at_a_character(void **state)
{
    (void)state;
    for (int shift = 0; shift < 4; shift++) {
        struct fault fault;
        char text[600];
        memset(text, 'x', sizeof text);
        for (size_t i = (size_t)shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "盐", 3);
        text[sizeof text - 1] = 0;
        assert_int_equal(fault_set(&fault, RC_BUSY, "%s", text), RC_BUSY);
        assert_true(utf8_valid(str_of(fault.text), NULL));
        assert_in_range(strlen(fault.text), sizeof fault.text - 4, sizeof fault.text - 1);
        assert_int_equal(fault_prefix(&fault, RC_IO, "%s", text), RC_IO);
        assert_true(utf8_valid(str_of(fault.text), NULL));
    }
    struct fault fault;
    assert_int_equal(fault_set(&fault, RC_IO, "disk full"), RC_IO);
    assert_int_equal(fault_prefix(&fault, RC_IO, "writing %s", "x"), RC_IO);
    assert_string_equal(fault.text, "writing x: disk full");
    assert_int_equal(fault_set(NULL, RC_IO, "lost"), RC_IO);
    assert_int_equal(fault_prefix(NULL, RC_IO, "lost"), RC_IO);
}

static void sets_are_sorted_and_hold_each_id_once(void **state)
{
    (void)state;
    uint64_t v[] = {7, UINT64_MAX, 0, 7, 3, 0};
    assert_int_equal(ids_sort(v, 6), 4);
    static const uint64_t want[] = {0, 3, 7, UINT64_MAX};
    assert_memory_equal(v, want, sizeof want);
    for (size_t i = 0; i < 4; i++)
        assert_true(ids_have(v, 4, want[i]));
    assert_false(ids_have(v, 4, 4));
    assert_false(ids_have(v, 3, UINT64_MAX));
    assert_int_equal(ids_sort(NULL, 0), 0);
    assert_false(ids_have(NULL, 0, 0));
}

static void every_code_has_a_name(void **state)
{
    (void)state;
    for (int i = 0; i < RC_COUNT; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(rc_name((enum rc)i), rc_name((enum rc)k));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_cut_one_by_one),
        cmocka_unit_test(numbers_are_digits_only),
        cmocka_unit_test(a_write_past_the_maximum_is_dropped_whole),
        cmocka_unit_test(the_maximum_is_the_same_for_every_writer),
        cmocka_unit_test(numbers_are_written_whole),
        cmocka_unit_test(an_arena_gives_zeroed_memory_of_any_size),
        cmocka_unit_test(an_arena_keeps_a_usual_requests_blocks),
        cmocka_unit_test(what_is_kept_of_a_buffer_has_memory_of_its_own),
        cmocka_unit_test(what_has_an_entity_is_escaped_wherever_it_stands),
        cmocka_unit_test(malformed_utf8_is_found_at_its_place),
        cmocka_unit_test(what_is_not_plain_is_found_wherever_it_stands),
        cmocka_unit_test(clean_text_has_no_controls),
        cmocka_unit_test(text_is_counted_and_cut_in_characters),
        cmocka_unit_test(times_have_one_form),
        cmocka_unit_test(days_follow_one_another),
        cmocka_unit_test(dates_may_lack_day_and_month),
        cmocka_unit_test(canonical_json_has_one_form),
        cmocka_unit_test(json_is_written_as_one_goes),
        cmocka_unit_test(bare_json_is_the_canonical_form),
        cmocka_unit_test(what_has_no_canonical_form_is_refused),
        cmocka_unit_test(bad_json_is_refused_with_its_place),
        cmocka_unit_test(hex_is_lower_case_and_exact),
        cmocka_unit_test(base64_is_strict),
        cmocka_unit_test(hashes_of_parts_are_those_of_the_whole),
        cmocka_unit_test(a_fault_is_cut_at_a_character),
        cmocka_unit_test(sets_are_sorted_and_hold_each_id_once),
        cmocka_unit_test(every_code_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
