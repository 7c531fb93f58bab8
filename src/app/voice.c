#include "app/voice.h"

#include <pthread.h>

#include "app/counters.h"
#include "app/receipts.h"
#include "app/voice_opening.h"
#include "app/voice_print.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/isbn.h"
#include "domain/names.h"
#include "record/entry.h"
#include "record/merkle.h"
#include "store/catalogue.h"
#include "store/held.h"
#include "store/readers.h"
#include "store/record_log.h"
#include "store/store.h"
#include "store/voices.h"

/* So long a change waits for the entry that it changes: longer than another node
 * needs to take the lead. */
enum { EARLY_MS = 6000 };

/* ---- entries ---- */

/* ---- one piece of work, whatever it is ---- */

struct voice_write {
    struct write_job job; /* first: it is what the writer gives back */
    struct voice_desk desk;
    uint64_t work;
    uint64_t id; /* of the review or comment, where one is meant or made */
    unsigned stars;
    struct review_text review;
    struct str text;
    struct str print;             /* of the review's text; empty: it is short */
    uint64_t entry_id;            /* the entry the answer names */
    uint64_t index;               /* of it, once it is published */
    struct proof_opening opening; /* what opens it; without a domain: it says what stood before */
    uint64_t review_id;           /* the review that it is about or under; 0: none, or a new one */
    bool claimed;                 /* nothing else is held about what it touches */
    bool too_early;  /* what it changes is published with this batch; the next will do */
    int64_t give_up; /* where another node publishes, and does not; ms, 0: not yet tried again */
    struct fault fault;
    int64_t begun; /* when it was handed in; us */
    void (*done)(void *context);
    void *context;
};

/* Where effects wait for witnesses, one at a time waits about the same: the next
 * would be written against what is not there yet. `review`: that it is about or
 * under, 0 for none. */
static enum rc claim(struct voice_write *w, struct store_conn *conn, uint64_t review,
                     struct fault *fault)
{
    bool waits = false;
    if (!held_on(conn) || w->claimed)
        return RC_OK;
    enum rc rc = held_waits(conn, w->work, w->desk.viewer->account, review, &waits, fault);
    w->too_early = rc == RC_OK && waits;
    if (w->too_early)
        return fault_set(fault, RC_BUSY, "what was said before is not published yet");
    held_about(conn, w->work, w->desk.viewer->account, review);
    w->claimed = rc == RC_OK;
    return rc;
}

/* A commitment with a salt of its own to what is said; what opens it is kept for the
 * receipt. */
static enum rc commit_to(struct voice_write *w, enum voice_kind kind, const struct voice_row *said,
                         uint8_t ret_salt[32], struct hash *ret, struct fault *fault)
{
    struct proof_opening opening;
    random_bytes(opening.salt, sizeof opening.salt);
    enum rc rc = voice_opening(w->desk.site, w->desk.arena, kind, said, &opening, fault);
    if (rc != RC_OK)
        return rc;
    *ret = commitment_make(opening.domain, opening.salt, opening.content);
    memcpy(ret_salt, opening.salt, sizeof opening.salt);
    w->opening = opening;
    return RC_OK;
}

static enum rc put_voice(struct voice_write *w, struct store_conn *conn, struct entry *entry,
                         uint64_t accepted, uint64_t *ret_entry_id, struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX);
    bool stays = true;
    enum rc rc = claim(w, conn, w->review_id, fault);
    if (rc == RC_OK && entry->type != ENTRY_WITHDRAWN)
        rc = voices_account_stays(conn, w->desk.viewer->account, &stays, fault);
    if (rc == RC_OK && !stays)
        rc = fault_set(fault, RC_DENIED, "this account is being erased");
    if (rc != RC_OK)
        return rc;
    if (entry->type != ENTRY_ACCEPTED) {
        rc = record_log_index(conn, accepted, &entry->of, fault);
        /* Accepted in this very batch, by another request of the reader's. */
        w->too_early = rc == RC_OK && entry->of == LOG_PENDING;
        if (w->too_early)
            rc = fault_set(fault, RC_BUSY, "the accepted entry is not published yet");
    }
    if (rc == RC_OK)
        rc = entry_write(entry, &bytes, fault);
    if (rc == RC_OK)
        rc = record_log_add(conn, LOG_VOICES, entry_type_name(entry->type), buf_str(&bytes),
                            ret_entry_id, fault);
    return rc;
}

