/* Bodies in gzip form: what is packed is there again, and the same bytes are packed alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "web/gzip.h"

enum { LARGE = 1 << 20 };

/* Packed, and the same after unpacking. */
static struct str pack(struct gzip_pool *pool, struct str bytes, bool thorough)
{
    struct str packed;
    packed.p = gzip_make(pool, bytes, thorough, &packed.n);
    if (packed.p == NULL)
        return packed;
    assert_true(packed.n < bytes.n);
    char *again = gzip_undo(packed, bytes.n);
    assert_memory_equal(again, bytes.p, bytes.n);
    free(again);
    return packed;
}

static struct str page(struct buf *b, const char *line, size_t n)
{
    buf_clear(b);
    while (b->n + strlen(line) <= n)
        buf_str_add(b, str_of(line));
    return buf_str(b);
}

static const char *const lines[] = {
    "<li class=\"card\"><a href=\"/us/books/9780000000017\">A title</a></li>\n",
    "<li class=\"card\"><a href=\"/cn/books/9780000000017\">红楼梦 曹雪芹 高鹗</a></li>\n",
    "{\"isbn\":\"9780000000017\",\"title\":\"كتاب\"}\n",
    "\x01\xff",
};

static void what_is_packed_is_there_again(void **state)
{
    (void)state;
    static const size_t lengths[] = {100, 1024, 1025, 40000, LARGE};
    struct gzip_pool *pool = gzip_pool_new();
    BUF_AUTO b = BUF_INIT(LARGE);
    for (size_t l = 0; l < sizeof lines / sizeof *lines; l++)
        for (size_t n = 0; n < sizeof lengths / sizeof *lengths; n++)
            for (int thorough = 0; thorough <= 1; thorough++) {
                struct str packed = pack(pool, page(&b, lines[l], lengths[n]), thorough);
                assert_true(packed.n > 0 || lengths[n] == 100);
                free((void *)packed.p);
            }
    gzip_pool_free(pool);
}

/* Every byte there is, also those that no page of the counts had. */
static void what_does_not_get_shorter_is_left(void **state)
{
    (void)state;
    struct gzip_pool *pool = gzip_pool_new();
    char noise[5000];
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
    for (size_t n = 1; n <= sizeof noise; n += 833)
        assert_null(pack(pool, (struct str){noise, n}, false).p);
    gzip_pool_free(pool);
}

/* Or a page's ETag would change by what was sent before it. */
static void the_same_is_packed_alike(void **state)
{
    (void)state;
    struct gzip_pool *pool = gzip_pool_new(), *other = gzip_pool_new();
    BUF_AUTO b = BUF_INIT(LARGE);
    struct str first = pack(pool, page(&b, lines[0], 12000), false);
    free((void *)pack(pool, page(&b, lines[1], 30000), false).p);
    for (int i = 0; i < 2; i++) {
        struct str again = pack(i == 0 ? pool : other, page(&b, lines[0], 12000), false);
        assert_int_equal(again.n, first.n);
        assert_memory_equal(again.p, first.p, first.n);
        free((void *)again.p);
    }
    free((void *)first.p);
    gzip_pool_free(pool);
    gzip_pool_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_is_there_again),
        cmocka_unit_test(what_does_not_get_shorter_is_left),
        cmocka_unit_test(the_same_is_packed_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
