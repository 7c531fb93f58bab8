/* What is guessed first is refused; what nobody guesses is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/password.h"

static void what_is_guessed_first_is_common(void **state)
{
    (void)state;
    static const char *const common[] = {
        "password123", "Password123!", "p@ssw0rd",  "P4$$w0rd2024", "passwordpassword",
        "12345678",    "87654321",     "qwerty123", "asdfghjkl",    "1q2w3e4r",
        "1qaz2wsx",    "abcd1234",     "aaaaaaaa",  "abcabcabc",    "abc123abc123",
        "20261130",    "iloveyou",     "Welcome1",  "letmein!!",    "$ecret2026",
        "motdepasse1", "Azerty123",    "woaini520", "bookstore1",
    };
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (!password_is_common(str_of(common[i]), STR_NONE, STR_NONE))
            fail_msg("%s is taken", common[i]);
}

static void what_nobody_guesses_is_not(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a long enough secret",
        "another secret",
        "long enough",
        "correct horse battery",
        "kX9#mQ2v",
        "tr0ub4dor&3",
        "passwords are dull",
        "secretary of nothing",
        "3141592653589793",
        "Zwölf Boxkämpfer",
        "我喜欢在雨天读书吧",
        "masterclass in knots",
        "a guess or two",
        "",
        "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (password_is_common(str_of(good[i]), STR_NONE, STR_NONE))
            fail_msg("%s is refused", good[i]);
}

static void nor_is_the_account_s_own_name(void **state)
{
    (void)state;
    struct str email = STR("marguerite@example.org"), name = STR("Ana Sofia");
    assert_true(password_is_common(STR("Marguerite1"), email, name));
    assert_true(password_is_common(STR("ana sofia99"), email, name));
    assert_false(password_is_common(STR("marguerite reads"), email, name));
    assert_false(password_is_common(STR("Marguerite1"), STR("x@example.org"), STR("X")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_guessed_first_is_common),
        cmocka_unit_test(what_nobody_guesses_is_not),
        cmocka_unit_test(nor_is_the_account_s_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
