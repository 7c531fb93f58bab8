/* Accounts, sessions, ratings, reviews and comments as they are stored. What a
 * viewer may see of them is the gate's to say. Adding and changing needs an
 * open write transaction. */
#ifndef COLOPHON_STORE_READERS_H
#define COLOPHON_STORE_READERS_H

#include "base/encode.h"
#include "domain/edition.h"
#include "domain/rating.h"
#include "store/store.h"

struct account {
    uint64_t id;
    struct str email;
    struct str name;
    struct str password; /* argon2id, encoded */
    struct str role;     /* "reader", "operator", "partner" */
    uint64_t shop;       /* a partner's; of readers_session alone */
    int64_t created;
    int64_t confirmed;   /* when the address was; 0: not. Of an account to be added alone, as is */
    struct str language; /* of letters; may be empty */
};

/* `a->id` is not read. RC_CONFLICT where the address is taken. */
enum rc readers_account_add(struct store_conn *conn, const struct account *a, uint64_t *ret_id,
                            struct fault *fault) MUST_CHECK;
enum rc readers_account_named(struct store_conn *conn, struct arena *arena, uint64_t id,
                              struct str *ret_name, struct str *ret_email,
                              struct fault *fault) MUST_CHECK;
enum rc readers_account_by_email(struct store_conn *conn, struct arena *arena, struct str email,
                                 struct account *ret, struct fault *fault) MUST_CHECK;

/* Sessions are kept by the hash of their token. */
struct session_row {
    struct hash token;
    struct str kind;    /* "cookie", "bearer" */
    int lacks;          /* what it is still to be given before it has staff's rights (app/staff.h);
                           not of a list */
    struct str browser; /* "Firefox/Android"; may be empty */
    int64_t created;
};
enum rc readers_session_add(struct store_conn *conn, const struct session_row *s, uint64_t account,
                            int64_t expires, struct fault *fault) MUST_CHECK;
/* The account's that are good still, newest first. */
enum rc readers_sessions(struct store_conn *conn, struct arena *arena, uint64_t account,
                         int64_t now, size_t room, struct session_row **ret, size_t *ret_n,
                         struct fault *fault) MUST_CHECK;
/* Whose session it is, without the password: pages ask this. */
enum rc readers_session(struct store_conn *conn, struct arena *arena, const struct hash *token,
                        int64_t now, struct account *ret, struct str *ret_kind, int *ret_lacks,
                        struct fault *fault) MUST_CHECK;
enum rc readers_session_remove(struct store_conn *conn, const struct hash *token,
                               struct fault *fault) MUST_CHECK;
enum rc readers_session_remove_all(struct store_conn *conn, uint64_t account,
                                   struct fault *fault) MUST_CHECK;
/* All of the account's but this one. */
enum rc readers_session_remove_others(struct store_conn *conn, uint64_t account,
                                      const struct hash *token, struct fault *fault) MUST_CHECK;
enum rc readers_session_remove_expired(struct store_conn *conn, int64_t now,
                                       struct fault *fault) MUST_CHECK;
/* Ends an account's sessions but the newest so many. */
enum rc readers_session_keep(struct store_conn *conn, uint64_t account, unsigned newest,
                             struct fault *fault) MUST_CHECK;
enum rc readers_session_count(struct store_conn *conn, uint64_t account, int64_t now, uint64_t *ret,
                              struct fault *fault) MUST_CHECK;

/* The rating that stands; RC_NOT_FOUND where there is none. */
struct rating_row {
    uint64_t id;
    unsigned stars;
    uint64_t entry_id;
};
enum rc readers_rating(struct store_conn *conn, uint64_t work, uint64_t account,
                       struct rating_row *ret, struct fault *fault) MUST_CHECK;
enum rc readers_rating_add(struct store_conn *conn, uint64_t work, uint64_t account, unsigned stars,
                           int64_t now, uint64_t entry_id, const uint8_t salt[32],
                           struct fault *fault) MUST_CHECK;
/* `said` is the entry with the commitment that the salt opens. Changes the aggregate too, in the
 * same transaction. */
enum rc readers_rating_change(struct store_conn *conn, uint64_t work, const struct rating_row *was,
                              unsigned stars, int64_t now, uint64_t said, const uint8_t salt[32],
                              struct fault *fault) MUST_CHECK;
enum rc readers_rating_withdraw(struct store_conn *conn, uint64_t work,
                                const struct rating_row *was, int64_t now,
                                struct fault *fault) MUST_CHECK;

