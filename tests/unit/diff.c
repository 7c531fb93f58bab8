/* What became of one text in another. */
#include "base/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/buf.h"

#include <cmocka.h>

/* "same[-gone-][+new+]" */
static struct str told(struct arena *arena, const char *old, const char *new)
{
    BUF_AUTO text = BUF_INIT(1 << 20);
    diff_list list = diff_texts(arena, str_of(old), str_of(new));
    for (size_t i = 0; i < list.n; i++) {
        static const char *const before[] = {"", "[-", "[+"}, *const after[] = {"", "-]", "+]"};
        buf_printf(&text, "%s%.*s%s", before[list.v[i].kind], STR_ARG(list.v[i].text),
                   after[list.v[i].kind]);
    }
    return arena_str(arena, buf_str(&text));
}

static void check(const char *old, const char *new, const char *expected)
{
    ARENA_AUTO arena = ARENA_INIT;
    assert_string_equal(arena_z(&arena, told(&arena, old, new)), expected);
}

static void tells_what_changed(void **state)
{
    (void)state;
    check("", "", "");
    check("a\n", "a\n", "a\n");
    check("", "a", "[+a+]");
    check("a", "", "[-a-]");
    check("a\nb\nc", "a\nc", "a\n[-b\n-]c");
    check("a\nc", "a\nb\nc", "a\n[+b\n+]c");
    check("one two three\n", "one 2 three\n", "one [-two -][+2 +]three\n");
    check("a\none two\nb\n", "a\none three two\nb\n", "a\none [+three +]two\nb\n");
    check("我们卖书。\n", "我们不卖书。\n", "我们[+不+]卖书。\n");
    check("x\na\n", "a\ny\n", "[-x\n-]a\n[+y\n+]");
}

static void whole(struct str pieces_of, const diff_list *list, enum diff_kind without)
{
    BUF_AUTO text = BUF_INIT(1 << 20);
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i].kind != without)
            buf_str_add(&text, list->v[i].text);
    assert_true(str_eq(buf_str(&text), pieces_of));
}

/* Whatever is told, both texts are in it; also of two that are too large to compare. */
static void tells_all_of_both(void **state)
{
    (void)state;
    static const unsigned lines[] = {3, 40, 3000};
    for (size_t round = 0; round < 60; round++) {
        ARENA_AUTO arena = ARENA_INIT;
        BUF_AUTO a = BUF_INIT(1 << 20), b = BUF_INIT(1 << 20);
        unsigned seed = (unsigned)round * 7919 + 1, n = lines[round < 58 ? round % 2 : 2];
        for (unsigned i = 0; i < n; i++) {
            seed = seed * 1103515245 + 12345;
            buf_printf(&a, "%u %u%s", seed >> 16 & 3, i & 1, seed >> 20 & 1 ? "\n" : " ");
            buf_printf(&b, "%u %u%s", seed >> 18 & 3, i & 1, seed >> 21 & 1 ? "\n" : "  ");
        }
        diff_list list = diff_texts(&arena, buf_str(&a), buf_str(&b));
        whole(buf_str(&a), &list, DIFF_NEW);
        whole(buf_str(&b), &list, DIFF_GONE);
    }
}

/* Two texts that differ in many long lines, each between two that stayed: what they take meanwhile
 * is given back, and when it is too much, the rest is told as replaced. */
static void costs_no_more_than_it_may(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO a = BUF_INIT(1 << 20), b = BUF_INIT(1 << 20);
    for (unsigned line = 0; line < 40; line++) {
        for (unsigned word = 0; word < 900; word++) {
            buf_printf(&a, "%u ", word % 7);
            buf_printf(&b, "%u ", word % 5);
        }
        buf_printf(&a, "\nstays %u\n", line);
        buf_printf(&b, "\nstays %u\n", line);
    }
    diff_list list = diff_texts(&arena, buf_str(&a), buf_str(&b));
    whole(buf_str(&a), &list, DIFF_NEW);
    whole(buf_str(&b), &list, DIFF_GONE);
    assert_true(arena_size(&arena) < 1 << 20);
    size_t same = 0;
    for (size_t i = 0; i < list.n; i++)
        same += list.v[i].kind == DIFF_SAME;
    assert_in_range(same, 100, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_changed),
        cmocka_unit_test(tells_all_of_both),
        cmocka_unit_test(costs_no_more_than_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
