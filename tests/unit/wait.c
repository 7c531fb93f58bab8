/* Waiting beside a clock that is put back. */
#include "base/wait.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"

#include <cmocka.h>

/* What is asked here stands in for libc's: the time of day is an hour ahead, and whoever
 * then waits for it waits by the machine's, as if it had been put back since. */
int clock_gettime(clockid_t id, struct timespec *ret)
{
    int failed = (int)syscall(SYS_clock_gettime, id, ret);
    if (id == CLOCK_REALTIME)
        ret->tv_sec += 3600;
    return failed;
}

static void rests_by_the_clock_that_nobody_sets(void **state)
{
    (void)state;
    struct sleeper s;
    sleeper_init(&s);
    int64_t before = clock_monotonic_ms();
    assert_true(sleeper_rest(&s, 30)); /* else the test's own time limit ends it */
    assert_true(clock_monotonic_ms() >= before + 30);
    sleeper_wake(&s);
    assert_true(sleeper_rest(&s, 3600000)); /* woken before it rested */
    assert_true(sleeper_rest(&s, 1));       /* once */
    sleeper_end(&s);
    assert_false(sleeper_rest(&s, 3600000));
    assert_false(sleeper_rest(&s, 3600000));
    sleeper_free(&s);
}

static void *end_it(void *context)
{
    sleeper_end(context);
    return NULL;
}

static void is_ended_while_it_rests(void **state)
{
    (void)state;
    struct sleeper s;
    pthread_t thread;
    sleeper_init(&s);
    assert_int_equal(pthread_create(&thread, NULL, end_it, &s), 0);
    assert_false(sleeper_rest(&s, 3600000));
    pthread_join(thread, NULL);
    sleeper_free(&s);
}

static void a_condition_has_a_last_moment(void **state)
{
    (void)state;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond;
    int waited = 0;
    wait_init(&cond);
    pthread_mutex_lock(&lock);
    int64_t until = clock_monotonic_ms() + 20;
    while (waited == 0)
        waited = wait_until(&cond, &lock, until);
    pthread_mutex_unlock(&lock);
    assert_int_equal(waited, ETIMEDOUT);
    assert_true(clock_monotonic_ms() >= until);
    pthread_cond_destroy(&cond);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rests_by_the_clock_that_nobody_sets),
        cmocka_unit_test(is_ended_while_it_rests),
        cmocka_unit_test(a_condition_has_a_last_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