struct review_row {
    uint64_t id;
    uint64_t work;
    uint64_t account;
    struct str author; /* the account's name; written with one that is taken over alone */
    struct str title;
    struct str text; /* Markdown as written */
    struct str language;
    struct str isbn13;
    struct str state;
    int64_t created;
    int64_t changed;
    uint64_t entry_id;
    unsigned stars;   /* the reader's rating; 0: none */
    int64_t index;    /* of the accepted entry in the voices log; -1 while it waits */
    uint64_t helpful; /* so many readers found it */
    struct str print; /* of one to be written (voice_print.h); not read */
    /* Taken over from another shop (app/take_over.h), which had it of `author` on that day; else
     * empty and 0. */
    struct str source;
    int32_t written;
};
/* Whatever its state. */
enum rc readers_review(struct store_conn *conn, struct arena *arena, uint64_t id,
                       struct review_row *ret, struct fault *fault) MUST_CHECK;
/* The id of the reader's review that stands. */
enum rc readers_review_of(struct store_conn *conn, uint64_t work, uint64_t account, uint64_t *ret,
                          struct fault *fault) MUST_CHECK;
/* `r->id` is not read. */
enum rc readers_review_add(struct store_conn *conn, const struct review_row *r,
                           const uint8_t salt[32], uint64_t *ret_id,
                           struct fault *fault) MUST_CHECK;
enum rc readers_review_change(struct store_conn *conn, const struct review_row *r, uint64_t said,
                              const uint8_t salt[32], struct fault *fault) MUST_CHECK;
enum rc readers_review_withdraw(struct store_conn *conn, uint64_t id, int64_t now,
                                struct fault *fault) MUST_CHECK;
/* Another review that stands and has this print; RC_NOT_FOUND. */
enum rc readers_review_printed(struct store_conn *conn, struct str print, uint64_t work,
                               uint64_t account, uint64_t *ret, struct fault *fault) MUST_CHECK;
/* Whether the account is a partner's whose shop has this work in its catalogue. */
enum rc readers_sells(struct store_conn *conn, uint64_t account, uint64_t work, bool *ret,
                      struct fault *fault) MUST_CHECK;

/* Whether its author had paid for an edition of the work here before they wrote it, and the money
 * did not go back; and a hint (db.h, query_ask) that this comes. */
enum rc readers_review_bought(struct store_conn *conn, const struct review_row *r, bool *ret,
                              struct fault *fault) MUST_CHECK;
void readers_review_bought_ask(struct store_conn *conn, const struct review_row *r);
/* Whether the account found the review helpful, and that it did or does not any more: where
 * that is so already, nothing changes. */
enum rc readers_helpful(struct store_conn *conn, uint64_t review, uint64_t account, bool *ret,
                        struct fault *fault) MUST_CHECK;
enum rc readers_helpful_put(struct store_conn *conn, uint64_t review, uint64_t account,
                            bool helpful, int64_t now, struct fault *fault) MUST_CHECK;
struct helpful_row {
    uint64_t review;
    int64_t created;
};
/* What the account found helpful, by review, of those after this one. */
enum rc readers_helpful_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                           uint64_t after, size_t room, struct helpful_row **ret, size_t *ret_n,
                           struct fault *fault) MUST_CHECK;
/* Those that stand, newest first. */
/* A hint (db.h, query_ask) that readers_reviews comes. */
void readers_reviews_ask(struct store_conn *conn, uint64_t work, size_t offset, size_t room);
enum rc readers_reviews(struct store_conn *conn, struct arena *arena, uint64_t work, size_t offset,
                        size_t room, struct review_row **ret, size_t *ret_n,
                        struct fault *fault) MUST_CHECK;
/* What the reviews that stand are chosen and put in order by. */
struct review_mark {
    uint64_t id;
    int64_t index; /* as in review_row */
    struct str language;
    unsigned stars; /* 0: none */
    uint64_t helpful;
    int64_t created;
};
/* The latest. */
enum rc readers_review_marks(struct store_conn *conn, struct arena *arena, uint64_t work,
                             size_t room, struct review_mark **ret, size_t *ret_n,
                             struct fault *fault) MUST_CHECK;
/* The latest whose author had bought the work here; index is none. */
enum rc readers_review_marks_bought(struct store_conn *conn, struct arena *arena, uint64_t work,
                                    size_t room, struct review_mark **ret, size_t *ret_n,
                                    struct fault *fault) MUST_CHECK;
/* The one whose entry has this index, where it stands. */
enum rc readers_review_mark(struct store_conn *conn, struct arena *arena, uint64_t work,
                            uint64_t index, struct review_mark *ret,
                            struct fault *fault) MUST_CHECK;