static uint64_t account_of(const struct voice_write *w)
{
    return w->desk.viewer->account;
}

static enum rc set_stars(struct voice_write *w, struct store_conn *conn, uint64_t *ret_entry_id,
                         struct fault *fault)
{
    struct rating_row was;
    struct entry entry = {.kind = VOICE_RATING, .work = w->work};
    uint8_t salt[32];
    int64_t now = clock_now();
    enum rc found = readers_rating(conn, w->work, account_of(w), &was, fault);
    if (found != RC_OK && found != RC_NOT_FOUND)
        return found;
    if (found == RC_OK && was.stars == w->stars) {
        *ret_entry_id = was.entry_id; /* nothing new is said */
        return RC_OK;
    }
    entry.type = found == RC_OK ? ENTRY_CHANGED : ENTRY_ACCEPTED;
    struct proof_opening before = w->opening;
    struct voice_row said = {.stars = w->stars};
    enum rc rc = commit_to(w, VOICE_RATING, &said, salt, &entry.commitment, fault);
    if (before.domain.n > 0)
        w->opening = before; /* with a review, it is the review's receipt that is given */
    if (rc == RC_OK)
        rc = put_voice(w, conn, &entry, found == RC_OK ? was.entry_id : 0, ret_entry_id, fault);
    if (rc != RC_OK)
        return rc;
    if (found == RC_OK)
        return readers_rating_change(conn, w->work, &was, w->stars, now, *ret_entry_id, salt,
                                     fault);
    return readers_rating_add(conn, w->work, account_of(w), w->stars, now, *ret_entry_id, salt,
                              fault);
}

static enum rc take_stars_back(struct voice_write *w, struct store_conn *conn,
                               uint64_t *ret_entry_id, struct fault *fault)
{
    struct rating_row was;
    struct entry entry = {.type = ENTRY_WITHDRAWN, .kind = VOICE_RATING, .work = w->work};
    enum rc rc = readers_rating(conn, w->work, account_of(w), &was, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "you have not rated this work");
    if (rc == RC_OK)
        rc = put_voice(w, conn, &entry, was.entry_id, ret_entry_id, fault);
    if (rc == RC_OK)
        rc = readers_rating_withdraw(conn, w->work, &was, clock_now(), fault);
    return rc;
}

static void refuse_for(const struct voice_write *w, const char *reason)
{
    if (w->desk.ret_reason != NULL)
        *w->desk.ret_reason = reason;
}

/* A partner has an interest in the works of their own shop. */
static enum rc check_interest(const struct voice_write *w, struct store_conn *conn, uint64_t work,
                              struct fault *fault)
{
    bool sells = false;
    enum rc rc =
        w->desk.viewer->partner ? readers_sells(conn, account_of(w), work, &sells, fault) : RC_OK;
    if (rc != RC_OK || !sells)
        return rc;
    refuse_for(w, "interest");
    return fault_set(fault, RC_DENIED,
                     "your shop sells this title: its own ratings and reviews "
                     "are not taken");
}

/* The same text under several names, or about several works, is nobody's opinion. */
static enum rc check_print(struct voice_write *w, struct store_conn *conn, struct fault *fault)
{
    uint64_t other;
    w->print = voice_print(w->desk.arena, w->review.text);
    enum rc rc = w->print.n == 0 ? RC_NOT_FOUND
                                 : readers_review_printed(conn, w->print, w->work, account_of(w),
                                                          &other, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc != RC_OK)
        return rc;
    refuse_for(w, "duplicate-text");
    return fault_set(fault, RC_INVALID, "text: review %llu has the same words",
                     (unsigned long long)other);
}

