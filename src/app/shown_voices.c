#include "app/shown_parts.h"
#include "base/clock.h"
#include "record/entry.h"
#include "store/catalogue.h"
#include "store/readers.h"
#include "store/targets.h"

/* On a page of reviews, under all of them. */
enum { COMMENTS_A_PAGE = 1000 };

/* ---- reviews and comments ---- */

/* `around`: the restriction that withholds all of the kind, or NULL: then those withheld
 * by themselves are. */
static struct shown_tally tally_of(struct arena *arena, const struct voice_state_counts *counts,
                                   enum voice_kind kind, const struct restriction *around,
                                   const struct withheld_alone *alone)
{
    uint64_t standing = counts->shown[kind];
    uint64_t hidden = around != NULL || alone->n[kind] > standing ? standing : alone->n[kind];
    struct shown_tally tally = {standing - hidden,
                                hidden,
                                counts->withdrawn[kind],
                                counts->erased[kind],
                                {alone->by[kind].v, alone->by[kind].n}};
    if (around != NULL) {
        tally.by.v = ARENA_NEW(arena, struct shown_by);
        tally.by.v[0] = (struct shown_by){around, hidden};
        tally.by.n = hidden > 0;
    }
    return tally;
}

/* Rows as viewers are shown them, under `around`. */
static void show_comments(const struct visit *visit, const struct visibility *around,
                          const struct comment_row *rows, size_t n, struct shown_comment **ret,
                          size_t *ret_n)
{
    struct shown_comment *v = ARENA_ARRAY(visit->arena, struct shown_comment, n);
    for (size_t i = 0; i < n; i++) {
        uint64_t index = (uint64_t)rows[i].index;
        struct visibility_facts facts = {.work = rows[i].work, .comment = &index};
        struct visibility seen;
        v[i] = (struct shown_comment){.id = rows[i].id, .index = index};
        if (shown_alone(visit, around, &facts, &seen) & FEATURE_BIT(FEATURE_COMMENTS)) {
            v[i].withheld = seen.by[FEATURE_COMMENTS];
            continue;
        }
        v[i].author = rows[i].author;
        v[i].text = rows[i].text;
        v[i].created = rows[i].created;
        v[i].own = visit->viewer->account == rows[i].account;
    }
    *ret = v;
    *ret_n = n;
}

static struct shown_review review_from(const struct visit *visit, const struct visibility *around,
                                       const struct review_row *row)
{
    uint64_t index = (uint64_t)row->index;
    struct visibility_facts facts = {.work = row->work, .review = &index};
    struct visibility seen;
    struct shown_review review = {.id = row->id, .index = index};
    review.withheld = shown_alone(visit, around, &facts, &seen);
    if (review.withheld != 0)
        review.slips = shown_slips_for(visit, &seen, review.withheld);
    if (review.withheld & FEATURE_BIT(FEATURE_REVIEWS))
        return review;
    review.author = row->author;
    review.title = row->title;
    review.text = row->text;
    review.language = row->language;
    review.isbn13 = row->isbn13;
    review.stars = visibility_withholds(&seen, FEATURE_RATINGS) ? 0 : row->stars;
    review.created = row->created;
    review.changed = row->changed;
    review.source = row->source;
    review.written = row->source.n > 0 ? date_start(row->written) : 0;
    review.own = visit->viewer->account == row->account;
    review.helpful = row->helpful;
    return review;
}

/* A page of a review's comments, and how many there are. `places` counts those that
 * are withheld alone too. */
