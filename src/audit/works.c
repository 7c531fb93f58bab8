#include "audit/work.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/list.h"

enum {
    SAMPLE = 60,
    IN_TURN = 40,
    PROOFS = 30,
    PAGES_PER_WORK = 4,
    WORKS_MAX = 20 * 1000 * 1000,
    NOBODYS = 100, /* numbers in a row that no work has: behind them is none */
};

static void compare_withheld(struct auditing *w, struct str where, const json_t *list,
                             const struct visibility *v)
{
    for (int f = 0; f < FEATURE_COUNT; f++) {
        enum feature feature = (enum feature)f;
        uint64_t restriction = 0;
        bool said = audit_says(list, feature, &restriction), due = visibility_withholds(v, feature);
        if (said && !due)
            contradiction(w->a, audit_beyond(w, restriction),
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

/* What an edition's own page and JSON must say: a restriction on that edition
 * alone withholds there what the work shows elsewhere. */
static void tally_under(const struct visibility *v, const struct tally work[VOICE_KIND_COUNT],
                        struct tally ret[VOICE_KIND_COUNT])
{
    for (int k = 0; k < VOICE_KIND_COUNT; k++) {
        ret[k] = work[k];
        if (!visibility_withholds(v, audit_kind_features[k]))
            continue;
        ret[k].shown = 0;
        ret[k].withheld = work[k].shown + work[k].withheld;
    }
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
static void compare_slip(struct auditing *w, struct str path, const struct page_slip *slip,
                         const struct visibility *v)
{
    static const feature_mask of_offers = FEATURE_BIT(FEATURE_SALE) | FEATURE_BIT(FEATURE_DELIVERY);
    struct str features = slip->features, word;
    while (str_next(&features, ' ', &word)) {
        enum feature feature;
        if (!feature_parse(word, &feature))
            contradiction(w->a, "slip", "%.*s: a slip for “%.*s”, which is no feature",
                          STR_ARG(path), STR_ARG(word));
        else if (!(FEATURE_BIT(feature) & of_offers) &&
                 (!visibility_withholds(v, feature) || v->by[feature]->id != slip->restriction))
            contradiction(
                w->a, audit_beyond(w, slip->restriction),
                "%.*s: a slip says that restriction %llu withholds %s; the Record does not",
                STR_ARG(path), (unsigned long long)slip->restriction, feature_name(feature));
    }
}

static void compare_slips(struct auditing *w, struct str storefront, struct str path,
                          const struct page_facts *page, const struct visibility *v)
{
    for (size_t i = 0; i < page->slip_count; i++)
        compare_slip(w, path, &page->slips[i], v);
    for (size_t i = 0; i < page->voice_slip_count && i < PAGE_SLIPS; i++) {
        struct str index = page->voice_slips[i].voice, kind;
        enum target_kind target;
        struct visibility seen;
        uint64_t number;
        if (!str_next(&index, ':', &kind) || !target_parse(kind, &target) ||
            !target_is_voice(target) || !str_to_u64(index, &number)) {
            contradiction(w->a, "slip", "%.*s: a slip for “%.*s”, which nobody said", STR_ARG(path),
                          STR_ARG(page->voice_slips[i].voice));
            continue;
        }
        (void)audit_voice(w, storefront, target, number, v, &seen);
        compare_slip(w, path, &page->voice_slips[i], &seen);
    }
}

/* What stands on an edition's page; UNKNOWN where only its work's pages were counted. */
#define UNKNOWN UINT64_MAX
struct page_due {
    uint64_t reviews, comments, slips;
};

/* An edition may withhold by itself what its work shows elsewhere. */
static struct page_due due_on_page(const struct work_here *here, const struct visibility *v,
                                   const struct tally t[VOICE_KIND_COUNT])
{
    static const feature_mask voices =
        FEATURE_BIT(FEATURE_RATINGS) | FEATURE_BIT(FEATURE_REVIEWS) | FEATURE_BIT(FEATURE_COMMENTS);
    bool same = (v->withheld & voices) == (here->withheld & voices);
    struct page_due due = {here->reviews_on_page, here->comments_on_page,
                           same ? here->slips_on_page : UNKNOWN};
    if (t[VOICE_REVIEW].shown == 0)
        due.reviews = 0;
    if (t[VOICE_COMMENT].shown == 0)
        due.comments = 0;
    else if (!same && visibility_withholds(v, FEATURE_REVIEWS)) /* in one list then */
        due.comments = t[VOICE_COMMENT].withheld > 0               ? UNKNOWN
                       : t[VOICE_COMMENT].shown < COMMENTS_ON_PAGE ? t[VOICE_COMMENT].shown
                                                                   : COMMENTS_ON_PAGE;
    return due;
}

/* The table of sums, where something was ever said: the JSON's numbers, which were
 * compared with the Record's. */
static void compare_page_sums(struct auditing *w, struct str path, const struct page_facts *page,
                              const struct tally t[VOICE_KIND_COUNT])
{
    uint64_t all = 0;
    for (int k = 0; k < VOICE_KIND_COUNT; k++)
        all += t[k].shown + t[k].withheld + t[k].withdrawn + t[k].erased;
    for (int k = 0; all > 0 && k < VOICE_KIND_COUNT; k++) {
        const struct page_sum *s = &page->sums[k];
        if (!s->there || s->shown != t[k].shown || s->withheld != t[k].withheld ||
            s->withdrawn != t[k].withdrawn || s->erased != t[k].erased || s->by != s->withheld)
            contradiction(w->a, "sums", "%.*s: its sums of %s are not those of the JSON",
                          STR_ARG(path), feature_name(audit_kind_features[k]));
    }
}

static void compare_shown_page(struct auditing *w, struct str path, const struct page_facts *page,
                               const struct visibility *v, const struct tally t[VOICE_KIND_COUNT],
                               const struct page_due *due)
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
    compare_page_sums(w, path, page, t);
    if (page->review_articles != due->reviews)
        contradiction(w->a, "page", "%.*s: %llu reviews stand there, %llu are due", STR_ARG(path),
                      (unsigned long long)page->review_articles, (unsigned long long)due->reviews);
    if (page->comment_items != due->comments && due->comments != UNKNOWN)
        contradiction(w->a, "page", "%.*s: %llu comments stand there, %llu are due", STR_ARG(path),
                      (unsigned long long)page->comment_items, (unsigned long long)due->comments);
    if (page->voice_slip_count != due->slips && due->slips != UNKNOWN)
        contradiction(
            w->a, "notice-missing",
            "%.*s: %zu slips stand in the places of reviews, stars and comments, %llu are "
            "due",
            STR_ARG(path), page->voice_slip_count, (unsigned long long)due->slips);
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
    struct visibility v = audit_expected(w, storefront, e->key, STR_NONE);
    struct str path =
        arena_printf(w->arena, "/%.*s/books/%.*s", STR_ARG(storefront), STR_ARG(e->key));
    enum rc rc = fetch(w->a->fetcher, w->arena, path, &fetched, fault);
    if (rc != RC_OK)
        return rc;
    bool hidden = visibility_withholds(&v, FEATURE_LISTING);
    long due = hidden && ground_is_legal_demand(v.by[FEATURE_LISTING]->ground) ? 451 : 200;
    if (fetched.status != due) {
        contradiction(w->a,
                      hidden                  ? "entry-without-effect"
                      : fetched.status == 451 ? audit_beyond(w, 0)
                                              : "withheld-without-entry",
                      "%.*s: status %ld, %ld is due", STR_ARG(path), fetched.status, due);
        return RC_OK;
    }
    page_read(w->arena, fetched.body, &page);
    if (!str_eq(page.edition, e->key) || page.work != w->work || !page.heading) {
        contradiction(w->a, "page", "%.*s: this is not the page of that edition", STR_ARG(path));
        return RC_OK;
    }
    compare_slips(w, storefront, path, &page, &v);
    tally_under(&v, here->tallies, t);
    struct page_due expected = due_on_page(here, &v, t);
    if (!hidden)
        compare_shown_page(w, path, &page, &v, t, &expected);
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
    struct visibility v = audit_expected(w, storefront, e->key, STR_NONE);
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
        struct withheld_alone alone = audit_alone(w, storefront);
        audit_sums(w, path, json_object_get(json, "voices"), &v, &alone, t);
        audit_rating(w, path, json_object_get(json, "rating"), &v, &t[VOICE_RATING]);
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
        struct visibility sale = audit_expected(w, storefront, e->key, shop);
        bool said = json_member_int(offer, "withheld", &by);
        if (said != visibility_withholds(&sale, FEATURE_SALE))
            contradiction(w->a, said ? audit_beyond(w, (uint64_t)by) : "entry-without-effect",
                          "%.*s: the sale by %.*s", STR_ARG(path), STR_ARG(shop));
    }
    return RC_OK;
}

/* What a result says of its works must add up, and name restrictions that withhold there. */
static void compare_found(struct auditing *w, struct str storefront, struct str path,
                          const json_t *works, bool due)
{
    int64_t found = -1, shown = 0, withheld = 0, partly = 0, others = 0, by = 0, n, id;
    if (!json_member_int(works, "found", &found) || !json_member_int(works, "shown", &shown) ||
        !json_member_int(works, "withheld", &withheld) ||
        !json_member_int(works, "partly", &partly) || !json_member_int(works, "others", &others)) {
        contradiction(w->a, "sums", "%.*s: it does not say how many works there are",
                      STR_ARG(path));
        return;
    }
    const json_t *list = json_object_get(works, "by");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const struct restriction *r = json_member_int(item, "restriction", &id)
                                          ? replay_find(&w->a->replay, (uint64_t)id)
                                          : NULL;
        by += json_member_int(item, "works", &n) ? n : 0;
        if (r == NULL || restriction_state(r, w->a->now) != STATE_IN_EFFECT ||
            !(r->features & FEATURE_BIT(FEATURE_SEARCH)) ||
            !restriction_in_storefront(r, storefront))
            contradiction(w->a, "withheld-without-entry",
                          "%.*s: works are said to be withheld by restriction %lld, which "
                          "withholds none here",
                          STR_ARG(path), (long long)id);
    }
    if (found != shown + withheld || withheld != by + others)
        contradiction(w->a, "sums", "%.*s: its numbers of works do not add up", STR_ARG(path));
    if (due && withheld + partly < 1)
        contradiction(w->a, "notice-missing", "%.*s: it does not say that a work is withheld",
                      STR_ARG(path));
}

/* Searching for the edition's own number. */
static enum rc compare_search(struct auditing *w, struct str storefront,
                              const struct known_edition *e, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    long status;
    bool found = false;
    struct visibility v = audit_expected(w, storefront, e->key, STR_NONE);
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
    compare_found(w, storefront, path, json_object_get(json, "works"), due);
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
    struct visibility v = audit_expected(w, storefront, STR_NONE, STR_NONE);
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
    struct withheld_alone alone = audit_alone(w, storefront);
    ret->withheld = v.withheld;
    audit_sums(w, path, json_object_get(json, "voices"), &v, &alone, t);
    audit_rating(w, path, json_object_get(json, "rating"), &v, &t[VOICE_RATING]);
    const json_t *editions = json_object_get(json, "editions");
    if (visibility_withholds(&v, FEATURE_LISTING) && json_array_size(editions) > 0)
        contradiction(w->a, "entry-without-effect", "%.*s: it lists editions against the Record",
                      STR_ARG(path));
    for (size_t i = 0; i < json_array_size(editions); i++)
        learn_edition(w, json_member_str(json_array_get(editions, i), "isbn13"),
                      json_member_str(json_array_get(editions, i), "title"));
    if (t[VOICE_REVIEW].shown + t[VOICE_REVIEW].withheld + t[VOICE_COMMENT].shown +
            t[VOICE_COMMENT].withheld ==
        0)
        return RC_OK;
    return audit_reviews(w, storefront, &v, ret, fault);
}

/* Of the works that are compared some are proved, others in each round, each time in
 * another storefront; with --all everywhere. */
struct turn {
    size_t at, n; /* the work's place among those of this round */
};

static enum rc prove_in_turn(struct auditing *w, const struct turn *turn, struct fault *fault)
{
    const struct audit *a = w->a;
    size_t step = a->order->all ? 1 : turn->n / PROOFS + 1, round = a->order->last_work / IN_TURN;
    enum rc rc = RC_OK;
    if ((turn->at + round) % step != 0)
        return RC_OK;
    for (size_t s = 0; rc == RC_OK && s < a->storefront_count; s++)
        if (a->order->all || (turn->at + round / step) % a->storefront_count == s)
            rc = audit_proof(w, a->storefronts[s].slug, fault);
    return rc;
}

/* What one storefront has and another has not may have come in between: who has it not is
 * asked once more. */
static enum rc read_everywhere(struct auditing *w, struct work_here *here, size_t *ret_missing,
                               struct fault *fault)
{
    const struct audit *a = w->a;
    bool *there = ARENA_ARRAY(w->arena, bool, a->storefront_count);
    enum rc rc = RC_OK;
    size_t missing = a->storefront_count;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t s = 0; rc == RC_OK && s < a->storefront_count; s++) {
            if (there[s])
                continue;
            rc = read_work(w, a->storefronts[s].slug, &here[s], fault);
            there[s] = rc == RC_OK;
            missing -= there[s];
            if (rc == RC_NOT_FOUND)
                rc = RC_OK;
        }
        if (w->named || missing == 0 || missing == a->storefront_count)
            break;
    }
    *ret_missing = missing;
    return rc;
}

