/* Signing up and in, the account, writing a review. */
#ifndef COLOPHON_WEB_ACCOUNTS_H
#define COLOPHON_WEB_ACCOUNTS_H

#include "web/demands.h"
#include "web/page.h"

struct sign_view {
    struct str error, back, email, name;
    struct url action, other;
    bool mail; /* the shop sends some: a password can be forgotten */
};

enum password_stage { PASSWORD_ASK, PASSWORD_ASKED, PASSWORD_GIVE };
struct new_password_view {
    enum password_stage stage;
    struct str error, email, link;
    struct url action;
};

enum confirm_stage { CONFIRM_GIVE, CONFIRM_DONE, CONFIRM_ASKED };
struct confirm_view {
    enum confirm_stage stage;
    struct str error, link;
    struct url action;
};

struct account_view {
    struct own_things own;
    bool unconfirmed; /* and the shop sends mail */
    own_demand_lines demands;
};

struct review_form_view {
    struct str key, work_title, title, text, error;
    struct str silent; /* see word_silent */
    bool change;
    star_choices star_choices;
    choice_list languages;
    shown_slips slips;
};

/* Shared with the desk: checks address and password, sets the cookie, goes on
 * to where the form says. RC_DENIED and RC_LIMIT leave the form to be shown. */
enum rc sign_in(struct context *c, struct str home, struct response *ret, struct fault *fault);

/* The cookie, and on to where the form says. */
void signed_in(struct context *c, const char *token, struct str home, struct response *ret);
struct str sign_home(struct context *c, struct response *ret);
/* The storefront's form again (`up`: for an account) with what was wrong; RC_OK and what failed
 * here are handed on. */
enum rc answer_sign(struct context *c, enum rc rc, bool up, struct response *ret,
                    struct fault *fault) MUST_CHECK;

/* A path of ours to go on to, else `otherwise`. */
struct str safe_return(struct str path, struct str otherwise);
/* Below the shop's own address, whatever host was asked: where a letter's link leads. */
struct str letter_path(const struct context *c, const char *place);

#endif
