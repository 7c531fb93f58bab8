#include "domain/withdrawal.h"

unsigned withdrawal_days(struct str country)
{
    static const char area[] = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT "
                               "RO SK SI ES SE IS LI NO GB";
    if (country.n != 2)
        return 0;
    if (str_is(country, "CN"))
        return 7;
    for (size_t at = 0; at + 2 < sizeof area; at += 3) /* two letters and a space each */
        if (memcmp(area + at, country.p, 2) == 0)
            return 14;
    return 0;
}

enum { DAY = 86400 };

/* In China what is downloaded is left out by the law itself. */
static bool has_law(const struct withdrawal_case *c)
{
    return withdrawal_days(c->country) > 0 && !(c->digital && str_is(c->country, "CN"));
}

enum withdrawal withdrawal_decide(const struct withdrawal_case *c, int64_t *ret_until)
{
    int64_t from = c->digital ? c->paid : c->sent;
    *ret_until = 0;
    if (!has_law(c))
        return WITHDRAWAL_NO_LAW;
    if (c->digital && c->consent != 0)
        return WITHDRAWAL_CONSENTED;
    if (from == 0)
        return WITHDRAWAL_OPEN;
    /* The day on which it begins is not counted; one more, for days end later elsewhere. */
    int64_t days =
        (int64_t)withdrawal_days(c->country) + 2 + (c->digital ? 0 : WITHDRAWAL_WAY_DAYS);
    *ret_until = from - from % DAY + days * DAY;
    return c->now < *ret_until ? WITHDRAWAL_OPEN : WITHDRAWAL_OVER;
}
