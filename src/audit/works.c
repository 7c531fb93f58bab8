#include "audit/parts.h"
#include "base/ids.h"
#include "base/json.h"
#include "domain/visibility.h"

enum { SAMPLE = 60, PAGE = 100, PAGES_PER_WORK = 4, WORKS_MAX = 20 * 1000 * 1000 };
/* What a book's page shows of what readers say; the rest stands on further pages. */
enum { REVIEWS_ON_PAGE = 20, COMMENTS_ON_PAGE = 50 };

/* An edition as the storefronts list it between them. */
struct known_edition {
    struct str key;
    struct str title;
};

/* One work being compared. */
struct auditing {
    struct audit *a;
    struct arena *arena; /* of this work */
    uint64_t work;
    bool named;                      /* by an entry or a list; else its number was guessed */
    const struct voice_count *count; /* NULL: the voices log does not name it */
    struct known_edition *editions;  /* of all storefronts */
    size_t edition_count, edition_room;
    const struct restriction **candidates; /* those in effect that cover it */
    size_t candidate_count;
};

static const char *const kind_names[VOICE_KIND_COUNT] = {"ratings", "reviews", "comments"};
static const enum feature kind_features[VOICE_KIND_COUNT] = {FEATURE_RATINGS, FEATURE_REVIEWS,
                                                             FEATURE_COMMENTS};

static struct visibility expected(struct auditing *w, struct str storefront, struct str key,
                                  struct str shop)
{
    struct visibility_facts facts = {.work = w->work, .isbn13 = key, .shop = shop};
    return visibility_decide(w->candidates, w->candidate_count, storefront, &facts, w->a->now);
}

/* ---- JSON: what is said to be withheld ---- */

static bool says(const json_t *list, enum feature feature, uint64_t *ret_restriction)
{
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item) {
        int64_t restriction;
        if (str_eq(json_member_str(item, "feature"), str_of(feature_name(feature))) &&
            json_member_int(item, "restriction", &restriction)) {
            *ret_restriction = (uint64_t)restriction;
            return true;
        }
    }
    return false;
}

static void compare_withheld(struct auditing *w, struct str where, const json_t *list,
                             const struct visibility *v)
{
    for (int f = 0; f < FEATURE_COUNT; f++) {
        enum feature feature = (enum feature)f;
        uint64_t restriction = 0;
        bool said = says(list, feature, &restriction), due = visibility_withholds(v, feature);
        if (said && !due)
            contradiction(w->a, "withheld-without-entry",
                          "%.*s: %s are withheld by restriction %llu, of which the Record knows no "
                          "effect here",
                          STR_ARG(where), feature_name(feature), (unsigned long long)restriction);
        else if (due && !said)
            contradiction(w->a, "entry-without-effect",
                          "%.*s: restriction %llu withholds %s, and this does not say so",
                          STR_ARG(where), (unsigned long long)v->by[f]->id, feature_name(feature));
        else if (due && restriction != v->by[f]->id)
            contradiction(w->a, "wrong-restriction",
                          "%.*s: %s are said to be withheld by restriction %llu; it is %llu",
                          STR_ARG(where), feature_name(feature), (unsigned long long)restriction,
                          (unsigned long long)v->by[f]->id);
    }
}

/* ---- sums ---- */

struct tally {
    uint64_t shown, withheld, withdrawn, erased;
};

/* A work in one storefront. */
struct work_here {
    struct tally tallies[VOICE_KIND_COUNT];
    uint64_t comments_on_page; /* due on its editions' pages, where they withhold no more */
};

static bool read_tally(const json_t *voices, const char *kind, struct tally *ret)
{
    const json_t *t = json_object_get(voices, kind);
    int64_t shown, withheld, withdrawn, erased;
    if (!json_member_int(t, "shown", &shown) || !json_member_int(t, "withheld", &withheld) ||
        !json_member_int(t, "withdrawn", &withdrawn) || !json_member_int(t, "erased", &erased) ||
        shown < 0 || withheld < 0 || withdrawn < 0 || erased < 0)
        return false;
    *ret =
        (struct tally){(uint64_t)shown, (uint64_t)withheld, (uint64_t)withdrawn, (uint64_t)erased};
    return true;
}

