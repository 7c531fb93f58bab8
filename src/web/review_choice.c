#include "web/review_choice.h"

#include "domain/names.h"

#define N_(text) text
#define NN_(one, many) one, many

enum { LANGUAGES_ASKED = 20, LANGUAGES_OFFERED = 12 };

static enum rc read_value(const struct parameter *at, struct review_choice *choice,
                          struct fault *fault)
{
    uint64_t stars;
    if (str_is(at->name, "bought") && at->value.n > 0) {
        if (!str_is(at->value, "here"))
            return fault_set(fault, RC_INVALID, "bought: \"here\"");
        choice->bought = true;
    }
    if (str_is(at->name, "stars") && at->value.n > 0) {
        if (!str_to_u64(at->value, &stars) || stars < 1 || stars > 5)
            return fault_set(fault, RC_INVALID, "stars: a number from 1 to 5");
        choice->stars |= 1U << stars;
    }
    if (!str_is(at->name, "language") || at->value.n == 0)
        return RC_OK;
    if (!language_tag_valid(at->value))
        return fault_set(fault, RC_INVALID, "language: a tag such as \"en\" or \"zh-Hans\"");
    for (size_t i = 0; i < choice->languages.n; i++)
        if (str_eq_nocase(choice->languages.v[i], at->value))
            return RC_OK;
    if (choice->languages.n == LANGUAGES_ASKED)
        return fault_set(fault, RC_INVALID, "language: at most %d", LANGUAGES_ASKED);
    choice->languages.v[choice->languages.n++] = at->value;
    return RC_OK;
}

enum rc review_choice_read(struct context *c, struct review_choice *ret, bool *ret_asked,
                           struct fault *fault)
{
    const parameters *query = &c->request->query;
    struct review_choice choice = {0};
    struct str sort = parameter_get(query, "sort");
    enum rc rc = RC_OK;
    choice.languages.v = ARENA_ARRAY(c->arena, struct str, LANGUAGES_ASKED);
    if (sort.n > 0 && !review_order_parse(sort, &choice.order))
        return fault_set(fault, RC_INVALID, "sort: newest, helpful, highest or lowest");
    for (size_t i = 0; rc == RC_OK && i < query->n; i++)
        rc = read_value(&query->v[i], &choice, fault);
    if (rc != RC_OK)
        return rc;
    *ret_asked = sort.n > 0 || choice.stars != 0 || choice.languages.n > 0 || choice.bought;
    choice.unasked = !*ret_asked;
    *ret = choice;
    return RC_OK;
}

/* ---- links ---- */

static struct url link_choice(const struct page *p, struct url url,
                              const struct review_choice *choice)
{
    if (choice->order != REVIEWS_NEWEST)
        url = url_with(p->arena, url, STR("sort"), str_of(review_order_name(choice->order)));
    for (unsigned n = 5; n >= 1; n--)
        if (choice->stars >> n & 1)
            url = url_with(p->arena, url, STR("stars"), arena_printf(p->arena, "%u", n));
    if (choice->bought)
        url = url_with(p->arena, url, STR("bought"), STR("here"));
    for (size_t i = 0; i < choice->languages.n; i++)
        url = url_with(p->arena, url, STR("language"), choice->languages.v[i]);
    return url;
}

/* The choice with one language more, or without one that it has. */
static struct review_choice other_language(const struct page *p, const struct review_choice *made,
                                           struct str tag, bool *ret_had)
{
    struct review_choice other = *made;
    bool had = false;
    other.languages.v = ARENA_ARRAY(p->arena, struct str, made->languages.n + 1);
    other.languages.n = 0;
    for (size_t i = 0; i < made->languages.n; i++) {
        if (str_eq_nocase(made->languages.v[i], tag))
            had = true;
        else
            other.languages.v[other.languages.n++] = made->languages.v[i];
    }
    if (!had)
        other.languages.v[other.languages.n++] = tag;
    *ret_had = had;
    return other;
}

static void fill_orders(const struct page *p, struct url base, const struct shown_choice *counts,
                        struct review_choices *v)
{
    static const char *const names[REVIEW_ORDER_COUNT] = {
        [REVIEWS_NEWEST] = N_("newest"),
        [REVIEWS_HELPFUL] = N_("most helpful"),
        [REVIEWS_HIGHEST] = N_("most stars"),
        [REVIEWS_LOWEST] = N_("fewest stars"),
    };
    v->orders.v = ARENA_ARRAY(p->arena, struct page_choice, REVIEW_ORDER_COUNT);
    for (int i = 0; i < REVIEW_ORDER_COUNT; i++) {
        struct review_choice other = v->made;
        other.order = (enum review_order)i;
        if (counts->starless && (i == REVIEWS_HIGHEST || i == REVIEWS_LOWEST))
            continue;
        v->orders.v[v->orders.n++] = (struct page_choice){.name = word_text(p, names[i]),
                                                          .url = link_choice(p, base, &other),
                                                          .chosen = v->made.order == other.order};
    }
}

