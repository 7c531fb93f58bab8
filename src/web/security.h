/* How an account is signed in to: its password, its passkeys, where it is signed in. */
#ifndef COLOPHON_WEB_SECURITY_H
#define COLOPHON_WEB_SECURITY_H

#include "app/passkeys.h"
#include "app/sessions.h"
#include "web/page.h"

/* Which of the page's forms was sent. */
enum security_form {
    SECURITY_NONE,
    SECURITY_PASSWORD,
    SECURITY_PASSKEY,
    SECURITY_REMOVAL,
    SECURITY_ADDRESS
};
struct security_view {
    enum security_form form;
    struct str error; /* of that one */
    own_sessions sessions;
    passkey_list passkeys;
    bool changed;          /* the password was, a moment ago */
    bool mail;             /* the shop sends some: the address can be changed */
    struct str asked;      /* for which a letter is on its way */
    struct str address;    /* as it was typed */
    bool known;            /* browsers know passkeys at this address */
    struct str rp, device; /* its host; what a new passkey may be called */
};
/* Behind the link that was sent to a new address. */
struct new_address_view {
    bool done;
    struct str error, link;
    struct url action;
};

/* "Firefox on Android"; "A program". */
struct str word_session(const struct page *p, const struct own_session *s);
struct url link_session_end(const struct page *p, const struct own_session *s);
struct url link_passkey_remove(const struct page *p, const struct passkey *k);

/* Who has staff's password alone changes nothing about how staff sign in: RC_DENIED. */
enum rc security_check_whole(const struct context *c, struct fault *fault) MUST_CHECK;
/* The account's own password, given once more in the field of that name: RC_DENIED where it is
 * not right; guessing is slowed down. */
enum rc security_check_password(struct context *c, struct str password, const char *field,
                                struct fault *fault) MUST_CHECK;
/* Back to the page, or the page again with what was wrong. */
enum rc security_answer(struct context *c, enum rc rc, enum security_form form,
                        struct response *ret, struct fault *fault) MUST_CHECK;

#endif