static void compare_sums(struct auditing *w, struct str where, const json_t *voices,
                         const struct visibility *v, struct tally ret[VOICE_KIND_COUNT])
{
    for (int k = 0; k < VOICE_KIND_COUNT; k++) {
        uint64_t accepted = w->count == NULL ? 0 : w->count->accepted[k];
        uint64_t withdrawn = w->count == NULL ? 0 : w->count->withdrawn[k];
        uint64_t erased = w->count == NULL ? 0 : w->count->erased[k];
        struct tally *t = &ret[k];
        if (!read_tally(voices, kind_names[k], t)) {
            contradiction(w->a, "sums", "%.*s: it does not say how many %s there are",
                          STR_ARG(where), kind_names[k]);
            continue;
        }
        if (t->shown + t->withheld + t->withdrawn + t->erased != accepted)
            contradiction(
                w->a, "sums",
                "%.*s: %llu %s were accepted, but %llu shown + %llu withheld + %llu withdrawn "
                "+ %llu erased",
                STR_ARG(where), (unsigned long long)accepted, kind_names[k],
                (unsigned long long)t->shown, (unsigned long long)t->withheld,
                (unsigned long long)t->withdrawn, (unsigned long long)t->erased);
        else if (t->withdrawn != withdrawn || t->erased != erased)
            contradiction(
                w->a, "sums",
                "%.*s: the Record has %llu %s withdrawn and %llu erased, not %llu and %llu",
                STR_ARG(where), (unsigned long long)withdrawn, kind_names[k],
                (unsigned long long)erased, (unsigned long long)t->withdrawn,
                (unsigned long long)t->erased);
        bool due = visibility_withholds(v, kind_features[k]);
        if (t->withheld > 0 && !due)
            contradiction(w->a, "withheld-without-entry",
                          "%.*s: %llu %s are withheld without an entry", STR_ARG(where),
                          (unsigned long long)t->withheld, kind_names[k]);
        if (t->shown > 0 && due)
            contradiction(w->a, "entry-without-effect",
                          "%.*s: %llu %s are shown against restriction %llu", STR_ARG(where),
                          (unsigned long long)t->shown, kind_names[k],
                          (unsigned long long)v->by[kind_features[k]]->id);
    }
}

/* What an edition's own page and JSON must say: a restriction on that edition
 * alone withholds there what the work shows elsewhere. */
static void tally_under(const struct visibility *v, const struct tally work[VOICE_KIND_COUNT],
                        struct tally ret[VOICE_KIND_COUNT])
{
    for (int k = 0; k < VOICE_KIND_COUNT; k++) {
        uint64_t standing = work[k].shown + work[k].withheld;
        bool withheld = visibility_withholds(v, kind_features[k]);
        ret[k] = work[k];
        ret[k].shown = withheld ? 0 : standing;
        ret[k].withheld = withheld ? standing : 0;
    }
}

/* Stars: their sum is what the log accepted and did not take back. */
static void compare_rating(struct auditing *w, struct str where, const json_t *rating,
                           const struct visibility *v, const struct tally *t)
{
    int64_t count = 0, sum = 0;
    const json_t *histogram = json_object_get(rating, "histogram");
    if (visibility_withholds(v, FEATURE_RATINGS)) {
        if (json_is_object(rating))
            contradiction(w->a, "entry-without-effect",
                          "%.*s: stars stand there against the Record", STR_ARG(where));
        return;
    }
    for (size_t i = 0; i < json_array_size(histogram); i++)
        sum += json_integer_value(json_array_get(histogram, i));
    if (!json_member_int(rating, "count", &count) || (uint64_t)count != t->shown || sum != count)
        contradiction(
            w->a, "sums", "%.*s: %llu ratings are shown, its stars count %lld and sum up to %lld",
            STR_ARG(where), (unsigned long long)t->shown, (long long)count, (long long)sum);
}

