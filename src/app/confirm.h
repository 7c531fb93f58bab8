/* Whether an account's address is its holder's: a letter with a link that works once, for
 * a week. Until then the account can do all it could, but letters to it (statements of
 * reasons, outcomes of complaints, news) are not sent: they might reach a stranger. What
 * they would say stands in the account. Where the shop sends no mail, nobody is asked. */
#ifndef COLOPHON_APP_CONFIRM_H
#define COLOPHON_APP_CONFIRM_H

#include "app/site.h"
#include "app/writer.h"

/* Within the transaction that makes the account. `path` is the page the link leads to
 * ("/us/confirm"). */
enum rc confirm_queue(struct store_conn *conn, uint64_t account, struct str email, struct str path,
                      struct str language, struct fault *fault) MUST_CHECK;
/* The letter again; nothing where the address is confirmed. */
enum rc confirm_ask(struct writer *writer, uint64_t account, struct str path, struct str language,
                    struct fault *fault) MUST_CHECK;
/* RC_DENIED where the link is none of ours, was used, or is too old. */
enum rc confirm_take(struct writer *writer, struct str token, struct fault *fault) MUST_CHECK;
enum rc confirm_stands(struct site *site, uint64_t account, bool *ret,
                       struct fault *fault) MUST_CHECK;

#endif
