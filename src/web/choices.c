#include "web/choices.h"

#include <unicode/ucurr.h>
#include <unicode/uloc.h>

#include "domain/money.h"
#include "domain/names.h"
#include "domain/regions.h"

enum { AUTHORITIES_SHOWN = 200 };

void choices_add(choice_list *list, struct str value, struct str name, struct str asked)
{
    list->v[list->n++] =
        (struct page_choice){.tag = value, .name = name, .chosen = str_eq(value, asked)};
}

choice_list choices_of_authorities(const struct page *p, const struct str *names, size_t n,
                                   struct str asked)
{
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, n + 1), 0};
    bool known = asked.n == 0;
    for (size_t i = 0; i < n; i++) {
        if (names[i].n == 0 || (list.n >= AUTHORITIES_SHOWN && !str_eq(names[i], asked)))
            continue;
        choices_add(&list, names[i], names[i], asked);
        known = known || str_eq(names[i], asked);
    }
    if (!known)
        choices_add(&list, asked, asked, asked);
    return list;
}

/* ---- by name ---- */

enum { CODES_MAX = 400 };

static void add_named(const struct page *p, choice_list *list, const char *code,
                      struct str (*name)(const struct page *p, struct str code), struct str asked)
{
    if (list->n < CODES_MAX)
        choices_add(list, str_of(code), name(p, str_of(code)), asked);
}

static choice_list settled(const struct page *p, choice_list list, struct str asked)
{
    bool known = asked.n == 0;
    page_choices_sort(p, &list);
    for (size_t i = 0; i < list.n; i++)
        known = known || list.v[i].chosen;
    if (!known)
        choices_add(&list, asked, asked, asked);
    return list;
}

choice_list choices_of_countries(const struct page *p, struct str asked)
{
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, CODES_MAX + 1), 0};
    for (const char *const *code = uloc_getISOCountries(); *code != NULL; code++)
        if (country_code_valid(str_of(*code)))
            add_named(p, &list, *code, word_country, asked);
    return settled(p, list, asked);
}

choice_list choices_of_regions(const struct page *p, struct str country, struct str asked)
{
    size_t n;
    const struct region *regions = regions_of(country, &n), *chosen = region_find(country, asked);
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, n), n};
    for (size_t i = 0; i < n; i++)
        list.v[i] = (struct page_choice){.tag = region_written(country, &regions[i]),
                                         .name = str_of(regions[i].name),
                                         .chosen = &regions[i] == chosen};
    return list;
}

static struct str named_currency(const struct page *p, struct str code)
{
    return ARENA_JOIN(p->arena, word_currency(p, code), STR(" ("), code, STR(")"));
}

choice_list choices_of_currencies(const struct page *p, struct str asked)
{
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, CODES_MAX + 1), 0};
    UErrorCode status = U_ZERO_ERROR;
    UEnumeration *codes = ucurr_openISOCurrencies(UCURR_COMMON | UCURR_NON_DEPRECATED, &status);
    const char *code;
    while (U_SUCCESS(status) && (code = uenum_next(codes, NULL, &status)) != NULL)
        if (money_exponent(str_of(code)) >= 0)
            add_named(p, &list, arena_z(p->arena, str_of(code)), named_currency, asked);
    uenum_close(codes);
    return settled(p, list, asked);
}

choice_list choices_of_languages(const struct page *p, struct str asked)
{
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, CODES_MAX + 1), 0};
    struct str tag;
    for (size_t i = 0; (tag = language_offered(i)).n > 0; i++)
        if (list.n < CODES_MAX)
            choices_add(&list, tag, word_language(p, tag), asked);
    return settled(p, list, asked);
}