/* ---- the reviews themselves ---- */

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Follows a resource of comments to its end, or to one more than the Record has
 * accepted: there is nothing to learn beyond. */
static enum rc count_comments(struct auditing *w, struct str resource, uint64_t *ret,
                              struct fault *fault)
{
    uint64_t count = 0, most = w->count == NULL ? 0 : w->count->accepted[VOICE_COMMENT];
    for (uint64_t offset = 0; count <= most; offset += PAGE) {
        ARENA_AUTO arena = ARENA_INIT;
        JSON_AUTO *json = NULL;
        long status;
        struct str path = arena_printf(&arena, "%.*s/comments?limit=%d&offset=%llu",
                                       STR_ARG(resource), PAGE, (unsigned long long)offset);
        enum rc rc = fetch_json(w->a->fetcher, &arena, path, &json, &status, fault);
        if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
        size_t n = json_array_size(json_object_get(json, "comments"));
        count += n;
        if (rc == RC_NOT_FOUND || n < PAGE)
            break;
    }
    *ret = count;
    return RC_OK;
}

/* The comments that are really there under a review of a list. */
static enum rc comments_of_review(struct auditing *w, struct str storefront, const json_t *review,
                                  uint64_t *ret, struct fault *fault)
{
    int64_t said, id;
    *ret = json_array_size(json_object_get(review, "comments"));
    if (!json_member_int(review, "id", &id) || !json_member_int(review, "comment_count", &said) ||
        said < 0) {
        contradiction(w->a, "sums",
                      "%.*s, work %llu: a review does not say how many comments it has",
                      STR_ARG(storefront), (unsigned long long)w->work);
        return RC_OK;
    }
    if (*ret == (uint64_t)said)
        return RC_OK;
    struct str resource =
        arena_printf(w->arena, "/api/v1/%.*s/reviews/%lld", STR_ARG(storefront), (long long)id);
    enum rc rc = count_comments(w, resource, ret, fault);
    if (rc == RC_OK && *ret != (uint64_t)said)
        contradiction(w->a, "sums",
                      "%.*s: %lld comments are said to be shown under the review, %llu are there",
                      STR_ARG(resource), (long long)said, (unsigned long long)*ret);
    return rc;
}

/* Every review and comment that is said to be shown must be there. `ret_on_page`:
 * so many comments are due on the page of each edition that withholds no more. */