static enum rc rate_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct voice_write *w = context;
    w->opening = (struct proof_opening){0}; /* it may be tried again */
    enum rc rc = catalogue_work_known(conn, w->work, fault);
    if (rc == RC_OK)
        rc = check_interest(w, conn, w->work, fault);
    return rc == RC_OK ? set_stars(w, conn, &w->entry_id, fault) : rc;
}

static enum rc unrate_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct voice_write *w = context;
    return take_stars_back(w, conn, &w->entry_id, fault);
}

static enum rc commit_review(struct voice_write *w, uint8_t salt[32], struct hash *ret,
                             struct fault *fault)
{
    struct voice_row said = {.title = w->review.title,
                             .text = w->review.text,
                             .language = w->review.language,
                             .isbn13 = w->review.isbn13,
                             .stars = w->review.stars};
    return commit_to(w, VOICE_REVIEW, &said, salt, ret, fault);
}

static enum rc review_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct voice_write *w = context;
    w->opening = (struct proof_opening){0}; /* it may be tried again */
    struct entry entry = {.type = ENTRY_ACCEPTED, .kind = VOICE_REVIEW, .work = w->work};
    uint8_t salt[32];
    uint64_t earlier, rating_entry;
    enum rc rc = catalogue_work_known(conn, w->work, fault);
    if (rc != RC_OK)
        return rc;
    rc = readers_review_of(conn, w->work, account_of(w), &earlier, fault);
    if (rc == RC_OK)
        return fault_set(fault, RC_CONFLICT, "you have reviewed this work already (review %llu)",
                         (unsigned long long)earlier);
    if (rc == RC_NOT_FOUND)
        rc = check_interest(w, conn, w->work, fault);
    if (rc == RC_OK)
        rc = check_print(w, conn, fault);
    if (rc == RC_OK)
        rc = commit_review(w, salt, &entry.commitment, fault);
    if (rc == RC_OK)
        rc = put_voice(w, conn, &entry, 0, &w->entry_id, fault);
    struct review_row row = {.work = w->work,
                             .account = account_of(w),
                             .title = w->review.title,
                             .text = w->review.text,
                             .language = w->review.language,
                             .isbn13 = w->review.isbn13,
                             .created = clock_now(),
                             .entry_id = w->entry_id,
                             .print = w->print};
    if (rc == RC_OK)
        rc = readers_review_add(conn, &row, salt, &w->id, fault);
    w->stars = w->review.stars;
    if (rc == RC_OK && w->stars != 0)
        rc = set_stars(w, conn, &rating_entry, fault);
    return rc;
}

/* The reader's own review that stands. */
static enum rc own_review(struct voice_write *w, struct store_conn *conn, struct arena *arena,
                          struct review_row *ret, struct fault *fault)
{
    enum rc rc = readers_review(conn, arena, w->id, ret, fault);
    if (rc == RC_OK && !str_eq(ret->state, STR("shown")))
        rc = fault_set(fault, RC_NOT_FOUND, "review %llu was withdrawn", (unsigned long long)w->id);
    if (rc == RC_OK && ret->account != account_of(w))
        rc = fault_set(fault, RC_DENIED, "this review is somebody else's");
    if (rc == RC_OK) {
        w->work = ret->work;
        w->review_id = ret->id;
    }
    return rc;
}

static bool says_the_same(const struct review_row *row, const struct review_text *review)
{
    return str_eq(row->title, review->title) && str_eq(row->text, review->text) &&
           str_eq(row->language, review->language) && str_eq(row->isbn13, review->isbn13) &&
           (review->stars == 0 || row->stars == review->stars);
}

