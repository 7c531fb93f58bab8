/* Inside app/: a letter with a link that does one thing to an account, once. */
#ifndef COLOPHON_APP_ACCOUNT_LINK_H
#define COLOPHON_APP_ACCOUNT_LINK_H

#include "app/site.h"

struct account_link {
    const char *kind; /* of the token and of the letter's form */
    uint64_t account;
    struct str email;
    struct str path, language; /* of the page it leads to, and of the letter */
    int64_t seconds;           /* that it is good for */
};
/* Within a write transaction; in the place of one of the kind before. Nothing, and RC_OK,
 * where the shop sends no mail. */
enum rc account_link_send(struct store_conn *conn, const struct account_link *link,
                          struct fault *fault) MUST_CHECK;
/* For an address that nobody has: the same writes but for the letter, so that an answer takes as
 * long. What it leaves is nobody's, and one for all. */
enum rc account_link_none(struct store_conn *conn, const char *kind, int64_t seconds,
                          struct fault *fault) MUST_CHECK;
/* Whose link it is, which then is used up: RC_DENIED where it is none, was used, or is too
 * old. */
enum rc account_link_take(struct store_conn *conn, const char *kind, struct str token,
                          uint64_t *ret_account, struct fault *fault) MUST_CHECK;

#endif
