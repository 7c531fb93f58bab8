#include "domain/shop_text.h"

static const char *const names[TEXT_KINDS] = {
    [TEXT_ABOUT] = "about",       [TEXT_IMPRINT] = "imprint",
    [TEXT_TERMS] = "terms",       [TEXT_PRIVACY] = "privacy",
    [TEXT_DELIVERY] = "delivery", [TEXT_RETURNS] = "returns",
    [TEXT_CONTACT] = "contact",   [TEXT_ACCESSIBILITY] = "accessibility",
    [TEXT_REVIEWS] = "reviews",
};

const char *text_kind_name(enum text_kind kind)
{
    return names[kind];
}

bool text_kind_parse(struct str name, enum text_kind *ret)
{
    for (int i = 0; i < TEXT_KINDS; i++)
        if (str_is(name, names[i])) {
            *ret = (enum text_kind)i;
            return true;
        }
    return false;
}

const struct shop_text *shop_text_in_force(const shop_text_list *texts, unsigned storefront,
                                           enum text_kind kind, struct str language, int64_t now)
{
    const struct shop_text *best = NULL;
    for (size_t i = 0; i < texts->n; i++) {
        const struct shop_text *t = &texts->v[i];
        if (t->storefront != storefront || t->kind != kind || t->from > now ||
            !str_eq(t->language, language))
            continue;
        if (best == NULL || t->from > best->from ||
            (t->from == best->from && t->version > best->version))
            best = t;
    }
    return best;
}
