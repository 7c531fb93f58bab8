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

/* ---- chapters of books ---- */

static struct str link_of(void *context, struct str href)
{
    (void)context;
    return str_starts(href, STR("c2")) ? STR("/2") : STR_NONE;
}

static struct str picture_of(void *context, struct str src)
{
    (void)context;
    return str_is(src, "a.png") ? STR("/1.jpg") : STR_NONE;
}

static void check_chapters(const struct cleaned *cases, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct chapter_rules rules = {&arena, link_of, picture_of, NULL, 0};
    for (size_t i = 0; i < n; i++) {
        struct chapter c;
        chapter_clean(&rules, str_of(cases[i].from), &c);
        if (!str_eq(c.html, str_of(cases[i].to)))
            fail_msg("“%s” became “%.*s”", cases[i].from, STR_ARG(c.html));
        /* What was cleaned is clean: the server does it once more. */
        if (str_find_str(c.html, STR("href=\"/")) < c.html.n ||
            str_find_str(c.html, STR("src=")) < c.html.n)
            continue;
        struct str once = c.html;
        chapter_clean(&rules, once, &c);
        assert_true(str_eq(c.html, once));
    }
}

#define CHECK_CHAPTERS(cases) check_chapters((cases), sizeof(cases) / sizeof *(cases))

static void headings_of_a_chapter_follow_the_page(void **state)
{
    (void)state;
    static const struct cleaned cases[] = {
        {"<h1>A</h1><h2>B</h2><p>c</p>", "<h2>A</h2><h3>B</h3><p>c</p>"},
        /* The first is the second level, whichever it was. */
        {"<h2>A</h2><p>b</p><h3>C</h3>", "<h2>A</h2><p>b</p><h3>C</h3>"},
        {"<h3>A</h3><h4>B</h4><h3>C</h3>", "<h2>A</h2><h3>B</h3><h2>C</h2>"},
        {"<h6>A</h6><h1>B</h1>", "<h2>A</h2><h2>B</h2>"},
        /* None is passed over, and none is too deep. */
        {"<h1>A</h1><h4>B</h4><h5>C</h5>", "<h2>A</h2><h3>B</h3><h4>C</h4>"},
        {"<h1>A</h1><h2>B</h2><h3>C</h3><h4>D</h4><h5>E</h5><h6>F</h6>",
         "<h2>A</h2><h3>B</h3><h4>C</h4><h5>D</h5><h6>E</h6><h6>F</h6>"},
        {"<h2>A <em>b", "<h2>A <em>b</em></h2>"}};
    CHECK_CHAPTERS(cases);
}

static void a_chapter_does_nothing_and_asks_nobody(void **state)
{
    (void)state;
    static const struct cleaned cases[] = {
        {"<p>a<script>alert(1)</script><style>p{}</style></p>", "<p>a</p>"},
        {"<p onclick=\"x()\" style=\"color:red\" class=\"c\" id=\"i\" lang=\"fr\">a</p>",
         "<p lang=\"fr\">a</p>"},
        {"<p><img src=\"https://example.org/spy.png\"/><img "
         "src=\"data:image/png;base64,AA\"/>a</p>",
         "<p>a</p>"},
        {"<p><img src=\"a.png\" alt=\"&quot;&gt;\" onerror=\"x()\"/></p>",
         "<p><img loading=\"lazy\" src=\"/1.jpg\" alt=\"&quot;&gt;\"></p>"},
        {"<iframe src=\"https://example.org/\">x</iframe><svg><text>y</text></svg><p>a</p>",
         "<p>a</p>"},
        {"<form action=\"/\"><input name=\"a\"/>x</form><p>a</p>", "<p>a</p>"},
        {"<p><a href=\"javascript:x()\">a</a> <a href=\"c2.xhtml#n\">b</a></p>",
         "<p>a <a href=\"/2\">b</a></p>"},
        {"<p><a href=\"https://example.org/\">a</a></p>",
         "<p><a rel=\"nofollow ugc\" href=\"https://example.org/\">a</a></p>"}};
    CHECK_CHAPTERS(cases);
}

static void a_chapter_tells_its_heading_and_language(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct chapter_rules rules = {&arena, link_of, picture_of, NULL, 0};
    struct chapter c;
    chapter_clean(&rules,
                  STR("<html lang=\"he\"><body dir=\"rtl\"><h3>One <i>two</i></h3><h3>b</h3>"), &c);
    assert_true(str_is(c.heading, "One two") && str_is(c.language, "he") &&
                str_is(c.direction, "rtl") && !c.cut);
    rules.text_max = 3;
    chapter_clean(&rules, STR("<p>abcd</p><p>e</p>"), &c);
    assert_true(c.cut && str_is(c.html, "<p>abcd</p>"));
}

static void a_chapter_nested_without_end_ends(void **state)
{
    (void)state;
    enum { DEEP = 5000 };
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO deep = BUF_INIT(1 << 20);
    struct chapter_rules rules = {&arena, link_of, picture_of, NULL, 0};
    struct chapter c;
    for (int i = 0; i < DEEP; i++)
        BUF_LIT(&deep, "<blockquote>a");
    chapter_clean(&rules, buf_str(&deep), &c);
    size_t opened = 0, closed = 0;
    for (size_t i = 0; i + 1 < c.html.n; i++) {
        opened += c.html.p[i] == '<' && c.html.p[i + 1] != '/';
        closed += c.html.p[i] == '<' && c.html.p[i + 1] == '/';
    }
    assert_true(opened > 0 && opened == closed && opened < DEEP);
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
        cmocka_unit_test(headings_of_a_chapter_follow_the_page),
        cmocka_unit_test(a_chapter_does_nothing_and_asks_nobody),
        cmocka_unit_test(a_chapter_tells_its_heading_and_language),
        cmocka_unit_test(a_chapter_nested_without_end_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