/* How many of a work's reviews have each language and stars. */
struct review_sum {
    struct str language;
    unsigned stars;
    uint64_t n;
};
enum rc readers_review_sums(struct store_conn *conn, struct arena *arena, uint64_t work,
                            struct review_sum **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* Those of these languages (none: of any) and stars (bit 0: without any), the newest first, or
 * the most helpful; index is none, and helpful is there only where it is the order. */
#define REVIEW_LANGUAGES_MAX 20
struct review_wish {
    uint64_t work;
    const struct str *languages;
    size_t language_n;
    unsigned stars;
    bool helpful;
};
enum rc readers_reviews_wished(struct store_conn *conn, struct arena *arena,
                               const struct review_wish *wish, size_t room,
                               struct review_mark **ret, size_t *ret_n,
                               struct fault *fault) MUST_CHECK;
/* The works of the latest reviews that stand, one for each of them. */
enum rc readers_reviewed_lately(struct store_conn *conn, struct arena *arena, size_t room,
                                uint64_t **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* All of an account's, withdrawn ones too. */
enum rc readers_reviews_by(struct store_conn *conn, struct arena *arena, uint64_t account,
                           size_t room, struct review_row **ret, size_t *ret_n,
                           struct fault *fault) MUST_CHECK;

struct own_rating {
    uint64_t work;
    unsigned stars;
    int64_t created;
    int64_t index;
};
enum rc readers_ratings_by(struct store_conn *conn, struct arena *arena, uint64_t account,
                           size_t room, struct own_rating **ret, size_t *ret_n,
                           struct fault *fault) MUST_CHECK;

struct comment_row {
    uint64_t id;
    uint64_t review;
    uint64_t work;
    uint64_t account;
    struct str author;
    struct str text;
    int64_t created;
    uint64_t entry_id;
    int64_t index; /* of the accepted entry in the voices log; -1 while it waits */
};
enum rc readers_comment(struct store_conn *conn, struct arena *arena, uint64_t id,
                        struct comment_row *ret, struct fault *fault) MUST_CHECK;
enum rc readers_comment_add(struct store_conn *conn, const struct comment_row *c,
                            const uint8_t salt[32], uint64_t *ret_id,
                            struct fault *fault) MUST_CHECK;
/* The reader's own comment of these very words that stands under the review. */
enum rc readers_comment_same(struct store_conn *conn, struct arena *arena, uint64_t review,
                             uint64_t account, struct str text, struct comment_row *ret,
                             struct fault *fault) MUST_CHECK;
enum rc readers_comment_change(struct store_conn *conn, uint64_t id, struct str text, uint64_t said,
                               const uint8_t salt[32], struct fault *fault) MUST_CHECK;
enum rc readers_comment_withdraw(struct store_conn *conn, uint64_t id,
                                 struct fault *fault) MUST_CHECK;
/* Under a review, oldest first. */
enum rc readers_comments(struct store_conn *conn, struct arena *arena, uint64_t review,
                         size_t offset, size_t room, struct comment_row **ret, size_t *ret_n,
                         struct fault *fault) MUST_CHECK;
enum rc readers_comment_count(struct store_conn *conn, uint64_t review, uint64_t *ret,
                              struct fault *fault) MUST_CHECK;
/* An account's own that stand, newest first. */
enum rc readers_comments_by(struct store_conn *conn, struct arena *arena, uint64_t account,
                            size_t room, struct comment_row **ret, size_t *ret_n,
                            struct fault *fault) MUST_CHECK;
/* Under all of a work's reviews, oldest first. */
enum rc readers_comments_of_work(struct store_conn *conn, struct arena *arena, uint64_t work,
                                 size_t offset, size_t room, struct comment_row **ret,
                                 size_t *ret_n, struct fault *fault) MUST_CHECK;

/* Of one work: how many ratings, reviews and comments stand, were withdrawn,
 * were erased. Indexed as record/entry.h's voice kinds: rating, review, comment. */
struct voice_state_counts {
    uint64_t shown[3], withdrawn[3], erased[3];
};
enum rc readers_voice_counts(struct store_conn *conn, uint64_t work, struct voice_state_counts *ret,
                             struct fault *fault) MUST_CHECK;

/* Works with at least `least` ratings, best first by the Bayesian mean with the
 * catalogue's mean in thousandths (domain/rating.h). */
enum rc readers_best_works(struct store_conn *conn, struct arena *arena, uint64_t least,
                           uint32_t catalogue_mean_milli, size_t room, uint64_t **ret,
                           size_t *ret_n, struct fault *fault) MUST_CHECK;

#endif
