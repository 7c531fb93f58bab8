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

struct account_view {
    struct own_things own;
    own_demand_lines demands;
};

struct review_form_view {
    struct str key, work_title, title, text, error;
    bool change;
    star_choices star_choices;
    choice_list languages;
    shown_slips slips;
};

/* Shared with the desk: checks address and password, sets the cookie, goes on
 * to where the form says. RC_DENIED and RC_LIMIT leave the form to be shown. */
enum rc sign_in(struct context *c, struct str home, struct response *ret, struct fault *fault);

/* A path of ours to go on to, else `otherwise`. */
struct str safe_return(struct str path, struct str otherwise);
void go_to(struct response *ret, struct str path);

#endif