static enum rc review_change_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct voice_write *w = context;
    w->opening = (struct proof_opening){0}; /* it may be tried again */
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry = {.type = ENTRY_CHANGED, .kind = VOICE_REVIEW};
    struct review_row row;
    uint8_t salt[32];
    uint64_t rating_entry;
    enum rc rc = own_review(w, conn, &arena, &row, fault);
    entry.work = w->work;
    if (rc == RC_OK && says_the_same(&row, &w->review)) {
        w->entry_id = row.entry_id;
        return RC_OK;
    }
    if (rc == RC_OK)
        rc = check_interest(w, conn, w->work, fault);
    if (rc == RC_OK)
        rc = check_print(w, conn, fault);
    if (rc == RC_OK)
        rc = commit_review(w, salt, &entry.commitment, fault);
    if (rc == RC_OK)
        rc = put_voice(w, conn, &entry, row.entry_id, &w->entry_id, fault);
    if (rc != RC_OK)
        return rc;
    row.title = w->review.title;
    row.text = w->review.text;
    row.language = w->review.language;
    row.isbn13 = w->review.isbn13;
    row.changed = clock_now();
    row.print = w->print;
    rc = readers_review_change(conn, &row, w->entry_id, salt, fault);
    w->stars = w->review.stars;
    if (rc == RC_OK && w->stars != 0)
        rc = set_stars(w, conn, &rating_entry, fault);
    return rc;
}

static enum rc withdraw_comment(struct voice_write *w, struct store_conn *conn,
                                const struct comment_row *c, uint64_t *ret_entry_id,
                                struct fault *fault)
{
    struct entry entry = {.type = ENTRY_WITHDRAWN, .kind = VOICE_COMMENT, .work = c->work};
    enum rc rc = put_voice(w, conn, &entry, c->entry_id, ret_entry_id, fault);
    return rc == RC_OK ? readers_comment_withdraw(conn, c->id, fault) : rc;
}

/* Comments speak of the review above them: without it they go too, each with
 * its own entry, so that the sums hold. */
static enum rc withdraw_comments_of(struct voice_write *w, struct store_conn *conn,
                                    struct arena *arena, uint64_t review, struct fault *fault)
{
    enum { AT_ONCE = 200 };
    struct comment_row *comments;
    size_t n = 0, passed = 0;
    uint64_t entry_id;
    enum rc rc;
    do {
        passed += held_on(conn) ? n : 0; /* else those before are gone from the list */
        rc = readers_comments(conn, arena, review, passed, AT_ONCE, &comments, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            rc = withdraw_comment(w, conn, &comments[i], &entry_id, fault);
    } while (rc == RC_OK && n == AT_ONCE);
    return rc;
}

static enum rc review_withdraw_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct voice_write *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry = {.type = ENTRY_WITHDRAWN, .kind = VOICE_REVIEW};
    struct review_row row;
    uint64_t rating_entry;
    enum rc rc = own_review(w, conn, &arena, &row, fault);
    entry.work = w->work;
    if (rc == RC_OK)
        rc = put_voice(w, conn, &entry, row.entry_id, &w->entry_id, fault);
    if (rc == RC_OK)
        rc = readers_review_withdraw(conn, w->id, clock_now(), fault);
    if (rc == RC_OK)
        rc = withdraw_comments_of(w, conn, &arena, w->id, fault);
    if (rc == RC_OK && row.stars != 0)
        rc = take_stars_back(w, conn, &rating_entry, fault);
    return rc;
}

static enum rc commit_comment(struct voice_write *w, uint8_t salt[32], struct hash *ret,
                              struct fault *fault)
{
    struct voice_row said = {.text = w->text};
    return commit_to(w, VOICE_COMMENT, &said, salt, ret, fault);
}

static enum rc add_comment(struct voice_write *w, struct store_conn *conn, struct fault *fault)
{
    struct entry entry = {.type = ENTRY_ACCEPTED, .kind = VOICE_COMMENT, .work = w->work};
    uint8_t salt[32];
    enum rc rc = commit_comment(w, salt, &entry.commitment, fault);
    if (rc == RC_OK)
        rc = put_voice(w, conn, &entry, 0, &w->entry_id, fault);
    struct comment_row row = {.review = w->id,
                              .work = w->work,
                              .account = account_of(w),
                              .text = w->text,
                              .created = clock_now(),
                              .entry_id = w->entry_id};
    return rc == RC_OK ? readers_comment_add(conn, &row, salt, &w->id, fault) : rc;
}

