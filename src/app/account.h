/* Accounts and sessions. Passwords are hashed with argon2id, at most two at a
 * time; tokens are random and stored as hashes. */
#ifndef COLOPHON_APP_ACCOUNT_H
#define COLOPHON_APP_ACCOUNT_H

#include "app/address.h"
#include "app/secret.h"
#include "app/site.h"
#include "app/viewer.h"
#include "app/writer.h"

enum { PASSWORD_MIN = 8, PASSWORD_MAX = 200, NAME_MAX_POINTS = 60 };

/* Lets so many passwords be hashed at once, and no more; threads share it. */
struct passwords;
struct passwords *passwords_new(void);
void passwords_free(struct passwords *p);

struct sign_up {
    struct str email, password, name, role; /* role empty: "reader" */
    struct str shop;                        /* a partner's, its slug; else empty */
    struct str language;                    /* of letters */
    struct str confirm; /* the page at which the address is confirmed (confirm.h); empty: whoever
                           makes the account answers for it */
};
/* RC_INVALID names the field; RC_CONFLICT where the address has an account;
 * RC_BUSY where too many hash at once. */
enum rc account_add(struct passwords *passwords, struct writer *writer, const struct sign_up *s,
                    uint64_t *ret_id, struct fault *fault) MUST_CHECK;

/* How somebody signs in: by "cookie", a session of staff that then lacks a code (staff.h), or
 * by "bearer", which has no second step: staff give `code` at once. */
struct session_how {
    const char *kind;
    struct str browser; /* "Firefox/Android", two names that people know; parts may be empty */
    struct str code;
};
/* RC_DENIED for a wrong address or password, told alike and after the same
 * work, and with a fault of "code" where staff's is needed; RC_BUSY where too many hash at
 * once. */
enum rc account_sign_in(struct passwords *passwords, struct site *site, struct writer *writer,
                        struct str email, struct str password, const struct session_how *how,
                        char ret_token[TOKEN_SIZE + 1], struct fault *fault) MUST_CHECK;
/* Whether the account's own password was given again: RC_DENIED where not, after the
 * same work as signing in. */
enum rc account_confirm(struct passwords *passwords, struct site *site, struct str email,
                        struct str password, struct fault *fault) MUST_CHECK;
/* The viewer behind a token; RC_DENIED where it is none or has expired. */
enum rc account_viewer(struct store_conn *conn, struct arena *arena, struct str token,
                       struct viewer *ret, struct fault *fault) MUST_CHECK;
enum rc account_sign_out(struct writer *writer, struct str token, struct fault *fault) MUST_CHECK;
enum rc account_sign_out_everywhere(struct writer *writer, uint64_t account,
                                    struct fault *fault) MUST_CHECK;

#endif