static enum rc count_reviews(struct auditing *w, struct str storefront,
                             const struct tally t[VOICE_KIND_COUNT], const struct visibility *v,
                             uint64_t *ret_on_page, struct fault *fault)
{
    uint64_t reviews = 0, comments = 0, offset = 0, on_page = 0;
    uint64_t most = w->count == NULL ? 0 : w->count->accepted[VOICE_REVIEW];
    bool withheld = visibility_withholds(v, FEATURE_REVIEWS);
    /* To the end, or to more than the Record has accepted: there is nothing to
     * learn beyond. */
    while (reviews <= most) {
        ARENA_AUTO arena = ARENA_INIT;
        JSON_AUTO *json = NULL;
        long status;
        struct str path = arena_printf(
            &arena, "/api/v1/%.*s/works/%llu/reviews?limit=%d&offset=%llu", STR_ARG(storefront),
            (unsigned long long)w->work, PAGE, (unsigned long long)offset);
        enum rc rc = fetch_json(w->a->fetcher, &arena, path, &json, &status, fault);
        if (rc != RC_OK)
            return rc;
        bool legal = withheld && ground_is_legal_demand(v->by[FEATURE_REVIEWS]->ground);
        if ((status == 451) != legal)
            contradiction(w->a, "status", "%.*s: status %ld, %d is due", STR_ARG(path), status,
                          legal ? 451 : 200);
        const json_t *list = json_object_get(json, "reviews");
        for (size_t i = 0; i < json_array_size(list); i++) {
            uint64_t there;
            rc = comments_of_review(w, storefront, json_array_get(list, i), &there, fault);
            if (rc != RC_OK)
                return rc;
            comments += there;
            if (offset + i < REVIEWS_ON_PAGE)
                on_page += least(there, COMMENTS_ON_PAGE);
        }
        reviews += json_array_size(list);
        offset += PAGE;
        if (json_array_size(list) < PAGE)
            break;
    }
    if (reviews != t[VOICE_REVIEW].shown)
        contradiction(w->a, "sums",
                      "%.*s, work %llu: %llu reviews are said to be shown, %llu are there",
                      STR_ARG(storefront), (unsigned long long)w->work,
                      (unsigned long long)t[VOICE_REVIEW].shown, (unsigned long long)reviews);
    /* Comments whose reviews are withheld have a resource of their own. */
    if (withheld && t[VOICE_COMMENT].shown > 0) {
        struct str resource = arena_printf(w->arena, "/api/v1/%.*s/works/%llu", STR_ARG(storefront),
                                           (unsigned long long)w->work);
        enum rc rc = count_comments(w, resource, &comments, fault);
        if (rc != RC_OK)
            return rc;
        on_page = least(comments, COMMENTS_ON_PAGE);
    }
    if (comments != t[VOICE_COMMENT].shown)
        contradiction(w->a, "sums",
                      "%.*s, work %llu: %llu comments are said to be shown, %llu are there",
                      STR_ARG(storefront), (unsigned long long)w->work,
                      (unsigned long long)t[VOICE_COMMENT].shown, (unsigned long long)comments);
    *ret_on_page = on_page;
    return RC_OK;
}

/* ---- the page ---- */

static bool slip_for(const struct page_facts *page, enum feature feature, uint64_t restriction)
{
    for (size_t i = 0; i < page->slip_count; i++) {
        struct str features = page->slips[i].features, word;
        while (page->slips[i].restriction == restriction && str_next(&features, ' ', &word))
            if (str_eq(word, str_of(feature_name(feature))))
                return true;
    }
    return false;
}

/* Slips of features that the Record does not withhold here. */
static void compare_slips(struct auditing *w, struct str path, const struct page_facts *page,
                          const struct visibility *v)
{
    static const feature_mask of_offers = FEATURE_BIT(FEATURE_SALE) | FEATURE_BIT(FEATURE_DELIVERY);
    for (size_t i = 0; i < page->slip_count; i++) {
        struct str features = page->slips[i].features, word;
        while (str_next(&features, ' ', &word)) {
            enum feature feature;
            if (!feature_parse(word, &feature))
                contradiction(w->a, "slip", "%.*s: a slip for “%.*s”, which is no feature",
                              STR_ARG(path), STR_ARG(word));
            else if (!(FEATURE_BIT(feature) & of_offers) &&
                     (!visibility_withholds(v, feature) ||
                      v->by[feature]->id != page->slips[i].restriction))
                contradiction(
                    w->a, "withheld-without-entry",
                    "%.*s: a slip says that restriction %llu withholds %s; the Record does not",
                    STR_ARG(path), (unsigned long long)page->slips[i].restriction,
                    feature_name(feature));
        }
    }
}

