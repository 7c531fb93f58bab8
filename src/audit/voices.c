/* What readers say of a work, against the Record: sums, stars, and each review and
 * comment in its place. */
#include "audit/work.h"
#include "base/clock.h"
#include "base/json.h"

/* Seconds by which requests may overtake each other on their way into the log. */
enum { CLOCKS_APART = 120 };

static const char *const kind_names[VOICE_KIND_COUNT] = {"ratings", "reviews", "comments"};
const enum feature audit_kind_features[VOICE_KIND_COUNT] = {FEATURE_RATINGS, FEATURE_REVIEWS,
                                                            FEATURE_COMMENTS};

/* ---- what is withheld alone ---- */

static enum voice_kind kind_of(enum target_kind target)
{
    return target == TARGET_COMMENT ? VOICE_COMMENT : VOICE_REVIEW;
}

static enum voice_standing standing_of(struct audit *a, const struct restriction *r, uint64_t work,
                                       uint64_t *ret_index)
{
    return str_to_u64(r->target_key, ret_index)
               ? voices_replay_find(a->counts, *ret_index, work, kind_of(r->target))
               : VOICE_UNKNOWN;
}

static struct visibility of_voice(struct auditing *w, struct str storefront, enum target_kind kind,
                                  uint64_t index)
{
    struct visibility_facts facts = {.work = w->work};
    if (kind == TARGET_REVIEW)
        facts.review = &index;
    else
        facts.comment = &index;
    return visibility_decide(w->candidates, w->candidate_count, storefront, &facts, w->a->now);
}

feature_mask audit_voice(struct auditing *w, struct str storefront, enum target_kind kind,
                         uint64_t index, const struct visibility *around, struct visibility *ret)
{
    *ret = of_voice(w, storefront, kind, index);
    return ret->withheld & target_features(kind) & (feature_mask)~around->withheld;
}

struct withheld_alone audit_alone(struct auditing *w, struct str storefront)
{
    struct withheld_alone alone = {{0}};
    const struct visibility none = {0};
    for (size_t i = 0; i < w->candidate_count; i++) {
        const struct restriction *r = w->candidates[i];
        struct visibility v;
        uint64_t index;
        bool again = false;
        if (!target_is_voice(r->target) || !restriction_in_storefront(r, storefront) ||
            standing_of(w->a, r, w->work, &index) != VOICE_STANDS)
            continue;
        for (size_t k = 0; k < i && !again; k++) /* one review, two restrictions */
            again = w->candidates[k]->target == r->target &&
                    str_eq(w->candidates[k]->target_key, r->target_key) &&
                    restriction_in_storefront(w->candidates[k], storefront);
        if (again)
            continue;
        (void)audit_voice(w, storefront, r->target, index, &none, &v);
        if (r->target == TARGET_COMMENT) {
            alone.voices[VOICE_COMMENT]++;
            continue;
        }
        alone.voices[VOICE_REVIEW] += visibility_withholds(&v, FEATURE_REVIEWS);
        alone.voices[VOICE_RATING] += visibility_withholds(&v, FEATURE_RATINGS);
    }
    return alone;
}

void audit_voice_targets(struct audit *a)
{
    for (size_t i = 0; i < a->replay.n; i++) {
        const struct restriction *r = a->replay.restrictions[i];
        uint64_t index = 0;
        if (target_is_voice(r->target) && standing_of(a, r, r->works.v[0], &index) == VOICE_UNKNOWN)
            contradiction(
                a, "unknown-target",
                "restriction %llu is about a %s that the voices log does not have at %.*s",
                (unsigned long long)r->id, target_name(r->target), STR_ARG(r->target_key));
    }
}

/* ---- sums ---- */

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

/* Which of those that stand are withheld: all of them, or those that single
 * restrictions name. A review may have no stars to withhold. */
static void compare_withheld_count(struct auditing *w, struct str where, int k,
                                   const struct visibility *v, uint64_t alone,
                                   const struct tally *t)
{
    if (visibility_withholds(v, audit_kind_features[k])) {
        if (t->shown > 0)
            contradiction(w->a, "entry-without-effect",
                          "%.*s: %llu %s are shown against restriction %llu", STR_ARG(where),
                          (unsigned long long)t->shown, kind_names[k],
                          (unsigned long long)v->by[audit_kind_features[k]]->id);
        return;
    }
    if (t->withheld > alone)
        contradiction(w->a, "withheld-without-entry",
                      "%.*s: %llu %s are withheld, %llu of them without an entry", STR_ARG(where),
                      (unsigned long long)t->withheld, kind_names[k],
                      (unsigned long long)(t->withheld - alone));
    else if (t->withheld < alone && k != VOICE_RATING)
        contradiction(w->a, "entry-without-effect",
                      "%.*s: %llu %s are withheld, by the Record it is %llu", STR_ARG(where),
                      (unsigned long long)t->withheld, kind_names[k], (unsigned long long)alone);
}

