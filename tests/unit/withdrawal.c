/* The right to withdraw: for whom, and until when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/withdrawal.h"

enum { DAY = 86400, PAID = 1000 * DAY + 5000, SENT = 1003 * DAY + 70000 };

static enum withdrawal decide(struct withdrawal_case c, int64_t *ret_until)
{
    c.paid = PAID;
    return withdrawal_decide(&c, ret_until);
}

/* Every kind, in every country's law, with and without consent, sent or not, on each day of two
 * months. */
static void all_of_it(void **state)
{
    (void)state;
    static const struct {
        const char *country;
        int print, ebook; /* days; 0: no such right */
    } laws[] = {{"DE", 14, 14}, {"GB", 14, 14}, {"NO", 14, 14}, {"CN", 7, 0},
                {"US", 0, 0},   {"", 0, 0},     {"T ", 0, 0},   {"DEU", 0, 0}};
    for (size_t l = 0; l < sizeof laws / sizeof *laws; l++)
        for (int bits = 0; bits < 8; bits++)
            for (int day = 1000; day < 1060; day++) {
                struct withdrawal_case c = {.country = str_of(laws[l].country),
                                            .digital = (bits & 1) != 0,
                                            .consent = (bits & 2) != 0 ? PAID - 5 : 0,
                                            .sent = (bits & 4) != 0 ? SENT : 0,
                                            .now = (int64_t)day * DAY + 43200};
                int64_t until = -1;
                int days = c.digital ? laws[l].ebook : laws[l].print;
                int last = c.digital ? 1001 + days : 1004 + WITHDRAWAL_WAY_DAYS + days;
                enum withdrawal said = decide(c, &until);
                if (days == 0)
                    assert_int_equal(said, WITHDRAWAL_NO_LAW);
                else if (c.digital && c.consent != 0)
                    assert_int_equal(said, WITHDRAWAL_CONSENTED);
                else if (!c.digital && c.sent == 0)
                    assert_int_equal(said, WITHDRAWAL_OPEN);
                else
                    assert_int_equal(said, day <= last ? WITHDRAWAL_OPEN : WITHDRAWAL_OVER);
                assert_int_equal(until != 0,
                                 days > 0 && (c.digital ? c.consent == 0 : c.sent != 0));
            }
}

/* To the second: the last moment of the last day, and the first after it. */
static void the_end_is_exact(void **state)
{
    (void)state;
    struct withdrawal_case c = {.country = STR("FR"), .sent = SENT};
    int64_t until, again;
    decide(c, &until);
    assert_int_equal(until % DAY, 0);
    c.now = until - 1;
    assert_int_equal(decide(c, &again), WITHDRAWAL_OPEN);
    c.now = until;
    assert_int_equal(decide(c, &again), WITHDRAWAL_OVER);
    assert_int_equal(again, until);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_of_it),
                                       cmocka_unit_test(the_end_is_exact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
