#include "domain/shipping.h"

bool shipping_price(const struct shipping_method *m, struct str country, struct str currency,
                    int64_t grams, int64_t goods, int64_t *ret)
{
    struct str rest = m->countries, one;
    bool goes = false;
    while (!goes && str_next(&rest, ' ', &one))
        goes = str_eq(one, country);
    if (!goes || m->ended != 0 || !str_eq(m->currency, currency))
        return false;
    for (size_t i = 0; i < m->bands.n; i++)
        if (grams <= m->bands.v[i].grams) {
            *ret = m->free_from >= 0 && goods >= m->free_from ? 0 : m->bands.v[i].price;
            return true;
        }
    return false;
}
