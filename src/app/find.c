#include "app/find.h"

#include "app/shown_parts.h"
#include "base/clock.h"
#include "base/ids.h"
#include "domain/isbn.h"
#include "domain/money.h"
#include "store/catalogue.h"

void find_price_limits(const struct storefront *storefront, int64_t ret[PRICE_LIMITS])
{
    static const int64_t limits[PRICE_LIMITS] = {5, 10, 20, 50, 100};
    int64_t unit = 1;
    int exponent = money_exponent(storefront->currency);
    for (int i = 0; i < exponent; i++)
        unit *= 10;
    if (exponent == 0)
        unit = 100; /* yen and won: a hundred of them buy what one euro does */
    for (int i = 0; i < PRICE_LIMITS; i++)
        ret[i] = limits[i] * unit;
}

/* Names the restrictions behind what matched and is withheld. */
static enum rc name_withholders(const struct visit *visit, const struct search_result *result,
                                feature_mask features, struct shown_withheld *ret,
                                struct fault *fault)
{
    size_t n = result->withheld_hit_count, works_n = 0, editions_n = 0;
    uint64_t *works = ARENA_ARRAY(visit->arena, uint64_t, n);
    struct withheld_edition *editions = ARENA_ARRAY(visit->arena, struct withheld_edition, n);
    for (size_t i = 0; i < n; i++) {
        const struct search_withheld *hit = &result->withheld_hits[i];
        if (hit->edition == 0)
            works[works_n++] = hit->work;
        else
            editions[editions_n++] =
                (struct withheld_edition){hit->work, hit->edition, hit->partly};
    }
    return shown_withholders(visit, features, (struct work_set){works, works_n}, editions,
                             editions_n, ret, fault);
}

/* Works that lack stars here which are withheld with single reviews: their places in
 * an order by rating. */
static enum rc rerate(const struct visit *visit, struct search_filter *filter, struct fault *fault)
{
    size_t n;
    struct rating_sum all;
    const uint64_t *works = gate_restarred(visit->view, visit->storefront, &n);
    if (n == 0)
        return RC_OK;
    struct search_rating *v = ARENA_ARRAY(visit->arena, struct search_rating, n);
    enum rc rc = catalogue_all_stars(visit->conn, &all, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct rating_sum sum;
        rc = shown_stars_sum(visit, works[i], &sum, fault);
        v[i] = (struct search_rating){
            works[i],
            rating_count(&sum) == 0 ? 0 : rating_bayes_milli(&sum, rating_mean_milli(&all))};
    }
    filter->rerated = v;
    filter->rerated_count = n;
    return rc;
}

/* Formats for which this country's licences are wanting: nothing of them is sold here. */
static uint32_t unlicensed(const struct visit *visit)
{
    static const struct {
        const char *name; /* as shown_form says it */
        enum licence_format format;
    } forms[] = {{"paperback", LICENCE_PRINT},
                 {"hardback", LICENCE_PRINT},
                 {"other", LICENCE_PRINT},
                 {"ebook", LICENCE_EBOOK},
                 {"audio", LICENCE_AUDIO}};
    const struct licence_answer *answers = gate_licences(visit->view, visit->storefront);
    uint32_t formats = 0;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (!licence_sells(answers[forms[i].format].standing))
            formats |= search_format_bit(str_of(forms[i].name));
    return formats;
}

static void compile_filter(const struct visit *visit, enum feature feature,
                           struct search_filter *ret)
{
    const struct gate_filter *hidden = gate_filter(visit->view, visit->storefront, feature);
    const struct gate_filter *unrated =
        gate_filter(visit->view, visit->storefront, FEATURE_RATINGS);
    const struct gate_filter *unsold = gate_filter(visit->view, visit->storefront, FEATURE_SALE);
    *ret = (struct search_filter){.works = hidden->works,
                                  .work_count = hidden->work_count,
                                  .editions = hidden->editions,
                                  .edition_count = hidden->edition_count,
                                  .unrated = unrated->works,
                                  .unrated_count = unrated->work_count,
                                  .unrated_editions = unrated->editions,
                                  .unrated_edition_count = unrated->edition_count,
                                  .unsold = unsold->works,
                                  .unsold_count = unsold->work_count,
                                  .unsold_editions = unsold->editions,
                                  .unsold_edition_count = unsold->edition_count,
                                  .unsold_formats = unlicensed(visit)};
}