static enum rc comment_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct voice_write *w = context;
    w->opening = (struct proof_opening){0}; /* it may be tried again */
    ARENA_AUTO arena = ARENA_INIT;
    struct review_row review;
    struct comment_row same;
    enum rc rc = readers_review(conn, &arena, w->id, &review, fault);
    if (rc == RC_OK && !str_eq(review.state, STR("shown")))
        rc = fault_set(fault, RC_NOT_FOUND, "review %llu was withdrawn", (unsigned long long)w->id);
    if (rc != RC_OK)
        return rc;
    w->work = review.work;
    w->review_id = review.id;
    rc = readers_comment_same(conn, &arena, w->id, account_of(w), w->text, &same, fault);
    if (rc == RC_NOT_FOUND)
        return add_comment(w, conn, fault);
    if (rc == RC_OK) {
        w->id = same.id;
        w->entry_id = same.entry_id;
    }
    return rc;
}

/* The reader's own comment that stands. */
static enum rc own_comment(struct voice_write *w, struct store_conn *conn, struct arena *arena,
                           struct comment_row *ret, struct fault *fault)
{
    enum rc rc = readers_comment(conn, arena, w->id, ret, fault);
    if (rc == RC_OK && ret->account != account_of(w))
        rc = fault_set(fault, RC_DENIED, "this comment is somebody else's");
    if (rc == RC_OK) {
        w->work = ret->work;
        w->review_id = ret->review;
    }
    return rc;
}

static enum rc comment_change_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct voice_write *w = context;
    w->opening = (struct proof_opening){0}; /* it may be tried again */
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry = {.type = ENTRY_CHANGED, .kind = VOICE_COMMENT};
    struct comment_row row;
    uint8_t salt[32];
    enum rc rc = own_comment(w, conn, &arena, &row, fault);
    if (rc == RC_OK && str_eq(row.text, w->text)) {
        w->entry_id = row.entry_id;
        return RC_OK;
    }
    entry.work = w->work;
    if (rc == RC_OK)
        rc = commit_comment(w, salt, &entry.commitment, fault);
    if (rc == RC_OK)
        rc = put_voice(w, conn, &entry, row.entry_id, &w->entry_id, fault);
    return rc == RC_OK ? readers_comment_change(conn, w->id, w->text, w->entry_id, salt, fault)
                       : rc;
}

static enum rc comment_withdraw_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct voice_write *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct comment_row row;
    enum rc rc = own_comment(w, conn, &arena, &row, fault);
    return rc == RC_OK ? withdraw_comment(w, conn, &row, &w->entry_id, fault) : rc;
}

/* ---- what is asked, checked and answered ---- */

static const struct restriction *withholder_in(const struct voice_desk *desk,
                                               const struct storefront *storefront, uint64_t work,
                                               struct str isbn13)
{
    struct visibility_facts facts = {.work = work, .isbn13 = isbn13};
    struct visibility v =
        gate_decide_account(desk->view, storefront, &facts, desk->viewer->account);
    return visibility_withholds(&v, FEATURE_SUBMISSIONS) ? v.by[FEATURE_SUBMISSIONS] : NULL;
}

static enum rc check_submissions(const struct voice_desk *desk, uint64_t work, struct str isbn13,
                                 struct fault *fault)
{
    const struct restriction *r = NULL;
    size_t n = desk->view->storefronts.n;
    if (desk->storefront != NULL)
        r = withholder_in(desk, desk->storefront, work, isbn13);
    for (size_t i = 0; desk->storefront == NULL && i < n; i++) {
        r = withholder_in(desk, &desk->view->storefronts.v[i], work, isbn13);
        if (r == NULL)
            break;
    }
    if (r == NULL)
        return RC_OK;
    if (desk->ret_withheld != NULL)
        *desk->ret_withheld = r;
    if (r->target == TARGET_ACCOUNT)
        return fault_set(fault, RC_WITHHELD,
                         "new ratings, reviews and comments are not taken from this account here, "
                         "by restriction %llu",
                         (unsigned long long)r->id);
    return fault_set(fault, RC_WITHHELD,
                     "new ratings, reviews and comments are withheld here by restriction %llu",
                     (unsigned long long)r->id);
}

