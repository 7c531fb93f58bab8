#include "web/facets.h"

#define N_(text) text

static const char *const facet_names[FACET_COUNT] = {
    [FACET_FORMAT] = N_("Format"),
    [FACET_LANGUAGE] = N_("Language"),
    [FACET_SUBJECT] = N_("Subject"),
    [FACET_YEAR] = N_("Year"),
    [FACET_PRICE] = N_("Price"),
    [FACET_AVAILABILITY] = N_("Availability"),
    [FACET_AGE] = N_("Age"),
    [FACET_ACCESS] = N_("Accessibility"),
    [FACET_SERIES] = N_("Series"),
    [FACET_PROTECTION] = N_("Copy protection"),
    [FACET_PUBLISHED] = N_("Published"),
};

/* The list's address with the order's choices, one of them changed. */
struct url facets_url(const struct page *p, struct url base, const struct find_order *order,
                      int changed, struct str value)
{
    struct url url = url_with(p->arena, base, STR("q"), order->text);
    if (order->exact)
        url = url_with(p->arena, url, STR("exact"), STR("1"));
    for (int f = 0; f < FACET_COUNT; f++) {
        if (f == FACET_SUBJECT && order->feature == FEATURE_LISTING)
            continue; /* the path says it */
        url = url_with(p->arena, url, str_of(search_facet_name((enum search_facet)f)),
                       f == changed ? value : order->chosen[f]);
    }
    if (order->sort != (order->text.n > 0 ? SORT_RELEVANCE : SORT_NEWEST))
        url = url_with(p->arena, url, STR("sort"), str_of(search_sort_name(order->sort)));
    return url;
}

static struct str band_name(const struct page *p, struct str band)
{
    int64_t limits[PRICE_LIMITS];
    uint64_t at = 0;
    struct str currency = p->storefront->currency;
    find_price_limits(p->storefront, limits);
    if (!str_to_u64(band, &at) || at > PRICE_LIMITS)
        return band;
    if (at == 0)
        return arena_printf(p->arena, "< %.*s", STR_ARG(word_money(p, limits[0], currency)));
    struct str low = word_money(p, limits[at - 1], currency);
    if (at == PRICE_LIMITS)
        return arena_printf(p->arena, "≥ %.*s", STR_ARG(low));
    return arena_printf(p->arena, "%.*s – %.*s", STR_ARG(low),
                        STR_ARG(word_money(p, limits[at], currency)));
}

static struct str availability_name(const struct page *p, struct str value)
{
    if (str_is(value, "here"))
        return word_text(p, N_("Sold here"));
    if (str_is(value, "soon"))
        return word_text(p, N_("Coming soon"));
    if (str_is(value, "not-here"))
        return word_text(p, N_("Not sold here"));
    return value;
}

/* "6-8". */
static struct str band_of_ages(const struct page *p, struct str value)
{
    struct str years[2] = {STR_NONE, value};
    if (!str_next(&years[1], '-', &years[0]))
        return value;
    return str_is(years[0], "0") ? word_filled(p, N_("up to %1 years"), years + 1, 1)
                                 : word_filled(p, N_("%1 to %2 years"), years, 2);
}

static struct str trait_name(const struct page *p, struct str value)
{
    static const struct code_word words[] = {
        {"screen-reader", N_("Screen-reader friendly")},
        {"images", N_("Images described")},
        {"standard", N_("Meets a standard")},
        {"none", N_("none")},
        {"watermark", N_("watermark")},
        {"locked", N_("copy protection")},
        {"part", N_("Part of a series")},
        {"alone", N_("No series named")},
        {"month", N_("Last 30 days")},
        {"year", N_("This year")},
        {"five-years", N_("Last 5 years")},
        {"older", N_("Older")},
    };
    struct str word = WORD_OF(p, words, value);
    return word.n > 0 ? word : value;
}