static enum rc compare_work(struct audit *a, uint64_t work, bool named,
                            const struct voice_count *count, const struct turn *turn,
                            struct fault *fault)
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
    size_t missing = 0;
    enum rc rc = read_everywhere(&w, here, &missing, fault);
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
    if (rc == RC_OK)
        rc = prove_in_turn(&w, turn, fault);
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
    HEAP_ROOM(c->works, c->n, c->room);
    c->works[c->n++] = work;
}

/* Some works that no entry names, newest first. */
static enum rc choose_rest(struct audit *a, struct choosing *c, struct fault *fault)
{
    uint64_t taken = 0, most = SAMPLE;
    for (uint64_t offset = 0; taken < most; offset += AUDIT_PAGE) {
        ARENA_AUTO arena = ARENA_INIT;
        JSON_AUTO *json = NULL;
        long status;
        int64_t work;
        if (a->storefront_count == 0 || offset > 20000)
            return RC_OK; /* deeper the search does not page */
        struct str path =
            arena_printf(&arena, "/api/v1/%.*s/search?sort=newest&limit=%d&offset=%llu",
                         STR_ARG(a->storefronts[0].slug), AUDIT_PAGE, (unsigned long long)offset);
        enum rc rc = fetch_json(a->fetcher, &arena, path, &json, &status, fault);
        if (rc != RC_OK)
            return rc;
        const json_t *results = json_object_get(json, "results");
        for (size_t i = 0; i < json_array_size(results) && taken < most; i++)
            if (json_member_int(json_array_get(results, i), "work_id", &work) && work > 0) {
                choose(c, (uint64_t)work);
                taken++;
            }
        if (json_array_size(results) < AUDIT_PAGE)
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

static uint64_t highest_known(const struct audit *a, const struct choosing *c)
{
    uint64_t highest = c->n == 0 ? 0 : c->works[c->n - 1];
    return highest > a->highest_work ? highest : a->highest_work;
}

/* Numbers of works are given in order and for ever: with --all every one is
 * asked for, up to the highest that is known. */
static void choose_all(struct audit *a, struct choosing *c, struct choosing *ret)
{
    uint64_t highest = highest_known(a, c);
    for (uint64_t work = 1; work <= highest && work <= WORKS_MAX; work++)
        choose(ret, work);
    for (size_t i = 0; i < c->n; i++)
        if (c->works[i] > WORKS_MAX)
            choose(ret, c->works[i]);
}

/* Beside those, some in turn, so that each comes up once in so many rounds: what is
 * hidden without an entry is named nowhere. */
static void choose_in_turn(struct audit *a, const struct choosing *c, struct choosing *ret)
{
    uint64_t highest = highest_known(a, c), work = a->order->last_work;
    for (size_t i = 0; i < c->n; i++)
        choose(ret, c->works[i]);
    for (uint64_t i = 0; i < IN_TURN && i < highest; i++) {
        work = work >= highest ? 1 : work + 1;
        choose(ret, work);
    }
    ret->n = ids_sort(ret->works, ret->n);
    a->result->last_work = work;
}

/* What was added since the last list, and is not among the newest by its date, is named
 * nowhere: with --all the numbers behind are asked for as well. */
static enum rc compare_behind(struct audit *a, uint64_t last, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (uint64_t work = last + 1, gone = 0; rc == RC_OK && gone < NOBODYS && work <= WORKS_MAX;
         work++) {
        uint64_t before = a->result->works;
        rc = compare_work(a, work, false, NULL, &(struct turn){work, work}, fault);
        gone = a->result->works > before ? 0 : gone + 1;
    }
    return rc;
}

enum rc audit_works(struct audit *a, struct fault *fault)
{
    struct choosing c = {NULL, 0, 0}, all = {NULL, 0, 0};
    size_t counts_n;
    audit_voice_targets(a);
    const struct voice_count **counts = sorted_counts(a, &counts_n);
    enum rc rc = choose_works(a, &c, fault);
    if (rc == RC_OK && a->order->all)
        choose_all(a, &c, &all);
    else if (rc == RC_OK && a->order->watching)
        choose_in_turn(a, &c, &all);
    const struct choosing *chosen = a->order->all || a->order->watching ? &all : &c;
    for (size_t i = 0; rc == RC_OK && i < chosen->n; i++) {
        uint64_t work = chosen->works[i];
        struct voice_count wanted = {.work = work};
        const struct voice_count *key = &wanted;
        const struct voice_count **found =
            counts_n == 0 ? NULL : bsearch(&key, counts, counts_n, sizeof *counts, by_work);
        rc = compare_work(a, work, work_set_has((struct work_set){c.works, c.n}, work),
                          found == NULL ? NULL : *found, &(struct turn){i, chosen->n}, fault);
        if (a->order->progress != NULL)
            a->order->progress(a->order->context, i + 1, chosen->n);
    }
    if (rc == RC_OK && a->order->all)
        rc = compare_behind(a, all.n == 0 ? 0 : all.works[all.n - 1], fault);
    free(c.works);
    free(all.works);
    return rc;
}