static enum rc read_index(void *context, struct store_conn *conn, struct fault *fault)
{
    struct voice_write *w = context;
    enum rc rc = record_log_index(conn, w->entry_id, &w->index, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "it was written and published, but its index is not known");
    /* It says what an earlier one says, which another node left waiting. */
    if (w->index == LOG_PENDING)
        return fault_set(fault, RC_BUSY, "written, but not published yet");
    return rc;
}

static void written(struct write_job *job)
{
    struct voice_write *w = (struct voice_write *)job;
    int64_t now = clock_monotonic_ms();
    if (job->rc == RC_BUSY && w->too_early && !job->log_down &&
        (w->give_up == 0 || now < w->give_up)) {
        w->give_up = w->give_up == 0 ? now + EARLY_MS : w->give_up;
        w->too_early = w->claimed = false;
        writer_post(w->desk.writer, job);
        return;
    }
    if (w->job.rc == RC_OK)
        pace_add(&site_counters(w->desk.site)->pace, clock_monotonic_ms(),
                 (uint64_t)(clock_monotonic_us() - w->begun));
    w->done(w->context); /* w may be gone from here on */
}

/* Makes the write, if what was checked is good. */
static enum rc prepare(enum rc rc, const struct voice_write *values, write_work work,
                       struct voice_write **ret, struct fault *fault)
{
    if (rc == RC_OK && values->desk.viewer->account == 0)
        rc = fault_set(fault, RC_DENIED, "sign in first");
    if (rc != RC_OK)
        return rc;
    struct voice_write *w = ARENA_NEW(values->desk.arena, struct voice_write);
    *w = *values;
    w->job = (struct write_job){.work = work,
                                .published = read_index,
                                .context = w,
                                .fault = &w->fault,
                                .done = written,
                                .voices_of = &w->work};
    *ret = w;
    return RC_OK;
}

void voice_start(struct voice_write *w, void (*done)(void *context), void *context)
{
    w->done = done;
    w->context = context;
    w->begun = clock_monotonic_us();
    writer_post(w->desk.writer, &w->job);
}

enum rc voice_end(const struct voice_write *w, struct voice_made *ret, struct fault *fault)
{
    if (w->job.rc == RC_OK)
        *ret = (struct voice_made){w->id, w->index};
    else if (fault != NULL)
        *fault = w->fault;
    return w->job.rc;
}

enum rc voice_receipt(const struct voice_write *w, struct store_conn *conn, struct arena *arena,
                      struct str *ret, struct fault *fault)
{
    if (w->opening.domain.n == 0) /* nothing new was said */
        return receipt_of(w->desk.site, arena, account_of(w), w->index, ret, fault);
    return entry_prove(conn, w->desk.trees, arena, PUBLIC_VOICES, w->index, &w->opening, ret,
                       fault);
}

struct waiting_for_voice {
    pthread_mutex_t lock;
    pthread_cond_t come;
    bool done;
};

static void stop_waiting(void *context)
{
    struct waiting_for_voice *waiting = context;
    pthread_mutex_lock(&waiting->lock);
    waiting->done = true;
    pthread_cond_signal(&waiting->come);
    pthread_mutex_unlock(&waiting->lock);
}

enum rc voice_finish(struct voice_write *w, struct voice_made *ret, struct fault *fault)
{
    struct waiting_for_voice waiting = {.done = false};
    pthread_mutex_init(&waiting.lock, NULL);
    pthread_cond_init(&waiting.come, NULL);
    voice_start(w, stop_waiting, &waiting);
    pthread_mutex_lock(&waiting.lock);
    while (!waiting.done)
        pthread_cond_wait(&waiting.come, &waiting.lock);
    pthread_mutex_unlock(&waiting.lock);
    pthread_cond_destroy(&waiting.come);
    pthread_mutex_destroy(&waiting.lock);
    return voice_end(w, ret, fault);
}