static enum rc load_comments(const struct visit *visit, const struct visibility *around,
                             const struct withheld_alone *alone, uint64_t review, size_t offset,
                             size_t room, struct shown_comment **ret, size_t *ret_n,
                             uint64_t *ret_total, uint64_t *ret_places, struct fault *fault)
{
    struct comment_row *rows;
    size_t n;
    uint64_t hidden = 0;
    enum rc rc =
        readers_comments(visit->conn, visit->arena, review, offset, room, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    show_comments(visit, around, rows, n, ret, ret_n);
    *ret_places = n;
    if (offset != 0 || n == room)
        rc = readers_comment_count(visit->conn, review, ret_places, fault);
    for (size_t i = 0; i < alone->under.n; i++)
        hidden += alone->under.v[i] == review;
    *ret_total = *ret_places - (hidden < *ret_places ? hidden : *ret_places);
    return rc;
}

static enum rc load_review(const struct visit *visit, const struct visibility *v,
                           const struct withheld_alone *alone, const struct review_row *row,
                           size_t comments, struct shown_review *ret, struct fault *fault)
{
    *ret = review_from(visit, v, row);
    if (!(ret->withheld & FEATURE_BIT(FEATURE_REVIEWS))) {
        enum rc rc = readers_review_bought(visit->conn, row, &ret->bought, fault);
        if (rc != RC_OK)
            return rc;
    }
    if (visit->viewer->account != 0 && ret->helpful > 0) {
        enum rc rc =
            readers_helpful(visit->conn, row->id, visit->viewer->account, &ret->helped, fault);
        if (rc != RC_OK)
            return rc;
    }
    if (visibility_withholds(v, FEATURE_COMMENTS))
        return RC_OK;
    return load_comments(visit, v, alone, row->id, 0, comments, &ret->comments.v, &ret->comments.n,
                         &ret->comment_count, &ret->comment_places, fault);
}

static enum rc load_comments_alone(const struct visit *visit, uint64_t work,
                                   struct shown_reviews *ret, struct fault *fault)
{
    struct comment_row *rows;
    size_t n;
    enum rc rc = readers_comments_of_work(visit->conn, visit->arena, work, 0, COMMENTS_SHOWN, &rows,
                                          &n, fault);
    if (rc == RC_OK)
        show_comments(visit, &ret->visibility, rows, n, &ret->comments_alone.v,
                      &ret->comments_alone.n);
    return rc;
}

static struct visibility seen_or_of(const struct visit *visit, const struct visibility *seen,
                                    uint64_t work)
{
    struct visibility_facts facts = {.work = work};
    return seen != NULL ? *seen : gate_decide(visit->view, visit->storefront, &facts);
}

static enum rc load_chosen(const struct visit *visit, uint64_t work,
                           const struct review_choice *choice, size_t offset, size_t limit,
                           struct shown_reviews *shown, struct review_row **ret, size_t *ret_n,
                           struct fault *fault)
{
    uint64_t *ids;
    size_t n;
    enum rc rc = shown_choose(visit, &shown->visibility, work, choice, offset, limit, &ids, &n,
                              &shown->choice, fault);
    if (rc != RC_OK)
        return rc;
    shown->places = shown->choice.fitting + shown->choice.undecided;
    *ret = ARENA_ARRAY(visit->arena, struct review_row, n);
    *ret_n = n;
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = readers_review(visit->conn, visit->arena, ids[i], &(*ret)[i], fault);
    return rc;
}

/* A page of all, and among the latest what there is to choose from. */
static enum rc load_unasked(const struct visit *visit, uint64_t work,
                            const struct review_choice *choice, size_t offset, size_t limit,
                            struct shown_reviews *shown, struct review_row **ret, size_t *ret_n,
                            struct fault *fault)
{
    enum rc rc = choice == NULL ? RC_OK
                                : shown_choices(visit, &shown->visibility, work, choice,
                                                &shown->choice, fault);
    if (shown->choice.latest == shown->places)
        shown->choice.latest = 0;
    return rc == RC_OK
               ? readers_reviews(visit->conn, visit->arena, work, offset, limit, ret, ret_n, fault)
               : rc;
}

static enum rc load_page(const struct visit *visit, const struct withheld_alone *alone,
                         uint64_t work, const struct review_choice *choice, size_t offset,
                         size_t limit, struct shown_reviews *shown, struct fault *fault)
{
    struct review_row *rows;
    size_t n;
    enum rc rc = choice != NULL && !choice->unasked
                     ? load_chosen(visit, work, choice, offset, limit, shown, &rows, &n, fault)
                     : load_unasked(visit, work, choice, offset, limit, shown, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    /* A page of many reviews has fewer comments under each. */
    size_t each = n * COMMENTS_SHOWN > COMMENTS_A_PAGE ? COMMENTS_A_PAGE / n : COMMENTS_SHOWN;
    shown->reviews_page.v = ARENA_ARRAY(visit->arena, struct shown_review, n);
    shown->reviews_page.n = n;
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        readers_review_bought_ask(visit->conn, &rows[i]);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = load_review(visit, &shown->visibility, alone, &rows[i], each,
                         &shown->reviews_page.v[i], fault);
    return rc;
}

enum rc shown_reviews(const struct visit *visit, const struct visibility *seen, uint64_t work,
                      const struct review_choice *choice, size_t offset, size_t limit,
                      struct shown_reviews *ret, struct fault *fault)
{
    struct shown_reviews shown = {.visibility = seen_or_of(visit, seen, work)};
    const struct visibility *v = &shown.visibility;
    struct voice_state_counts counts;
    struct withheld_alone alone;
    enum rc rc = readers_voice_counts(visit->conn, work, &counts, fault);
    if (rc == RC_OK)
        rc = shown_withheld_alone(visit, work, &alone, fault);
    if (rc != RC_OK)
        return rc;
    bool withheld = visibility_withholds(v, FEATURE_REVIEWS);
    bool mute = visibility_withholds(v, FEATURE_COMMENTS);
    shown.ratings = tally_of(visit->arena, &counts, VOICE_RATING, v->by[FEATURE_RATINGS], &alone);
    shown.reviews = tally_of(visit->arena, &counts, VOICE_REVIEW, v->by[FEATURE_REVIEWS], &alone);
    shown.comments =
        tally_of(visit->arena, &counts, VOICE_COMMENT, v->by[FEATURE_COMMENTS], &alone);
    shown.places = withheld ? 0 : counts.shown[VOICE_REVIEW];
    shown.comments_alone_places = withheld && !mute ? counts.shown[VOICE_COMMENT] : 0;
    if (!withheld)
        rc = load_page(visit, &alone, work, choice, offset, limit, &shown, fault);
    else if (!mute)
        rc = load_comments_alone(visit, work, &shown, fault);
    if (rc == RC_OK)
        *ret = shown;
    return rc;
}

enum rc shown_thread_of_review(const struct visit *visit, const struct visibility *seen,
                               uint64_t review, size_t offset, size_t limit,
                               struct shown_thread *ret, struct fault *fault)
{
    struct review_row row;
    struct withheld_alone alone;
    enum rc rc = readers_review(visit->conn, visit->arena, review, &row, fault);
    if (rc == RC_OK && !str_eq(row.state, STR("shown")))
        rc = fault_set(fault, RC_NOT_FOUND, "there is no review %llu", (unsigned long long)review);
    if (rc == RC_OK)
        rc = shown_withheld_alone(visit, row.work, &alone, fault);
    if (rc != RC_OK)
        return rc;
    struct shown_thread thread = {.visibility = seen_or_of(visit, seen, row.work),
                                  .work = row.work};
    const struct visibility *v = &thread.visibility;
    if (!visibility_withholds(v, FEATURE_REVIEWS))
        thread.review = review_from(visit, v, &row);
    if (!visibility_withholds(v, FEATURE_COMMENTS))
        rc = load_comments(visit, v, &alone, review, offset, limit, &thread.comments.v,
                           &thread.comments.n, &thread.total, &thread.places, fault);
    if (rc == RC_OK)
        *ret = thread;
    return rc;
}

bool shown_quote(const struct visit *visit, enum target_kind kind, uint64_t index,
                 struct shown_quote *ret)
{
    struct voice_target target;
    struct shown_thread t;
    size_t offset = 0;
    if (target_voice(visit->conn, kind, index, &target, NULL) != RC_OK)
        return false;
    do {
        if (shown_thread_of_review(visit, NULL, target.review, offset, COMMENTS_SHOWN, &t, NULL) !=
            RC_OK)
            return false;
        const struct shown_review *r = &t.review;
        if (kind == TARGET_REVIEW) {
            *ret = (struct shown_quote){r->author, r->title, r->text};
            return r->id != 0 && r->text.n > 0;
        }
        for (size_t i = 0; i < t.comments.n; i++) {
            const struct shown_comment *c = &t.comments.v[i];
            *ret = (struct shown_quote){.author = c->author, .text = c->text};
            if (c->index == index)
                return c->withheld == NULL;
        }
        offset += COMMENTS_SHOWN;
    } while (offset < t.places);
    return false;
}

enum rc shown_thread_of_work(const struct visit *visit, const struct visibility *seen,
                             uint64_t work, size_t offset, size_t limit, struct shown_thread *ret,
                             struct fault *fault)
{
    struct shown_thread thread = {.visibility = seen_or_of(visit, seen, work), .work = work};
    struct voice_state_counts counts;
    struct withheld_alone alone;
    struct comment_row *rows;
    size_t n = 0;
    bool mute = visibility_withholds(&thread.visibility, FEATURE_COMMENTS);
    enum rc rc = catalogue_work_known(visit->conn, work, fault);
    if (rc == RC_OK && !mute)
        rc = readers_voice_counts(visit->conn, work, &counts, fault);
    if (rc == RC_OK && !mute)
        rc = shown_withheld_alone(visit, work, &alone, fault);
    if (rc == RC_OK && !mute)
        rc = readers_comments_of_work(visit->conn, visit->arena, work, offset, limit, &rows, &n,
                                      fault);
    if (rc != RC_OK)
        return rc;
    if (!mute) {
        thread.places = counts.shown[VOICE_COMMENT];
        thread.total = tally_of(visit->arena, &counts, VOICE_COMMENT, NULL, &alone).shown;
        show_comments(visit, &thread.visibility, rows, n, &thread.comments.v, &thread.comments.n);
    }
    *ret = thread;
    return RC_OK;
}

/* ---- a reader's own ---- */

/* Whether the edition may give its work the name. */
static bool named_after(const struct visit *visit, uint64_t work, const struct catalogue_edition *e,
                        struct str *ret_key, struct str *ret_title)
{
    char title[1024];
    struct visibility_facts facts = {.work = work, .isbn13 = e->product_key};
    struct visibility v = gate_decide(visit->view, visit->storefront, &facts);
    if (visibility_withholds(&v, FEATURE_LISTING))
        return false;
    *ret_key = e->product_key;
    *ret_title = arena_str(visit->arena, edition_display_title(&e->facts, title, sizeof title));
    return true;
}

enum rc shown_work_name(const struct visit *visit, uint64_t work, struct str *ret_key,
                        struct str *ret_title, struct fault *fault)
{
    enum { EDITIONS_MAX = 20 };
    struct catalogue_edition *editions;
    size_t n = 0;
    bool named = false;
    /* Mostly the first one gives it: the others are unpacked only where that is withheld. */
    enum rc rc = catalogue_work_editions(visit->conn, visit->arena, work, 1, &editions, &n, fault);
    if (rc == RC_OK && n > 0)
        *ret_key = editions[0].product_key;
    if (rc == RC_OK && n > 0)
        named = named_after(visit, work, &editions[0], ret_key, ret_title);
    if (rc == RC_OK && n > 0 && !named)
        rc = catalogue_work_editions(visit->conn, visit->arena, work, EDITIONS_MAX, &editions, &n,
                                     fault);
    for (size_t i = 1; rc == RC_OK && i < n && !named; i++)
        named = named_after(visit, work, &editions[i], ret_key, ret_title);
    return rc;
}

static enum rc own_review_from(const struct visit *visit, const struct review_row *row,
                               struct own_review *ret, struct fault *fault)
{
    *ret = (struct own_review){.id = row->id,
                               .work = row->work,
                               .title = row->title,
                               .text = row->text,
                               .language = row->language,
                               .isbn13 = row->isbn13,
                               .state = row->state,
                               .stars = row->stars,
                               .created = row->created,
                               .index = (uint64_t)row->index,
                               .slips = shown_slips_on(visit, TARGET_REVIEW, (uint64_t)row->index)};
    return shown_work_name(visit, row->work, &ret->key, &ret->work_title, fault);
}

/* The restrictions on the viewer's account, in whatever storefront: each once. */
static shown_slips own_account_slips(const struct visit *visit)
{
    shown_slips slips = {ARENA_ARRAY(visit->arena, struct shown_slip, visit->view->restrictions.n),
                         0};
    for (size_t s = 0; s < visit->view->storefronts.n; s++) {
        size_t n, at;
        const struct restriction **r = gate_accounts(
            visit->view, visit->arena, &visit->view->storefronts.v[s], visit->viewer->account, &n);
        for (size_t i = 0; i < n; i++) {
            for (at = 0; at < slips.n && slips.v[at].restriction != r[i];)
                at++;
            if (at == slips.n)
                slips.v[slips.n++] = (struct shown_slip){r[i], r[i]->features};
        }
    }
    return slips;
}

static enum rc own_comments(const struct visit *visit, size_t room, struct own_things *own,
                            struct fault *fault)
{
    struct comment_row *rows;
    size_t n = 0;
    enum rc rc = readers_comments_by(visit->conn, visit->arena, visit->viewer->account, room, &rows,
                                     &n, fault);
    own->comments.v = ARENA_ARRAY(visit->arena, struct own_comment, n);
    for (; rc == RC_OK && own->comments.n < n; own->comments.n++) {
        const struct comment_row *row = &rows[own->comments.n];
        struct own_comment *c = &own->comments.v[own->comments.n];
        *c = (struct own_comment){.id = row->id,
                                  .work = row->work,
                                  .text = row->text,
                                  .created = row->created,
                                  .index = (uint64_t)row->index,
                                  .slips =
                                      shown_slips_on(visit, TARGET_COMMENT, (uint64_t)row->index)};
        rc = shown_work_name(visit, row->work, &c->key, &c->work_title, fault);
    }
    return rc;
}

enum rc own_things(const struct visit *visit, struct own_things *ret, struct fault *fault)
{
    enum { OWN_MAX = 200 };
    struct own_things own = {0};
    struct review_row *reviews;
    struct own_rating *ratings;
    size_t reviews_n = 0, ratings_n = 0;
    uint64_t account = visit->viewer->account;
    enum rc rc = readers_reviews_by(visit->conn, visit->arena, account, OWN_MAX, &reviews,
                                    &reviews_n, fault);
    if (rc == RC_OK)
        rc = readers_ratings_by(visit->conn, visit->arena, account, OWN_MAX, &ratings, &ratings_n,
                                fault);
    if (rc == RC_OK)
        rc = own_comments(visit, OWN_MAX, &own, fault);
    if (rc == RC_OK)
        own.slips = own_account_slips(visit);
    if (rc == RC_OK)
        rc = readers_session_count(visit->conn, account, visit->view->now, &own.sessions, fault);
    own.reviews.v = ARENA_ARRAY(visit->arena, struct own_review, reviews_n);
    own.stars.v = ARENA_ARRAY(visit->arena, struct own_stars, ratings_n);
    for (; rc == RC_OK && own.reviews.n < reviews_n; own.reviews.n++)
        rc = own_review_from(visit, &reviews[own.reviews.n], &own.reviews.v[own.reviews.n], fault);
    for (; rc == RC_OK && own.stars.n < ratings_n; own.stars.n++) {
        struct own_stars *stars = &own.stars.v[own.stars.n];
        *stars = (struct own_stars){.work = ratings[own.stars.n].work,
                                    .stars = ratings[own.stars.n].stars,
                                    .index = (uint64_t)ratings[own.stars.n].index};
        rc = shown_work_name(visit, stars->work, &stars->key, &stars->work_title, fault);
    }
    if (rc == RC_OK)
        *ret = own;
    return rc;
}

enum rc own_review_of(const struct visit *visit, uint64_t work, struct own_review *ret,
                      struct fault *fault)
{
    struct review_row row;
    uint64_t id;
    enum rc rc = readers_review_of(visit->conn, work, visit->viewer->account, &id, fault);
    if (rc == RC_OK)
        rc = readers_review(visit->conn, visit->arena, id, &row, fault);
    return rc == RC_OK ? own_review_from(visit, &row, ret, fault) : rc;
}

enum rc own_stars_of(const struct visit *visit, uint64_t work, unsigned *ret, struct fault *fault)
{
    struct rating_row row;
    enum rc rc = readers_rating(visit->conn, work, visit->viewer->account, &row, fault);
    if (rc == RC_OK)
        *ret = row.stars;
    return rc;
}
