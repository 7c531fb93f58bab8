#include "app/shown.h"
#include "record/entry.h"
#include "store/catalogue.h"
#include "store/readers.h"

enum { COMMENTS_MAX = 500, ALONE_MAX = 500 };

/* ---- reviews and comments ---- */

static struct shown_tally tally_of(const struct voice_state_counts *counts, enum voice_kind kind,
                                   bool withheld)
{
    return (struct shown_tally){withheld ? 0 : counts->shown[kind],
                                withheld ? counts->shown[kind] : 0, counts->withdrawn[kind],
                                counts->erased[kind]};
}

static enum rc load_comments(const struct visit *visit, uint64_t review, size_t room,
                             struct shown_comment **ret, size_t *ret_n, struct fault *fault)
{
    struct comment_row *rows;
    size_t n;
    enum rc rc = readers_comments(visit->conn, visit->arena, review, room, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    struct shown_comment *v = ARENA_ARRAY(visit->arena, struct shown_comment, n);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct shown_comment){.id = rows[i].id,
                                      .author = rows[i].author,
                                      .text = rows[i].text,
                                      .created = rows[i].created,
                                      .own = visit->viewer->account == rows[i].account};
    *ret = v;
    *ret_n = n;
    return RC_OK;
}

static enum rc load_review(const struct visit *visit, const struct visibility *v,
                           const struct review_row *row, struct shown_review *ret,
                           struct fault *fault)
{
    *ret = (struct shown_review){
        .id = row->id,
        .index = (uint64_t)row->index,
        .author = row->author,
        .title = row->title,
        .text = row->text,
        .language = row->language,
        .isbn13 = row->isbn13,
        .stars = visibility_withholds(v, FEATURE_RATINGS) ? 0 : row->stars,
        .created = row->created,
        .changed = row->changed,
        .own = visit->viewer->account == row->account,
    };
    if (visibility_withholds(v, FEATURE_COMMENTS))
        return RC_OK;
    enum rc rc =
        load_comments(visit, row->id, COMMENTS_MAX, &ret->comments.v, &ret->comments.n, fault);
    ret->comment_count = ret->comments.n;
    return rc;
}

static enum rc load_comments_alone(const struct visit *visit, const struct review_row *rows,
                                   size_t n, struct shown_reviews *ret, struct fault *fault)
{
    struct shown_comment *all = ARENA_ARRAY(visit->arena, struct shown_comment, ALONE_MAX);
    size_t count = 0;
    for (size_t i = 0; i < n && count < ALONE_MAX; i++) {
        struct shown_comment *v;
        size_t found;
        enum rc rc = load_comments(visit, rows[i].id, ALONE_MAX - count, &v, &found, fault);
        if (rc != RC_OK)
            return rc;
        if (found > 0)
            memcpy(all + count, v, found * sizeof *all);
        count += found;
    }
    ret->comments_alone.v = all;
    ret->comments_alone.n = count;
    return RC_OK;
}

enum rc shown_reviews(const struct visit *visit, const struct visibility *seen, uint64_t work,
                      size_t offset, size_t limit, struct shown_reviews *ret, struct fault *fault)
{
    struct visibility_facts facts = {.work = work};
    struct shown_reviews shown = {
        .visibility = seen != NULL ? *seen : gate_decide(visit->view, visit->storefront, &facts)};
    const struct visibility *v = &shown.visibility;
    struct voice_state_counts counts;
    struct review_row *rows;
    size_t n;
    enum rc rc = catalogue_work_known(visit->conn, work, fault);
    if (rc == RC_OK)
        rc = readers_voice_counts(visit->conn, work, &counts, fault);
    if (rc != RC_OK)
        return rc;
    bool withheld = visibility_withholds(v, FEATURE_REVIEWS);
    bool mute = visibility_withholds(v, FEATURE_COMMENTS);
    shown.ratings = tally_of(&counts, VOICE_RATING, visibility_withholds(v, FEATURE_RATINGS));
    shown.reviews = tally_of(&counts, VOICE_REVIEW, withheld);
    shown.comments = tally_of(&counts, VOICE_COMMENT, mute);
    if (!withheld || !mute)
        rc = readers_reviews(visit->conn, visit->arena, work, offset, limit, &rows, &n, fault);
    else
        n = 0;
    if (rc == RC_OK && withheld && !mute)
        rc = load_comments_alone(visit, rows, n, &shown, fault);
    if (rc == RC_OK && !withheld) {
        shown.reviews_page.v = ARENA_ARRAY(visit->arena, struct shown_review, n);
        shown.reviews_page.n = n;
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            rc = load_review(visit, v, &rows[i], &shown.reviews_page.v[i], fault);
    }
    if (rc == RC_OK)
        *ret = shown;
    return rc;
}

/* ---- a reader's own ---- */

/* Title and key of one of the work's editions, so that it can be named. */
static enum rc name_work(const struct visit *visit, uint64_t work, struct str *ret_key,
                         struct str *ret_title, struct fault *fault)
{
    struct catalogue_edition *editions;
    size_t n;
    char title[1024];
    enum rc rc = catalogue_work_editions(visit->conn, visit->arena, work, 1, &editions, &n, fault);
    if (rc == RC_OK && n > 0) {
        *ret_key = editions[0].product_key;
        *ret_title =
            arena_str(visit->arena, edition_display_title(&editions[0].facts, title, sizeof title));
    }
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
                               .index = (uint64_t)row->index};
    return name_work(visit, row->work, &ret->key, &ret->work_title, fault);
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
        rc = name_work(visit, stars->work, &stars->key, &stars->work_title, fault);
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