static struct str facet_word(const struct page *p, enum search_facet facet, struct str value)
{
    switch (facet) {
    case FACET_FORMAT:
        return word_form(p, value);
    case FACET_LANGUAGE:
        return word_language(p, value);
    case FACET_SUBJECT:
        return word_subject(p, value);
    case FACET_PRICE:
        return band_name(p, value);
    case FACET_AVAILABILITY:
        return availability_name(p, value);
    case FACET_AGE:
        return band_of_ages(p, value);
    case FACET_ACCESS:
    case FACET_PROTECTION:
    case FACET_SERIES:
    case FACET_PUBLISHED:
        return trait_name(p, value);
    case FACET_YEAR:
        break;
    }
    return value;
}

/* The same, back at the choices: on a phone they are a page of their own, and stay it. */
static struct url stay_url(const struct page *p, struct url base, const struct find_order *order,
                           int changed, struct str value)
{
    struct url url = facets_url(p, base, order, changed, value);
    return (struct url){ARENA_JOIN(p->arena, url.text, STR("#facets"))};
}

void facets_fill(const struct page *p, struct url base, const struct find_order *order,
                 const struct found *found, bool subjects, struct search_view *v)
{
    v->facets.v = ARENA_ARRAY(p->arena, struct facet_view, FACET_COUNT);
    v->chosen.v = ARENA_ARRAY(p->arena, struct facet_choice, FACET_COUNT);
    for (int f = 0; f < FACET_COUNT; f++) {
        struct facet_view *facet = &v->facets.v[v->facets.n++];
        struct str chosen = order->chosen[f];
        facet->name = word_text(p, facet_names[f]);
        if (f == FACET_SUBJECT && !subjects)
            continue; /* the page is about one already */
        facet->values.v = ARENA_ARRAY(p->arena, struct facet_choice, found->facet_counts[f] + 1);
        if (chosen.n > 0) {
            v->chosen.v[v->chosen.n++] =
                (struct facet_choice){.name = facet_word(p, (enum search_facet)f, chosen),
                                      .of = facet->name,
                                      .url = facets_url(p, base, order, f, STR_NONE)};
            facet->values.v[facet->values.n++] =
                (struct facet_choice){.name = facet_word(p, (enum search_facet)f, chosen),
                                      .url = stay_url(p, base, order, f, STR_NONE),
                                      .chosen = true};
            continue;
        }
        for (size_t i = 0; i < found->facet_counts[f] && i < 12; i++) {
            struct str value = found->facets[f][i].value;
            facet->values.v[facet->values.n++] =
                (struct facet_choice){.name = facet_word(p, (enum search_facet)f, value),
                                      .url = stay_url(p, base, order, f, value),
                                      .count = found->facets[f][i].count};
        }
    }
}

/* All choices taken away at once, where there are several. */
struct url facets_unchosen(const struct page *p, struct url base, const struct find_order *order)
{
    struct find_order plain = *order;
    for (int f = 0; f < FACET_COUNT; f++)
        if (f != FACET_SUBJECT || order->feature == FEATURE_SEARCH)
            plain.chosen[f] = STR_NONE;
    return facets_url(p, base, &plain, -1, STR_NONE);
}

void facets_sorts(const struct page *p, struct url base, const struct find_order *order,
                  struct search_view *v)
{
    static const struct {
        enum search_sort sort;
        const char *name;
    } sorts[] = {{SORT_RELEVANCE, N_("best match")},
                 {SORT_NEWEST, N_("newest")},
                 {SORT_TITLE, N_("title")},
                 {SORT_PRICE, N_("price")},
                 {SORT_RATING, N_("rating")}};
    v->sorts.v = ARENA_ARRAY(p->arena, struct page_choice, 5);
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        struct find_order other = *order;
        if (sorts[i].sort == SORT_RELEVANCE && order->text.n == 0)
            continue;
        other.sort = sorts[i].sort;
        v->sorts.v[v->sorts.n++] =
            (struct page_choice){.name = word_text(p, sorts[i].name),
                                 .url = facets_url(p, base, &other, -1, STR_NONE),
                                 .chosen = sorts[i].sort == order->sort};
    }
}