/* By which restrictions: what withholds the kind as a whole, or those on single reviews and
 * comments; together as many as are withheld. */
static void compare_by(struct auditing *w, struct str where, int k, const struct visibility *v,
                       const json_t *list, const struct tally *t)
{
    const struct restriction *around = v->by[audit_kind_features[k]];
    uint64_t sum = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        int64_t id = 0, n = 0;
        bool said = json_member_int(json_array_get(list, i), "restriction", &id) &&
                    json_member_int(json_array_get(list, i), "count", &n) && n > 0;
        const struct restriction *r = said ? replay_find(&w->a->replay, (uint64_t)id) : NULL;
        bool good =
            r != NULL &&
            (around != NULL ? r == around
                            : target_is_voice(r->target) && work_set_has(r->works, w->work) &&
                                  restriction_state(r, w->a->now) == STATE_IN_EFFECT &&
                                  (r->features & FEATURE_BIT(audit_kind_features[k])) != 0);
        if (!good)
            contradiction(w->a, "wrong-restriction",
                          "%.*s: restriction %lld is said to withhold %s, and does not",
                          STR_ARG(where), (long long)id, kind_names[k]);
        sum += (uint64_t)n;
    }
    if (sum != t->withheld)
        contradiction(w->a, "sums",
                      "%.*s: %llu %s are withheld, its restrictions are said to withhold %llu",
                      STR_ARG(where), (unsigned long long)t->withheld, kind_names[k],
                      (unsigned long long)sum);
}

void audit_sums(struct auditing *w, struct str where, const json_t *voices,
                const struct visibility *v, const struct withheld_alone *alone,
                struct tally ret[VOICE_KIND_COUNT])
{
    for (int k = 0; k < VOICE_KIND_COUNT; k++) {
        uint64_t accepted = w->count == NULL ? 0 : w->count->accepted[k];
        uint64_t withdrawn = w->count == NULL ? 0 : w->count->withdrawn[k];
        uint64_t erased = w->count == NULL ? 0 : w->count->erased[k];
        struct tally *t = &ret[k];
        *t = (struct tally){0};
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
        compare_withheld_count(w, where, k, v, alone->voices[k], t);
        compare_by(w, where, k, v, json_object_get(json_object_get(voices, kind_names[k]), "by"),
                   t);
    }
}