static void join(const struct visit *visit, const uint64_t **v, size_t *n, const uint64_t *other,
                 size_t other_n)
{
    uint64_t *both = ARENA_ARRAY(visit->arena, uint64_t, *n + other_n);
    if (*n > 0)
        memcpy(both, *v, *n * sizeof *both);
    if (other_n > 0)
        memcpy(both + *n, other, other_n * sizeof *both);
    *v = both;
    *n = ids_sort(both, *n + other_n);
}

/* What is not sold here by a restriction is found, and withheld like what is not listed. */
static void hide_unsold(const struct visit *visit, struct search_filter *ret)
{
    join(visit, &ret->works, &ret->work_count, ret->unsold, ret->unsold_count);
    join(visit, &ret->editions, &ret->edition_count, ret->unsold_editions,
         ret->unsold_edition_count);
    ret->unsold_count = ret->unsold_edition_count = 0;
}

enum { FIND_MONTH_DAYS = 30 };

static void compile_query(const struct visit *visit, const struct find_order *order,
                          struct search_query *ret)
{
    int64_t now = clock_now();
    *ret = (struct search_query){.text = order->text,
                                 .storefront = visit->storefront->id,
                                 .today = date_of(now),
                                 .sort = order->sort,
                                 .facets = order->facets,
                                 .any_word = order->any_word,
                                 .unfinished = order->unfinished,
                                 .by_work = order->by_work,
                                 .next_first = order->next_first,
                                 .month_ago = date_of(now - FIND_MONTH_DAYS * INT64_C(86400)),
                                 .since = order->since,
                                 .offset = order->offset,
                                 .limit = order->limit};
    memcpy(ret->chosen, order->chosen, sizeof ret->chosen);
    if (order->publisher.n > 0)
        ret->publisher = search_name_key(visit->arena, order->publisher);
    find_price_limits(visit->storefront, ret->price_limits);
}

static struct str with_other_spaces(struct arena *arena, struct str s, char from, char to)
{
    char *out = arena_z(arena, s);
    for (size_t i = 0; i < s.n; i++)
        if (out[i] == from)
            out[i] = to;
    return (struct str){out, s.n};
}

struct str find_publisher_slug(struct arena *arena, struct str name)
{
    return with_other_spaces(arena, search_fold(arena, name), ' ', '-');
}

struct str find_publisher_name(struct arena *arena, struct str slug)
{
    return with_other_spaces(arena, slug, '-', ' ');
}

enum rc find_run(const struct visit *visit, struct indexer *indexer, const struct find_order *order,
                 struct found *ret, struct fault *fault)
{
    struct search_filter filter;
    struct search_query query;
    struct search_result *result = ARENA_NEW(visit->arena, struct search_result);
    feature_mask features = FEATURE_BIT(order->feature);
    compile_filter(visit, order->feature, &filter);
    compile_query(visit, order, &query);
    if (order->of_sold) {
        hide_unsold(visit, &filter);
        features |= FEATURE_BIT(FEATURE_SALE);
    }
    enum rc rc = order->sort == SORT_RATING ? rerate(visit, &filter, fault) : RC_OK;
    if (rc == RC_OK)
        rc = indexer_search(indexer, visit->arena, &query, &filter, result, fault);
    if (rc != RC_OK)
        return rc;
    uint64_t *ids = ARENA_ARRAY(visit->arena, uint64_t, result->hit_count);
    for (size_t i = 0; i < result->hit_count; i++)
        ids[i] = result->hits[i].edition;
    ret->instead = (struct search_instead){0};
    ret->better = STR_NONE;
    ret->total = result->total;
    ret->works = result->works;
    memcpy(ret->facets, result->facets, sizeof ret->facets);
    memcpy(ret->facet_counts, result->facet_counts, sizeof ret->facet_counts);
    memcpy(ret->withheld_subjects, result->withheld_subjects, sizeof ret->withheld_subjects);
    ret->withheld_subject_count = result->withheld_subject_count;
    rc = name_withholders(visit, result, features, &ret->withheld, fault);
    if (rc != RC_OK)
        return rc;
    rc = shown_cards_of(visit, order->feature, ids, result->hit_count, &ret->cards, fault);
    return rc == RC_OK && order->by_work
               ? shown_beside(visit, order->feature, &ret->cards, &ret->beside, fault)
               : rc;
}

