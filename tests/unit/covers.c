/* Covers: readable, inside their frame, and different from each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "web/covers.h"

static double channel(const char *hex)
{
    char two[3] = {hex[0], hex[1], 0};
    double c = (double)strtoul(two, NULL, 16) / 255;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(const char *colour)
{
    return 0.2126 * channel(colour + 1) + 0.7152 * channel(colour + 3) +
           0.0722 * channel(colour + 5);
}

/* WCAG 2.2's contrast ratio. */
static double contrast(const char *a, const char *b)
{
    double la = luminance(a), lb = luminance(b);
    return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

static void type_can_be_read(void **state)
{
    (void)state;
    assert_true(PALETTES >= 8 && COMPOSITIONS >= 8);
    for (int i = 0; i < PALETTES; i++)
        assert_true(contrast(cover_palettes[i].ink, cover_palettes[i].ground) >= 4.5);
}

static const char *const titles[] = {
    "Emma",
    "I",
    "The Life and Strange Surprizing Adventures of Robinson Crusoe, of York, Mariner: Who lived "
    "Eight and Twenty Years, all alone in an un-inhabited Island on the Coast of America",
    "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "Wuthering Heights",
    "论语",
    "世说新语",
    "唐诗三百首",
    "一个很长很长的书名用来看看竖排的标签会不会伸到图案里面去",
    "一个很长很长的书名用来看看竖排的标签会不会伸到图案里面去一个很长很长的书名用来看看竖排的标签",
    "C 程序设计语言 第二版",
    "",
    " ",
};
static const char *const authors[] = {
    "Jane Austen", "鲁迅", "",
    "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff the Second of Philadelphia",
    "蘅塘退士与许多别的编选者一起编选"};

static double number_of(const char *digits)
{
    return strtod(digits, NULL);
}

static double attribute(const char *element, const char *name, double otherwise)
{
    char pattern[32];
    const char *end = strchr(element, '>');
    snprintf(pattern, sizeof pattern, " %s=\"", name);
    const char *at = strstr(element, pattern);
    return at == NULL || at > end ? otherwise : number_of(at + strlen(pattern));
}

/* Every line of type lies inside of the frame and above the art. */
static void check_type(const char *svg, bool part)
{
    double size = 0;
    for (const char *at = svg; (at = strchr(at, '<')) != NULL; at++) {
        size = strncmp(at, "<g", 2) == 0 ? attribute(at, "font-size", size) : size;
        if (strncmp(at, "<text", 5) != 0)
            continue;
        double own = attribute(at, "font-size", size), x = attribute(at, "x", -1),
               y = attribute(at, "y", -1);
        if (part && x == 13)
            continue;
        assert_true(x >= 14 && x <= 226);
        assert_true(y - own >= 14);
        assert_true(y + own / 4 <= 226);
    }
}

static void type_stays_in_its_place(void **state)
{
    (void)state;
    for (int key = 0; key < 60; key++)
        for (size_t t = 0; t < sizeof titles / sizeof *titles; t++)
            for (size_t a = 0; a < sizeof authors / sizeof *authors; a++) {
                char isbn[14];
                snprintf(isbn, sizeof isbn, "97800000%05d", key);
                struct cover cover = {str_of(isbn), str_of(titles[t]), str_of(authors[a]),
                                      key % 3 == 0 ? STR("12") : STR_NONE};
                BUF_AUTO out = BUF_INIT(64 << 10);
                cover_draw(&out, &cover);
                assert_int_equal(buf_check(&out), RC_OK);
                buf_char(&out, '\0');
                check_type(out.p, key % 3 == 0);
            }
}

static void strips_end_above_the_art(void **state)
{
    (void)state;
    for (size_t t = 0; t < sizeof titles / sizeof *titles; t++) {
        struct cover cover = {STR("9780000000040"), str_of(titles[t]), STR("Lu Xun"), STR_NONE};
        BUF_AUTO out = BUF_INIT(64 << 10);
        cover_draw(&out, &cover);
        buf_char(&out, '\0');
        const char *strip = strstr(out.p, "y=\"30\" width=");
        if (strip == NULL)
            continue;
        while (*strip != '<')
            strip--;
        assert_true(30 + attribute(strip, "height", 999) <= 226);
        assert_true(attribute(strip, "x", -1) >= 60);
    }
}

static void a_title_keeps_its_cover_and_a_shelf_is_varied(void **state)
{
    (void)state;
    static char seen[100][4096];
    size_t kinds = 0;
    for (int key = 0; key < 100; key++) {
        char isbn[14];
        snprintf(isbn, sizeof isbn, "97800000%05d", key);
        struct cover cover = {str_of(isbn), STR("Same"), STR("Same"), STR_NONE};
        BUF_AUTO out = BUF_INIT(64 << 10), again = BUF_INIT(64 << 10);
        cover_draw(&out, &cover);
        cover_draw(&again, &cover);
        assert_true(str_eq(buf_str(&out), buf_str(&again)));
        assert_true(out.n < sizeof seen[0]);
        size_t k = 0;
        while (k < kinds && (strlen(seen[k]) != out.n || memcmp(seen[k], out.p, out.n) != 0))
            k++;
        if (k == kinds)
            memcpy(seen[kinds++], out.p, out.n);
    }
    assert_true(kinds >= 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(type_can_be_read),
        cmocka_unit_test(type_stays_in_its_place),
        cmocka_unit_test(strips_end_above_the_art),
        cmocka_unit_test(a_title_keeps_its_cover_and_a_shelf_is_varied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