static void compare_shown_page(struct auditing *w, struct str path, const struct page_facts *page,
                               const struct visibility *v, const struct tally t[VOICE_KIND_COUNT],
                               uint64_t comments_due)
{
    static const enum feature in_place[] = {FEATURE_RATINGS, FEATURE_REVIEWS, FEATURE_COMMENTS,
                                            FEATURE_SUBMISSIONS};
    for (size_t i = 0; i < sizeof in_place / sizeof *in_place; i++) {
        enum feature f = in_place[i];
        if (visibility_withholds(v, f) && !slip_for(page, f, v->by[f]->id))
            contradiction(w->a, "notice-missing",
                          "%.*s: restriction %llu withholds %s, and no slip stands there",
                          STR_ARG(path), (unsigned long long)v->by[f]->id, feature_name(f));
    }
    if (!page->has_tallies) {
        contradiction(w->a, "page", "%.*s: its readers' part is missing", STR_ARG(path));
        return;
    }
    if (page->ratings_shown != t[VOICE_RATING].shown ||
        page->reviews_shown != t[VOICE_REVIEW].shown ||
        page->comments_shown != t[VOICE_COMMENT].shown)
        contradiction(w->a, "page", "%.*s: its sums are not those of the JSON", STR_ARG(path));
    uint64_t due = least(t[VOICE_REVIEW].shown, REVIEWS_ON_PAGE);
    if (page->review_articles != due)
        contradiction(w->a, "page", "%.*s: %llu reviews stand there, %llu are due", STR_ARG(path),
                      (unsigned long long)page->review_articles, (unsigned long long)due);
    if (page->comment_items != comments_due)
        contradiction(w->a, "page", "%.*s: %llu comments stand there, %llu are due", STR_ARG(path),
                      (unsigned long long)page->comment_items, (unsigned long long)comments_due);
    bool stars = page->rating_count >= 0;
    if (visibility_withholds(v, FEATURE_RATINGS)
            ? stars
            : page->rating_count != (int64_t)t[VOICE_RATING].shown)
        contradiction(w->a, "page", "%.*s: its stars are not those of the Record", STR_ARG(path));
}

static enum rc compare_page(struct auditing *w, struct str storefront,
                            const struct known_edition *e, const struct work_here *here,
                            struct fault *fault)
{
    struct tally t[VOICE_KIND_COUNT];
    struct fetched fetched;
    struct page_facts page;
    struct visibility v = expected(w, storefront, e->key, STR_NONE);
    struct str path =
        arena_printf(w->arena, "/%.*s/books/%.*s", STR_ARG(storefront), STR_ARG(e->key));
    enum rc rc = fetch(w->a->fetcher, w->arena, path, &fetched, fault);
    if (rc != RC_OK)
        return rc;
    bool hidden = visibility_withholds(&v, FEATURE_LISTING);
    long due = hidden && ground_is_legal_demand(v.by[FEATURE_LISTING]->ground) ? 451 : 200;
    if (fetched.status != due) {
        contradiction(w->a, hidden ? "entry-without-effect" : "withheld-without-entry",
                      "%.*s: status %ld, %ld is due", STR_ARG(path), fetched.status, due);
        return RC_OK;
    }
    page_read(w->arena, fetched.body, &page);
    if (!str_eq(page.edition, e->key) || page.work != w->work || !page.heading) {
        contradiction(w->a, "page", "%.*s: this is not the page of that edition", STR_ARG(path));
        return RC_OK;
    }
    compare_slips(w, path, &page, &v);
    tally_under(&v, here->tallies, t);
    /* Without their reviews, which this edition alone may withhold, they stand in one list. */
    uint64_t comments = visibility_withholds(&v, FEATURE_REVIEWS)
                            ? least(t[VOICE_COMMENT].shown, COMMENTS_ON_PAGE)
                            : here->comments_on_page;
    if (!hidden)
        compare_shown_page(w, path, &page, &v, t, t[VOICE_COMMENT].shown == 0 ? 0 : comments);
    else if (!slip_for(&page, FEATURE_LISTING, v.by[FEATURE_LISTING]->id))
        contradiction(w->a, "notice-missing", "%.*s: the title is withheld without a slip",
                      STR_ARG(path));
    return RC_OK;
}

