#include "app/shown.h"
#include "app/shown_parts.h"
#include "record/entry.h"
#include "store/catalogue.h"
#include "store/readers.h"

/* On a page of reviews, under all of them. */
enum { COMMENTS_A_PAGE = 1000 };

/* ---- reviews and comments ---- */

static struct shown_tally tally_of(const struct voice_state_counts *counts, enum voice_kind kind,
                                   bool withheld)
{
    return (struct shown_tally){withheld ? 0 : counts->shown[kind],
                                withheld ? counts->shown[kind] : 0, counts->withdrawn[kind],
                                counts->erased[kind]};
}

/* Rows as viewers are shown them. */
static void show_comments(const struct visit *visit, const struct comment_row *rows, size_t n,
                          struct shown_comment **ret, size_t *ret_n)
{
    struct shown_comment *v = ARENA_ARRAY(visit->arena, struct shown_comment, n);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct shown_comment){.id = rows[i].id,
                                      .author = rows[i].author,
                                      .text = rows[i].text,
                                      .created = rows[i].created,
                                      .own = visit->viewer->account == rows[i].account};
    *ret = v;
    *ret_n = n;
}

static struct shown_review review_from(const struct visit *visit, const struct visibility *v,
                                       const struct review_row *row)
{
    return (struct shown_review){
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
}

/* A page of a review's comments, and how many there are. */
static enum rc load_comments(const struct visit *visit, uint64_t review, size_t offset, size_t room,
                             struct shown_comment **ret, size_t *ret_n, uint64_t *ret_total,
                             struct fault *fault)
{
    struct comment_row *rows;
    size_t n;
    enum rc rc =
        readers_comments(visit->conn, visit->arena, review, offset, room, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    show_comments(visit, rows, n, ret, ret_n);
    if (offset == 0 && n < room) {
        *ret_total = n;
        return RC_OK;
    }
    return readers_comment_count(visit->conn, review, ret_total, fault);
}

static enum rc load_review(const struct visit *visit, const struct visibility *v,
                           const struct review_row *row, size_t comments, struct shown_review *ret,
                           struct fault *fault)
{
    *ret = review_from(visit, v, row);
    if (visibility_withholds(v, FEATURE_COMMENTS))
        return RC_OK;
    return load_comments(visit, row->id, 0, comments, &ret->comments.v, &ret->comments.n,
                         &ret->comment_count, fault);
}

static enum rc load_comments_alone(const struct visit *visit, uint64_t work,
                                   struct shown_reviews *ret, struct fault *fault)
{
    struct comment_row *rows;
    size_t n;
    enum rc rc = readers_comments_of_work(visit->conn, visit->arena, work, 0, COMMENTS_SHOWN, &rows,
                                          &n, fault);
    if (rc == RC_OK)
        show_comments(visit, rows, n, &ret->comments_alone.v, &ret->comments_alone.n);
    return rc;
}

static struct visibility seen_or_of(const struct visit *visit, const struct visibility *seen,
                                    uint64_t work)
{
    struct visibility_facts facts = {.work = work};
    return seen != NULL ? *seen : gate_decide(visit->view, visit->storefront, &facts);
}

enum rc shown_reviews(const struct visit *visit, const struct visibility *seen, uint64_t work,
                      size_t offset, size_t limit, struct shown_reviews *ret, struct fault *fault)
{
    struct shown_reviews shown = {.visibility = seen_or_of(visit, seen, work)};
    const struct visibility *v = &shown.visibility;
    struct voice_state_counts counts;
    struct review_row *rows;
    size_t n = 0;
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
    if (!withheld)
        rc = readers_reviews(visit->conn, visit->arena, work, offset, limit, &rows, &n, fault);
    else if (!mute)
        rc = load_comments_alone(visit, work, &shown, fault);
    if (rc == RC_OK && !withheld) {
        /* A page of many reviews has fewer comments under each. */
        size_t each = n * COMMENTS_SHOWN > COMMENTS_A_PAGE ? COMMENTS_A_PAGE / n : COMMENTS_SHOWN;
        shown.reviews_page.v = ARENA_ARRAY(visit->arena, struct shown_review, n);
        shown.reviews_page.n = n;
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            rc = load_review(visit, v, &rows[i], each, &shown.reviews_page.v[i], fault);
    }
    if (rc == RC_OK)
        *ret = shown;
    return rc;
}

enum rc shown_thread_of_review(const struct visit *visit, const struct visibility *seen,
                               uint64_t review, size_t offset, size_t limit,
                               struct shown_thread *ret, struct fault *fault)
{
    struct review_row row;
    enum rc rc = readers_review(visit->conn, visit->arena, review, &row, fault);
    if (rc == RC_OK && !str_eq(row.state, STR("shown")))
        rc = fault_set(fault, RC_NOT_FOUND, "there is no review %llu", (unsigned long long)review);
    if (rc != RC_OK)
        return rc;
    struct shown_thread thread = {.visibility = seen_or_of(visit, seen, row.work),
                                  .work = row.work};
    if (!visibility_withholds(&thread.visibility, FEATURE_REVIEWS))
        thread.review = review_from(visit, &thread.visibility, &row);
    if (!visibility_withholds(&thread.visibility, FEATURE_COMMENTS))
        rc = load_comments(visit, review, offset, limit, &thread.comments.v, &thread.comments.n,
                           &thread.total, fault);
    if (rc == RC_OK)
        *ret = thread;
    return rc;
}

enum rc shown_thread_of_work(const struct visit *visit, const struct visibility *seen,
                             uint64_t work, size_t offset, size_t limit, struct shown_thread *ret,
                             struct fault *fault)
{
    struct shown_thread thread = {.visibility = seen_or_of(visit, seen, work), .work = work};
    struct voice_state_counts counts;
    struct comment_row *rows;
    size_t n = 0;
    bool mute = visibility_withholds(&thread.visibility, FEATURE_COMMENTS);
    enum rc rc = catalogue_work_known(visit->conn, work, fault);
    if (rc == RC_OK && !mute)
        rc = readers_voice_counts(visit->conn, work, &counts, fault);
    if (rc == RC_OK && !mute)
        rc = readers_comments_of_work(visit->conn, visit->arena, work, offset, limit, &rows, &n,
                                      fault);
    if (rc != RC_OK)
        return rc;
    if (!mute) {
        thread.total = counts.shown[VOICE_COMMENT];
        show_comments(visit, rows, n, &thread.comments.v, &thread.comments.n);
    }
    *ret = thread;
    return RC_OK;
}

/* ---- a reader's own ---- */

enum rc shown_work_name(const struct visit *visit, uint64_t work, struct str *ret_key,
                        struct str *ret_title, struct fault *fault)
{
    enum { EDITIONS_MAX = 20 };
    struct catalogue_edition *editions;
    size_t n;
    char title[1024];
    enum rc rc = catalogue_work_editions(visit->conn, visit->arena, work, EDITIONS_MAX, &editions,
                                         &n, fault);
    if (rc == RC_OK && n > 0)
        *ret_key = editions[0].product_key;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct visibility_facts facts = {.work = work, .isbn13 = editions[i].product_key};
        struct visibility v = gate_decide(visit->view, visit->storefront, &facts);
        if (visibility_withholds(&v, FEATURE_LISTING))
            continue;
        *ret_key = editions[i].product_key;
        *ret_title =
            arena_str(visit->arena, edition_display_title(&editions[i].facts, title, sizeof title));
        break;
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
    return shown_work_name(visit, row->work, &ret->key, &ret->work_title, fault);
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
