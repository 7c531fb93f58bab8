/* Signing up and in, and where one goes on from there; shared by all that signs somebody in. */
#ifndef COLOPHON_WEB_SIGN_H
#define COLOPHON_WEB_SIGN_H

#include "web/page.h"

struct sign_view {
    struct str error, back, email, name;
    struct url action, other;
    struct url passkey, challenge; /* where a passkey is sent to; empty: browsers know none here */
    bool mail;                     /* the shop sends some */
};

/* What follows signing up where the shop sends mail. */
enum sign_up_stage { SIGN_UP_ASKED, SIGN_UP_GIVE };
struct sign_up_view {
    enum sign_up_stage stage;
    struct str error, email, link;
    struct url action;
};

/* Shared with the desk: checks address and password, sets the cookie, goes on
 * to where the form says. RC_DENIED and RC_LIMIT leave the form to be shown. */
enum rc sign_in(struct context *c, struct str home, struct response *ret, struct fault *fault);

/* What a reader did, or could do, otherwise: their form is shown again with what was wrong. */
bool is_readers_fault(enum rc rc);
/* The cookie, and on to where the form says. */
void signed_in(struct context *c, const char *token, struct str home, struct response *ret);
struct str sign_home(struct context *c, struct response *ret);
/* The storefront's form again (`up`: for an account) with what was wrong; RC_OK and what failed
 * here are handed on. */
enum rc answer_sign(struct context *c, enum rc rc, bool up, struct response *ret,
                    struct fault *fault) MUST_CHECK;
/* For the script that asks a passkey, where browsers know any at this address. */
void sign_with_passkeys(struct context *c, struct page *p, struct url passkey, struct url challenge,
                        struct sign_view *v, struct response *ret);

/* A path of ours to go on to, else `otherwise`. */
struct str safe_return(struct str path, struct str otherwise);
/* Below the shop's own address, whatever host was asked: where a letter's link leads. */
struct str letter_path(const struct context *c, const char *place);

#endif
