/* Staff: who they are, and the second factor with which they sign in. A session that
 * was begun by a password alone has no staff's rights until it is given a code. */
#ifndef COLOPHON_APP_STAFF_H
#define COLOPHON_APP_STAFF_H

#include "app/account.h"
#include "app/secret.h"
#include "app/site.h"
#include "app/viewer.h"
#include "app/writer.h"
#include "domain/edition.h"

/* Whether the shop asks its staff for one: it does, unless told otherwise. */
enum rc staff_require_second_factor(struct writer *writer, bool on, struct fault *fault) MUST_CHECK;

struct staff_member {
    struct str email, name, role;
    bool second_factor;
    struct str shop; /* a partner's, its slug */
};
typedef LIST(struct staff_member) staff_list;
enum rc staff_read(struct site *site, struct arena *arena, staff_list *ret,
                   struct fault *fault) MUST_CHECK;
/* Whom the two below may mean. An operator at the desk changes partners alone: who could take
 * away the other operator, or make one, would decide what two have to agree on. */
enum staff_scope { STAFF_ALL, STAFF_PARTNERS };
/* Makes a reader of them, and ends their sessions. RC_NOT_FOUND; RC_CONFLICT for the
 * last operator, whom nobody could replace at the desk. */
enum rc staff_remove(struct writer *writer, struct str email, enum staff_scope scope,
                     struct fault *fault) MUST_CHECK;
/* Takes their second factor away, and ends their sessions: they set up another at the
 * next sign-in. */
enum rc staff_reset_second_factor(struct writer *writer, struct str email, enum staff_scope scope,
                                  struct fault *fault) MUST_CHECK;

/* ---- giving the code ---- */

/* The secret that waits to be set up, as text (base32) and as the address that
 * authenticators read. RC_NOT_FOUND where none does. */
enum rc second_factor_offered(struct site *site, struct arena *arena, const struct viewer *viewer,
                              struct str *ret_secret, struct str *ret_uri,
                              struct fault *fault) MUST_CHECK;

enum { RECOVERY_CODES = 10 };
struct second_factor_given {
    char token[TOKEN_SIZE + 1]; /* of the session that takes the place of this one */
    LIST(struct str) recovery;  /* where it was set up now: shown once */
};
/* Takes the code that `how` has, of six digits, each once, or for recovery. RC_DENIED where it is
 * not right or was used. Where it sets the second factor up, all other sessions end. */
enum rc second_factor_give(struct writer *writer, struct arena *arena, const struct viewer *viewer,
                           struct str session, const struct session_how *how,
                           struct second_factor_given *ret, struct fault *fault) MUST_CHECK;

#endif
