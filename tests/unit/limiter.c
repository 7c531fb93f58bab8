/* Limits by key: who is refused is who did it too often, and nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "app/limiter.h"

enum { KEYS = 1500, BURST = 5 };

static enum rc take(struct limiter *l, unsigned key)
{
    char name[32];
    int wait;
    struct limit limit = {BURST, 1};
    snprintf(name, sizeof name, "rating:%u", key);
    return limiter_take(l, str_of(name), limit, &wait, NULL);
}

/* A tenth of the table's places are in use: readers must not meet in one. */
static void many_at_once_do_not_meet(void **state)
{
    (void)state;
    struct limiter *l = limiter_new();
    for (unsigned i = 0; i < BURST; i++)
        for (unsigned key = 0; key < KEYS; key++)
            assert_int_equal(take(l, key), RC_OK);
    for (unsigned key = 0; key < KEYS; key++)
        assert_int_equal(take(l, key), RC_LIMIT);
    limiter_free(l);
}

/* Making up names does not wash off what was done under them. */
static void a_flood_forgives_nobody(void **state)
{
    (void)state;
    enum { FLOOD = 200000 };
    struct limiter *l = limiter_new();
    unsigned forgiven = 0;
    for (unsigned i = 0; i < BURST; i++)
        assert_int_equal(take(l, 0), RC_OK);
    for (unsigned i = 0; i < BURST; i++)
        for (unsigned key = 1; key < FLOOD; key++)
            (void)!take(l, key);
    for (unsigned i = 0; i < BURST; i++)
        forgiven += take(l, 0) == RC_OK;
    assert_int_equal(forgiven, 0);
    limiter_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_at_once_do_not_meet),
        cmocka_unit_test(a_flood_forgives_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