static void add_choice(struct facet_view *facet, struct review_choices *v,
                       struct facet_choice choice)
{
    facet->values.v[facet->values.n++] = choice;
    if (!choice.chosen)
        return;
    choice.of = facet->name;
    v->taken.v[v->taken.n++] = choice;
}

static void fill_stars(const struct page *p, struct url base, const struct shown_choice *counts,
                       struct review_choices *v)
{
    v->stars.name = word_text(p, N_("Stars"));
    v->stars.values.v = ARENA_ARRAY(p->arena, struct facet_choice, 5);
    for (unsigned n = 5; n >= 1; n--) {
        struct review_choice other = v->made;
        bool chosen = (v->made.stars >> n & 1) != 0;
        if (!chosen && (counts->starless || counts->stars[n] == 0))
            continue;
        other.stars ^= 1U << n;
        add_choice(&v->stars, v,
                   (struct facet_choice){.name = word_count(p, NN_("%1 star", "%1 stars"), n),
                                         .url = link_choice(p, base, &other),
                                         .count = counts->stars[n],
                                         .chosen = chosen});
    }
}

/* How many there are is looked up only when they are asked for. */
static void fill_bought(const struct page *p, struct url base, struct review_choices *v)
{
    struct review_choice other = v->made;
    other.bought = !v->made.bought;
    v->bought = (struct facet_view){.name = word_text(p, N_("Author")), .uncounted = true};
    v->bought.values.v = ARENA_ARRAY(p->arena, struct facet_choice, 1);
    add_choice(&v->bought, v,
               (struct facet_choice){.name = word_text(p, N_("bought here")),
                                     .url = link_choice(p, base, &other),
                                     .chosen = v->made.bought});
}

static void fill_languages(const struct page *p, struct url base, const struct shown_choice *counts,
                           struct review_choices *v)
{
    size_t most = counts->languages.n + v->made.languages.n;
    v->languages.name = word_text(p, N_("Language"));
    v->languages.values.v = ARENA_ARRAY(p->arena, struct facet_choice, most);
    for (size_t i = 0; i < counts->languages.n; i++) {
        const struct shown_language *l = &counts->languages.v[i];
        bool chosen;
        struct review_choice other = other_language(p, &v->made, l->tag, &chosen);
        if (chosen || i < LANGUAGES_OFFERED)
            add_choice(&v->languages, v,
                       (struct facet_choice){.name = word_language(p, l->tag),
                                             .url = link_choice(p, base, &other),
                                             .count = l->n,
                                             .chosen = chosen});
    }
    /* What was asked for and nobody wrote in can be let go of all the same. */
    for (size_t i = 0; i < v->made.languages.n; i++) {
        struct str tag = v->made.languages.v[i];
        bool chosen, written = false;
        for (size_t k = 0; k < counts->languages.n && !written; k++)
            written = str_eq_nocase(counts->languages.v[k].tag, tag);
        struct review_choice other = other_language(p, &v->made, tag, &chosen);
        if (!written)
            add_choice(&v->languages, v,
                       (struct facet_choice){.name = word_language(p, tag),
                                             .url = link_choice(p, base, &other),
                                             .chosen = true});
    }
}

void review_choices_fill(const struct page *p, struct url base, const struct shown_reviews *shown,
                         struct review_choices *v)
{
    const struct shown_choice *counts = &shown->choice;
    struct review_choice none = {.order = v->made.order};
    v->taken.v = ARENA_ARRAY(p->arena, struct facet_choice, 6 + v->made.languages.n);
    v->any = v->made.stars != 0 || v->made.languages.n > 0 || v->made.bought;
    v->list = link_choice(p, base, &v->made);
    v->all = link_choice(p, base, &none);
    fill_orders(p, base, counts, v);
    /* How many of all there are, a few of the latest cannot say. */
    v->stars.uncounted = v->languages.uncounted = v->made.unasked && counts->latest != 0;
    fill_bought(p, base, v);
    fill_stars(p, base, counts, v);
    fill_languages(p, base, counts, v);
}
