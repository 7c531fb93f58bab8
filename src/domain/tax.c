#include "domain/tax.h"

#include "domain/edition.h"
#include "domain/money.h"

static const char *const kind_names[PRODUCT_KIND_COUNT] = {
    [KIND_PRINT] = "print",       [KIND_EBOOK] = "e-book",
    [KIND_AUDIO] = "audio",       [KIND_AUDIO_DOWNLOAD] = "audio-download",
    [KIND_MAP] = "map",           [KIND_OTHER] = "other",
    [KIND_SHIPPING] = "shipping",
};

const char *product_kind_name(enum product_kind kind)
{
    return kind_names[kind];
}

bool product_kind_parse(struct str s, enum product_kind *ret)
{
    for (int i = 0; i < PRODUCT_KIND_COUNT; i++)
        if (str_is(s, kind_names[i])) {
            *ret = (enum product_kind)i;
            return true;
        }
    return false;
}

enum product_kind product_kind_of(const struct edition *e)
{
    struct str form = e->form;
    char first = form.n > 0 ? form.p[0] : 0;
    if (first == 'A')
        return edition_is_digital(e) ? KIND_AUDIO_DOWNLOAD : KIND_AUDIO;
    if (first == 'B')
        return KIND_PRINT;
    if (first == 'C')
        return KIND_MAP;
    return edition_is_digital(e) ? KIND_EBOOK : KIND_OTHER;
}

static bool counts(const struct tax_rate *r, struct str country, struct str region,
                   enum product_kind kind, int32_t day)
{
    return str_eq(r->country, country) && str_eq(r->region, region) && r->kind == kind &&
           r->starts <= day;
}

const struct tax_rate *tax_rate_on(const tax_rate_list *rates, struct str country,
                                   struct str region, enum product_kind kind, int32_t day)
{
    const struct tax_rate *found = NULL;
    for (size_t i = 0; i < rates->n; i++)
        if (counts(&rates->v[i], country, region, kind, day) &&
            (found == NULL || rates->v[i].starts > found->starts))
            found = &rates->v[i];
    return found != NULL || region.n == 0 ? found
                                          : tax_rate_on(rates, country, STR_NONE, kind, day);
}

bool tax_by_region(const tax_rate_list *rates, struct str country, enum product_kind kind,
                   int32_t day)
{
    for (size_t i = 0; i < rates->n; i++)
        if (rates->v[i].region.n > 0 &&
            counts(&rates->v[i], country, rates->v[i].region, kind, day))
            return true;
    return false;
}

bool tax_rate_parse(struct str s, int32_t *ret)
{
    /* A number with three decimals is read as an amount of a currency that has three. */
    int64_t rate;
    if (!money_parse(s, STR("KWD"), &rate) || rate > TAX_RATE_MAX)
        return false;
    *ret = (int32_t)rate;
    return true;
}

int64_t tax_within(int64_t amount, int32_t rate)
{
    int64_t whole = INT64_C(100000) + rate;
    return (2 * amount * rate + whole) / (2 * whole);
}

int64_t tax_upon(int64_t amount, int32_t rate)
{
    return (2 * amount * rate + 100000) / 200000;
}
