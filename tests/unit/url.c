/* Addresses: what stands in them as it is, and what is encoded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/url.h"

static void is(struct url url, const char *want)
{
    assert_int_equal(url.text.n, strlen(want));
    assert_string_equal(url.text.p, want);
}

static void a_path_is_of_its_parts(void **state)
{
    (void)state;
    ARENA_AUTO a = ARENA_INIT;
    is(url_path(&a, 1, STR("record")), "/record");
    is(url_path(&a, 3, STR("us"), STR("books"), STR("9780000000017")), "/us/books/9780000000017");
    is(url_path(&a, 2, STR("us"), STR("")), "/us/");
    is(url_path(&a, 2, STR("a-b.c_d~e"), STR("AZaz09")), "/a-b.c_d~e/AZaz09");
    is(url_path(&a, 8, STR("1"), STR("2"), STR("3"), STR("4"), STR("5"), STR("6"), STR("7"),
                STR("8")),
       "/1/2/3/4/5/6/7/8");
}

static void what_means_something_in_addresses_is_encoded(void **state)
{
    (void)state;
    ARENA_AUTO a = ARENA_INIT;
    is(url_path(&a, 2, STR("a/b"), STR("c")), "/a%2Fb/c");
    is(url_path(&a, 2, STR("c"), STR("?&=#+ %")), "/c/%3F%26%3D%23%2B%20%25");
    is(url_path(&a, 1, STR("红")), "/%E7%BA%A2");
    for (unsigned c = 0; c <= UINT8_MAX; c++) {
        char itself[] = {(char)c, '\0'}, want[8];
        bool plain = c < 0x80 && (strchr("-._~", (int)c) != NULL || (c >= '0' && c <= '9') ||
                                  (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
        snprintf(want, sizeof want, plain && c > 0 ? "/%c" : "/%%%02X", c);
        is(url_path(&a, 1, (struct str){itself, 1}), want);
    }
}

static void what_is_longer_than_an_address_leads_home(void **state)
{
    (void)state;
    ARENA_AUTO a = ARENA_INIT;
    static char part[9000];
    memset(part, 'a', sizeof part);
    is(url_path(&a, 2, (struct str){part, sizeof part}, STR("b")), "/");
    struct str half = {part, 4000};
    struct url url = url_path(&a, 2, half, half);
    assert_int_equal(url.text.n, 2 * (half.n + 1));
    is(url_path(&a, 3, half, half, half), "/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_of_its_parts),
        cmocka_unit_test(what_means_something_in_addresses_is_encoded),
        cmocka_unit_test(what_is_longer_than_an_address_leads_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
