/* Readers say which reviews helped them: one voice for each account and review, which may be
 * taken back, and never for one's own. It is no statement of the Record (the log of voices has
 * what readers say of works), withholds nothing, and nothing rests on it but the number and the
 * order that a reader asks for. */
#ifndef COLOPHON_APP_HELPFUL_H
#define COLOPHON_APP_HELPFUL_H

#include "app/shown.h"
#include "app/writer.h"

/* A younger account does not vote. */
enum { HELPFUL_ACCOUNT_S = 86400 };

/* RC_NOT_FOUND where no such review stands; RC_WITHHELD, and by whom, where it is withheld here;
 * RC_DENIED for one's own, and with *ret_reason "new-account" for an account that is too young. */
enum rc helpful_put(struct writer *writer, const struct visit *visit, uint64_t review, bool helpful,
                    uint64_t *ret_n, const struct restriction **ret_withheld,
                    const char **ret_reason, struct fault *fault) MUST_CHECK;

struct helpful_vote {
    uint64_t review;
    int64_t at;
};
typedef LIST(struct helpful_vote) helpful_votes;
/* The viewer's own, by review, of those after this one: at most `room`. */
enum rc helpful_own(const struct visit *visit, uint64_t after, size_t room, helpful_votes *ret,
                    struct fault *fault) MUST_CHECK;

#endif
