/* How often what may be done. Generous for people, tight for guessing. */
#ifndef COLOPHON_WEB_LIMITS_H
#define COLOPHON_WEB_LIMITS_H

#include "web/server.h"

enum rc limits_forgot(struct context *c, struct str email, struct fault *fault) MUST_CHECK;
enum rc limits_stop_letters(struct context *c, struct fault *fault) MUST_CHECK;
/* A letter to oneself, again. */
enum rc limits_confirm(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_code(struct context *c, struct fault *fault) MUST_CHECK;
/* The same before anybody is signed in. */
enum rc limits_code_of(struct context *c, struct str email, struct fault *fault) MUST_CHECK;
/* Being asked for a passkey, or answering: each challenge is a row. */
enum rc limits_passkey(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_sign_in(struct context *c, struct str email, struct fault *fault) MUST_CHECK;
enum rc limits_sign_up(struct context *c, struct str email, struct fault *fault) MUST_CHECK;
/* Counts an answer that told of an account; too many, and signing up has to wait. */
void limits_address_taken(struct context *c);
/* Pointing out that something of a title is wrong. */
/* EPUBs that an account sends; each takes a minute of looking at. */
enum rc limits_epub(struct context *c, struct fault *fault) MUST_CHECK;
/* Wrong passwords of devices: `failed` counts one, else it is asked whether there were too many. */
enum rc limits_device(struct context *c, struct str login, bool failed,
                      struct fault *fault) MUST_CHECK;
/* Sending the checkout's form. */
enum rc limits_checkout(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_basket(struct context *c, struct fault *fault) MUST_CHECK;
/* Codes of vouchers that are none: `failed` counts one, else it is asked whether there were too
 * many. */
enum rc limits_voucher(struct context *c, bool failed, struct fault *fault) MUST_CHECK;
enum rc limits_hint(struct context *c, struct fault *fault) MUST_CHECK;
/* Whatever a shop's program asks for, by its key. */
enum rc limits_key(struct context *c, struct fault *fault) MUST_CHECK;
/* Having a PDF made: each is a process. */
enum rc limits_pdf(struct context *c, struct fault *fault) MUST_CHECK;
/* Having a card drawn: each is a process. */
enum rc limits_card(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_demand(struct context *c, bool paper, struct fault *fault) MUST_CHECK;
/* What one account may say at once, and in an hour more; published with the policy of reviews. */
enum {
    RATINGS_AT_ONCE = 120,
    RATINGS_HOURLY = 600,
    REVIEWS_AT_ONCE = 60,
    REVIEWS_HOURLY = 120,
    COMMENTS_AT_ONCE = 60,
    COMMENTS_HOURLY = 240,
    NEW_ACCOUNT_S = 86400,
    NEW_RATINGS = 40,
    NEW_REVIEWS = 20,
    NEW_COMMENTS = 60,
    NEW_HOURLY = 1,     /* and of each so many more in an hour */
    NEW_ON_A_WORK = 30, /* ratings and reviews by new accounts, in an hour */
};
/* NEW_ON_A_WORK, or what the environment says in its place. */
unsigned limits_on_a_work(void);
/* Where an account speaks of a work for the first time; whoever changes what they said is
 * counted already. Asked once what is said was looked at: what nobody could write counts for
 * nothing. */
enum rc limits_first_word(struct context *c, uint64_t work, bool review,
                          struct fault *fault) MUST_CHECK;
/* All that there is of one's account, in one file. */
enum rc limits_own_data(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_list(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_reading(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_helpful(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_rating(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_review(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_comment(struct context *c, struct fault *fault) MUST_CHECK;

#endif
