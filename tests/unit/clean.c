/* Nothing a sender writes becomes more than the mark-up that is allowed, and no
 * text is lost on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clean.h"

struct cleaned {
    const char *from, *to;
};

static void check(const struct cleaned *cases, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    for (size_t i = 0; i < n; i++) {
        struct str html = html_clean(&arena, str_of(cases[i].from));
        if (!str_eq(html, str_of(cases[i].to)))
            fail_msg("“%s” became “%.*s”", cases[i].from, STR_ARG(html));
    }
}

#define CHECK(cases) check((cases), sizeof(cases) / sizeof *(cases))

static void plain_text_becomes_paragraphs(void **state)
{
    (void)state;
    static const struct cleaned cases[] = {
        {"", ""},
        {" \n ", ""},
        {"One.\n\nTwo\nlines.", "<p>One.</p><p>Two lines.</p>"},
        {"Tom & Jerry, 1 < 2 and a <b", "<p>Tom &amp; Jerry, 1 &lt; 2 and a &lt;b</p>"},
        {"紫砂壶", "<p>紫砂壶</p>"}};
    CHECK(cases);
}

static void allowed_markup_stays(void **state)
{
    (void)state;
    static const struct cleaned cases[] = {
        {"<p>An <em>archivist</em><br/>inherits</p>", "<p>An <em>archivist</em><br>inherits</p>"},
        {"<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"},
        {"<h1>T</h1><h4>S</h4>", "<h3>T</h3><h4>S</h4>"},
        {"<ruby>漢<rp>(</rp><rt>kan</rt></ruby>", "<p><ruby>漢<rp>(</rp><rt>kan</rt></ruby></p>"},
        {"<a href=\"https://e.example/?a=1&amp;b=2\">x</a>",
         "<p><a rel=\"nofollow ugc\" href=\"https://e.example/?a=1&amp;b=2\">x</a></p>"},
        {"<div>one<div>two</div>three</div>four", "<p>one</p><p>two</p><p>three</p><p>four</p>"}};
    CHECK(cases);
}

static void everything_else_goes(void **state)
{
    (void)state;
    static const struct cleaned cases[] = {
        {"<p onclick=\"x()\" style='a' class=b>t</p>", "<p>t</p>"},
        {"a<script>alert(1)</script><style>p{}</style><iframe src=x>in</iframe>b", "<p>ab</p>"},
        {"<a href=\"javascript:alert(1)\">x</a>", "<p>x</p>"},
        {"<a href=\"JaVaScRiPt:alert(1)\">x</a>", "<p>x</p>"},
        {"<a href=\"//e.example\">x</a>", "<p>x</p>"},
        {"<a href=\"https://e.example/ onclick=x\">x</a>", "<p>x</p>"},
        {"<a href='https://e.example/\"onclick=x'>x</a>",
         "<p><a rel=\"nofollow ugc\" href=\"https://e.example/&quot;onclick=x\">x</a></p>"},
        {"<p>a<img src=x onerror=alert(1)>b</p>", "<p>ab</p>"},
        {"<p>a<!-- <script> -->b</p>", "<p>ab</p>"},
        {"<svg onload=alert(1)><p>x</p></svg>t", "<p>t</p>"},
        {"<font face=x>old <blink>soup</blink></font>", "<p>old soup</p>"}};
    CHECK(cases);
}

static void tags_are_closed_and_nothing_is_lost(void **state)
{
    (void)state;
    static const struct cleaned cases[] = {
        {"Hello <b>world", "<p>Hello <b>world</b></p>"},
        {"<b><i>x</b>y</i>", "<p><b><i>x</i></b>y</p>"},
        {"<p>a</p></body></html><p>b</p>", "<p>a</p><p>b</p>"},
        {"</div><p>a</p></div><p>b</p>", "<p>a</p><p>b</p>"},
        {"<p><p>x<ul><li>1</li></ul>tail</p>", "<p>x</p><ul><li>1</li></ul><p>tail</p>"},
        {"<table><tr><td>a</td><td>b</td></tr></table>", "<p>a</p><p>b</p>"}};
    CHECK(cases);
}

static void escaping_is_undone_however_often(void **state)
{
    (void)state;
    static const struct cleaned cases[] = {
        {"&lt;p&gt;Hi &lt;b&gt;x&lt;/b&gt;&lt;/p&gt;", "<p>Hi <b>x</b></p>"},
        {"&amp;lt;p&amp;gt;Hi&amp;lt;/p&amp;gt;", "<p>Hi</p>"},
        {"&lt;script&gt;alert(1)&lt;/script&gt;ok", "<p>ok</p>"},
        {"caf&eacute;&#8217;s &amp;amp; bar", "<p>café’s &amp; bar</p>"},
        {"a &#0; b &#xFFFF; c &nosuch; d", "<p>a &amp;#0; b &amp;#xFFFF; c &amp;nosuch; d</p>"},
        /* Where there is mark-up, what it escapes is text. */
        {"<p>1 &lt;b&gt; 2</p>", "<p>1 &lt;b&gt; 2</p>"}};
    CHECK(cases);
}

/* A sender's claim about the encoding is about the file, which was read. */
static void the_text_is_utf8_whatever_it_says(void **state)
{
    (void)state;
    static const struct cleaned cases[] = {
        {"<meta charset=\"iso-8859-1\"><p>é</p>", "<p>é</p>"},
        {"<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-16\"><p>é</p>",
         "<p>é</p>"},
        {"<?xml version=\"1.0\" encoding=\"utf-16\"?><p>é</p>", "<p>é</p>"}};
    CHECK(cases);
}

static void nesting_and_size_are_capped(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO deep = BUF_INIT(1 << 20);
    for (int i = 0; i < 50000; i++)
        BUF_LIT(&deep, "<b>");
    BUF_LIT(&deep, "x");
    struct str html = html_clean(&arena, buf_str(&deep));
    assert_true(html.n < 1000);
    while (deep.n < (1 << 20) - 8)
        BUF_LIT(&deep, "word ");
    assert_int_equal(html_clean(&arena, buf_str(&deep)).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_becomes_paragraphs),
        cmocka_unit_test(allowed_markup_stays),
        cmocka_unit_test(everything_else_goes),
        cmocka_unit_test(tags_are_closed_and_nothing_is_lost),
        cmocka_unit_test(escaping_is_undone_however_often),
        cmocka_unit_test(the_text_is_utf8_whatever_it_says),
        cmocka_unit_test(nesting_and_size_are_capped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
