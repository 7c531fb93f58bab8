#include "domain/price_law.h"

const struct price_law *price_law_on(const price_law_list *laws, struct str country,
                                     enum product_kind kind, int32_t day)
{
    const struct price_law *found = NULL;
    for (size_t i = 0; i < laws->n; i++) {
        const struct price_law *l = &laws->v[i];
        if (str_eq(l->country, country) && l->kind == kind && l->starts <= day &&
            (found == NULL || l->starts > found->starts))
            found = l;
    }
    return found != NULL && (found->ends == 0 || day <= found->ends) ? found : NULL;
}

int64_t price_law_shipping(const struct price_law *law, struct str currency, int64_t books)
{
    if (law == NULL || law->shipping_least == 0 || books == 0 ||
        (law->currency.n > 0 && !str_eq(law->currency, currency)))
        return 0;
    return books < law->shipping_from ? law->shipping_least : 1;
}

bool price_type_fixed(struct str type)
{
    static const char *const fixed[] = {"03", "04", "33", "34", "41", "42"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (str_is(type, fixed[i]))
            return true;
    return false;
}
