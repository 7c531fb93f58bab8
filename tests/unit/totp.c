/* One-time passwords: the vectors of RFC 6238, appendix B, and of RFC 4648. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "app/totp.h"
#include "base/encode.h"

static const uint8_t secret[] = "12345678901234567890";

static void test_vectors(void **state)
{
    (void)state;
    static const struct {
        int64_t at;
        uint32_t code;
    } vectors[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                   {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        assert_int_equal(totp_code(secret, 20, vectors[i].at / 30, 8), vectors[i].code);
}

static void test_what_is_taken(void **state)
{
    (void)state;
    int64_t step = 0;
    /* 94287082 of step 1, with six digits. */
    assert_true(totp_check(secret, 20, STR("287082"), 59, &step));
    assert_int_equal(step, 1);
    assert_true(totp_check(secret, 20, STR("287082"), 89, &step));
    assert_true(totp_check(secret, 20, STR("287082"), 0, &step));
    assert_false(totp_check(secret, 20, STR("287082"), 90, &step));
    static const char *const bad[] = {"",       "28708",   "0287082",  "28708a",
                                      "-87082", " 287082", "94287082", "287083"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(totp_check(secret, 20, str_of(bad[i]), 59, &step));
}

static void test_base32(void **state)
{
    (void)state;
    static const char *const vectors[][2] = {{"", ""},
                                             {"f", "MY"},
                                             {"fo", "MZXQ"},
                                             {"foo", "MZXW6"},
                                             {"foob", "MZXW6YQ"},
                                             {"fooba", "MZXW6YTB"},
                                             {"foobar", "MZXW6YTBOI"}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        BUF_AUTO b = BUF_INIT(64);
        base32_add(&b, (const uint8_t *)vectors[i][0], strlen(vectors[i][0]));
        assert_true(str_eq(buf_str(&b), str_of(vectors[i][1])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_what_is_taken),
        cmocka_unit_test(test_base32),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