/* Whether nothing is there but for choices; what is withheld is something, and is said. */
static bool is_nothing(const struct found *found)
{
    return found->total == 0 && found->withheld.works == 0 && found->withheld.partly == 0;
}

/* The same, whatever is chosen of the facets. */
static enum rc finds_nothing(const struct visit *visit, struct indexer *indexer,
                             const struct find_order *order, const struct found *found, bool *ret,
                             struct fault *fault)
{
    struct find_order all = {
        .feature = order->feature, .text = order->text, .publisher = order->publisher};
    struct found *other = ARENA_NEW(visit->arena, struct found);
    bool chosen = false;
    for (int f = 0; f < FACET_COUNT; f++)
        chosen |= order->chosen[f].n > 0;
    *ret = is_nothing(found);
    if (!*ret || !chosen)
        return RC_OK;
    enum rc rc = find_run(visit, indexer, &all, other, fault);
    if (rc == RC_OK)
        *ret = is_nothing(other);
    return rc;
}

/* Little was found, and nothing of it is withheld: what is near, and finds much. */
static enum rc find_better(const struct visit *visit, struct indexer *indexer,
                           const struct find_order *order, struct found *found, struct fault *fault)
{
    enum { LITTLE = 3 };
    struct search_filter filter;
    struct search_query query;
    bool chosen = false;
    for (int f = 0; f < FACET_COUNT; f++)
        chosen |= order->chosen[f].n > 0;
    if (chosen || order->offset > 0 || found->works == 0 || found->works > LITTLE ||
        found->withheld.works + found->withheld.partly > 0)
        return RC_OK;
    compile_filter(visit, order->feature, &filter);
    compile_query(visit, order, &query);
    return indexer_better(indexer, visit->arena, &query, &filter, found->works, &found->better,
                          fault);
}

enum rc find_forgiving(const struct visit *visit, struct indexer *indexer,
                       const struct find_order *order, struct found *ret, struct fault *fault)
{
    char isbn[14];
    bool nothing = false;
    struct search_filter filter;
    struct search_query query;
    struct search_instead instead = {0};
    struct find_order other = *order;
    enum rc rc = find_run(visit, indexer, order, ret, fault);
    if (rc == RC_OK && order->text.n > 0 && !order->exact && !isbn_parse(order->text, isbn) &&
        !isbn_mistyped(order->text)) { /* no other number is what was meant */
        rc = finds_nothing(visit, indexer, order, ret, &nothing, fault);
        if (rc == RC_OK && !nothing)
            rc = find_better(visit, indexer, order, ret, fault);
    }
    if (rc != RC_OK || !nothing)
        return rc;
    compile_filter(visit, order->feature, &filter);
    compile_query(visit, order, &query);
    rc = indexer_instead(indexer, visit->arena, &query, &filter, &instead, fault);
    if (rc != RC_OK || instead.text.n == 0)
        return rc;
    other.text = instead.text;
    other.any_word = instead.any_word;
    rc = find_run(visit, indexer, &other, ret, fault);
    ret->instead = instead;
    return rc;
}
