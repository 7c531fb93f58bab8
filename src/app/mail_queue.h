/* Letters to people. A letter is a row, written in the transaction that causes it:
 * there is never a letter without its cause, nor a cause without its letter. What it
 * says is made when it is sent (mailer.h), in the receiver's language, by the form of
 * its kind (web/letters.c) from these values. */
#ifndef COLOPHON_APP_MAIL_QUEUE_H
#define COLOPHON_APP_MAIL_QUEUE_H

#include "app/site.h"
#include "app/writer.h"
#include "base/json.h"
#include "domain/edition.h"

struct letter {
    const char *kind;               /* of the forms in web/letters.c */
    uint64_t account;               /* to whom; 0: to `recipient` */
    struct str recipient, language; /* of nobody's account; else they need not be said */
    json_t *values;    /* an object; stays the caller's. Gone once the letter is sent */
    uint64_t entry_id; /* it is sent only once this one is published; 0: at once */
    int64_t until;     /* given up afterwards; 0: after MAIL_DAYS */
};

enum { MAIL_DAYS = 5, MAIL_KEPT_DAYS = 30 };

/* Within a write transaction. Nothing is queued, and RC_OK, where the shop sends no
 * mail (mail_settings.h): nobody shall get a letter years later; nor where the account is
 * gone, or nobody confirmed its address (confirm.h). A letter that cannot be addressed is a
 * row that failed, with the reason: what it tells of is done all the same. */
enum rc mail_queue(struct store_conn *conn, const struct letter *letter,
                   struct fault *fault) MUST_CHECK;
/* Whether the shop sends mail. On a connection that sees everything. */
enum rc mail_is_set(struct store_conn *conn, bool *ret, struct fault *fault) MUST_CHECK;

/* ---- for the operator ---- */

/* Queues a test letter to this address. RC_NOT_FOUND where the shop sends no mail. */
enum rc mail_queue_test(struct writer *writer, struct str to, struct str language,
                        struct fault *fault) MUST_CHECK;

struct letter_view {
    uint64_t id;
    struct str kind, recipient, language, state, reason;
    int64_t created, due, ended;
    unsigned attempts;
};
typedef LIST(struct letter_view) letter_list;
/* The newest, at most `room`; `state` "waiting", "sent", "failed" or empty. */
enum rc mail_list(struct site *site, struct arena *arena, struct str state, size_t room,
                  letter_list *ret, struct fault *fault) MUST_CHECK;
/* Sends it again as soon as can be, also where it was given up; 0: all that wait and
 * all that failed. *ret_n counts them. */
enum rc mail_retry(struct writer *writer, uint64_t id, uint64_t *ret_n,
                   struct fault *fault) MUST_CHECK;

#endif