enum rc voice_rate(const struct voice_desk *desk, uint64_t work, unsigned stars,
                   struct voice_write **ret, struct fault *fault)
{
    struct voice_write w = {.desk = *desk, .work = work, .stars = stars};
    if (stars < 1 || stars > 5)
        return fault_set(fault, RC_INVALID, "stars: a number from 1 to 5");
    enum rc rc = check_submissions(desk, work, desk->isbn13, fault);
    return prepare(rc, &w, rate_work, ret, fault);
}

enum rc voice_unrate(const struct voice_desk *desk, uint64_t work, struct voice_write **ret,
                     struct fault *fault)
{
    struct voice_write w = {.desk = *desk, .work = work};
    return prepare(RC_OK, &w, unrate_work, ret, fault);
}

static enum rc check_review(const struct review_text *r, struct fault *fault)
{
    enum rc rc = text_check("title", r->title, TEXT_LINE, REVIEW_TITLE_MAX, fault);
    if (rc == RC_OK)
        rc = text_check("text", r->text, TEXT_NEEDED, REVIEW_TEXT_MAX, fault);
    if (rc == RC_OK && !language_tag_valid(r->language))
        rc = fault_set(fault, RC_INVALID, "language: a tag such as \"en\" or \"zh-Hans\"");
    if (rc == RC_OK && r->stars > 5)
        rc = fault_set(fault, RC_INVALID, "stars: a number from 1 to 5");
    if (rc == RC_OK && r->isbn13.n > 0 && !isbn13_valid(r->isbn13))
        rc = fault_set(fault, RC_INVALID, "isbn13: it is no ISBN-13");
    return rc;
}

enum rc voice_review(const struct voice_desk *desk, uint64_t work, const struct review_text *review,
                     struct voice_write **ret, struct fault *fault)
{
    struct voice_write w = {.desk = *desk, .work = work, .review = *review};
    enum rc rc = check_review(review, fault);
    if (rc == RC_OK)
        rc = check_submissions(desk, work, desk->isbn13.n > 0 ? desk->isbn13 : review->isbn13,
                               fault);
    return prepare(rc, &w, review_work, ret, fault);
}

enum rc voice_review_change(const struct voice_desk *desk, uint64_t id,
                            const struct review_text *review, struct voice_write **ret,
                            struct fault *fault)
{
    struct voice_write w = {.desk = *desk, .id = id, .review = *review};
    enum rc rc = check_review(review, fault);
    return prepare(rc, &w, review_change_work, ret, fault);
}

enum rc voice_review_withdraw(const struct voice_desk *desk, uint64_t id, struct voice_write **ret,
                              struct fault *fault)
{
    struct voice_write w = {.desk = *desk, .id = id};
    return prepare(RC_OK, &w, review_withdraw_work, ret, fault);
}

enum rc voice_comment(const struct voice_desk *desk, uint64_t review, struct str text,
                      struct voice_write **ret, struct fault *fault)
{
    struct voice_write w = {.desk = *desk, .id = review, .text = text};
    ARENA_AUTO arena = ARENA_INIT;
    struct review_row row;
    enum rc rc = text_check("text", text, TEXT_NEEDED, COMMENT_TEXT_MAX, fault);
    if (rc == RC_OK)
        rc = readers_review(desk->conn, &arena, review, &row, fault);
    if (rc == RC_OK)
        rc = check_submissions(desk, row.work, desk->isbn13, fault);
    return prepare(rc, &w, comment_work, ret, fault);
}

enum rc voice_comment_change(const struct voice_desk *desk, uint64_t id, struct str text,
                             struct voice_write **ret, struct fault *fault)
{
    struct voice_write w = {.desk = *desk, .id = id, .text = text};
    enum rc rc = text_check("text", text, TEXT_NEEDED, COMMENT_TEXT_MAX, fault);
    return prepare(rc, &w, comment_change_work, ret, fault);
}

enum rc voice_comment_withdraw(const struct voice_desk *desk, uint64_t id, struct voice_write **ret,
                               struct fault *fault)
{
    struct voice_write w = {.desk = *desk, .id = id};
    return prepare(RC_OK, &w, comment_withdraw_work, ret, fault);
}
