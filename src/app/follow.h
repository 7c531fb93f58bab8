/* What readers follow: contributors and series, by numbers that never change. News of it are
 * editions that came into the catalogue since and are listed in the storefront that is asked;
 * who looks is shown what the gate lets through, the rest is counted by which restriction. They
 * are on a page, in a feed under an address that nobody guesses, and in a letter, one a day at
 * most, where somebody asked for it (herald.h). */
#ifndef COLOPHON_APP_FOLLOW_H
#define COLOPHON_APP_FOLLOW_H

#include "app/shown.h"
#include "app/writer.h"

/* FOLLOWED_WORKS_MAX: of one; a larger set is no series but a catalogue, and a name of more works
 * nobody's. FOLLOWED_WORKS_ALL: of all together. */
enum {
    FOLLOWS_MAX = 200,
    FOLLOWED_WORKS_MAX = 5000,
    FOLLOWED_WORKS_ALL = 20000,
    NEWS_MAX = 60,
};

enum follow_kind { FOLLOW_CONTRIBUTOR, FOLLOW_SERIES };
const char *follow_kind_name(enum follow_kind kind); /* "contributor", "series" */
bool follow_kind_parse(struct str name, enum follow_kind *ret);

struct followed {
    enum follow_kind kind;
    uint64_t id;
    struct str name, slug; /* of the series' page; empty of a contributor */
    int64_t since;
    bool too_large; /* it, or all together, has grown so: nothing of it is told */
};
typedef LIST(struct followed) followed_list;
/* Of what has more works than this nothing is told: where all together has grown too large, the
 * largest are passed over. */
struct follow_row;
size_t followed_works_max(const struct follow_row *rows, size_t n);
/* The viewer's own, the latest first. */
enum rc following_own(const struct visit *visit, followed_list *ret,
                      struct fault *fault) MUST_CHECK;
enum rc following_has(const struct visit *visit, enum follow_kind kind, uint64_t id, bool *ret,
                      struct fault *fault) MUST_CHECK;

/* Where it is so already, nothing changes. RC_NOT_FOUND where there is no such thing,
 * RC_CONFLICT where they follow too many, or it is too large. */
enum rc follow_put(struct writer *writer, uint64_t account, enum follow_kind kind, uint64_t id,
                   bool follow, struct fault *fault) MUST_CHECK;

/* ---- news ---- */

struct news_item {
    struct shown_card card;
    int64_t at; /* when it came; 0: before anybody noted it */
    enum follow_kind kind;
    uint64_t of; /* why it is told */
};
typedef LIST(uint64_t) owed_editions;
struct shown_news {
    LIST(struct news_item) items; /* the latest first, each work once */
    struct shown_withheld withheld;
    owed_editions owed; /* editions of the withheld works: to be told of when that is lifted */
    bool more;          /* than were looked at */
};
/* Of all that the account follows: since it followed each, and after this edition (0: any), or
 * owed to it since an earlier letter. */
enum rc shown_news(const struct visit *visit, uint64_t account, uint64_t after,
                   struct shown_news *ret, struct fault *fault) MUST_CHECK;
/* The latest of one, whenever it came. *ret_name: whose they are; RC_NOT_FOUND. */
enum rc shown_news_of(const struct visit *visit, enum follow_kind kind, uint64_t id,
                      struct str *ret_name, struct shown_news *ret, struct fault *fault) MUST_CHECK;

/* ---- how they are told ---- */

struct follower {
    struct str feed;    /* the secret of its address; empty: none was made yet */
    struct str letters; /* the storefront whose news letters tell; empty: none are wanted */
};
enum rc follower_own(const struct visit *visit, struct follower *ret,
                     struct fault *fault) MUST_CHECK;
/* Whose feed has this address. RC_NOT_FOUND. */
enum rc follower_feed(const struct visit *visit, struct str secret, uint64_t *ret_account,
                      struct fault *fault) MUST_CHECK;
/* Another address: the old one leads nowhere. */
enum rc follower_renew(struct writer *writer, uint64_t account, struct fault *fault) MUST_CHECK;
/* Letters of this storefront's news, whose links begin with `root` ("/us/es"); empty: none. */
enum rc follower_letters(struct writer *writer, uint64_t account, struct str storefront,
                         struct str root, struct fault *fault) MUST_CHECK;
/* By the secret of a letter. RC_NOT_FOUND where nobody has it; that they end twice is no fault. */
enum rc follower_stop(struct writer *writer, struct str secret, struct fault *fault) MUST_CHECK;

#endif
