/* The account, and writing a review. */
#ifndef COLOPHON_WEB_ACCOUNTS_H
#define COLOPHON_WEB_ACCOUNTS_H

#include "web/demands.h"
#include "web/page.h"

enum password_stage { PASSWORD_ASK, PASSWORD_ASKED, PASSWORD_GIVE, PASSWORD_NO_MAIL };
struct new_password_view {
    enum password_stage stage;
    struct str error, email, link;
    struct url action;
    struct str contact; /* of the shop, where it sends no mail; may be empty */
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
    struct str key, work_title, title, text, language, error;
    struct str silent; /* see word_silent */
    bool change, previewed;
    star_choices star_choices;
    choice_list languages;
    shown_slips slips;
};

#endif