/* The edition's JSON, and its offers shop by shop. */
static enum rc compare_edition(struct auditing *w, struct str storefront,
                               const struct known_edition *e, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    long status;
    struct visibility v = expected(w, storefront, e->key, STR_NONE);
    struct str path =
        arena_printf(w->arena, "/api/v1/%.*s/editions/%.*s", STR_ARG(storefront), STR_ARG(e->key));
    enum rc rc = fetch_json(w->a->fetcher, w->arena, path, &json, &status, fault);
    if (rc == RC_NOT_FOUND) {
        contradiction(w->a, "withheld-without-entry",
                      "%.*s: 404, while another storefront lists it", STR_ARG(path));
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    compare_withheld(w, path, json_object_get(json, "withheld"), &v);
    if (!visibility_withholds(&v, FEATURE_LISTING)) {
        struct tally t[VOICE_KIND_COUNT];
        compare_sums(w, path, json_object_get(json, "voices"), &v, t);
        compare_rating(w, path, json_object_get(json, "rating"), &v, &t[VOICE_RATING]);
        if (visibility_withholds(&v, FEATURE_REVIEWS) &&
            json_array_size(json_object_get(json, "reviews")) > 0)
            contradiction(w->a, "entry-without-effect",
                          "%.*s: reviews stand there against "
                          "restriction %llu",
                          STR_ARG(path), (unsigned long long)v.by[FEATURE_REVIEWS]->id);
    }
    const json_t *offers = json_object_get(json, "offers");
    for (size_t i = 0; i < json_array_size(offers); i++) {
        const json_t *offer = json_array_get(offers, i);
        int64_t by = 0;
        struct str shop = json_member_str(offer, "shop");
        struct visibility sale = expected(w, storefront, e->key, shop);
        bool said = json_member_int(offer, "withheld", &by);
        if (said != visibility_withholds(&sale, FEATURE_SALE))
            contradiction(w->a, said ? "withheld-without-entry" : "entry-without-effect",
                          "%.*s: the sale by %.*s", STR_ARG(path), STR_ARG(shop));
    }
    return RC_OK;
}

/* Searching for the edition's own number. */
static enum rc compare_search(struct auditing *w, struct str storefront,
                              const struct known_edition *e, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    long status;
    int64_t hidden = 0;
    bool found = false;
    struct visibility v = expected(w, storefront, e->key, STR_NONE);
    if (e->key.n != 13)
        return RC_OK;
    struct str path = arena_printf(w->arena, "/api/v1/%.*s/search?q=%.*s&limit=20",
                                   STR_ARG(storefront), STR_ARG(e->key));
    enum rc rc = fetch_json(w->a->fetcher, w->arena, path, &json, &status, fault);
    if (rc != RC_OK)
        return rc;
    const json_t *results = json_object_get(json, "results");
    for (size_t i = 0; i < json_array_size(results); i++)
        found = found || str_eq(json_member_str(json_array_get(results, i), "isbn13"), e->key);
    bool due = visibility_withholds(&v, FEATURE_SEARCH);
    if (found == due)
        contradiction(w->a, due ? "entry-without-effect" : "withheld-without-entry",
                      "%.*s: the edition is %s", STR_ARG(path), found ? "found" : "not found");
    if (due &&
        (!json_member_int(json_object_get(json, "withheld"), "works", &hidden) || hidden < 1))
        contradiction(w->a, "notice-missing", "%.*s: it does not say that a work is withheld",
                      STR_ARG(path));
    return RC_OK;
}

/* ---- one work ---- */

static void learn_edition(struct auditing *w, struct str key, struct str title)
{
    for (size_t i = 0; i < w->edition_count; i++)
        if (str_eq(w->editions[i].key, key))
            return;
    if (w->edition_count < w->edition_room)
        w->editions[w->edition_count++] =
            (struct known_edition){arena_str(w->arena, key), arena_str(w->arena, title)};
}

static enum rc read_work(struct auditing *w, struct str storefront, struct work_here *ret,
                         struct fault *fault)
{
    struct tally *t = ret->tallies;
    JSON_AUTO *json = NULL;
    long status;
    struct visibility v = expected(w, storefront, STR_NONE, STR_NONE);
    struct str path = arena_printf(w->arena, "/api/v1/%.*s/works/%llu", STR_ARG(storefront),
                                   (unsigned long long)w->work);
    enum rc rc = fetch_json(w->a->fetcher, w->arena, path, &json, &status, fault);
    if (rc == RC_NOT_FOUND && w->named)
        contradiction(w->a, "withheld-without-entry",
                      "%.*s: 404, but the Record or another storefront names this work",
                      STR_ARG(path));
    if (rc != RC_OK)
        return rc;
    compare_withheld(w, path, json_object_get(json, "withheld"), &v);
    compare_sums(w, path, json_object_get(json, "voices"), &v, t);
    compare_rating(w, path, json_object_get(json, "rating"), &v, &t[VOICE_RATING]);
    const json_t *editions = json_object_get(json, "editions");
    if (visibility_withholds(&v, FEATURE_LISTING) && json_array_size(editions) > 0)
        contradiction(w->a, "entry-without-effect", "%.*s: it lists editions against the Record",
                      STR_ARG(path));
    for (size_t i = 0; i < json_array_size(editions); i++)
        learn_edition(w, json_member_str(json_array_get(editions, i), "isbn13"),
                      json_member_str(json_array_get(editions, i), "title"));
    if (t[VOICE_REVIEW].shown + t[VOICE_REVIEW].withheld + t[VOICE_COMMENT].shown == 0)
        return RC_OK;
    return count_reviews(w, storefront, t, &v, &ret->comments_on_page, fault);
}

static enum rc compare_work(struct audit *a, uint64_t work, bool named,
                            const struct voice_count *count, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct auditing w = {
        .a = a, .arena = &arena, .work = work, .named = named, .count = count, .edition_room = 64};
    struct work_here *here = ARENA_ARRAY(&arena, struct work_here, a->storefront_count);
    w.editions = ARENA_ARRAY(&arena, struct known_edition, w.edition_room);
    w.candidates = ARENA_ARRAY(&arena, const struct restriction *, a->in_effect_count);
    for (size_t i = 0; i < a->in_effect_count; i++)
        if (work_set_has(a->in_effect[i]->works, work))
            w.candidates[w.candidate_count++] = a->in_effect[i];
    enum rc rc = RC_OK;
    size_t missing = 0;
    for (size_t s = 0; rc == RC_OK && s < a->storefront_count; s++) {
        rc = read_work(&w, a->storefronts[s].slug, &here[s], fault);
        if (rc == RC_NOT_FOUND) {
            missing++;
            rc = RC_OK;
        }
    }
    if (rc == RC_OK && missing > 0) {
        /* A number nobody has is no work; one that some storefronts have is. */
        if (!named && missing < a->storefront_count)
            contradiction(a, "withheld-without-entry",
                          "work %llu: 404 in %zu of %zu storefronts, without an entry",
                          (unsigned long long)work, missing, a->storefront_count);
        return RC_OK;
    }
    size_t pages =
        a->order->all || w.edition_count < PAGES_PER_WORK ? w.edition_count : PAGES_PER_WORK;
    for (size_t s = 0; rc == RC_OK && s < a->storefront_count; s++)
        for (size_t e = 0; rc == RC_OK && e < pages; e++) {
            rc = compare_page(&w, a->storefronts[s].slug, &w.editions[e], &here[s], fault);
            if (rc == RC_OK)
                rc = compare_edition(&w, a->storefronts[s].slug, &w.editions[e], fault);
            if (rc == RC_OK && e == 0)
                rc = compare_search(&w, a->storefronts[s].slug, &w.editions[e], fault);
        }
    a->result->works++;
    return rc;
}

/* ---- which works ---- */

struct choosing {
    uint64_t *works;
    size_t n, room;
};

static void choose(struct choosing *c, uint64_t work)
{
    if (c->n == c->room) {
        c->room = c->room == 0 ? 4096 : 2 * c->room;
        c->works = realloc(c->works, c->room * sizeof *c->works);
        if (c->works == NULL)
            abort();
    }
    c->works[c->n++] = work;
}

/* Some works that no entry names, newest first. */
static enum rc choose_rest(struct audit *a, struct choosing *c, struct fault *fault)
{
    uint64_t taken = 0, most = SAMPLE;
    for (uint64_t offset = 0; taken < most; offset += PAGE) {
        ARENA_AUTO arena = ARENA_INIT;
        JSON_AUTO *json = NULL;
        long status;
        int64_t work;
        if (a->storefront_count == 0 || offset > 20000)
            return RC_OK; /* deeper the search does not page */
        struct str path =
            arena_printf(&arena, "/api/v1/%.*s/search?sort=newest&limit=%d&offset=%llu",
                         STR_ARG(a->storefronts[0].slug), PAGE, (unsigned long long)offset);
        enum rc rc = fetch_json(a->fetcher, &arena, path, &json, &status, fault);
        if (rc != RC_OK)
            return rc;
        const json_t *results = json_object_get(json, "results");
        for (size_t i = 0; i < json_array_size(results) && taken < most; i++)
            if (json_member_int(json_array_get(results, i), "work_id", &work) && work > 0) {
                choose(c, (uint64_t)work);
                taken++;
            }
        if (json_array_size(results) < PAGE)
            return RC_OK;
    }
    return RC_OK;
}

static enum rc choose_works(struct audit *a, struct choosing *c, struct fault *fault)
{
    for (size_t i = 0; i < voices_replay_count(a->counts); i++)
        choose(c, voices_replay_at(a->counts, i)->work);
    for (size_t i = 0; i < a->replay.n; i++)
        for (size_t k = 0; k < a->replay.restrictions[i]->works.n; k++)
            choose(c, a->replay.restrictions[i]->works.v[k]);
    enum rc rc = choose_rest(a, c, fault);
    c->n = ids_sort(c->works, c->n);
    return rc;
}

/* Counts by work, to be found by number. */
static int by_work(const void *a, const void *b)
{
    uint64_t x = (*(const struct voice_count *const *)a)->work;
    uint64_t y = (*(const struct voice_count *const *)b)->work;
    return (x > y) - (x < y);
}

static const struct voice_count **sorted_counts(struct audit *a, size_t *ret_n)
{
    size_t n = voices_replay_count(a->counts);
    const struct voice_count **v = ARENA_ARRAY(&a->arena, const struct voice_count *, n);
    for (size_t i = 0; i < n; i++)
        v[i] = voices_replay_at(a->counts, i);
    if (n > 1)
        qsort(v, n, sizeof *v, by_work);
    *ret_n = n;
    return v;
}

/* Numbers of works are given in order and for ever: with --all every one is
 * asked for, up to the highest that is known. */
static void choose_all(struct choosing *c, struct choosing *ret)
{
    uint64_t highest = c->n == 0 ? 0 : c->works[c->n - 1];
    for (uint64_t work = 1; work <= highest && work <= WORKS_MAX; work++)
        choose(ret, work);
    for (size_t i = 0; i < c->n; i++)
        if (c->works[i] > WORKS_MAX)
            choose(ret, c->works[i]);
}

enum rc audit_works(struct audit *a, struct fault *fault)
{
    struct choosing c = {NULL, 0, 0}, all = {NULL, 0, 0};
    size_t counts_n;
    const struct voice_count **counts = sorted_counts(a, &counts_n);
    enum rc rc = choose_works(a, &c, fault);
    if (rc == RC_OK && a->order->all)
        choose_all(&c, &all);
    const struct choosing *chosen = a->order->all ? &all : &c;
    for (size_t i = 0; rc == RC_OK && i < chosen->n; i++) {
        uint64_t work = chosen->works[i];
        struct voice_count wanted = {.work = work};
        const struct voice_count *key = &wanted;
        const struct voice_count **found =
            counts_n == 0 ? NULL : bsearch(&key, counts, counts_n, sizeof *counts, by_work);
        rc = compare_work(a, work, work_set_has((struct work_set){c.works, c.n}, work),
                          found == NULL ? NULL : *found, fault);
        if (a->order->progress != NULL)
            a->order->progress(a->order->context, i + 1, chosen->n);
    }
    free(c.works);
    free(all.works);
    return rc;
}