/* Stars: their sum is what the log accepted and did not take back. */
void audit_rating(struct auditing *w, struct str where, const json_t *rating,
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

/* ---- the reviews and comments themselves ---- */

/* What lists of them hold, as far as they were read. */
struct found {
    struct auditing *w;
    struct str storefront;
    const struct visibility *around;
    uint64_t places; /* shown or withheld */
    uint64_t shown;
    uint64_t on_page; /* of those shown, on the page of an edition */
    uint64_t slips;   /* on that page */
    /* Of the list that is read, the last text that stands there. */
    struct {
        struct str created; /* empty: none yet; in the work's arena */
        int64_t id, index;
    } last;
};

/* Reviews: the latest first; comments: the oldest first. The log knows in which order they
 * came, whatever times they claim. */
static void check_place(struct found *f, enum target_kind kind, const json_t *item)
{
    struct auditing *w = f->w;
    struct str created = json_member_str(item, "created");
    int64_t id, index, at = 0, last_at = 0;
    if (created.n == 0 || !json_member_int(item, "id", &id) ||
        !json_member_int(item, "record_index", &index) || !time_parse(created, &at))
        return; /* a place alone */
    struct str last = f->last.created;
    bool latest_first = kind == TARGET_REVIEW;
    if (last.n > 0 && time_parse(last, &last_at)) {
        int64_t later = latest_first ? last_at - at : at - last_at;
        bool behind = latest_first ? f->last.id < id : id < f->last.id;
        bool came_before = latest_first ? f->last.index < index : index < f->last.index;
        if ((later <= 0 && behind) || (later < 0 && latest_first))
            contradiction(w->a, "order",
                          "%.*s, work %llu: %s %lld stands behind %lld, against the ranking rule",
                          STR_ARG(f->storefront), (unsigned long long)w->work, target_name(kind),
                          (long long)index, (long long)f->last.index);
        else if (came_before && later > CLOCKS_APART)
            contradiction(w->a, "order",
                          "%.*s, work %llu: by its time %s %lld stands behind %lld, by the log "
                          "before it",
                          STR_ARG(f->storefront), (unsigned long long)w->work, target_name(kind),
                          (long long)index, (long long)f->last.index);
    }
    f->last.created = arena_str(w->arena, created);
    f->last.id = id;
    f->last.index = index;
}

/* One item of a list: a text, or the place of one that is withheld alone. */
static void look_at(struct found *f, enum target_kind kind, const json_t *item, bool on_page)
{
    struct auditing *w = f->w;
    const json_t *withheld = json_object_get(item, "withheld");
    enum feature text = kind == TARGET_REVIEW ? FEATURE_REVIEWS : FEATURE_COMMENTS;
    const struct restriction *last = NULL;
    struct visibility v;
    int64_t index;
    f->places++;
    check_place(f, kind, item);
    if (!json_member_int(item, "record_index", &index) || index < 0) {
        contradiction(w->a, "sums", "%.*s, work %llu: a %s does not say which entry it is",
                      STR_ARG(f->storefront), (unsigned long long)w->work, target_name(kind));
        return;
    }
    if ((uint64_t)index < w->a->voices.size &&
        voices_replay_find(w->a->counts, (uint64_t)index, w->work, kind_of(kind)) != VOICE_STANDS)
        contradiction(w->a, "sums", "%.*s, work %llu: no %s of it stands in the Record at %lld",
                      STR_ARG(f->storefront), (unsigned long long)w->work, target_name(kind),
                      (long long)index);
    feature_mask due = audit_voice(w, f->storefront, kind, (uint64_t)index, f->around, &v);
    for (int i = 0; i < FEATURE_COUNT; i++) {
        enum feature feature = (enum feature)i;
        uint64_t by = 0;
        bool said = audit_says(withheld, feature, &by), is_due = (due & FEATURE_BIT(i)) != 0;
        if (said && !is_due)
            contradiction(w->a, audit_beyond(w, by),
                          "%.*s, work %llu, %s %lld: restriction %llu withholds its %s; by the "
                          "Record it does not",
                          STR_ARG(f->storefront), (unsigned long long)w->work, target_name(kind),
                          (long long)index, (unsigned long long)by, feature_name(feature));
        else if (is_due && !said)
            contradiction(w->a, "entry-without-effect",
                          "%.*s, work %llu, %s %lld: restriction %llu withholds its %s, and it "
                          "stands there",
                          STR_ARG(f->storefront), (unsigned long long)w->work, target_name(kind),
                          (long long)index, (unsigned long long)v.by[feature]->id,
                          feature_name(feature));
        else if (is_due && by != v.by[feature]->id)
            contradiction(w->a, "wrong-restriction",
                          "%.*s, work %llu, %s %lld: its %s are said to be withheld by restriction "
                          "%llu; it is %llu",
                          STR_ARG(f->storefront), (unsigned long long)w->work, target_name(kind),
                          (long long)index, feature_name(feature), (unsigned long long)by,
                          (unsigned long long)v.by[feature]->id);
        if (is_due && v.by[feature] != last) {
            f->slips += on_page;
            last = v.by[feature];
        }
    }
    bool hidden = (due & FEATURE_BIT(text)) != 0;
    if (hidden && json_is_string(json_object_get(item, "text")))
        contradiction(w->a, "entry-without-effect",
                      "%.*s, work %llu: the text of %s %lld is given against restriction %llu",
                      STR_ARG(f->storefront), (unsigned long long)w->work, target_name(kind),
                      (long long)index, (unsigned long long)v.by[text]->id);
    f->shown += !hidden;
    f->on_page += !hidden && on_page;
}

/* Follows a resource of comments to its end, or to one more than the Record has
 * accepted: there is nothing to learn beyond. */
static enum rc count_comments(struct found *f, struct str resource, bool on_page,
                              struct fault *fault)
{
    struct auditing *w = f->w;
    uint64_t from = f->places, most = w->count == NULL ? 0 : w->count->accepted[VOICE_COMMENT];
    for (uint64_t offset = 0; f->places - from <= most; offset += AUDIT_PAGE) {
        ARENA_AUTO arena = ARENA_INIT;
        JSON_AUTO *json = NULL;
        long status;
        struct str path = arena_printf(&arena, "%.*s/comments?limit=%d&offset=%llu",
                                       STR_ARG(resource), AUDIT_PAGE, (unsigned long long)offset);
        enum rc rc = fetch_json(w->a->fetcher, &arena, path, &json, &status, fault);
        if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
        const json_t *list = json_object_get(json, "comments");
        for (size_t i = 0; i < json_array_size(list); i++)
            look_at(f, TARGET_COMMENT, json_array_get(list, i),
                    on_page && offset + i < COMMENTS_ON_PAGE);
        if (rc == RC_NOT_FOUND || json_array_size(list) < AUDIT_PAGE)
            break;
    }
    return RC_OK;
}

/* The comments that are really there under a review of a list. */
static enum rc comments_of_review(struct found *f, const json_t *review, bool on_page,
                                  struct fault *fault)
{
    struct auditing *w = f->w;
    const json_t *first = json_object_get(review, "comments");
    uint64_t places = f->places, shown = f->shown;
    int64_t said, said_places, id;
    enum rc rc = RC_OK;
    f->last.created = STR_NONE; /* each review's comments are a list of their own */
    if (!json_member_int(review, "id", &id) || !json_member_int(review, "comment_count", &said) ||
        !json_member_int(review, "comment_places", &said_places) || said < 0) {
        contradiction(w->a, "sums",
                      "%.*s, work %llu: a review does not say how many comments it has",
                      STR_ARG(f->storefront), (unsigned long long)w->work);
        said_places = (int64_t)json_array_size(first);
        id = -1;
    }
    struct str resource =
        arena_printf(w->arena, "/api/v1/%.*s/reviews/%lld", STR_ARG(f->storefront), (long long)id);
    if ((uint64_t)said_places == json_array_size(first)) {
        for (size_t i = 0; i < json_array_size(first); i++)
            look_at(f, TARGET_COMMENT, json_array_get(first, i), on_page && i < COMMENTS_ON_PAGE);
    } else {
        rc = count_comments(f, resource, on_page, fault);
    }
    shown = f->shown - shown;
    if (rc == RC_OK && id >= 0 &&
        (shown != (uint64_t)said || f->places - places != (uint64_t)said_places))
        contradiction(w->a, "sums",
                      "%.*s: %lld comments are said to be shown under the review, %llu are there",
                      STR_ARG(resource), (long long)said, (unsigned long long)shown);
    return rc;
}

enum rc audit_reviews(struct auditing *w, struct str storefront, const struct visibility *v,
                      struct work_here *here, struct fault *fault)
{
    const struct tally *t = here->tallies;
    struct found reviews = {.w = w, .storefront = storefront, .around = v};
    struct found comments = reviews;
    uint64_t offset = 0, most = w->count == NULL ? 0 : w->count->accepted[VOICE_REVIEW];
    bool withheld = visibility_withholds(v, FEATURE_REVIEWS);
    /* To the end, or to more than the Record has accepted: there is nothing to
     * learn beyond. */
    while (reviews.places <= most) {
        ARENA_AUTO arena = ARENA_INIT;
        JSON_AUTO *json = NULL;
        long status;
        struct str path = arena_printf(
            &arena, "/api/v1/%.*s/works/%llu/reviews?limit=%d&offset=%llu", STR_ARG(storefront),
            (unsigned long long)w->work, AUDIT_PAGE, (unsigned long long)offset);
        enum rc rc = fetch_json(w->a->fetcher, &arena, path, &json, &status, fault);
        if (rc != RC_OK)
            return rc;
        bool legal = withheld && ground_is_legal_demand(v->by[FEATURE_REVIEWS]->ground);
        if ((status == 451) != legal)
            contradiction(w->a, "status", "%.*s: status %ld, %d is due", STR_ARG(path), status,
                          legal ? 451 : 200);
        const json_t *list = json_object_get(json, "reviews");
        for (size_t i = 0; i < json_array_size(list); i++) {
            bool on_page = offset + i < REVIEWS_ON_PAGE;
            look_at(&reviews, TARGET_REVIEW, json_array_get(list, i), on_page);
            rc = comments_of_review(&comments, json_array_get(list, i), on_page, fault);
            if (rc != RC_OK)
                return rc;
        }
        offset += AUDIT_PAGE;
        if (json_array_size(list) < AUDIT_PAGE)
            break;
    }
    if (reviews.shown != t[VOICE_REVIEW].shown)
        contradiction(w->a, "sums",
                      "%.*s, work %llu: %llu reviews are said to be shown, %llu are there",
                      STR_ARG(storefront), (unsigned long long)w->work,
                      (unsigned long long)t[VOICE_REVIEW].shown, (unsigned long long)reviews.shown);
    /* Comments whose reviews are withheld have a resource of their own. */
    if (withheld && t[VOICE_COMMENT].shown + t[VOICE_COMMENT].withheld > 0 &&
        !visibility_withholds(v, FEATURE_COMMENTS)) {
        struct str resource = arena_printf(w->arena, "/api/v1/%.*s/works/%llu", STR_ARG(storefront),
                                           (unsigned long long)w->work);
        comments.last.created = STR_NONE;
        enum rc rc = count_comments(&comments, resource, true, fault);
        if (rc != RC_OK)
            return rc;
    }
    if (comments.shown != t[VOICE_COMMENT].shown)
        contradiction(
            w->a, "sums", "%.*s, work %llu: %llu comments are said to be shown, %llu are there",
            STR_ARG(storefront), (unsigned long long)w->work,
            (unsigned long long)t[VOICE_COMMENT].shown, (unsigned long long)comments.shown);
    here->reviews_on_page = reviews.on_page;
    here->comments_on_page = comments.on_page;
    here->slips_on_page = reviews.slips + comments.slips;
    return RC_OK;
}
