#include "domain/withdrawal.h"

unsigned withdrawal_days(struct str country)
{
    static const char area[] = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT "
                               "RO SK SI ES SE IS LI NO GB";
    if (country.n != 2)
        return 0;
    if (str_is(country, "CN"))
        return 7;
    return str_find_str(str_of(area), country) < sizeof area - 1 ? 14 : 0;
}
